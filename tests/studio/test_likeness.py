"""Numbers about pictures: checked by other arithmetic, and calm about any shape."""

import io
import math
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from studio.images import ImageFiles, NotAnImage
from studio.likeness import Likeness, Swatch, distance, likeness, palette, palette_of, phash, ssim


def scene(size: tuple[int, int] = (320, 240)) -> Image.Image:
    """A picture with light, shapes and no symmetry."""
    colours = np.random.default_rng(5).integers(0, 255, (5, 5, 3), dtype=np.uint8)
    image = Image.fromarray(colours).resize(size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(image)
    pen.ellipse((size[0] * 0.1, size[1] * 0.2, size[0] * 0.4, size[1] * 0.7), fill="white")
    pen.rectangle((size[0] * 0.6, size[1] * 0.5, size[0] * 0.9, size[1] * 0.9), fill="black")
    return image


def noise(seed: int, size: tuple[int, int] = (256, 256)) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, size, dtype=np.uint8))


def encoded(image: Image.Image, kind: str, quality: int = 85) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, quality=quality)
    return buffer.getvalue()


def ssim_by_the_book(a: Image.Image, b: Image.Image) -> float:
    """Equation 13 of Wang et al. 2004 for one 7 × 7 window after the other, and their mean."""
    x, y = (np.asarray(image, dtype=float) for image in (a, b))
    values = []
    for top in range(250):
        for left in range(250):
            one, other = x[top : top + 7, left : left + 7].ravel(), y[top : top + 7, left : left + 7].ravel()
            mean, other_mean = float(one.sum()) / 49, float(other.sum()) / 49
            one, other = one - mean, other - other_mean
            spread, other_spread, together = float(one @ one) / 48, float(other @ other) / 48, float(one @ other) / 48
            light = (2 * mean * other_mean + 6.5025) / (mean**2 + other_mean**2 + 6.5025)
            values.append(light * (2 * together + 58.5225) / (spread + other_spread + 58.5225))
    return math.fsum(values) / len(values)


def test_a_picture_is_exactly_like_itself() -> None:
    assert ssim(scene(), scene()) == 1.0
    assert distance(phash(scene()), phash(scene())) == 0


def test_similarity_is_the_published_formula_over_every_window() -> None:
    a = noise(1)
    b = Image.blend(a, noise(2), 0.4)

    assert ssim(a, b) == pytest.approx(ssim_by_the_book(a, b), abs=1e-12)


def test_two_even_greys_have_the_value_one_can_work_out_by_hand() -> None:
    a, b = Image.new("L", (256, 256), 100), Image.new("L", (256, 256), 150)

    assert ssim(a, b) == pytest.approx((2 * 100 * 150 + 6.5025) / (100**2 + 150**2 + 6.5025), abs=1e-12)


def test_noises_have_nothing_in_common() -> None:
    assert abs(ssim(noise(1), noise(2))) < 0.05
    assert 20 < distance(phash(noise(1)), phash(noise(2))) < 44


def test_a_little_more_light_changes_the_hash_little_and_the_structure_hardly() -> None:
    brighter = scene().point(lambda value: min(255, value + 12))

    assert 0.85 < ssim(scene(), brighter) < 1
    assert distance(phash(scene()), phash(brighter)) <= 4


def test_a_mirrored_picture_is_another_one() -> None:
    mirrored = ImageOps.mirror(scene())

    assert ssim(scene(), mirrored) < 0.8
    assert distance(phash(scene()), phash(mirrored)) > 16


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_encoding_again_leaves_a_picture_nearly_the_same(kind: str) -> None:
    with Image.open(io.BytesIO(encoded(scene(), kind))) as again:
        assert ssim(scene(), again) > 0.97
        assert distance(phash(scene()), phash(again)) <= 2


def test_files_are_compared_by_what_they_show(tmp_path: Path) -> None:
    original, preview = tmp_path / "a.png", tmp_path / "b.webp"
    original.write_bytes(encoded(scene(), "PNG"))
    preview.write_bytes(encoded(scene((160, 120)), "WEBP"))

    assert likeness(original, original) == Likeness(ssim=1.0, phash_distance=0)
    assert likeness(original, preview).phash_distance <= 4
    assert palette_of(original) == palette(scene())


def test_a_preview_is_like_its_original(files: ImageFiles) -> None:
    picture = files.keep(encoded(scene((900, 700)), "PNG"))

    found = likeness(files.original(picture), files.preview(picture.sha256, 384))

    assert found.ssim > 0.95
    assert found.phash_distance <= 2


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"GIF89a")

    with pytest.raises(NotAnImage):
        palette_of(tmp_path / "a.png")


def test_shape_is_ignored_and_only_the_stretched_pictures_are_compared() -> None:
    wide = scene().resize((640, 100), Image.Resampling.LANCZOS)

    assert ssim(scene(), wide) > 0.85
    assert distance(phash(scene()), phash(wide)) <= 4


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (7, 2)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16"])
def test_any_shape_and_kind_of_picture_has_numbers(size: tuple[int, int], mode: str) -> None:
    image = Image.new(mode, size)

    assert ssim(image, image) == 1.0
    assert 0 <= phash(image) < 2**64
    assert sum(swatch.share for swatch in palette(image)) == pytest.approx(1)


def test_an_even_picture_has_a_hash_without_chance_in_it() -> None:
    assert phash(Image.new("RGB", (50, 50), "red")) == phash(Image.new("L", (999, 333), 77)) == 1 << 63


def test_deep_grey_is_scaled_and_not_clipped() -> None:
    deep = Image.fromarray(np.full((20, 20), 0x8000, dtype=np.uint16))

    assert palette(deep) == (Swatch(hex="#808080", share=1.0),)


def test_two_colours_are_two_swatches_with_their_shares() -> None:
    image = Image.new("RGB", (1000, 500), "#204080")
    image.paste("#ff6f61", (0, 0, 300, 500))

    assert palette(image) == (Swatch(hex="#204080", share=0.7), Swatch(hex="#ff6f61", share=0.3))


def test_grey_has_grey_swatches_and_shades_that_look_alike_are_one() -> None:
    image = Image.new("L", (100, 100), 100)
    image.paste(104, (0, 0, 50, 100))
    image.paste(240, (90, 0, 100, 100))

    assert palette(image) == (Swatch(hex="#666666", share=0.9), Swatch(hex="#f0f0f0", share=0.1))


def test_what_is_transparent_looks_white() -> None:
    image = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 100, 25))

    assert palette(image) == (Swatch(hex="#ffffff", share=0.75), Swatch(hex="#ff0000", share=0.25))


@pytest.mark.parametrize("count", [1, 2, 6])
def test_a_busy_picture_has_no_more_swatches_than_asked_and_their_shares_fill_it(count: int) -> None:
    swatches = palette(scene(), count)

    assert 1 <= len(swatches) <= count
    assert [swatch.share for swatch in swatches] == sorted((swatch.share for swatch in swatches), reverse=True)
    assert sum(swatch.share for swatch in swatches) == pytest.approx(1)


def test_a_picture_that_lies_on_its_side_is_measured_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    buffer = io.BytesIO()
    scene().transpose(Image.Transpose.ROTATE_90).save(buffer, "PNG", exif=exif)

    with Image.open(buffer) as turned:
        assert ssim(scene(), turned) == pytest.approx(1)
