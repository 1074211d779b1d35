"""Styles that imitate a medium: watercolour, oil, ink."""

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.sheets import blended, edges, unit
from atlas.simulator.painting.texture import grain, mottled


def watercolor(image: Image.Image, dice: Dice) -> Image.Image:
    """Wandering edges, pigment that pools where washes end, paper that stays white."""
    # Washes are soft: half the size will do.
    half = _wandering(image.reduce(2).filter(ImageFilter.BoxBlur(unit(image) * 0.1)), dice, unit(image) * 0.5)
    wet = ImageEnhance.Color(half.point([round(255 - (255 - step) * 0.8) for step in range(256)] * 3)).enhance(1.28)
    rims = edges(wet, unit(wet) * 0.3).point([255 - min(105, step * 105 // 127) for step in range(256)])
    pooled = ImageChops.multiply(wet, Image.merge("RGB", (rims,) * 3))
    washed = blended(pooled, mottled(dice.child("bloom"), wet.size, coarse=5, octaves=4), 0.35)
    whole = washed.resize(image.size, Image.Resampling.BICUBIC)
    return _on_paper(blended(whole, grain("paper", image.size), 0.3), dice)


def _on_paper(image: Image.Image, dice: Dice) -> Image.Image:
    """Leave an uneven margin of bare paper."""
    wide, high = image.size
    margin = unit(image) * 4.5
    sheet = Image.new("L", (wide // 4, high // 4))
    ImageDraw.Draw(sheet).rectangle((margin / 4, margin / 4, wide / 4 - margin / 4, high / 4 - margin / 4), fill=255)
    ragged = ImageChops.add(
        sheet.filter(ImageFilter.GaussianBlur(margin / 7)),
        mottled(dice.child("margin"), sheet.size, coarse=14, octaves=3).point([96 + step // 4 for step in range(256)]),
        scale=1.0,
        offset=-128,
    )
    mask = ragged.resize(image.size, Image.Resampling.BICUBIC).point(
        [min(255, max(0, (step - 110) * 5)) for step in range(256)]
    )
    return Image.composite(
        image, blended(Image.new("RGB", image.size, (250, 246, 238)), grain("paper", image.size), 0.5), mask
    )


def _wandering(image: Image.Image, dice: Dice, reach: float) -> Image.Image:
    """Every point moved a little, smoothly, as a wet brush would."""
    pixels = np.asarray(image)
    shifts = [
        (np.asarray(mottled(dice.child("wander", axis), image.size, coarse=16, octaves=2), dtype=np.float32) - 128)
        / 64
        * reach
        for axis in "xy"
    ]
    rows = np.clip(np.arange(image.height)[:, None] + shifts[1], 0, image.height - 1).astype(np.int32)
    columns = np.clip(np.arange(image.width)[None, :] + shifts[0], 0, image.width - 1).astype(np.int32)
    return Image.fromarray(pixels.reshape(-1, 3)[rows * image.width + columns], "RGB")


def oil(image: Image.Image, dice: Dice) -> Image.Image:
    """Short strokes of thick paint following the forms."""
    base = image.filter(ImageFilter.BoxBlur(unit(image) * 0.4))
    for size, count in ((1.4, 4200), (0.7, 7000)):
        base = _strokes(base, image, dice.child("strokes", size), unit(image) * size, count)
    base = Image.blend(base, image, 0.34)
    relief = base.convert("L").filter(ImageFilter.Kernel((3, 3), (-1, -1, 0, -1, 1, 1, 0, 1, 1), 1, 127))
    return blended(ImageEnhance.Color(blended(base, relief, 0.55)).enhance(1.18), grain("weave", image.size), 0.25)


def _strokes(base: Image.Image, source: Image.Image, dice: Dice, size: float, count: int) -> Image.Image:
    grey = np.asarray(
        source.convert("L").resize((source.width // 4, source.height // 4)).filter(ImageFilter.GaussianBlur(2)),
        dtype=np.float32,
    )
    slope_y, slope_x = np.gradient(grey, axis=0), np.gradient(grey, axis=1)
    xs, ys = dice.spread(count, 0, source.width - 1), dice.spread(count, 0, source.height - 1)
    columns, rows = (xs / 4).astype(int).clip(0, grey.shape[1] - 1), (ys / 4).astype(int).clip(0, grey.shape[0] - 1)
    along = np.arctan2(slope_y[rows, columns], slope_x[rows, columns]) + np.pi / 2 + dice.numbers.normal(0, 0.35, count)
    colours = np.asarray(source)[ys.astype(int), xs.astype(int)].astype(np.int16) + dice.numbers.normal(
        0, 7, (count, 1)
    )
    reach = size * dice.spread(count, 0.7, 1.7)
    ends = np.stack(
        [
            xs - np.cos(along) * reach,
            ys - np.sin(along) * reach,
            xs + np.cos(along) * reach,
            ys + np.sin(along) * reach,
        ],
        axis=1,
    )
    pencil = ImageDraw.Draw(base)
    for line, colour in zip(ends.tolist(), colours.clip(0, 255).astype(int).tolist(), strict=True):
        pencil.line(line, fill=tuple(colour), width=max(round(size * 0.85), 1))
    return base


def line(image: Image.Image, _dice: Dice) -> Image.Image:
    """Ink lines on paper, hatching in the shadows and a breath of colour."""
    ink = edges(image, unit(image) * 0.14).point([min(255, max(0, step - 2) * 20) for step in range(256)])
    diagonal = np.add.outer(np.arange(image.height), np.arange(image.width))
    hatch = Image.fromarray(
        np.where(diagonal % max(round(unit(image) * 0.8), 4) < max(unit(image) * 0.2, 1), 255, 0).astype(np.uint8), "L"
    )
    dark = (
        image.convert("L")
        .filter(ImageFilter.BoxBlur(unit(image) * 0.5))
        .point([min(200, max(0, (120 - step) * 3)) for step in range(256)])
    )
    paper = Image.new("RGB", image.size, (248, 244, 235))
    tinted = Image.blend(paper, image.filter(ImageFilter.GaussianBlur(unit(image))), 0.16)
    drawn = Image.composite(
        Image.new("RGB", image.size, (38, 35, 46)), tinted, ImageChops.lighter(ink, ImageChops.multiply(hatch, dark))
    )
    return blended(drawn, grain("paper", image.size), 0.4)
