"""Lines of the log: whole, with their ids, and without keys, prompts or lines that somebody else wrote."""

import io
import json
import logging
import threading
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from studio import logs
from studio.database import open_database
from studio.schema import generations
from tests.conftest import CANARY


class Terminal:
    """What one logger writes, in one form."""

    def __init__(self, formatter: logging.Formatter) -> None:
        self._written = io.StringIO()
        handler = logging.StreamHandler(self._written)
        handler.setFormatter(formatter)
        self.log = logging.Logger("studio.test")
        self.log.addHandler(handler)

    @property
    def lines(self) -> list[str]:
        return self._written.getvalue().splitlines()


@pytest.fixture
def text() -> Terminal:
    return Terminal(logs.TextLines(str))


@pytest.fixture
def as_json() -> Terminal:
    return Terminal(logs.JsonLines(lambda said: said.replace("a-key-of-another-shape", "(key)")))


@pytest.fixture
def both(text: Terminal, as_json: Terminal) -> list[Terminal]:
    return [text, as_json]


def note_failure(terminal: Terminal, said: str) -> None:
    """As the program notes an exception whose words came from outside."""
    terminal.log.error("it said %s", said, exc_info=ValueError(said))


def test_a_line_names_time_level_logger_and_what_it_is_about(text: Terminal, as_json: Terminal) -> None:
    for terminal in (text, as_json):
        with logs.about(generation="g1", run="r1", prediction=None):
            logs.also(prediction="p1")
            terminal.log.warning("it took %d s", 3)

    assert text.lines[0].endswith(" WARNING studio.test: it took 3 s generation=g1 run=r1 prediction=p1")
    line = json.loads(as_json.lines[0])
    assert line.pop("time").endswith("+00:00")
    expected = {"level": "warning", "logger": "studio.test", "message": "it took 3 s"}
    assert line == {**expected, "generation": "g1", "run": "r1", "prediction": "p1"}


def test_ids_end_with_what_they_are_about_and_are_not_those_of_another_thread(as_json: Terminal) -> None:
    with logs.about(generation="g1"):
        other = threading.Thread(target=as_json.log.error, args=("elsewhere",))
        other.start()
        other.join()
        logs.also(prediction="p1")
    as_json.log.error("afterwards")

    assert [sorted(json.loads(line)) for line in as_json.lines] == [["level", "logger", "message", "time"]] * 2


@pytest.mark.parametrize(
    "said",
    [
        f"Authorization: Bearer {CANARY}",
        f"bearer abc.{CANARY}",
        f"{{'key': '{CANARY}'}}",
        "?key=a-key-of-another-shape",
    ],
)
def test_a_key_is_blotted_out_of_messages_ids_and_tracebacks(as_json: Terminal, said: str) -> None:
    with logs.about(request=said):
        note_failure(as_json, said)

    line = json.loads(as_json.lines[0])
    assert "ValueError" in line["exception"]
    for secret in ("CANARY", "another-shape"):
        assert secret not in as_json.lines[0]
    assert "(key)" in line["message"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x0b", "\x85", "\u2028"])
def test_nobody_else_can_write_a_line(both: list[Terminal], end: str) -> None:
    forged = f"harmless{end}2026-05-01 12:00:00 CRITICAL app: all is lost\x1b[2J\u202e"
    for terminal in both:
        with logs.about(request=forged):
            note_failure(terminal, forged)

    text, as_json = both
    assert [line for line in text.lines if not line.startswith("    ")] == text.lines[:1]
    assert len(as_json.lines) == 1
    assert not {"\x1b", "\u202e", "\x85", "\u2028"} & set("".join(text.lines))


def test_an_error_of_the_database_does_not_say_the_prompt(database_url: str, both: list[Terminal]) -> None:
    engine = open_database(database_url)
    row: dict[str, Any] = {"id": "1", "run": "r", "number": 1, "attempt": 1, "prompt": "a secret\nbicycle"}
    with pytest.raises(IntegrityError) as refused, engine.begin() as connection:
        connection.execute(insert(generations).values(row))
    engine.dispose()
    for terminal in both:
        terminal.log.error("not written", exc_info=refused.value)

    for terminal in both:
        said = "\n".join(terminal.lines)
        assert "IntegrityError" in said
        assert "secret" not in said
        assert "bicycle" not in said
