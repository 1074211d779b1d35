"""The list of things that can be drawn: each is a small function in a box of 100 by 100."""

from collections.abc import Callable
from dataclasses import dataclass

from atlas.simulator.painting.pen import Pen

Draw = Callable[[Pen], None]


@dataclass(frozen=True, kw_only=True)
class Subject:
    """How to draw a thing, the colours it comes in, its size beside others, where it likes to be and how wide it is."""

    draw: Draw
    tones: tuple[str, ...]
    size: float
    home: str
    width: float
    floats: bool


SUBJECTS: dict[str, Subject] = {}


def subject(
    name: str, *, tones: str, home: str, size: float = 1.0, width: float = 0.8, floats: bool = False
) -> Callable[[Draw], Draw]:
    """Register a drawing; ``width`` is its share of the box, ``home`` the scene it is drawn in by default."""

    def register(draw: Draw) -> Draw:
        SUBJECTS[name] = Subject(
            draw=draw, tones=tuple(tones.split()), size=size, home=home, width=width, floats=floats
        )
        return draw

    return register
