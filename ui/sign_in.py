"""Who has signed in, as Streamlit knows it: from the visit, or from the cookie of a request to a route of our own."""

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st
from starlette.requests import HTTPConnection
from streamlit.auth_util import (
    get_cookie_with_chunks,
    get_origin_from_redirect_uri,
    get_secrets_auth_section,
    validate_auth_credentials,
)
from streamlit.errors import StreamlitAuthError
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from atlas.hosts import is_loopback
from atlas.language import tr

_LEAST_SECRET = 32  # characters


class Incomplete(Exception):
    """Sign-in is set up in part; the text is one plain sentence that says what to do."""


def is_set_up() -> bool:
    """Whether secrets.toml has a section [auth]. Raises Incomplete where nobody could sign in with what it says."""
    section = get_secrets_auth_section()
    if not section:
        return False
    try:
        validate_auth_credentials("default")
    except StreamlitAuthError as trouble:
        reason = " ".join(str(trouble).split())
        raise Incomplete(
            tr("Sign-in cannot work ({reason}): complete the section [auth], or remove it.").format(reason=reason)
        ) from None
    if len(str(section["cookie_secret"])) < _LEAST_SECRET:
        raise Incomplete(
            tr(
                "cookie_secret in [auth] must have at least {least_secret} characters, because whoever guesses it can "
                'be anybody: make one with python -c "import secrets; print(secrets.token_hex(32))".'
            ).format(least_secret=_LEAST_SECRET)
        )
    return True


def of_visit() -> Mapping[str, Any]:
    """What the provider says of whoever is on this page; empty for nobody, and outside of a page."""
    return st.user.to_dict() if get_script_run_ctx(suppress_warning=True) is not None and st.user.is_logged_in else {}


def of_request(request: HTTPConnection) -> Mapping[str, Any]:
    """The same, from the cookie that Streamlit signed and this browser sends along."""
    secret = str(get_secrets_auth_section().get("cookie_secret") or "")

    def signed(name: str) -> bytes | None:
        value = request.cookies.get(name)
        return decode_signed_value(secret, name, value) if value and secret else None

    found = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    claims = json.loads(found) if found else {}
    is_ours = claims.get("origin") == get_origin_from_redirect_uri() and claims.get("is_logged_in") is True
    return claims if is_ours else {}


def is_loopback_only() -> bool:
    """Whether the server listens where only this machine reaches it."""
    address = str(st.get_option("server.address") or "")
    return is_loopback(address) or address.startswith("unix://")
