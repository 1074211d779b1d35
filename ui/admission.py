"""Whether the server may be started at all, as the settings have it: looked at before anything listens or runs."""

from atlas.language import tr
from studio import settings
from studio.settings import BadSetting, Settings
from ui import sign_in


class StartProblem(Exception):
    """The studio cannot start; the text is one plain sentence that says what to do."""


def has_sign_in(chosen: Settings) -> bool:
    """Raises BadSetting where half of it is there: nobody could come in, or everybody."""
    is_set_up, named = sign_in.is_set_up(), bool(chosen.guests.hosts or chosen.guests.makers)
    if is_set_up and not chosen.guests.hosts:
        raise BadSetting(tr("Sign-in is set up and nobody is a host: set STUDIO_HOSTS to your e-mail address."))
    if named and not is_set_up:
        raise BadSetting(
            tr(
                "STUDIO_HOSTS or STUDIO_MAKERS is set and nobody can sign in: add the section [auth] to "
                ".streamlit/secrets.toml, or unset both to let everybody on this machine do everything."
            )
        )
    return is_set_up


def refuse_the_network() -> None:
    """Raises StartProblem where anybody on the network could spend the key, and nobody said that they may."""
    try:
        chosen = settings.found()
        people_sign_in = has_sign_in(chosen)
    except (BadSetting, sign_in.Incomplete) as trouble:
        raise StartProblem(str(trouble)) from None
    if not (sign_in.is_loopback_only() or people_sign_in or chosen.open_to_network):
        raise StartProblem(
            tr(
                "It would listen to the whole network, and whoever reaches it could see everything and spend the key: "
                "set up sign-in (README.md), or listen on 127.0.0.1, or set STUDIO_OPEN_TO_NETWORK=yes to allow it."
            )
        )
