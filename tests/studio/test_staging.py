"""What reviewers get of an image says nothing about where it comes from."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from studio.images import ImageFiles
from studio.reviews.staging import LIMIT, Missing, Stage, alike

NOISE = np.random.default_rng(5)


def _noise(width: int, height: int, form: str = "PNG", **options: object) -> bytes:
    image = Image.fromarray(NOISE.integers(0, 255, (height, width, 3), dtype=np.uint8))
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def _flat(width: int, height: int, colour: object, mode: str = "RGB", form: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new(mode, (width, height), colour).save(buffer, form, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("first", "second", "box"),
    [
        (_noise(640, 640), _flat(640, 640, "red"), (640, 640)),
        (_noise(512, 512), _flat(1024, 1024, "red", form="JPEG"), (1024, 1024)),
        (_flat(1024, 1536, "blue"), _flat(1536, 1024, "red", form="WEBP"), (1280, 1280)),
        (_flat(3000, 3000, "blue"), _flat(100, 100, "red"), (1280, 1280)),
        (_flat(64, 64, (9, 9, 9, 40), mode="RGBA"), _flat(64, 64, 7, mode="L"), (64, 64)),
    ],
)
def test_both_images_have_the_same_format_size_and_length_whatever_they_were(
    first: bytes, second: bytes, box: tuple[int, int]
) -> None:
    made = alike(first, second)

    assert len(made[0]) == len(made[1]) <= LIMIT
    assert made[0] != made[1]
    for content in made:
        image = Image.open(io.BytesIO(content))
        image.load()
        assert (image.format, image.size, image.mode) == ("WEBP", box, "RGB")
        assert not image.getexif()
        assert not {"icc_profile", "exif", "xmp"} & set(image.info)


def test_noise_too_stays_below_the_limit() -> None:
    made = alike(_noise(1280, 1280), _noise(1280, 1280))
    assert len(made[0]) == len(made[1]) <= LIMIT


def test_a_colour_profile_is_applied_and_not_sent() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    wide = _flat(40, 40, (200, 30, 30), icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for content in alike(wide, _flat(40, 40, (200, 30, 30), icc_profile=profile)):
        red, green, blue = Image.open(io.BytesIO(content)).convert("RGB").getpixel((20, 20))  # type: ignore[misc]
        assert (abs(red - 200) < 6, abs(green - 30) < 6, abs(blue - 30) < 6) == (True, True, True)


def test_what_stands_on_its_side_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned, _ = alike(_flat(60, 30, "red", form="JPEG", exif=exif), _flat(30, 60, "red"))
    assert Image.open(io.BytesIO(turned)).size == (30, 60)


def test_a_pair_is_made_once_and_again_when_it_was_lost(tmp_path: Path) -> None:
    files = ImageFiles(tmp_path / "images")
    red, blue = (files.keep(_flat(80, 80, colour)).sha256 for colour in ("red", "blue"))
    stage = Stage(files, tmp_path / "ballots")

    first = stage.pair(red, blue)
    kept = sorted((tmp_path / "ballots").iterdir())
    again = stage.pair(blue, red)
    assert (again.left, again.right) == (first.right, first.left)
    assert (first.width, first.height) == (80, 80)
    assert sorted((tmp_path / "ballots").iterdir()) == kept
    assert not any(sha256 in path.name for path in kept for sha256 in (red, blue))

    kept[0].unlink()
    assert stage.pair(red, blue) == first
    with pytest.raises(Missing):
        stage.pair(red, "0" * 64)
