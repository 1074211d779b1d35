"""From the ways models let a size be said to pixels (atlas-api.md section 14.9).

``1024x1536``, ``1024*1536`` and ``1024×1536`` · a tier such as ``2K`` · an aspect ratio with a resolution · nothing,
where the size of the source image is kept.
"""

import math
import re
from typing import Any

from atlas.simulator.catalogue import Field, Model

Size = tuple[int, int]

SQUARE: Size = (1024, 1024)
TIERS = {"1k": 1024, "2k": 2048, "4k": 4096, "8k": 4096}  # 8k is drawn as 4k: painting it would take gigabytes
_PAIR = re.compile(r"\s*(\d{2,5})\s*[xX×*]\s*(\d{2,5})\s*")


def pair(text: object) -> Size | None:
    """Width and height of ``WxH`` text, whatever the separator; None when it is not that."""
    match = _PAIR.fullmatch(str(text))
    return (int(match[1]), int(match[2])) if match else None


def allowed(value: object, described: Field, *, exact: bool) -> bool:
    """Whether a size field accepts the value; unless ``exact`` the separator does not matter."""
    if "enum" not in described:
        asked = pair(value)
        return asked is not None and all(described["minimum"] <= side <= described["maximum"] for side in asked)
    if exact or pair(value) is None:
        return value in described["enum"]
    return pair(value) in map(pair, described["enum"])


def pixels(model: Model, parameters: dict[str, Any], *, source: Size | None) -> Size:
    """The pixel size of the picture that a request asks for, after its values were checked.

    Where it asks for none the first source image decides, within what the painters can do.
    """

    def asked(name: str) -> str:
        return str(parameters.get(name, model.default(name) or ""))

    side = TIERS.get(asked("size").lower())
    if side:
        return (side, side)
    stated = pair(asked("size"))
    if stated:
        return stated
    ratio = asked("aspect_ratio")
    if ":" in ratio:
        return _from_ratio(ratio, TIERS.get(asked("resolution"), 1024))
    return (_within_limits(source[0]), _within_limits(source[1])) if source else SQUARE


def _from_ratio(ratio: str, side: int) -> Size:
    """The area of a square of ``side``, each edge a multiple of 16: 16:9 at 1k is 1376x768 (section 14.4)."""
    across, down = map(float, ratio.split(":"))
    return (_up_to_16(side * math.sqrt(across / down)), _up_to_16(side * math.sqrt(down / across)))


def _up_to_16(length: float) -> int:
    return math.ceil(round(length / 16, 6)) * 16


def _within_limits(length: int) -> int:
    return min(max(length, 64), 4096)
