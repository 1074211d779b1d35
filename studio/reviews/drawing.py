"""The marks that the charts of a review are made of, as SVG text without scripts, identities or outside references.

Colours are CSS variables, so that a page can set its own; without any, letters take the colour of the text around
them and the rest is readable on white and on dark. Arms differ by shape, not by colour alone.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from atlas.language import tr
from atlas.text import clean

WIDTH = 360  # units; about the pixels of a phone, so letters of 13 units can be read there
WIDEST = 560  # pixels; beyond, letters would be larger than those around
LETTER = 13
INK = "var(--chart-ink, currentColor)"
SOFT = "var(--chart-soft, #7c7c84)"
BAND = "var(--chart-band, #8a8a92)"
LIMIT = "var(--chart-limit, #c2410c)"
ARMS = (
    "var(--chart-arm-1, #3f7fd6)",
    "var(--chart-arm-2, #c8641b)",
    "var(--chart-arm-3, #2f9155)",
    "var(--chart-arm-4, #9a5cc6)",
)


@dataclass(frozen=True, kw_only=True)
class Axis:
    """Where the values from ``low`` to ``high`` are drawn."""

    low: float
    high: float
    start: float = 12
    end: float = WIDTH - 12

    def at(self, value: float) -> float:
        """Values beyond the axis stand at its end."""
        span = self.high - self.low
        part = (min(max(value, self.low), self.high) - self.low) / span if span else 0.5
        return self.start + part * (self.end - self.start)


def drawn(words: str, height: float, parts: Iterable[str]) -> str:
    """The whole chart; ``words`` say all its figures to whoever does not see it."""
    told = escape(_one_line(words))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{told}" viewBox="0 0 {WIDTH} {_n(height)}" '
        f'style="display:block;width:100%;max-width:{WIDEST}px;height:auto;font-family:inherit;'
        f'font-variant-numeric:tabular-nums"><title>{told}</title>{"".join(parts)}</svg>'
    )


def text(x: float, y: float, words: str, *, anchor: str = "start", bold: bool = False) -> str:
    style = f"fill:{INK};font-size:{LETTER}px" + (";font-weight:600" if bold else "")
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" style="{style}">{escape(_one_line(words))}</text>'


def line(x1: float, y1: float, x2: float, y2: float, *, ink: str = SOFT, thick: float = 1, dashed: bool = False) -> str:
    style = f"stroke:{ink};stroke-width:{_n(thick)};fill:none" + (";stroke-dasharray:5 4" if dashed else "")
    return f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" style="{style}"/>'


def curve(points: Iterable[tuple[float, float]], *, ink: str) -> str:
    path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
    return f'<polyline points="{path}" style="stroke:{ink};stroke-width:2;fill:none;stroke-linejoin:round"/>'


def area(x: float, y: float, width: float, height: float, *, ink: str, faint: bool = False) -> str:
    style = f"fill:{ink}" + (";fill-opacity:.22" if faint else "")
    size = f'width="{_n(max(width, 0))}" height="{_n(height)}"'
    return f'<rect x="{_n(x)}" y="{_n(y)}" {size} style="{style}"/>'


def mark(arm: int, x: float, y: float, radius: float = 6) -> str:
    """A circle, square, triangle or diamond: one shape per arm."""
    style = f'style="fill:{ARMS[arm]}"'
    if arm == 0:
        return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" {style}/>'
    corners = {
        1: ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        2: ((0, -1.1), (1.1, 0.9), (-1.1, 0.9)),
        3: ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    }[arm]
    points = " ".join(f"{_n(x + radius * right)},{_n(y + radius * down)}" for right, down in corners)
    return f'<polygon points="{points}" {style}/>'


def whisker(low: float, high: float, y: float, *, ink: str, open_low: bool = False, open_high: bool = False) -> str:
    """An interval with its ends; one that is open to a side points there."""
    sides = ((low, 6 * open_low), (high, -6 * open_high))
    ends = (line(x, y, x + back, y + height, ink=ink, thick=2) for x, back in sides for height in (-6, 6))
    return line(low, y, high, y, ink=ink, thick=3) + "".join(ends)


def percents(axis: Axis, y: float) -> str:
    """The axis of a share, with the numbers below."""
    parts = [line(axis.start, y, axis.end, y)]
    for value, x, anchor in ((0, 0, "start"), (0.25, 0, ""), (0.5, 0, ""), (0.75, 0, ""), (1, WIDTH, "end")):
        at = axis.at(value)
        parts += [line(at, y, at, y + 4), text(x if anchor else at, y + 18, percent(value), anchor=anchor or "middle")]
    return "".join(parts)


def percent(share: float) -> str:
    return tr("{points} %").format(points=f"{100 * share:.0f}")


def fitting(words: str, units: float) -> str:
    """The words, cut with an ellipsis to what fits into this width: a Chinese character is as wide as two letters."""
    shown = _one_line(words)
    if length(shown) <= units:
        return shown
    room = units / (LETTER * 0.56)
    taken, used = "", 1
    for character in shown:
        used += _wide(character)
        if used > room:
            break
        taken += character
    return taken.rstrip() + "…"


def length(words: str) -> float:
    """About as many units as the words take on one line."""
    return sum(map(_wide, words)) * LETTER * 0.56


def _wide(character: str) -> int:
    return 0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")


def _one_line(words: str) -> str:
    return " ".join(clean(words).split())


def _n(value: float) -> str:
    """To a tenth of a unit."""
    return f"{value:.1f}".removesuffix(".0")
