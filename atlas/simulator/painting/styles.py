"""What style words do to a finished picture: each is one function from image to image."""

import math
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from atlas.simulator.painting.colours import hexed
from atlas.simulator.painting.dice import Dice
from atlas.simulator.painting.media import line, oil, watercolor
from atlas.simulator.painting.sheets import blended, edges, unit
from atlas.simulator.painting.solids import isometric, lowpoly
from atlas.simulator.painting.texture import grain, mottled

Style = Callable[[Image.Image, Dice], Image.Image]


def _minimal(image: Image.Image, _dice: Dice) -> Image.Image:
    return ImageEnhance.Color(image.filter(ImageFilter.SMOOTH)).enhance(0.86)


def _flat(image: Image.Image, _dice: Dice) -> Image.Image:
    """A few clean colours with smooth borders."""
    return inked(image, 22).filter(ImageFilter.SMOOTH)


def inked(image: Image.Image, inks: int) -> Image.Image:
    """The picture in its most telling colours, mixed on a small copy because choosing them is slow."""
    small = image.resize((160, 160), Image.Resampling.BILINEAR).quantize(inks, dither=Image.Dither.NONE)
    simple = image.reduce(2).resize(image.size, Image.Resampling.BILINEAR)
    return simple.quantize(palette=small, dither=Image.Dither.NONE).convert("RGB")


def _pixel(image: Image.Image, _dice: Dice) -> Image.Image:
    cells = max(round(max(image.size) / 128), 3)
    small = image.resize((max(image.width // cells, 16), max(image.height // cells, 16)), Image.Resampling.BOX)
    vivid = ImageEnhance.Contrast(ImageEnhance.Color(small).enhance(1.35)).enhance(1.1)
    return vivid.quantize(28, dither=Image.Dither.NONE).convert("RGB").resize(image.size, Image.Resampling.NEAREST)


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
    worn = blended(
        blended(warm, mottled(dice.child("worn"), image.size, coarse=6), 0.25), grain("paper", image.size), 0.6
    )
    edge = round(unit(image) * 3.2)
    framed = Image.new("RGB", image.size, (238, 225, 196))
    framed.paste(worn.crop((edge, edge, image.width - edge, image.height - edge)), (edge, edge))
    return blended(framed, grain("paper", image.size, seed=1), 0.35)


def _cyberpunk(image: Image.Image, _dice: Dice) -> Image.Image:
    """Shadows towards indigo, lights towards magenta and cyan, everything bright bleeding."""
    toned = Image.blend(
        image, ImageOps.colorize(image.convert("L"), (14, 6, 40), (230, 244, 255), mid=(196, 38, 148)), 0.2
    )
    return _bloom(ImageEnhance.Contrast(toned).enhance(1.18), 0.75)


def _bloom(image: Image.Image, strength: float) -> Image.Image:
    small = image.resize((image.width // 8, image.height // 8), Image.Resampling.BOX)
    bright = small.point([max(0, round((step - 130) * 1.9)) for step in range(256)] * 3).filter(
        ImageFilter.GaussianBlur(unit(image) * 0.35)
    )
    halo = bright.resize(image.size, Image.Resampling.BICUBIC).point(
        [round(step * strength) for step in range(256)] * 3
    )
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
    for x, y, radius in zip(
        dice.spread(26, 0, lens.width), dice.spread(26, 0, lens.height * 0.62), dice.spread(26, 1.4, 4.2), strict=True
    ):
        pencil.ellipse(
            (x - radius * size, y - radius * size, x + radius * size, y + radius * size),
            fill=dice.whole(14, 46),
            outline=60,
        )
    lights = lens.filter(ImageFilter.GaussianBlur(size * 0.25)).resize(image.size, Image.Resampling.BILINEAR)
    glowing = ImageChops.screen(
        image,
        ImageChops.multiply(Image.merge("RGB", (lights,) * 3), Image.new("RGB", image.size, hexed("#fff0d8").rgb)),
    )
    return ImageEnhance.Contrast(_bloom(glowing, 0.3)).enhance(1.1)


def _pop(image: Image.Image, _dice: Dice) -> Image.Image:
    """Loud flat inks, a screen of dots in the half tones, black outlines."""
    loud = ImageEnhance.Color(image).enhance(1.9)
    inks = inked(loud, 11)
    pitch = max(unit(image) * 1.15, 5)
    rows, columns = np.mgrid[0 : image.height, 0 : image.width].astype(np.float32)
    wave = np.cos((columns + rows) * math.pi / pitch) * np.cos((columns - rows) * math.pi / pitch)
    tone = np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(unit(image) * 0.4)), dtype=np.float32) / 255
    dots = Image.fromarray(np.where((wave + 1) / 2 > 0.35 + tone * 0.75, 170, 0).astype(np.uint8), "L").filter(
        ImageFilter.SMOOTH
    )
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
    "isometric": isometric,
    "lowpoly": lowpoly,
    "oil": oil,
    "watercolor": watercolor,
    "line": line,
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
