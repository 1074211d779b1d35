"""Languages that nobody speaks: all in ⟦brackets⟧, so that what is in no catalogue stands out; or all in long words."""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.pofile import read_po, write_po

from atlas import language

SPOKEN_BY = "zh_TW"  # whoever chooses this language reads the made-up one
_ICONS = re.compile(r"^(?::material/\w+: )?")
_WORDS = re.compile(r"\{[^{}]*\}|:[\w/]+:|`[^`]*`|https?://\S+|([^\W\d_]+)")
_LONGER = 0.4
_UNSEEN = str.maketrans("⟦⟧", "\u200b\u200c")  # marks that take no room
_SEEN = {unseen: seen for seen, unseen in _UNSEEN.items()}
_WRAPPED = re.compile(r"⟦[^⟦⟧]*⟧")

# The same for everybody, with the reason.
_SAME = {
    "English", "繁體中文", "Language / 語言",  # languages by their own names
    "Python", "Streamlit", "SQLAlchemy", "Pillow", "SQLite", "PostgreSQL", "Atlas Cloud",  # names of programs
    "deepseek-ai/deepseek-v3.2", "google/gemini-3.5-flash",  # text models, by their ids
    "Photograph", "Watercolour", "Flat illustration", "Film still", "Product on white", "Line drawing",
    "Isometric", "Night",  # presets: names that people may choose as well
    "low quality", "low",  # a parameter in the words of its model
}  # fmt: skip
_UNITS = re.compile(r"\b(?:US\$|kB|MB|GB|bytes)|\.st-key[^}]*}")
_NOT_WORDS = re.compile(r":material/\w+:|:\w+\[|:\w+-badge\[|<[^>]*>|`[^`]*`|https?://\S+|#\w+")


def wrapped(message: str) -> str:
    """The message in brackets; an icon at its beginning stays in front."""
    icon = (_ICONS.match(message) or [""])[0]
    return f"{icon}⟦{message[len(icon) :]}⟧"


def lengthened(message: str) -> str:
    """The message with every word longer by two fifths, which begins again at its end."""
    return _WORDS.sub(lambda found: found[0] + (found[1] or "")[: math.ceil(_LONGER * len(found[1] or ""))], message)


def strange(message: str) -> str:
    """Longer by two fifths, and between marks that take no room, which ``seen`` makes brackets of."""
    return wrapped(lengthened(message)).translate(_UNSEEN)


def seen(text: str) -> str:
    return text.translate(_SEEN)


def catalogue(folder: Path, telling: Callable[[str], str]) -> Path:
    """A catalogue in which every message of ours is told like this."""
    with (language.CATALOGUES / f"{SPOKEN_BY}.po").open("rb") as file:
        made_up = read_po(file, locale=SPOKEN_BY)
    for message in made_up:
        if message.id:
            several = message.id if isinstance(message.id, str) else (telling(message.id[1]),)
            message.string = telling(several) if isinstance(several, str) else several
    path = folder / "pseudo.po"
    with path.open("wb") as file:
        write_po(file, made_up)
    return path


@contextmanager
def spoken(folder: Path) -> Iterator[None]:
    """In here every message is told in brackets to whoever reads SPOKEN_BY."""
    with language.reading(SPOKEN_BY, catalogue(folder, wrapped)):
        yield


def bare(text: str) -> str:
    """What of a text is in no brackets."""
    while (shorter := _WRAPPED.sub(" ", text)) != text:
        text = shorter
    return text


def unmarked(texts: Iterable[str], *names: str) -> set[str]:
    """Those that have words outside of brackets, once all is taken away that is nobody's to translate."""
    found = set()
    for text in map(bare, texts):
        rest = text.replace("\\", "")
        for name in sorted({*_SAME, *names}, key=len, reverse=True):
            rest = rest.replace(name, " ")
        if re.search(r"[^\W\d_]{2}", _NOT_WORDS.sub(" ", _UNITS.sub(" ", rest))):
            found.add(text)
    return found
