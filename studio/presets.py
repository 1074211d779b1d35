"""Style presets, and the words in which a prompt says what a model has no field for: style, palette, composition."""

import json
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

from sqlalchemy import Connection, Engine, delete, select, update

from atlas import sizes
from atlas.language import ENGLISH, speaking, tr
from atlas.text import clean
from studio import wording
from studio.generations import new_id
from studio.inserting import insert_into
from studio.people import Viewed
from studio.schema import presets
from studio.search import fold
from studio.store import now_ms

MOST_COLOURS: Final = 5
NAME_LIMIT: Final = 60
WORDS_LIMIT: Final = 1000

_BUILT_IN = "built-in-"
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_ENDS = (".", "!", "?", "。", "！", "？")

_Look: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Preset:
    """Words and colours that go with any subject."""

    id: str
    name: str
    words: str
    colours: tuple[str, ...] = ()

    @property
    def is_built_in(self) -> bool:
        """Always there; it is changed by saving it under another name."""
        return self.id.startswith(_BUILT_IN)


def _built_in(name: str, words: str, *colours: str) -> Preset:
    return Preset(id=_BUILT_IN + name.lower().replace(" ", "-"), name=name, words=words, colours=colours)


BUILT_IN = (
    _built_in("Photograph", "photograph, natural light, 50mm lens, shallow depth of field, true colours"),
    _built_in("Watercolour", "watercolour painting, soft washes, visible paper grain, gentle bleeding edges"),
    _built_in(
        "Flat illustration",
        "flat vector illustration, simple shapes, clean edges, few colours, no gradients",
    ),
    _built_in("Film still", "cinematic film still, anamorphic lens, dramatic side light, fine grain"),
    _built_in(
        "Product on white",
        "product photograph, seamless white background, soft even studio light, soft shadow",
    ),
    _built_in("Line drawing", "black ink line drawing, even strokes, white background, no shading"),
    _built_in("Isometric", "isometric view, three-dimensional illustration, small details, soft shadows"),
    _built_in("Night", "at night, deep shadows, pools of warm light, reflections", "#0b1026", "#f2b84b"),
)


class Presets(Viewed):
    """The built-in presets, and those that people keep."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reads_only=True)

    def all(self) -> list[Preset]:
        """The built-in ones, then the others by name."""
        with self._reading.connect() as connection:
            kept = select(presets).where(self._viewer.sees(presets))
            found = connection.execute(kept.order_by(presets.c.folded, presets.c.id)).all()
        own = [
            Preset(id=row.id, name=row.name, words=row.words, colours=tuple(json.loads(row.colours))) for row in found
        ]
        return [*BUILT_IN, *own]

    def save(self, name: str, words: str, colours: Sequence[str]) -> Preset:
        """Under this name, in place of what the same person kept under it.

        Raises ValueError, as a sentence, for a name that is empty or built in, for a preset without words or
        colours, and for too much of them; NotAllowed.
        """
        self._viewer.must_make()
        named, said, chosen = _named(name), _words(words), _colours(colours)
        if not said and not chosen:
            raise ValueError(tr("There is nothing to save. Write some style words, or choose a colour."))
        change = {"name": named, "words": said, "colours": json.dumps(chosen)}
        with self._engine.begin() as connection:
            key = {"owner": self._viewer.id, "folded": fold(named)}
            insert = insert_into(connection, presets).values(id=new_id(), created=now_ms(connection), **key, **change)
            upsert = insert.on_conflict_do_update(index_elements=list(key), set_=change).returning(presets.c.id)
            kept: str = connection.execute(upsert).scalar_one()
        return Preset(id=kept, name=named, words=said, colours=chosen)

    def rename(self, preset_id: str, name: str) -> None:
        """Raises ValueError when the name is empty or another preset's, and for a built-in preset."""
        self._viewer.must_make()
        _refuse_built_in(preset_id, "renamed")
        named = _named(name)
        this = (presets.c.id == preset_id, self._viewer.sees(presets))
        with self._engine.begin() as connection:
            owner = connection.execute(select(presets.c.owner).where(*this)).scalar()
            if owner is not None and _is_taken(connection, named, preset_id, owner):
                raise ValueError(tr("There is a preset {named} already. Choose another name.").format(named=named))
            change = update(presets).where(*this)
            connection.execute(change.values(name=named, folded=fold(named)))

    def delete(self, preset_id: str) -> None:
        """Raises ValueError for a built-in preset."""
        self._viewer.must_make()
        _refuse_built_in(preset_id, "deleted")
        with self._engine.begin() as connection:
            connection.execute(delete(presets).where(presets.c.id == preset_id, self._viewer.sees(presets)))


def worded(prompt: str, *, words: str = "", colours: Sequence[str] = (), avoid: str = "", ratio: str = "") -> str:
    """The prompt, and behind it whatever of these it does not say yet; a prompt without words stays so.

    In English whoever reads it, since it is said to the model: one prompt is one prompt in every language.
    ``colours`` are hex codes, ``ratio`` an aspect or a size. Raises ValueError for a colour that is none.
    """
    if not prompt.strip():
        return prompt
    said = _Said(prompt)
    styled = _styled(prompt, [phrase for phrase in _phrases(words) if phrase not in said])
    palette = [colour for colour in map(hex_code, colours) if colour not in said]
    lines = [
        _line("Colour palette", ", ".join(f"{nearest_name(colour)} {colour}" for colour in dict.fromkeys(palette))),
        _line("Avoid", _avoided(avoid)),
        _line("Composition", _composition(ratio, said)),
    ]
    added = [line for line in lines if line and line.rstrip(".") not in said]
    return "\n".join([styled, *added])


def hex_code(colour: str) -> str:
    """``#rrggbb`` in small letters. Raises ValueError, as a sentence, for anything that is no hex code."""
    match = _HEX.fullmatch(colour.strip())
    if match is None:
        raise ValueError(tr("{clean} is no colour. Write it as #1e90ff.").format(clean=clean(colour)[:40]))
    digits = match[1].lower()
    return f"#{digits if len(digits) == 6 else ''.join(digit * 2 for digit in digits)}"


def nearest_name(colour: str) -> str:
    """The CSS name, in words, of the colour that looks most like this one."""
    wanted = _look(hex_code(colour))
    alike = [(name, look) for name, look in _named_colours() if len(look) == len(wanted)]
    return min(alike, key=lambda named: math.dist(named[1], wanted))[0]


class _Said:
    """The words of a prompt; holds a phrase when all of it stands there, word by word."""

    def __init__(self, prompt: str) -> None:
        self._text = _spelled(prompt)

    def __contains__(self, phrase: str) -> bool:
        return _spelled(phrase) in self._text


def _spelled(text: str) -> str:
    """The words and marks with a gap around each, so that night is not found in knight."""
    return f" {' '.join(word for word in wording.words(fold(text)) if not word.isspace())} "


def _phrases(words: str) -> list[str]:
    phrases = [phrase.strip() for phrase in " ".join(clean(words).split()).split(",")]
    return list({fold(phrase): phrase for phrase in reversed(phrases) if phrase}.values())[::-1]


def _styled(prompt: str, phrases: Iterable[str]) -> str:
    style = ", ".join(phrases)
    if not style:
        return prompt
    body = prompt.rstrip().rstrip(",;、，")
    return f"{body} {style[0].upper()}{style[1:]}" if body.endswith(_ENDS) else f"{body}, {style}"


def _line(title: str, content: str) -> str:
    return f"{title}: {content}." if content else ""


def _avoided(avoid: str) -> str:
    return ", ".join(_phrases(avoid)).rstrip(" .")


def _composition(ratio: str, said: _Said) -> str:
    """“portrait, 2:3”; nothing for what is no shape, and where the prompt names that shape."""
    if sizes.ratio(ratio) is None:
        return ""
    with speaking(ENGLISH):  # for the model, not for people
        told = sizes.described(ratio)
    posture, _, aspect = told.rpartition(", ")[2].partition(" ")
    aspect = aspect or "1:1"
    return "" if aspect.removeprefix("about ") in said else f"{posture}, {aspect}"


def _named(name: str) -> str:
    named = " ".join(clean(name).split())[:NAME_LIMIT].strip()
    if not fold(named) or all(unicodedata.category(sign)[0] in "CZ" for sign in named):
        raise ValueError(tr("Give the preset a name."))
    if fold(named) in {fold(preset.name) for preset in BUILT_IN}:
        raise ValueError(tr("{named} is built in and stays as it is. Choose another name.").format(named=named))
    return named


def _words(words: str) -> str:
    said = " ".join(clean(words).split())
    if len(said) > WORDS_LIMIT:
        raise ValueError(
            tr(
                "The style words have {count:,} characters and the limit is {words_limit:,}. "
                "Shorten them by {count2:,}."
            ).format(count=len(said), words_limit=WORDS_LIMIT, count2=len(said) - WORDS_LIMIT)
        )
    return said


def _colours(colours: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(map(hex_code, colours)))
    if len(chosen) > MOST_COLOURS:
        raise ValueError(
            tr("A palette has at most {most_colours} colours. Remove {count}.").format(
                most_colours=MOST_COLOURS, count=len(chosen) - MOST_COLOURS
            )
        )
    return chosen


def _refuse_built_in(preset_id: str, what: str) -> None:
    if preset_id.startswith(_BUILT_IN):
        raise ValueError(
            tr("A built-in preset cannot be {what}. Save it under another name instead.").format(what=what)
        )


def _is_taken(connection: Connection, name: str, by_other_than: str, owner: str) -> bool:
    same = (presets.c.folded == fold(name), presets.c.owner == owner)
    taken = select(presets.c.id).where(*same, presets.c.id != by_other_than)
    return connection.execute(taken).first() is not None


# Names of CSS Color 4 that people say; a rarer one would tell a model less.
_NAMES: Final = """
    black 000000, dim gray 696969, gray 808080, silver c0c0c0, gainsboro dcdcdc, white smoke f5f5f5, white ffffff,
    snow fffafa, ivory fffff0, linen faf0e6, beige f5f5dc, wheat f5deb3, tan d2b48c, khaki f0e68c, gold ffd700,
    yellow ffff00, goldenrod daa520, orange ffa500, sandy brown f4a460, peru cd853f, chocolate d2691e, sienna a0522d,
    saddle brown 8b4513, peach puff ffdab9, coral ff7f50, salmon fa8072, tomato ff6347, red ff0000, crimson dc143c,
    firebrick b22222, maroon 800000, rosy brown bc8f8f, misty rose ffe4e1, pink ffc0cb, hot pink ff69b4,
    deep pink ff1493, magenta ff00ff, orchid da70d6, plum dda0dd, lavender e6e6fa, purple 800080, indigo 4b0082,
    slate blue 6a5acd, dark slate blue 483d8b, navy 000080, blue 0000ff, royal blue 4169e1, dodger blue 1e90ff,
    cornflower blue 6495ed, steel blue 4682b4, sky blue 87ceeb, light blue add8e6, light steel blue b0c4de,
    slate gray 708090, alice blue f0f8ff, light cyan e0ffff, cyan 00ffff, turquoise 40e0d0,
    cadet blue 5f9ea0, teal 008080, aquamarine 7fffd4, honeydew f0fff0, pale green 98fb98, dark sea green 8fbc8f,
    sea green 2e8b57, forest green 228b22, dark green 006400, green 008000, lime 00ff00, lime green 32cd32,
    yellow green 9acd32, olive drab 6b8e23, olive 808000
"""
_GREYISH: Final = 0.025  # chroma; below it, nobody would say which colour it is
_HUE: Final = 0.3  # what a hue counts beside lightness and chroma: a dark blue is a blue before it is dark


@cache
def _named_colours() -> list[tuple[str, _Look]]:
    named = (entry.strip().rpartition(" ") for entry in _NAMES.split(","))
    return [(name, _look(f"#{digits}")) for name, _, digits in named]


def _look(code: str) -> _Look:
    """Lightness, hue and chroma in Ottosson's OKLab; of greys, its three axes. Similar colours are near each other."""
    light, first, second = _oklab(code)
    chroma = math.hypot(first, second)
    if chroma < _GREYISH:
        return light, first, second
    return light, chroma, _HUE * first / chroma, _HUE * second / chroma


def _oklab(code: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(int(code[start : start + 2], 16) / 255) for start in (1, 3, 5))
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
