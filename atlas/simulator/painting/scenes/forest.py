"""Woods, with snow or with sunbeams."""

from atlas.simulator.painting.colours import hexed
from atlas.simulator.painting.paints import down
from atlas.simulator.painting.scenes.air import heavens, sun_spot
from atlas.simulator.painting.scenes.firs import row_of_conifers
from atlas.simulator.painting.scenes.ground import distant, meadow_grass, mist
from atlas.simulator.painting.shapes import (
    down_to,
    hills,
    points,
)
from atlas.simulator.painting.stage import Setting, Stage, scene


@scene("forest")
def forest(stage: Stage) -> Setting:
    canvas, dice = stage.canvas, stage.dice.child("forest")
    snow = "snow" in stage.brief.weather
    level = canvas.h * dice.between(0.62, 0.68)
    centre = dice.pick((0.36, 0.5, 0.62))
    heavens(stage, level * 1.05)
    land = stage.land("#2f5f5a" if snow else "#3f6f45")
    for row, nearness in enumerate((0.35, 0.55, 0.78)):
        colour = distant(stage, land.darker(0.1 + 0.12 * row), nearness)
        row_of_conifers(
            stage,
            f"row{row}",
            level + canvas.u * 2 * row,
            canvas.u * (26 + 9 * row),
            colour,
            count=(40, 30, 24)[row],
            gap=(centre - 0.1 * row, centre + 0.1 * row) if row else None,
            snow=snow and row > 0,
        )
        mist(stage, level + canvas.u * row * 2, canvas.u * 9, 0.4)
    _forest_floor(stage, level, snow=snow)
    if not stage.light.dark:
        _sunbeams(stage, level)

    def frame() -> None:
        near = distant(stage, land.darker(0.55), 1.0)
        row_of_conifers(
            stage,
            "near",
            canvas.h * 1.0,
            canvas.h * 0.62,
            near,
            count=14,
            gap=(max(centre - 0.33, 0.09), min(centre + 0.33, 0.91)),
            snow=snow,
        )

    return Setting(
        floor=level + (canvas.h - level) * 0.42, centre=canvas.w * centre, height=canvas.u * 40, before=frame
    )


def _forest_floor(stage: Stage, level: float, *, snow: bool) -> None:
    canvas = stage.canvas
    ground = stage.light.on(hexed("#e9f1f9" if snow else "#6f8a4f"))
    for step in range(3):
        line = hills(
            stage.dice.child("floor", step),
            width=canvas.w,
            base=level + (canvas.h - level) * 0.3 * step,
            height=canvas.u * 3.5,
        )
        tone = ground.darker(0.06 * step).mix(stage.light.sky[1], 0.24 - 0.06 * step)
        canvas.fill(
            down_to(line, canvas.h + 2), down(float(line[:, 1].min()), canvas.h, tone.lighter(0.14), tone.darker(0.25))
        )
    if not snow:
        meadow_grass(stage, canvas.h * 0.82, ground)


def _sunbeams(stage: Stage, level: float) -> None:
    canvas, dice = stage.canvas, stage.dice.child("beams")
    x, y = sun_spot(stage, level)
    ends = dice.spread(6, -0.6, 1.6) * canvas.w
    beams = [
        points([(x, y - canvas.u * 10), (end, canvas.h * 0.9), (end + canvas.w * 0.09, canvas.h * 0.9)]) for end in ends
    ]
    warm = stage.light.glow
    canvas.fill(beams, down(0, canvas.h * 0.9, (warm, 0.32), (warm, 0.0)), blur=canvas.u * 1.2)
