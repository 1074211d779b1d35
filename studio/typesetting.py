"""Setting text for a picture: broken into lines that are never cut, in the bundled font, Chinese included."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from studio.wording import words

LINE_LIMIT = 40
MISSING_GLYPH = "·"
_FONT: Final = Path(__file__).parent / "fonts" / "WenQuanYiMicroHei-Sheet.ttf"
_LEADING = 1.45  # a line's height over its letters' size
_INK = "#1c1c1e"
_SKIN_TONES = frozenset("🏻🏼🏽🏾🏿")


@dataclass(frozen=True, kw_only=True)
class Text:
    """A block of set lines."""

    lines: tuple[str, ...]
    letter: int
    ink: str = _INK
    weight: float = 0  # pixels around each stroke: there is one font, and no bold one

    @property
    def leading(self) -> int:
        return round(self.letter * _LEADING)

    @property
    def height(self) -> int:
        return len(self.lines) * self.leading

    def draw(self, canvas: Image.Image, left: int, top: int) -> None:
        pen, face = ImageDraw.Draw(canvas), _font(self.letter)
        for place, line in enumerate(self.lines):
            middle = top + place * self.leading + self.leading * 0.5
            baseline = round(middle + self.letter * 0.36)
            pen.text((left, baseline), line, self.ink, face, "ls", stroke_width=self.weight, stroke_fill=self.ink)


def typeset(text: str, width: int, *, letter: int, ink: str = _INK, weight: float = 0) -> Text:
    """The text broken into lines of at most ``width`` pixels."""
    lines: list[str] = []
    told = 0
    for line, end in _lines(text.strip(), width, letter):
        if len(lines) == LINE_LIMIT:
            more = f"… ({len(text.strip()) - told:,} more characters; the HTML sheet has them all)"
            lines += [rest for rest, _ in _lines(more, width, letter)]
            break
        lines.append(line)
        told = end
    return Text(lines=tuple(lines), letter=letter, ink=ink, weight=weight)


def _lines(text: str, width: int, letter: int) -> Iterator[tuple[str, int]]:
    """Each line as drawn, and how many characters of the text have been told by its end."""
    line, told = "", 0
    for chunk in _chunks(text):
        shown = _drawn(chunk)
        if line and _length(line + shown.rstrip(), letter) > width:
            yield line.rstrip(), told
            line = ""
        *full, line = _fitted(line + shown, width, letter)
        for place, piece in enumerate(full):
            yield piece, told + sum(map(len, full[: place + 1]))
        told += len(chunk)
        if "\n" in chunk:
            yield line.rstrip(), told
            line = ""
            if chunk.count("\n") > 1:
                yield "", told
    if line.strip():
        yield line.rstrip(), told


def _fitted(text: str, width: int, letter: int) -> list[str]:
    """A text that has no place to break it, in as many pieces as it needs; mostly one."""
    if _length(text.rstrip(), letter) <= width:
        return [text]
    pieces, room = [""], float(width)
    for character in text:
        room -= _advance(character, letter)
        if room < 0 and pieces[-1] and not character.isspace():
            pieces.append("")
            room = width - _advance(character, letter)
        pieces[-1] += character
    return pieces


def _length(text: str, letter: int) -> float:
    """In pixels; the font has no kerning, so it is the sum of its characters."""
    return sum(_advance(character, letter) for character in text)


@cache
def _advance(character: str, letter: int) -> float:
    return _font(letter).getlength(character)


def _chunks(text: str) -> Iterator[str]:
    """What must stay on one line, with the gap after it: words with their punctuation, or single Han characters."""
    chunk = ""
    for token in words(text):
        if chunk and _may_break(chunk[-1], token[0]):
            yield chunk
            chunk = ""
        chunk += token
    if chunk:
        yield chunk


def _may_break(before: str, after: str) -> bool:
    """Between words; and around wide characters, unless a line would then begin or end with the wrong punctuation."""
    if before.isspace() or after.isspace():
        return before.isspace()
    if unicodedata.category(after) in {"Pe", "Pf", "Po"} or unicodedata.category(before) in {"Ps", "Pi"}:
        return False
    return "W" in {unicodedata.east_asian_width(before), unicodedata.east_asian_width(after)}


def _drawn(text: str) -> str:
    """What the font can show of a text: each run of other characters is one mark, and a gap is one space."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))
    shown = (character if _is_drawn(character) else MISSING_GLYPH for character in plain if _takes_room(character))
    return re.sub(f"{MISSING_GLYPH}+", MISSING_GLYPH, "".join(shown))


def _takes_room(character: str) -> bool:
    """Not so the invisible ones, and the parts of emoji and letters that only change their neighbour."""
    return unicodedata.category(character) not in {"Cc", "Cf", "Mn", "Me"} and character not in _SKIN_TONES


@cache
def _is_drawn(character: str) -> bool:
    """The bundled font's glyph for a missing character is empty, as only a gap's may be."""
    return character.isspace() or _font(20).getmask(character).getbbox() is not None


@cache
def _font(letter: int) -> ImageFont.FreeTypeFont:
    """Basic layout, because the other engine is not on every machine and the same sheet should be the same bytes."""
    return ImageFont.truetype(_FONT, letter, layout_engine=ImageFont.Layout.BASIC)


def lacks_glyphs(texts: Iterable[str]) -> bool:
    """Whether any of these has a character that is drawn as MISSING_GLYPH."""
    return any(not _is_drawn(character) for character in set().union(*texts) if _takes_room(character))
