"""Words in quotes, set large like on a printed poster."""

import unicodedata

from PIL import Image, ImageDraw, ImageFont

from atlas.simulator.painting.colours import WHITE, Colour
from atlas.simulator.painting.scenes.poster import poster_colours
from atlas.simulator.painting.shapes import star
from atlas.simulator.painting.stage import Stage

LONGEST_LINE = 14


def legible(text: str) -> bool:
    """Whether the built-in font has a glyph for every character; missing ones would be boxes."""
    font = ImageFont.load_default(24)
    missing = bytes(font.getmask("\uffff"))
    return all(character.isspace() or bytes(font.getmask(character)) != missing for character in text)


def settable(text: str) -> str:
    """The text with its accents left out where the font has only the plain letter."""
    plain = {"–": "-", "—": "-", "×": "x", "ß": "ss"}
    return "".join(
        character if legible(character) else plain.get(character, unicodedata.normalize("NFD", character)[0])
        for character in text
    )


def lines_of(text: str) -> list[str]:
    """The words broken into short, even lines."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) < LONGEST_LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines[:4]


def letter(stage: Stage) -> None:
    """Set the brief's words over the picture, if the font knows them."""
    text = settable("".join(character for character in stage.brief.lettering if character.isprintable()))
    if not text.strip():
        return
    if not legible(text):
        _badge(stage)
        return
    canvas, lines = stage.canvas, lines_of(text)
    alone = not stage.brief.things
    room = (canvas.w * 0.84, canvas.h * (0.46 if alone else 0.27))
    font, leading = _fitted(lines, room)
    bold = max(round(font.size * 0.026), 1)
    top = canvas.h * (0.58 if alone else 0.2) - leading * len(lines) / 2
    mask = Image.new("L", canvas.image.size)
    pencil = ImageDraw.Draw(mask)
    for row, line in enumerate(lines):
        middle = (canvas.w / 2, top + leading * (row + 0.5))
        # The built-in font has one weight: shifted copies make it bold and keep its corners sharp.
        for dx in (-bold, 0, bold):
            for dy in (-bold, 0, bold):
                pencil.text((middle[0] + dx, middle[1] + dy), line, fill=255, font=font, anchor="mm")
    if not alone or "poster" not in stage.brief.scenes:
        canvas.wash(
            stage.light.shadow,
            alpha=0.25,
            mask=mask.transform(mask.size, Image.Transform.AFFINE, (1, 0, -canvas.u * 0.5, 0, 1, -canvas.u * 0.6)),
        )
    canvas.wash(_ink(stage), mask=mask)


def _badge(stage: Stage) -> None:
    """A seal in the place of words the font cannot set."""
    if stage.brief.things:
        return
    canvas, middle = stage.canvas, (stage.canvas.w / 2, stage.canvas.h * 0.6)
    for reach, turn in ((24.0, 0.0), (20.0, 9.0)):
        seal = star(*middle, canvas.u * reach, tips=20, waist=0.88, turn=turn)
        canvas.model(
            seal, _ink(stage).lighter((24.0 - reach) * 0.04), towards=stage.light.towards, depth=canvas.u, contrast=0.6
        )


def _fitted(lines: list[str], room: tuple[float, float]) -> tuple[ImageFont.FreeTypeFont, float]:
    """The largest size at which the lines fill the room, and the distance between them."""
    trial = _font(100)
    widest = max(trial.getlength(line) for line in lines) + 14
    size = min(room[0] / widest * 100, room[1] / len(lines) / 0.98)
    return _font(max(size, 11)), size * 0.98


def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType, so there is no scalable font")
    return font


def _ink(stage: Stage) -> Colour:
    ground, ink = poster_colours(stage)
    if "poster" in stage.brief.scenes or stage.brief.palette or "lettering" in stage.brief.bound:
        return ink
    return ink if ground.distance(ink) > 0.3 and not stage.light.dark else WHITE
