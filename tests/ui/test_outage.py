"""When the database is gone: every page says so in one sentence, and goes on by itself when it is back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg
import pytest

from studio.database import NO_ANSWER
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
