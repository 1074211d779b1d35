"""What the program says while it runs: one line per event on stderr, as text or as JSON, with the ids it is about.

Whoever carries a generation says ``about(generation=…)`` once; every line of that thread then has the id, whichever
module wrote it. Lines are made here and nowhere else, so that here is the one place where keys are blotted out and
where nothing that came from outside can begin a line of its own.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType, TracebackType
from typing import Final

LEVELS: Final = ("debug", "info", "warning", "error")
OURS: Final = ("app", "atlas", "pages", "studio", "ui")

_SECRET = re.compile(r"(?i)\b(bearer\s+)\S+|\bapikey-[^\s\"'\\]+")
# PostgreSQL quotes whole rows there, prompts too.
_ROW = re.compile(r"DETAIL:.*?(?=\n\[SQL|\n\nThe above|\n\nDuring|\Z)", re.DOTALL)
# Controls, line ends of every kind, and what turns the direction of writing; a traceback keeps its own line ends.
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

Masked = Callable[[str], str]


class Form(StrEnum):
    """How a line is written."""

    TEXT = "text"
    JSON = "json"


_about: ContextVar[Mapping[str, str]] = ContextVar("ids of what this thread is about", default=MappingProxyType({}))


@contextmanager
def about(**ids: str | None) -> Iterator[None]:
    """Every line from inside, by this thread, has these ids."""
    token = _about.set(_about.get())
    try:
        also(**ids)
        yield
    finally:
        _about.reset(token)


def also(**ids: str | None) -> None:
    """More ids, up to the end of the ``about`` around here."""
    _about.set({**_about.get(), **{name: value for name, value in ids.items() if value}})


def begin(form: Form = Form.TEXT, level: str = "info", *, masked: Masked = str) -> None:
    """Write all lines of this process from now on; ``masked`` blots out a key in a text.

    Libraries are heard from "warning" on, so that a level of "debug" does not print the addresses they ask.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(masked) if form is Form.JSON else TextLines(masked))
    handler.setLevel(level.upper())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    logging.captureWarnings(capture=True)
    sys.excepthook = _ended_by
    threading.excepthook = _thread_ended_by


def leave_to_root(logger: logging.Logger) -> None:
    """For libraries that set up loggers of their own: their lines go the way of all others."""
    logger.handlers.clear()
    logger.propagate = True


class _Lines(logging.Formatter):
    def __init__(self, masked: Masked) -> None:
        super().__init__()
        self._masked = masked

    def clean(self, text: str) -> str:
        """Without secrets, and without what a terminal or a reader of lines would obey; line ends stay."""
        hidden = _SECRET.sub(lambda found: f"{found[1] or ''}(key)", self._masked(text))
        return _UNPRINTABLE.sub(_escaped, _ROW.sub("DETAIL: (not shown)", hidden))

    def one_line(self, text: str) -> str:
        return self.clean(text).replace("\n", "\\n")

    def trouble(self, record: logging.LogRecord) -> str:
        """The traceback, where there is one."""
        parts = [self.formatException(record.exc_info)] if record.exc_info else []
        return self.clean("\n".join([*parts, record.stack_info or ""]).strip())


class TextLines(_Lines):
    """For a person at a terminal: further lines are indented, so that every line that begins at the edge is ours."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(" ", "milliseconds")
        ids = "".join(f" {name}={self.one_line(value)}" for name, value in _about.get().items())
        message, *more = self.clean(record.getMessage()).rstrip("\n").split("\n")
        head = f"{at} {record.levelname:<7} {record.name}: {message}{ids}"
        return "\n    ".join([head, *more, *self.trouble(record).splitlines()])


class JsonLines(_Lines):
    """For a collector of logs: one object per line, times in UTC, ids as fields."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.clean(record.getMessage()),
            **{name: self.clean(value) for name, value in _about.get().items()},
        }
        if trouble := self.trouble(record):
            line["exception"] = trouble
        return json.dumps(line)


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def _ended_by(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("app").critical("the program ended by an error", exc_info=(kind, error, at))


def _thread_ended_by(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is None or issubclass(ended.exc_type, SystemExit):
        return
    name = ended.thread.name if ended.thread else "unknown"
    trouble = (ended.exc_type, ended.exc_value, ended.exc_traceback)
    logging.getLogger("app").error("thread %s ended by an error", name, exc_info=trouble)
