"""The light of the hour: the colours of the sky, where the light comes from, and what it does to other colours."""

from dataclasses import dataclass

from atlas.simulator.painting.colours import Colour, hexed, lch
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.shapes import Point
from atlas.simulator.painting.words import Brief

# top, middle and low sky; sun; tint and how much of it falls on things; how light things stay; height of the sun
HOURS: dict[str, tuple[str, str, str, str, str, float, float, float]] = {
    "dawn": ("#4c6fae", "#e8a9a8", "#ffd7a1", "#fff0c4", "#ff9e7a", 0.13, 0.97, 0.80),
    "morning": ("#8dbfe2", "#cfe3ec", "#fdebcd", "#fff3d0", "#ffdfae", 0.10, 1.0, 0.55),
    "noon": ("#2f86d2", "#7fbdec", "#d9eef6", "#fffbe8", "#fff4d6", 0.06, 1.03, 0.22),
    "golden": ("#7ea6c9", "#f2cf9b", "#ffb968", "#ffe6a6", "#ffb35c", 0.17, 0.98, 0.68),
    "sunset": ("#3b3a7c", "#d8597c", "#ffb15a", "#ffe2a0", "#ff7a52", 0.20, 0.86, 0.86),
    "night": ("#0a1030", "#18265a", "#3c5593", "#f4f0d8", "#26408a", 0.30, 0.62, 0.24),
    "neon": ("#0e0826", "#35125c", "#b02472", "#ff4fb0", "#5a1f9e", 0.30, 0.66, 0.40),
    "soft": ("#b9c3cc", "#dcdfe0", "#f3efe8", "#ffffff", "#fff5ea", 0.05, 1.0, 0.30),
    "backlit": ("#86a0bd", "#f6d9a8", "#fff0c8", "#fffbe6", "#8a5a3c", 0.20, 0.80, 0.60),
}


@dataclass(frozen=True, kw_only=True)
class Light:
    """Colours and direction of the light; ``sun`` is a place in shares of the picture."""

    hour: str
    sky: tuple[Colour, Colour, Colour]
    glow: Colour
    tint: Colour
    tint_share: float
    gain: float
    towards: Point
    sun: Point

    @property
    def dark(self) -> bool:
        return self.gain < 0.75

    @property
    def shadow(self) -> Colour:
        return self.sky[0].mix(self.tint, 0.2).at(0.16 if self.dark else 0.25)

    def on(self, colour: Colour) -> Colour:
        """How a thing of that colour looks in this light."""
        lit = Colour(colour.l * self.gain, colour.a, colour.b)
        return lit.mix(self.tint.at(lit.l), self.tint_share)

    def gently_on(self, colour: Colour) -> Colour:
        """The same for the thing the picture is about, which keeps more of its own colour."""
        return colour.mix(self.on(colour), 0.45)


def lit_for(brief: Brief, dice: Dice, default: str) -> Light:
    """The light a brief asks for, else the default hour; colours of the palette and of the sky are taken in."""
    hour = _hour(brief, default)
    top, middle, low, sun, tint, share, gain, height = HOURS[hour]
    turn = dice.between(-14, 14)
    sky = (hexed(top).turned(turn), hexed(middle).turned(turn * 0.6), hexed(low).turned(turn * 0.3))
    side = dice.pick((-1, 1))
    return Light(
        hour=hour,
        sky=_sky(brief, sky),
        glow=hexed(sun),
        tint=hexed(tint),
        tint_share=share,
        gain=gain,
        towards=(0.78 * side, -0.62),
        sun=(0.5 + side * dice.between(0.08, 0.27), height),
    )


def _hour(brief: Brief, default: str) -> str:
    if "cyberpunk" in brief.styles:
        return "neon"
    if not brief.hours:
        return "night" if brief.weather & {"moon", "stars"} and default != "soft" else default
    strong = [hour for hour in brief.hours if hour in {"night", "neon", "sunset", "dawn"}]
    return "neon" if "neon" in strong else (strong or list(brief.hours))[0]


def _sky(brief: Brief, sky: tuple[Colour, Colour, Colour]) -> tuple[Colour, Colour, Colour]:
    own = brief.bound.get("scene:sky") or brief.bound.get("background")
    if own is not None:
        return own.darker(0.16), own, own.lighter(0.38)
    if not brief.palette:
        return sky
    ordered = sorted(brief.palette, key=lambda colour: colour.l)
    deep, bright = ordered[0], ordered[-1]
    if len(ordered) == 1:
        return deep.darker(0.25), deep, deep.lighter(0.4)
    return deep.mix(bright, 0.25).at(sky[0].l), bright.mix(deep, 0.08).lighter(0.12), bright


def varied(dice: Dice, base: str, *, hue: float = 14.0, lightness: float = 0.04) -> Colour:
    """A colour near a given one, so that two draws are not dyed in the same pot."""
    colour = hexed(base)
    return lch(colour.l + dice.between(-lightness, lightness), colour.chroma, colour.hue + dice.between(-hue, hue))
