"""From a brief to a picture: choose the scene and the light, set the scene, place the things, let the weather in."""

from dataclasses import replace

from PIL import ImageFilter

from atlas.simulator.painting.canvas import Canvas, Size
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.lettering import letter
from atlas.simulator.painting.light import lit_for
from atlas.simulator.painting.placing import place
from atlas.simulator.painting.scenes import SCENES
from atlas.simulator.painting.stage import Stage
from atlas.simulator.painting.subjects import SUBJECTS
from atlas.simulator.painting.weather import fall
from atlas.simulator.painting.words import Brief

# Where several scenes are named, the more particular one wins: a street market is a market.
RANK = (
    "market",
    "space",
    "underwater",
    "city",
    "lake",
    "beach",
    "forest",
    "desert",
    "wall",
    "sea",
    "table",
    "room",
    "street",
    "mountains",
    "field",
    "studio",
    "portrait",
    "poster",
    "sky",
)
HOUR_OF = {
    "studio": "soft",
    "portrait": "soft",
    "poster": "soft",
    "table": "morning",
    "room": "morning",
    "market": "night",
    "space": "night",
    "abstract": "soft",
    "mountains": "morning",
    "city": "sunset",
    "sea": "golden",
}
# Things a scene already shows by itself.
SHOWN_BY = {"market": {"lantern", "stall", "burger"}, "forest": {"tree"}, "poster": {"book"}}


def scene_of(brief: Brief) -> str:
    """The name of the scene a brief asks for or, when it asks for none, where its things are at home."""
    if brief.lettering and ("poster" in brief.scenes or not brief.scenes):
        return "poster"
    named = [scene for scene in RANK if scene in brief.scenes]
    placed = [scene for scene in named if scene not in {"studio", "portrait", "poster", "sky"}]
    if placed:
        return placed[0]
    if named and not (named[0] == "poster" and brief.things):
        return named[0]
    if brief.things:
        home = SUBJECTS[brief.things[0].kind].home
        return "studio" if "background" in brief.bound and home != "portrait" else home
    return _by_weather(brief)


def _by_weather(brief: Brief) -> str:
    if "snow" in brief.weather:
        return "forest"
    if "rain" in brief.weather or "neon" in brief.hours:
        return "city"
    if brief.surfaces:
        return "studio"
    return "mountains" if brief.hours or brief.weather else "abstract"


def compose(brief: Brief, size: Size, *, model: str, draw: int, seed: int | None, detail: int) -> Canvas:
    """The picture before style and hand: the same geometry for the same brief whatever its colours."""
    dice = Dice("atlas studio", " ".join(brief.geometry.split()), model, draw, seed)
    name = scene_of(brief)
    light = lit_for(brief, dice.child("light"), HOUR_OF.get(name, "noon"))
    stage = Stage(canvas=Canvas(size), brief=brief, light=light, dice=dice, detail=detail)
    setting = SCENES[name](stage)
    setting = replace(setting, height=setting.height * dice.child("zoom").pick((0.9, 1.0, 1.12)))
    if "photo" in brief.styles:
        stage.canvas.image = stage.canvas.image.filter(ImageFilter.BoxBlur(stage.canvas.u * 0.45))
    hidden = SHOWN_BY.get(name, set())
    place(stage, setting, [thing for thing in brief.things if thing.kind not in hidden])
    if setting.before is not None:
        setting.before()
    fall(stage)
    letter(stage)
    return stage.canvas
