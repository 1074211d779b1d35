"""What style words do to a finished picture: each is one function from image to image."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from atlas.simulator.painting.colours import hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.texture import grain, mottled

Style = Callable[[Image.Image, Dice], Image.Image]


def unit(image: Image.Image) -> float:
    return math.sqrt(image.width * image.height) / 100


def blended(image: Image.Image, sheet: Image.Image, strength: float) -> Image.Image:
    """Soft light with a grey sheet: middle grey changes nothing."""
    return Image.blend(image, ImageChops.soft_light(image, Image.merge("RGB", (sheet,) * 3)), strength)


def _minimal(image: Image.Image, _dice: Dice) -> Image.Image:
    return ImageEnhance.Color(image.filter(ImageFilter.SMOOTH)).enhance(0.86)


def _flat(image: Image.Image, _dice: Dice) -> Image.Image:
    """A few clean colours with smooth borders."""
    simple = image.filter(ImageFilter.BoxBlur(unit(image) * 0.22)).quantize(20, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return simple.convert("RGB").filter(ImageFilter.ModeFilter(3)).filter(ImageFilter.SMOOTH)


def _watercolor(image: Image.Image, dice: Dice) -> Image.Image:
    """Wandering edges, pigment that pools where washes end, paper that stays white."""
    wet = _wandering(image.filter(ImageFilter.BoxBlur(unit(image) * 0.28)), dice, unit(image) * 1.0)
    wet = ImageEnhance.Color(wet.point([round(255 - (255 - step) * 0.8) for step in range(256)] * 3)).enhance(1.15)
    rims = edges(wet, unit(image) * 0.3).point([min(255, step * 2) for step in range(256)])
    pooled = ImageChops.multiply(wet, Image.merge("RGB", (ImageOps.invert(rims).point([120 + step * 135 // 255 for step in range(256)]),) * 3))
    bloom = mottled(dice.child("bloom"), image.size, coarse=5, octaves=4)
    washed = blended(pooled, bloom, 0.45)
    return _on_paper(blended(washed, grain("paper", image.size), 0.75), dice)


def _on_paper(image: Image.Image, dice: Dice) -> Image.Image:
    """Leave an uneven margin of bare paper."""
    wide, high = image.size
    margin = unit(image) * 4.5
    sheet = Image.new("L", (wide // 4, high // 4))
    ImageDraw.Draw(sheet).rectangle((margin / 4, margin / 4, wide / 4 - margin / 4, high / 4 - margin / 4), fill=255)
    ragged = ImageChops.add(sheet.filter(ImageFilter.GaussianBlur(margin / 7)), mottled(dice.child("margin"), sheet.size, coarse=14, octaves=3), scale=1.0, offset=-128)
    mask = ragged.resize(image.size, Image.Resampling.BICUBIC).point([min(255, max(0, (step - 92) * 7)) for step in range(256)])
    return Image.composite(image, blended(Image.new("RGB", image.size, (250, 246, 238)), grain("paper", image.size), 0.5), mask)


def _wandering(image: Image.Image, dice: Dice, reach: float) -> Image.Image:
    """Every point moved a little, smoothly, as a wet brush would."""
    pixels = np.asarray(image)
    shifts = [(np.asarray(mottled(dice.child("wander", axis), image.size, coarse=16, octaves=2), dtype=np.float32) - 128) / 64 * reach for axis in "xy"]
    rows = np.clip(np.arange(image.height)[:, None] + shifts[1], 0, image.height - 1).astype(np.int32)
    columns = np.clip(np.arange(image.width)[None, :] + shifts[0], 0, image.width - 1).astype(np.int32)
    return Image.fromarray(pixels.reshape(-1, 3)[rows * image.width + columns], "RGB")


def _oil(image: Image.Image, dice: Dice) -> Image.Image:
    """Short strokes of thick paint following the forms."""
    base = image.filter(ImageFilter.BoxBlur(unit(image) * 0.4))
    for size, count in ((1.5, 5200), (0.85, 6500)):
        base = _strokes(base, image, dice.child("strokes", size), unit(image) * size, count)
    relief = base.convert("L").filter(ImageFilter.Kernel((3, 3), (-1, -1, 0, -1, 1, 1, 0, 1, 1), 1, 127))
    return blended(ImageEnhance.Color(blended(base, relief, 0.55)).enhance(1.18), grain("weave", image.size), 0.25)


def _strokes(base: Image.Image, source: Image.Image, dice: Dice, size: float, count: int) -> Image.Image:
    grey = np.asarray(source.convert("L").resize((source.width // 4, source.height // 4)).filter(ImageFilter.GaussianBlur(2)), dtype=np.float32)
    slope_y, slope_x = np.gradient(grey)
    xs, ys = dice.spread(count, 0, source.width - 1), dice.spread(count, 0, source.height - 1)
    columns, rows = (xs / 4).astype(int).clip(0, grey.shape[1] - 1), (ys / 4).astype(int).clip(0, grey.shape[0] - 1)
    along = np.arctan2(slope_y[rows, columns], slope_x[rows, columns]) + np.pi / 2 + dice.numbers.normal(0, 0.35, count)
    colours = np.asarray(source)[ys.astype(int), xs.astype(int)].astype(np.int16) + dice.numbers.normal(0, 7, (count, 1))
    reach = size * dice.spread(count, 0.7, 1.7)
    ends = np.stack([xs - np.cos(along) * reach, ys - np.sin(along) * reach, xs + np.cos(along) * reach, ys + np.sin(along) * reach], axis=1)
    pencil = ImageDraw.Draw(base)
    for line, colour in zip(ends.tolist(), colours.clip(0, 255).astype(int).tolist(), strict=True):
        pencil.line(line, fill=tuple(colour), width=max(round(size * 0.85), 1))
    return base


def _pixel(image: Image.Image, _dice: Dice) -> Image.Image:
    cells = max(round(max(image.size) / 128), 3)
    small = image.resize((max(image.width // cells, 16), max(image.height // cells, 16)), Image.Resampling.BOX)
    vivid = ImageEnhance.Contrast(ImageEnhance.Color(small).enhance(1.35)).enhance(1.1)
    return vivid.quantize(28, dither=Image.Dither.NONE).convert("RGB").resize(image.size, Image.Resampling.NEAREST)


def edges(image: Image.Image, thickness: float) -> Image.Image:
    """Where neighbouring areas differ, from 0 to 255."""
    grey = image.convert("L")
    soft = grey.filter(ImageFilter.GaussianBlur(max(thickness, 0.6)))
    reach = max(round(thickness), 1)
    across = ImageChops.difference(soft, ImageChops.offset(soft, reach, 0))
    return ImageChops.lighter(across, ImageChops.difference(soft, ImageChops.offset(soft, 0, reach)))


def _line(image: Image.Image, dice: Dice) -> Image.Image:
    """Ink lines on paper, hatching in the shadows and a breath of colour."""
    ink = edges(image, unit(image) * 0.14).point([min(255, max(0, step - 4) * 11) for step in range(256)])
    diagonal = np.add.outer(np.arange(image.height), np.arange(image.width))
    hatch = Image.fromarray(np.where(diagonal % max(round(unit(image) * 0.8), 4) < max(unit(image) * 0.2, 1), 255, 0).astype(np.uint8), "L")
    dark = image.convert("L").filter(ImageFilter.BoxBlur(unit(image) * 0.5)).point([min(200, max(0, (120 - step) * 3)) for step in range(256)])
    paper = Image.new("RGB", image.size, (248, 244, 235))
    tinted = Image.blend(paper, image.filter(ImageFilter.GaussianBlur(unit(image))), 0.16)
    drawn = Image.composite(Image.new("RGB", image.size, (38, 35, 46)), tinted, ImageChops.lighter(ink, ImageChops.multiply(hatch, dark)))
    return blended(_wandering(drawn, dice, unit(image) * 0.16), grain("paper", image.size), 0.4)


def _isometric(image: Image.Image, _dice: Dice) -> Image.Image:
    """The picture as the lid of a block seen from above at thirty degrees."""
    wide, high = image.size
    side = min(wide / 1.78, high / 1.18)
    tile = ImageOps.fit(image, (round(side), round(side)), Image.Resampling.BICUBIC)
    centre, top, thick = wide / 2, high * 0.5 - side * 0.56, side * 0.1
    cos, sin = math.cos(math.pi / 6), 0.5
    # Inverse of (u, v) -> (centre + (u - v) cos, top + (u + v) sin).
    back = (0.5 / cos, 0.5 / sin, -centre * 0.5 / cos - top * 0.5 / sin, -0.5 / cos, 0.5 / sin, centre * 0.5 / cos - top * 0.5 / sin)
    lid = tile.transform(image.size, Image.Transform.AFFINE, back, Image.Resampling.BICUBIC)
    mask = Image.new("L", tile.size, 255).transform(image.size, Image.Transform.AFFINE, back, Image.Resampling.BILINEAR)
    average = tile.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    base = average if isinstance(average, tuple) else (200, 200, 200)
    sheet = Image.new("RGB", image.size, tuple(round(225 + band * 0.1) for band in base))
    low = (centre, top + 2 * side * sin)
    left, right = (centre - side * cos, top + side * sin), (centre + side * cos, top + side * sin)
    shadow = Image.new("L", image.size)
    ImageDraw.Draw(shadow).polygon([(left[0], left[1] + thick), (low[0], low[1] + thick * 2.2), (right[0], right[1] + thick * 1.6), (centre, top + thick)], fill=110)
    sheet.paste((40, 38, 60), (0, 0), shadow.filter(ImageFilter.GaussianBlur(unit(image) * 1.6)))
    pencil = ImageDraw.Draw(sheet)
    for corner, shade in ((left, 0.62), (right, 0.42)):
        pencil.polygon([corner, low, (low[0], low[1] + thick), (corner[0], corner[1] + thick)], fill=tuple(round(band * shade) for band in base))
    sheet.paste(lid, (0, 0), mask)
    return sheet


def _vintage(image: Image.Image, dice: Dice) -> Image.Image:
    """Faded ink, warm paper, a printed border."""
    faded = ImageEnhance.Color(image).enhance(0.78)
    red, green, blue = faded.split()
    warm = Image.merge(
        "RGB",
        (
            red.point([round(34 + step * 0.84) for step in range(256)]),
            green.point([round(26 + step * 0.8) for step in range(256)]),
            blue.point([round(30 + step * 0.62) for step in range(256)]),
        ),
    )
    worn = blended(blended(warm, mottled(dice.child("worn"), image.size, coarse=6), 0.25), grain("paper", image.size), 0.6)
    edge = round(unit(image) * 3.2)
    framed = Image.new("RGB", image.size, (238, 225, 196))
    framed.paste(worn.crop((edge, edge, image.width - edge, image.height - edge)), (edge, edge))
    return blended(framed, grain("paper", image.size, seed=1), 0.35)


def _cyberpunk(image: Image.Image, _dice: Dice) -> Image.Image:
    """Shadows towards indigo, lights towards magenta and cyan, everything bright bleeding."""
    toned = Image.blend(image, ImageOps.colorize(image.convert("L"), (14, 6, 40), (230, 244, 255), mid=(196, 38, 148)), 0.42)
    return _bloom(ImageEnhance.Contrast(toned).enhance(1.18), 0.75)


def _bloom(image: Image.Image, strength: float) -> Image.Image:
    small = image.resize((image.width // 8, image.height // 8), Image.Resampling.BOX)
    bright = small.point([max(0, round((step - 130) * 1.9)) for step in range(256)] * 3).filter(ImageFilter.GaussianBlur(unit(image) * 0.35))
    halo = bright.resize(image.size, Image.Resampling.BICUBIC).point([round(step * strength) for step in range(256)] * 3)
    return ImageChops.screen(image, halo)


def _pastel(image: Image.Image, _dice: Dice) -> Image.Image:
    return ImageEnhance.Color(image.point([round(255 - (255 - step) * 0.62) for step in range(256)] * 3)).enhance(0.92)


def _mono(image: Image.Image, _dice: Dice) -> Image.Image:
    grey = ImageOps.autocontrast(image.convert("L"), cutoff=1)
    return ImageOps.colorize(grey, (16, 15, 20), (252, 250, 246), mid=(122, 120, 122))


def _photo(image: Image.Image, dice: Dice) -> Image.Image:
    """A lens: out-of-focus lights, bloom and a little more contrast."""
    lens = Image.new("L", (image.width // 2, image.height // 2))
    pencil, size = ImageDraw.Draw(lens), unit(image) / 2
    for x, y, radius in zip(dice.spread(26, 0, lens.width), dice.spread(26, 0, lens.height * 0.62), dice.spread(26, 1.4, 4.2), strict=True):
        pencil.ellipse((x - radius * size, y - radius * size, x + radius * size, y + radius * size), fill=dice.whole(14, 46), outline=60)
    lights = lens.filter(ImageFilter.GaussianBlur(size * 0.25)).resize(image.size, Image.Resampling.BILINEAR)
    glowing = ImageChops.screen(image, ImageChops.multiply(Image.merge("RGB", (lights,) * 3), Image.new("RGB", image.size, hexed("#fff0d8").rgb)))
    return ImageEnhance.Contrast(_bloom(glowing, 0.3)).enhance(1.1)


def _lowpoly(image: Image.Image, dice: Dice) -> Image.Image:
    """Triangles over a jittered grid, each in the colour of its middle."""
    step = max(unit(image) * 4.2, 8)
    columns, rows = math.ceil(image.width / step) + 1, math.ceil(image.height / step) + 1
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).astype(np.float64)
    inner = dice.numbers.uniform(-0.38, 0.38, grid.shape)
    inner[0], inner[-1], inner[:, 0], inner[:, -1] = 0, 0, 0, 0
    corners = (grid + inner) * step
    pixels = np.asarray(image.filter(ImageFilter.BoxBlur(step * 0.16)))
    drawn = image.copy()
    pencil = ImageDraw.Draw(drawn)
    for triangle in _triangles(corners):
        x, y = triangle.mean(axis=0)
        colour = pixels[min(max(int(y), 0), image.height - 1), min(max(int(x), 0), image.width - 1)].astype(int)
        shade = round(float((triangle[1] - triangle[0])[1] - (triangle[2] - triangle[0])[1]) / step * 9)
        pencil.polygon(triangle.ravel().tolist(), fill=tuple(int(band) for band in (colour + shade).clip(0, 255)))
    return drawn


def _triangles(corners: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    found = []
    for row in range(corners.shape[0] - 1):
        for column in range(corners.shape[1] - 1):
            a, b, c, d = corners[row, column], corners[row, column + 1], corners[row + 1, column], corners[row + 1, column + 1]
            found += [np.array([a, b, c]), np.array([b, d, c])] if (row + column) % 2 else [np.array([a, b, d]), np.array([a, d, c])]
    return found


def _pop(image: Image.Image, _dice: Dice) -> Image.Image:
    """Loud flat inks, a screen of dots in the half tones, black outlines."""
    loud = ImageEnhance.Color(image).enhance(1.9)
    inks = loud.filter(ImageFilter.BoxBlur(unit(image) * 0.2)).quantize(9, dither=Image.Dither.NONE).convert("RGB")
    pitch = max(unit(image) * 1.15, 5)
    rows, columns = np.mgrid[0 : image.height, 0 : image.width].astype(np.float32)
    wave = np.cos((columns + rows) * math.pi / pitch) * np.cos((columns - rows) * math.pi / pitch)
    tone = np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(unit(image) * 0.4)), dtype=np.float32) / 255
    dots = Image.fromarray(np.where((wave + 1) / 2 > 0.35 + tone * 0.75, 170, 0).astype(np.uint8), "L").filter(ImageFilter.SMOOTH)
    inks.paste(Image.composite(Image.new("RGB", image.size, (24, 18, 44)), inks, dots))
    outline = edges(image, unit(image) * 0.2).point([min(255, max(0, step - 9) * 11) for step in range(256)])
    inks.paste((18, 14, 26), (0, 0), outline)
    return inks


STYLES: dict[str, Style] = {
    "minimal": _minimal,
    "flat": _flat,
    "photo": _photo,
    "pastel": _pastel,
    "cyberpunk": _cyberpunk,
    "isometric": _isometric,
    "lowpoly": _lowpoly,
    "oil": _oil,
    "watercolor": _watercolor,
    "line": _line,
    "pop": _pop,
    "pixel": _pixel,
    "vintage": _vintage,
    "mono": _mono,
}


def styled(image: Image.Image, names: tuple[str, ...], dice: Dice) -> Image.Image:
    """The picture in the named styles, in the order a workshop would apply them."""
    for name, style in STYLES.items():
        if name in names:
            image = style(image, dice.child(name))
    return image
