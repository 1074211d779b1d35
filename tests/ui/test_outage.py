"""When the database is gone: every page says so in one sentence, and goes on by itself when it is back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests

from studio.database import NO_ANSWER
from tests.serving import App
from tests.ui.conftest import Studio
from tests.ui.test_pages import written
from tests.ui.test_status import rows
from ui import services, status
from ui.text import plain

PAGES = ["generate", "compare", "history", "status"]


@dataclass(frozen=True, kw_only=True)
class Outage:
    """A PostgreSQL database that can be taken away, and brought back with all it holds."""

    tell: Callable[..., None]
    name: str

    def begin(self) -> None:
        self.tell(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS false")
        self.tell("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", self.name)

    def end(self) -> None:
        self.tell(f"ALTER DATABASE {self.name} ALLOW_CONNECTIONS true")


@pytest.fixture
def outage(studio: Studio, postgresql: str, postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outage]:
    assert studio.made == 0
    monkeypatch.setenv("STUDIO_DATABASE_URL", postgresql_url)

    def tell(words: str, *values: str) -> None:
        with psycopg.connect(postgresql, autocommit=True) as connection:
            connection.execute(words.encode(), values or None)

    outage = Outage(tell=tell, name=postgresql_url.split("?")[0].rpartition("/")[2])
    yield outage
    outage.end()


def test_every_page_says_one_sentence_while_the_database_is_gone_and_works_when_it_is_back(
    studio: Studio, outage: Outage
) -> None:
    studio.open()
    made = studio.make("a red bicycle")
    outage.begin()
    for page in PAGES:
        tab = studio.open(f"../pages/{page}.py")
        assert [error.value for error in tab.error] == [plain(NO_ANSWER)], page

    outage.end()
    for page in PAGES:
        tab = studio.open(f"../pages/{page}.py")
        assert not tab.error, page
    assert services.store().get(made[0].id).pictures


def test_a_tab_that_is_open_says_it_and_keeps_what_was_typed(studio: Studio, outage: Outage) -> None:
    tab = studio.open()
    tab.text_area(key="generate_prompt").set_value("a red cup").run()
    outage.begin()
    assert [error.value for error in tab.run().error] == [plain(NO_ANSWER)]

    outage.end()
    tab.run()
    assert not tab.error
    assert tab.text_area(key="generate_prompt").value == "a red cup"


def test_status_still_shows_what_it_finds(studio: Studio, outage: Outage) -> None:
    studio.open()
    outage.begin()
    tab = studio.open("../pages/status.py")
    found = rows(tab)

    assert [error.value for error in tab.error] == [plain(NO_ANSWER)]
    assert status.Mark.TROUBLE in found["Database"]
    assert "Not readable" in found["Jobs"]
    assert "Simulator" in found["Service"]
    assert "Running for" in found
    assert "Traceback" not in written(tab)


def test_a_button_that_is_pressed_meanwhile_says_it_too(tmp_path: Path, outage: Outage, postgresql_url: str) -> None:
    with App(
        data_dir=tmp_path / "served", STUDIO_DATABASE_URL=postgresql_url, STREAMLIT_SERVER_ENABLE_AGENT_API="true"
    ) as app:
        tab = Driven(app)
        tab.do()
        tab.do(widget_state={"prompting_generate_preset_name": "Soft", "prompting_generate_words": "soft light"})
        outage.begin()
        assert tab.press("Save preset") == [plain(NO_ANSWER)]

        outage.end()
        assert tab.do() == []
        assert tab.press("Save preset") == []


class Driven:
    """A tab of a running server, without a browser."""

    def __init__(self, app: App) -> None:
        self._address = f"{app.url}/_stcore/agent/interact"
        self._session: dict[str, str] = {}
        self._buttons: dict[str, str] = {}

    def press(self, label: str) -> list[str]:
        return self.do(trigger={"key": self._buttons[label]})

    def do(self, **what: dict[str, str]) -> list[str]:
        """What the page says in red after it was done."""
        answer = requests.post(self._address, json={**self._session, **what}, timeout=20).json()
        self._session = {"session_id": answer["session_id"]}
        self._buttons |= {action["label"]: action["key"] for action in answer["actions"]}
        return [
            str(node["props"].get("body")) for node in nodes(answer["tree"]) if node["type"] in {"error", "exception"}
        ]


def nodes(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree.get("children", ()):
        yield from nodes(child)
