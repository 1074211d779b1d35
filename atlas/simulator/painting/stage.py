"""What a scene is given to paint with, and what it answers: where things may stand."""

from collections.abc import Callable
from dataclasses import dataclass

from atlas.simulator.painting.canvas import Canvas
from atlas.simulator.painting.colours import Colour, hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.light import Light, varied
from atlas.simulator.painting.pen import Frame, Pen
from atlas.simulator.painting.subjects import SUBJECTS
from atlas.simulator.painting.words import Brief


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A canvas with the brief, its light, its chance and its level of detail (0, 1 or 2)."""

    canvas: Canvas
    brief: Brief
    light: Light
    dice: Dice
    detail: int

    def asks(self, kind: str) -> bool:
        return (
            kind in self.brief.weather
            or kind in self.brief.scenes
            or kind in self.brief.hours
            or kind in self.brief.styles
        )

    def hue(self, name: str, base: str, *, names: tuple[str, ...] = ()) -> Colour:
        """The colour bound to a part of the scene, else one near its usual colour."""
        for bound in (name, *names):
            if bound in self.brief.bound:
                return self.brief.bound[bound]
        return varied(self.dice.child("hue", name), base)

    def land(self, base: str) -> Colour:
        """The colour of the ground: the deepest of the palette, else near its usual colour."""
        scenes = [f"scene:{scene}" for scene in self.brief.scenes if scene != "sky"]
        own = next((self.brief.bound[scene] for scene in scenes if scene in self.brief.bound), None)
        if own is None and self.brief.palette:
            return min(self.brief.palette, key=lambda colour: colour.l)
        return own or varied(self.dice.child("land"), base)

    @property
    def accent(self) -> Colour:
        """The metal or trim of the picture."""
        own = self.brief.bound.get("accent")
        return own or hexed(self.dice.child("accent").pick(("#d4a63c", "#c9a07a", "#d8b25a", "#b9bec6")))

    def furnish(
        self, kind: str, frame: Frame, *, tone: Colour | None = None, wears: tuple[str, ...] = (), fine: bool = True
    ) -> None:
        """Draw a thing that belongs to the scene itself, without its details where it is too far to see them."""
        entry, dice = SUBJECTS[kind], self.dice.child("furnish", kind, round(frame.x), round(frame.y))
        colour = tone or hexed(dice.pick(entry.tones))
        pen = Pen(
            surface=self.canvas,
            frame=frame,
            light=self.light,
            dice=dice,
            tone=colour,
            trim=self.accent,
            cloth=colour,
            wears=wears,
            detail=self.detail if fine else 0,
        )
        entry.draw(pen)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where the hero stands: the height of its ground, its centre and its size, all in pixels."""

    floor: float
    centre: float
    height: float
    shadow: str = "floor"
    gloss: float = 0.0
    before: Callable[[], None] | None = None


Scene = Callable[[Stage], Setting]
SCENES: dict[str, Scene] = {}


def scene(*names: str) -> Callable[[Scene], Scene]:
    """Register a scene under the names the lexicon uses."""

    def register(draw: Scene) -> Scene:
        SCENES.update(dict.fromkeys(names, draw))
        return draw

    return register
