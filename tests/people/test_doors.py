"""The pages and the start of the app where people sign in, without a browser: who sees what, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from studio.people import EVERYBODY
from tests.people.conftest import GUESTS, NETWORK
from tests.people.provider import Provider
from tests.serving import App
from tests.studio.reviewing import SEED, a_plan
from tests.ui.conftest import SHELL, Studio, studio
from ui import admission, services, sign_in

__all__ = ["studio"]
PAGES = ["generate", "compare", "history", "results", "status"]


@pytest.fixture
def doors(studio: Studio, secrets: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """A studio where people sign in."""
    secrets.write_text(provider.secrets("http://localhost:8501"))
    for name, value in GUESTS.items():
        monkeypatch.setenv(name, value)
    return studio


def tab(page: str, name: str = "", **query: str) -> AppTest:
    """A page as somebody sees it who has signed in under this name, or not at all."""
    at = AppTest.from_file(SHELL, default_timeout=20)
    email = f"{name.lower()}@example.com"
    at.user = {"is_logged_in": bool(name), "sub": name, "name": name, "email": email, "email_verified": True}
    at.query_params.update(query)
    at.switch_page(f"../pages/{page}.py").run()
    assert not at.exception
    return at


def words(at: AppTest) -> str:
    said = [*at.title, *at.info, *at.error, *at.warning, *at.markdown, *at.caption]
    return " ".join(str(each.value) for each in said).replace("\\", "")


@pytest.mark.usefixtures("doors")
def test_whoever_only_votes_sees_no_page_and_is_told_why() -> None:
    for page in PAGES:
        at = tab(page, "Rose")

        assert "ask a host to add your e-mail" in words(at), page
        assert [button.label for button in at.button] == ["Sign out"], page
        assert not at.text_area


@pytest.mark.usefixtures("doors")
def test_a_stranger_is_asked_to_sign_in_on_every_page() -> None:
    for page in PAGES:
        assert [button.label for button in tab(page).button] == ["Sign in"], page


@pytest.mark.usefixtures("doors")
def test_the_link_of_a_review_takes_no_account() -> None:
    running = services.start()
    running.reviews.make("r1", a_plan(), seed=SEED)
    running.reviews.open("r1")

    at = tab("vote", review="r1")

    assert "You will see" in words(at)
    assert "Sign" not in str([button.label for button in at.button])


@pytest.mark.usefixtures("doors")
def test_a_maker_has_the_pages_and_their_name_is_on_them() -> None:
    at = tab("generate", "Alice")

    assert at.text_area(key="generate_prompt")
    assert "Alice · maker" in words(at)


@pytest.mark.usefixtures("doors")
def test_only_hosts_are_offered_a_backup() -> None:
    def offered(name: str) -> bool:
        return "Back up now" in [button.label for button in tab("history", name, view="backup").button]

    assert offered("Hedda")
    assert not offered("Alice")


@pytest.mark.usefixtures("doors")
def test_outside_of_a_visit_nobody_is_anybody() -> None:
    services.start()

    assert not services.person().may_make


def test_where_sign_in_is_not_set_up_nothing_speaks_of_it(studio: Studio) -> None:
    at = studio.open("../pages/generate.py")

    assert services.person() == EVERYBODY
    assert not [button for button in at.button if "Sign" in button.label]


@pytest.mark.parametrize(
    ("auth", "settings", "why"),
    [
        ("", GUESTS, "nobody can sign in"),
        ("whole", {}, "nobody is a host"),
        ("whole", {"STUDIO_MAKERS": "alice@example.com"}, "nobody is a host"),
        ('[auth]\nredirect_uri = "http://localhost:8501/oauth2callback"\n', GUESTS, "cookie_secret"),
        ("short", GUESTS, "at least 32 characters"),
    ],
    ids=["no provider", "no host", "makers and no host", "half a section", "a secret that can be guessed"],
)
@pytest.mark.usefixtures("studio")
def test_half_of_a_sign_in_stops_the_start(
    secrets: Path,
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
    auth: str,
    settings: dict[str, Any],
    why: str,
) -> None:
    whole = provider.secrets("http://localhost:8501")
    cut = "\n".join('cookie_secret = "abc"' if line.startswith("cookie_") else line for line in whole.splitlines())
    secrets.write_text({"whole": whole, "short": cut}.get(auth, auth))
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(admission.StartProblem, match=why):
        services.start()


@pytest.mark.parametrize(
    ("address", "alone"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("unix:///run/studio.sock", True),
        (NETWORK, False),
        ("::", False),
        ("192.168.1.7", False),
        ("studio.example", False),
        ("", False),
        (None, False),
    ],
)
def test_which_addresses_only_this_machine_reaches(address: str | None, alone: bool) -> None:
    before = config.get_option("server.address")
    config.set_option("server.address", address)
    try:
        assert sign_in.is_loopback_only() is alone
    finally:
        config.set_option("server.address", before)


def test_an_open_network_without_sign_in_is_refused_in_one_sentence(tmp_path: Path) -> None:
    said = App(data_dir=tmp_path / "data", STREAMLIT_SERVER_ADDRESS=NETWORK).start_in_vain()

    assert "Atlas Studio cannot start. It would listen to the whole network" in said
    assert "STUDIO_OPEN_TO_NETWORK=yes" in said
    assert "Traceback" not in said


def test_an_open_network_can_be_asked_for(tmp_path: Path) -> None:
    with App(data_dir=tmp_path / "data", STREAMLIT_SERVER_ADDRESS=NETWORK, STUDIO_OPEN_TO_NETWORK="yes") as app:
        assert app.url
