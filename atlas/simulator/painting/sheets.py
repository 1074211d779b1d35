"""Small operations on whole pictures that styles and hands share."""

import math

from PIL import Image, ImageChops, ImageFilter


def unit(image: Image.Image) -> float:
    return math.sqrt(image.width * image.height) / 100


def blended(image: Image.Image, sheet: Image.Image, strength: float) -> Image.Image:
    """Soft light with a grey sheet: middle grey changes nothing."""
    faint = sheet.point([round(128 + (step - 128) * strength) for step in range(256)])
    return ImageChops.soft_light(image, Image.merge("RGB", (faint,) * 3))


def edges(image: Image.Image, thickness: float) -> Image.Image:
    """Where neighbouring areas differ, from 0 to 255."""
    grey = image.convert("L")
    soft = grey.filter(ImageFilter.GaussianBlur(max(thickness, 0.6)))
    reach = max(round(thickness), 1)
    across = ImageChops.difference(soft, ImageChops.offset(soft, reach, 0))
    return ImageChops.lighter(across, ImageChops.difference(soft, ImageChops.offset(soft, 0, reach)))
