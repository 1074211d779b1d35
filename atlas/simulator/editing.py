"""How source images show in what an edit paints: their colours all over, and each as a print along the upper edge."""

from collections.abc import Sequence

from PIL import Image, ImageFilter

from atlas.simulator import sources

_WASH = 0.35  # of the source in every pixel
_PRINT = 0.22  # of the shorter side
_MOST_PRINTS = 4
_PAPER = (250, 248, 242)


def edited(picture: Image.Image, thumbnails: Sequence[str]) -> Image.Image:
    """The painted picture, made from these sources; the same for the same arguments."""
    prints = [sources.opened(thumbnail) for thumbnail in thumbnails]
    result = Image.blend(picture, _wash(prints[0], picture.size), _WASH)
    side = max(round(min(picture.size) * _PRINT), 8)
    gap = max(side // 8, 2)
    for place, image in enumerate(prints[:_MOST_PRINTS]):
        framed = _framed(image, side, gap // 2)
        result.paste(framed, (gap + place * (side + gap), gap))
    return result


def _wash(source: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The source as soft colours that fill the picture."""
    small = source.resize((16, 16)).filter(ImageFilter.GaussianBlur(1))
    return small.resize(size, Image.Resampling.BICUBIC)


def _framed(source: Image.Image, side: int, border: int) -> Image.Image:
    paper = Image.new("RGB", (side, side), _PAPER)
    inner = side - 2 * border
    scale = inner / max(source.size)
    width, height = (max(round(length * scale), 1) for length in source.size)
    paper.paste(source.resize((width, height)), ((side - width) // 2, (side - height) // 2))
    return paper
