"""The language in which people are told things: English in the source, others from gettext catalogues.

``tr("Retry")`` is the text in the language of whoever it is for. Who that is, the app tells once, by ``ask``; a piece
of work that is done for somebody elsewhere says so by ``speaking``. Without either it is English, and so is what is
stored. What a text is filled with comes afterwards: ``tr("{done} of {all}").format(done=3, all=8)``.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "zh_TW": "繁體中文"}

_LOCALE = re.compile("[a-z]{2}_[A-Z]{2}")
_PLACE = re.compile(r"\{(\w+)(?:[:!][^{}]*)?\}")
CATALOGUES = Path(__file__).parent / "locale"
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)
_asked: list[Callable[[], str]] = []
_files: dict[str, Path] = {}  # catalogues that are read instead of ours


def tr(message: str) -> str:
    """The message in the language of whoever is told."""
    return _catalogue(current()).gettext(message)


def trn(singular: str, plural: str, count: int, **filled: object) -> str:
    """The form of the message for so many things, with their number filled in: ``trn("{count:,} vote", …, 8)``."""
    return _catalogue(current()).ngettext(singular, plural, count).format(count=count, **filled)


def both(singular: str, plural: str) -> tuple[str, str]:
    """The forms of the message for one thing and for several, for whoever fills in the number elsewhere."""
    known = _catalogue(current())
    return known.ngettext(singular, plural, 1), known.ngettext(singular, plural, 2)


def together(*sentences: str) -> str:
    """One after the other, those that are not empty: with a space between them where the language writes one."""
    return tr("{sentence} {next}").format(sentence="", next="").join(filter(None, sentences))


def listed(words: Iterable[str]) -> str:
    """With what the language writes between the parts of a list."""
    return tr("{word}, {next}").format(word="", next="").join(words)


def retold(stored: str) -> str:
    """What was stored in English, told in the language of whoever reads it; what no catalogue knows stays as it is."""
    if current() == ENGLISH or not stored:
        return stored
    told = tr(stored)
    if told != stored:
        return told
    for message, pattern in _sentences(current()):
        if whole := pattern.fullmatch(stored):
            return _filled(message, whole)
    for message, pattern in _sentences(current()):
        if begun := pattern.match(stored):
            return together(_filled(message, begun), retold(stored[begun.end() :].strip()))
    return stored


def _filled(message: str, found: re.Match[str]) -> str:
    """The message with what was found in its places, which is text already: how a number was to be written is done."""
    filled = found.groupdict()
    return _PLACE.sub(lambda place: retold(filled[place[1]]), tr(message))


def later(message: str) -> str:
    """A message that is translated later, where it is shown: the catalogue must know it."""
    return message


def current() -> str:
    """One of LANGUAGES."""
    return best_of(_locale())


def html_code() -> str:
    """The current language as HTML names it."""
    return current().replace("_", "-")


def region() -> str:
    """The locale by which dates and numbers are written, such as “en_GB”; it has the current language."""
    language, asked = current(), _locale().replace("-", "_")
    return asked if asked.split("_")[0] == language and _LOCALE.fullmatch(asked) else language


def ask(who: Callable[[], str]) -> None:
    """From now on people's locale is what this says, wherever ``speaking`` does not say otherwise."""
    _asked[:] = [who]


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """What is told in here is told to somebody with this locale."""
    token = _spoken.set(locale)
    try:
        yield
    finally:
        _spoken.reset(token)


@contextmanager
def reading(language: str, catalogue: Path) -> Iterator[None]:
    """In here this file is the catalogue of the language, for the whole process: to try a new one, or a made-up one."""
    _files[language] = catalogue
    _forget()
    try:
        yield
    finally:
        del _files[language]
        _forget()


def _forget() -> None:
    _catalogue.cache_clear()
    _sentences.cache_clear()


def best_of(locale: str) -> str:
    """The language for a browser's locale, such as “zh-Hant-HK”; whoever reads any Chinese gets ours."""
    return "zh_TW" if re.split("[-_]", locale.lower())[0] == "zh" else ENGLISH


def _locale() -> str:
    return _spoken.get() or (_asked[0]() if _asked else ENGLISH)


@cache
def _catalogue(language: str) -> NullTranslations:
    path = _files.get(language, CATALOGUES / f"{language}.po")
    if not path.is_file():
        return NullTranslations()
    from babel.messages import mofile, pofile

    compiled = BytesIO()
    with path.open("rb") as written:
        mofile.write_mo(compiled, pofile.read_po(written, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _sentences(language: str) -> list[tuple[str, re.Pattern[str]]]:
    """The sentences that a catalogue knows, each with a pattern that finds what it was filled with, longest first."""
    known: dict[object, str] = vars(_catalogue(language)).get("_catalog", {})
    messages = [message for message in known if isinstance(message, str) and re.search(r"[.”]$", message)]
    return [(message, _pattern(message)) for message in sorted(messages, key=len, reverse=True)]


def _pattern(message: str) -> re.Pattern[str]:
    """What the message looks like once it is filled; the same place twice holds the same."""
    literals, seen = _PLACE.split(message), set[str]()
    parts = [re.escape(literals[0])]
    for name, literal in zip(literals[1::2], literals[2::2], strict=True):
        parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
        parts.append(re.escape(literal))
        seen.add(name)
    return re.compile("".join(parts) + r"(?=\s|$)", re.DOTALL)
