"""Putting things into a scene: arrangement, size, shadow and reflection."""

from dataclasses import dataclass

from PIL import Image

from atlas.simulator.painting.canvas import Canvas, Stencil, shifted, softened
from atlas.simulator.painting.colours import Colour, hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.pen import Frame, Pen
from atlas.simulator.painting.scenes.ripples import strokes_of_water
from atlas.simulator.painting.shapes import Outline, ellipse
from atlas.simulator.painting.stage import Setting, Stage
from atlas.simulator.painting.subjects import SUBJECTS
from atlas.simulator.painting.words import Thing


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place for one thing: an offset from the hero's place in hero heights, and a size beside the hero's."""

    across: float
    ahead: float
    size: float


ARRANGEMENTS: dict[int, tuple[tuple[Spot, ...], ...]] = {
    1: ((Spot(across=0, ahead=0, size=1),),),
    2: (
        (Spot(across=-0.34, ahead=0, size=0.86), Spot(across=0.36, ahead=0.06, size=0.8)),
        (Spot(across=0.3, ahead=-0.03, size=0.8), Spot(across=-0.32, ahead=0.07, size=0.9)),
    ),
    3: (
        (
            Spot(across=0.56, ahead=-0.05, size=0.58),
            Spot(across=-0.54, ahead=-0.02, size=0.64),
            Spot(across=0.02, ahead=0.07, size=0.8),
        ),
        (
            Spot(across=-0.6, ahead=-0.04, size=0.56),
            Spot(across=-0.02, ahead=-0.06, size=0.62),
            Spot(across=0.58, ahead=0.07, size=0.78),
        ),
    ),
}


def place(stage: Stage, setting: Setting, things: list[Thing]) -> None:
    """Put every thing into the picture, far ones first."""
    cast = [(thing, number) for thing in things for number in range(min(thing.count, 8))][:9]
    if not cast:
        return
    spots = _spots(stage.dice.child("spots"), len(cast))
    frames = [_frame(stage, setting, thing, spot, number) for (thing, number), spot in zip(cast, spots, strict=True)]
    for (thing, number), frame in sorted(zip(cast, frames, strict=True), key=lambda pair: pair[1].y):
        _stand(stage, setting, thing, number, frame)


def _spots(dice: Dice, count: int) -> tuple[Spot, ...]:
    if count in ARRANGEMENTS:
        return dice.pick(ARRANGEMENTS[count])
    step = 1.9 / count
    return tuple(
        Spot(
            across=-0.95 + step * (place + 0.5) + dice.between(-0.05, 0.05),
            ahead=(0.09 if place % 2 else -0.05) + dice.between(-0.02, 0.02),
            size=dice.between(0.42, 0.56),
        )
        for place in range(count)
    )


def _frame(stage: Stage, setting: Setting, thing: Thing, spot: Spot, number: int) -> Frame:
    entry, dice = SUBJECTS[thing.kind], stage.dice.child("frame", thing.kind, number)
    alone = len(stage.brief.things) == 1 and thing.count == 1
    size = setting.height * (entry.size**0.55 if alone else entry.size) * spot.size * dice.between(0.94, 1.06)
    size = min(size, stage.canvas.w * 0.92 / entry.width, setting.floor * 0.96)
    margin = size * entry.width / 2 + stage.canvas.u * 2
    x = setting.centre + spot.across * setting.height
    x = min(max(x, margin), stage.canvas.w - margin) if margin * 2 < stage.canvas.w else stage.canvas.w / 2
    y = setting.floor + spot.ahead * setting.height
    floating = entry.floats or _asked_to_float(stage)
    if floating:
        y -= (
            setting.height * (0.1 + abs(spot.ahead) + dice.between(0.0, 0.14))
            if setting.shadow != "none"
            else dice.between(-0.05, 0.5) * setting.height * (number > 0)
        )
    return Frame(
        x=x,
        y=y,
        size=size,
        flip=dice.chance(0.5) and thing.kind not in {"watch", "phone", "book"},
        tilt=dice.between(-9, 9) if floating else 0.0,
    )


def _asked_to_float(stage: Stage) -> bool:
    words = stage.brief.geometry.replace(" ", "")
    return any(word in words for word in ("floating", "levitating", "flying", "漂浮", "飛", "飞"))


def _pen(stage: Stage, thing: Thing, number: int, frame: Frame, surface: Canvas | Stencil) -> Pen:
    entry, dice = SUBJECTS[thing.kind], stage.dice.child("pen", thing.kind, number)
    tone, second = _tones(stage, thing, number, entry.tones)
    wears = (*thing.wears, "snow") if "snow" in stage.brief.weather else thing.wears
    cloth = thing.cloth or hexed(
        dice.pick(("#e9e6e0", "#f0ece4")) if "spacesuit" in wears else dice.pick(("#d9a441", "#3f6f8f", "#c9505f"))
    )
    return Pen(
        surface=surface,
        frame=frame,
        light=stage.light,
        dice=dice,
        tone=tone,
        trim=second,
        cloth=cloth,
        wears=wears,
        detail=stage.detail,
    )


def _tones(stage: Stage, thing: Thing, number: int, usual: tuple[str, ...]) -> tuple[Colour, Colour]:
    """The main and the second colour of a thing."""
    start = stage.dice.child("tone", thing.kind).whole(0, len(usual) - 1)
    own = thing.colours or (stage.brief.palette[:1] if thing is stage.brief.things[0] else ())
    tone = own[number % len(own)] if own else hexed(usual[(start + number) % len(usual)])
    if "accent" in stage.brief.bound or (
        SUBJECTS[thing.kind].home == "studio" and thing.kind not in {"sneaker", "robot", "phone"}
    ):
        return tone, stage.accent
    second = hexed(stage.dice.child("trim", thing.kind).pick(("#d9573f", "#2f5f8f", "#e0a93c", "#3f7f6f", "#c9667f")))
    return tone, second


def _stand(stage: Stage, setting: Setting, thing: Thing, number: int, frame: Frame) -> None:
    """Shadow first, then the thing, then what the ground mirrors of it."""
    stencil = Stencil(stage.canvas.image.size)
    SUBJECTS[thing.kind].draw(_pen(stage, thing, number, frame, stencil))
    _shadow(stage, setting, frame, stencil)
    SUBJECTS[thing.kind].draw(_pen(stage, thing, number, frame, stage.canvas))
    if setting.gloss and frame.y >= setting.floor - setting.height * 0.2:
        stage.canvas.reflect(
            frame.y - 1,
            depth=frame.size,
            strength=setting.gloss,
            mask=stencil.mask,
            blur=stage.canvas.u * (0.25 if setting.shadow == "water" else 0.12),
        )
    if setting.shadow == "water":
        strokes_of_water(stage, frame.y, stage.light.sky[2], stage.light.shadow)


def _shadow(stage: Stage, setting: Setting, frame: Frame, stencil: Stencil) -> None:
    canvas, light = stage.canvas, stage.light
    if setting.shadow == "none":
        return
    if setting.shadow == "water":
        canvas.fill(_pool(frame, 0.36, 0.03), light.shadow, alpha=0.4, blur=frame.size * 0.02)
        return
    lifted = max(setting.floor - frame.y, 0.0) if frame.tilt else 0.0
    if setting.shadow == "wall":
        cast = shifted(stencil.mask, -light.towards[0] * frame.size * 0.1, frame.size * 0.035)
        canvas.wash(hexed("#4a5680"), alpha=0.42, mask=softened(cast, canvas.u * 0.5))
    else:
        _cast(stage, frame, stencil, lifted)
    canvas.fill(
        _pool(frame, 0.34, 0.035, lower=lifted),
        light.shadow,
        alpha=0.5 if not lifted else 0.3,
        blur=frame.size * (0.025 if not lifted else 0.06),
    )


def _pool(frame: Frame, wide: float, tall: float, *, lower: float = 0.0) -> Outline:
    return ellipse(frame.x, frame.y + lower, frame.size * wide, frame.size * tall)


def _cast(stage: Stage, frame: Frame, stencil: Stencil, lifted: float) -> None:
    """The silhouette laid down on the ground, away from the light."""
    lean = -stage.light.towards[0] * 0.9
    base = frame.y + lifted
    # Output row y (below the base is in front) shows source row base - (base - y) / 0.22, slid sideways by its height.
    flat = 1 / 0.22
    mask = stencil.mask.transform(
        stencil.mask.size,
        Image.Transform.AFFINE,
        (1, lean * flat * 0.22, -lean * base * flat * 0.22, 0, flat, frame.y - base * flat),
        Image.Resampling.BILINEAR,
    )
    stage.canvas.wash(
        stage.light.shadow,
        alpha=0.3 if not lifted else 0.16,
        mask=softened(mask, stage.canvas.u * (0.9 + lifted / stage.canvas.u * 0.1)),
    )
