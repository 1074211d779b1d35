"""The mark of the simulator: "SIMULATED" in a corner, and no word about what was asked for: people judge blind."""

from PIL import Image, ImageDraw, ImageFilter, ImageFont

MARK = "SIMULATED"
SMALLEST = 11


def sign(image: Image.Image) -> None:
    text_height = max(SMALLEST, round((image.width * image.height) ** 0.5 * 0.0145))
    font = ImageFont.load_default(text_height)
    margin = max(round(text_height * 0.7), 4)
    mark = _pill(MARK, font, text_height)
    place = (image.width - mark.width - margin, image.height - mark.height - margin)
    _press(image, mark, place)


def _pill(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, text_height: int) -> Image.Image:
    """White letters on a soft dark pill, as RGBA."""
    pad = round(text_height * 0.62)
    width, height = round(font.getlength(text)) + 2 * pad, round(text_height * 1.75)
    large = Image.new("L", (width * 3, height * 3))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, width * 3 - 1, height * 3 - 1), radius=height * 1.5, fill=150)
    pill = Image.new("RGBA", (width, height), (18, 17, 24, 255))
    pill.putalpha(large.reduce(3))
    pencil = ImageDraw.Draw(pill)
    pencil.text((width / 2, height / 2), text, font=font, fill=(255, 255, 255, 245), anchor="mm")
    return pill


def _press(image: Image.Image, pill: Image.Image, place: tuple[int, int]) -> None:
    """Lay a pill on a slightly blurred patch of the picture."""
    box = (place[0], place[1], place[0] + pill.width, place[1] + pill.height)
    patch = image.crop(box)
    image.paste(
        patch.filter(ImageFilter.GaussianBlur(pill.height * 0.15)),
        box,
        pill.getchannel("A").point([min(255, step * 2) for step in range(256)]),
    )
    image.paste(pill, place, pill)
