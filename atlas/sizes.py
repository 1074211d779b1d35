"""Sizes as models write them and as people read them (atlas-api.md §14.9).

``1024x1536``, ``1024*1536``, ``1024 × 1536`` and ``1024, 1536`` are one size; ``16:9`` is an aspect, ``2K`` a tier.
"""

import math
import re
from collections.abc import Iterable
from typing import TypeAlias

from atlas.language import tr

Pair: TypeAlias = tuple[int, int]

_PAIR = re.compile(r"\s*(\d{2,5})\s*(?:[xX×*,;]|\s)\s*(\d{2,5})\s*(?:px)?\s*")
_ASPECT = re.compile(r"\s*(\d{1,3}(?:\.\d{1,2})?)\s*:\s*(\d{1,3}(?:\.\d{1,2})?)\s*")
_KNOWN = ((1, 1), (5, 4), (4, 3), (3, 2), (16, 10), (16, 9), (2, 1), (21, 9), (3, 1))
_PLAIN = 21  # no side of an aspect that people use is longer
_NEAR = 0.02
_GRID = 16  # pixels; no model that takes free sizes is known to refuse a multiple of it
_TRIES = 4  # steps of it to either side that may give the shape more exactly
_MIDDLING = (1024, 1024)


def pair(text: object) -> Pair | None:
    """Width and height in pixels, whatever stands between them; None where the text is no such size."""
    match = _PAIR.fullmatch(str(text))
    return (int(match[1]), int(match[2])) if match and int(match[1]) and int(match[2]) else None


def separator(examples: Iterable[object]) -> str:
    """What a model puts between width and height, by the first example that shows it; most use a star."""
    for example in examples:
        match = re.fullmatch(r"\d+([^\d\s])\d+", str(example))
        if match:
            return match[1]
    return "*"


def ratio(value: object) -> float | None:
    """Width by height of a size or an aspect; None where the value is neither."""
    found = pair(value)
    if found:
        return found[0] / found[1]
    match = _ASPECT.fullmatch(str(value))
    return float(match[1]) / float(match[2]) if match and float(match[1]) and float(match[2]) else None


def alike(one: float, other: float) -> bool:
    """Whether two ratios look the same: 1376x768 passes for 16:9."""
    return abs(math.log(one / other)) <= _NEAR


def nearest(value: object, choices: Iterable[object]) -> object | None:
    """The choice of the same shape as the value, None where none is; of several, the one nearest in pixels."""
    wanted = ratio(value)
    if wanted is None:
        return None
    shaped = [(choice, ratio(choice)) for choice in choices]
    fitting = [(choice, shape) for choice, shape in shaped if shape is not None and alike(shape, wanted)]
    return min(fitting, key=lambda one: (_apart(one[0], value), abs(one[1] - wanted)), default=(None, 0.0))[0]


def shaped(value: object, *, like: object, low: float, high: float) -> Pair | None:
    """A free size of the value's shape with sides from ``low`` to ``high``; None where there is none.

    As large as the value, or as ``like`` where the value is an aspect.
    """
    shape = ratio(value)
    if shape is None:
        return None
    across, down = pair(value) or pair(like) or _MIDDLING
    stretch = max(shape, 1 / shape)
    wanted = min(max(math.sqrt(across * down / stretch), low), high / stretch)
    middle = round(wanted / _GRID)
    shorts = [_GRID * (middle + step) for step in range(-_TRIES, _TRIES + 1)]
    found = [(short, _GRID * round(short * stretch / _GRID)) for short in shorts]
    fitting = [one for one in found if one[0] >= max(low, 1) and one[1] <= high and alike(one[1] / one[0], stretch)]
    if not fitting:
        return None
    short, long = min(
        fitting, key=lambda one: (round(abs(math.log(one[1] / one[0] / stretch)), 3), abs(one[0] - wanted))
    )
    return (long, short) if shape > 1 else (short, long)


def described(value: object) -> str:
    """As people read it: “1024 × 1536, portrait 2:3”, “landscape 16:9”; what is neither is shown as it stands."""
    shape = ratio(value)
    if shape is None:
        return str(value)
    found = pair(value)
    if found is None:
        return _posture(shape, str(value).strip()) if shape != 1 else tr("square 1:1")
    pixels = f"{found[0]} × {found[1]}"
    posture = tr("square") if shape == 1 else _posture(shape, _aspect(found))
    return tr("{pixels}, {posture}").format(pixels=pixels, posture=posture)


def _aspect(found: Pair) -> str:
    across, down = found[0] // math.gcd(*found), found[1] // math.gcd(*found)
    if max(across, down) <= _PLAIN:
        return f"{across}:{down}"
    shape = across / down
    long, short = min(_KNOWN, key=lambda one: abs(math.log(one[0] / one[1]) - abs(math.log(shape))))
    named = f"{long}:{short}" if shape > 1 else f"{short}:{long}"
    if alike(long / short, max(shape, 1 / shape)):
        return tr("about {aspect}").format(aspect=named)
    return f"{shape:.2f}:1" if shape > 1 else f"1:{1 / shape:.2f}"


def _posture(shape: float, aspect: str) -> str:
    words = tr("landscape {aspect}") if shape > 1 else tr("portrait {aspect}")
    return words.format(aspect=aspect)


def _apart(choice: object, value: object) -> float:
    """How far two sizes are apart in pixels; an aspect has none."""
    one, other = pair(choice), pair(value)
    return abs(math.log(one[0] * one[1] / (other[0] * other[1]))) if one and other else 0.0
