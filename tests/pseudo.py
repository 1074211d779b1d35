"""A language that nobody speaks: every message in ⟦brackets⟧, so that what is not in a catalogue stands out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from babel.messages.pofile import read_po, write_po

from atlas import language

SPOKEN_BY = "zh_TW"  # whoever chooses this language reads the made-up one
_ICONS = re.compile(r"^(?::material/\w+: )?")
_WRAPPED = re.compile(r"⟦[^⟦⟧]*⟧")


def wrapped(message: str) -> str:
    """The message in brackets; an icon at its beginning stays in front."""
    icon = (_ICONS.match(message) or [""])[0]
    return f"{icon}⟦{message[len(icon) :]}⟧"


@contextmanager
def spoken(folder: Path) -> Iterator[None]:
    """In here every message is told in brackets to whoever reads SPOKEN_BY."""
    with (language.CATALOGUES / f"{SPOKEN_BY}.po").open("rb") as file:
        catalogue = read_po(file, locale=SPOKEN_BY)
    for message in catalogue:
        if message.id:
            several = message.id if isinstance(message.id, str) else (wrapped(message.id[1]),)
            message.string = wrapped(several) if isinstance(several, str) else several
    path = folder / "pseudo.po"
    with path.open("wb") as file:
        write_po(file, catalogue)
    with language.reading(SPOKEN_BY, path):
        yield


def bare(text: str) -> str:
    """What of a text is in no brackets."""
    while (shorter := _WRAPPED.sub(" ", text)) != text:
        text = shorter
    return text
