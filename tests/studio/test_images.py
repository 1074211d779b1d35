"""Image files: whole or not there, named by what they hold, and never anything but a picture."""

import hashlib
import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageStat, PngImagePlugin

from studio.images import GRID, PREVIEW_LIMIT, VIEW, ImageFiles, NotAnImage


def drawn(size: tuple[int, int] = (640, 480), kind: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_stored_byte_for_byte_under_its_hash(files: ImageFiles, kind: str) -> None:
    content = drawn(kind=kind)

    picture = files.keep(content)

    assert picture.sha256 == hashlib.sha256(content).hexdigest()
    assert (picture.format, picture.width, picture.height, picture.bytes) == (kind.lower(), 640, 480, len(content))
    assert files.original(picture).read_bytes() == content
    assert files.find(picture.sha256) == files.original(picture)


def test_the_same_bytes_twice_are_one_file(files: ImageFiles, tmp_path: Path) -> None:
    content = drawn()

    assert files.keep(content) == files.keep(content)
    assert len(list((tmp_path / "images").rglob("*.png"))) == 1


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "I;16"])
def test_previews_are_small_webp_files_of_two_sizes(files: ImageFiles, mode: str) -> None:
    picture = files.keep(drawn((2400, 1600), mode=mode))

    for side in (GRID, VIEW):
        preview = files.preview(picture.sha256, side)
        with Image.open(preview, formats=["WEBP"]) as image:
            assert max(image.size) == side
        assert preview.stat().st_size <= PREVIEW_LIMIT


def test_a_preview_of_pure_noise_stays_under_the_limit(files: ImageFiles) -> None:
    noise = Image.frombytes("RGB", (1280, 1280), os.urandom(1280 * 1280 * 3))
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")

    picture = files.keep(buffer.getvalue())

    assert files.preview(picture.sha256, VIEW).stat().st_size <= PREVIEW_LIMIT


def test_sixteen_bits_of_grey_are_scaled_and_not_clipped_to_white(files: ImageFiles) -> None:
    ramp = Image.fromarray(np.linspace(0, 65_535, 256 * 64, dtype=np.uint16).reshape(64, 256))
    buffer = io.BytesIO()
    ramp.save(buffer, "PNG")

    picture = files.keep(buffer.getvalue())

    with Image.open(files.preview(picture.sha256, GRID)) as image:
        assert 110 < ImageStat.Stat(image.convert("L")).mean[0] < 145


def test_a_small_picture_is_not_blown_up(files: ImageFiles) -> None:
    picture = files.keep(drawn((100, 50)))

    with Image.open(files.preview(picture.sha256, VIEW)) as image:
        assert image.size == (100, 50)


def test_previews_do_not_carry_the_metadata_of_the_original(files: ImageFiles) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", "secret-model-name")

    picture = files.keep(drawn(pnginfo=notes))

    assert b"secret-model-name" in files.original(picture).read_bytes()
    assert b"secret-model-name" not in files.preview(picture.sha256, VIEW).read_bytes()


def huge_header() -> bytes:
    """A PNG of 200,000 × 200,000 pixels in a few bytes."""
    header = struct.pack(">IIBBBBB", 200_000, 200_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


def animated() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "PNG", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>not a picture</html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        drawn(kind="GIF"),
        drawn(kind="BMP"),
        drawn(kind="TIFF"),
        drawn((20_000, 10)),
        huge_header(),
        animated(),
        *[drawn(kind=kind)[:-2000] for kind in ("PNG", "JPEG", "WEBP")],
    ],
    ids=lambda content: content[:8].hex() or "empty",
)
def test_anything_but_one_whole_picture_is_refused_and_leaves_nothing(
    files: ImageFiles, tmp_path: Path, content: bytes
) -> None:
    with pytest.raises(NotAnImage):
        files.keep(content)

    assert [path for path in (tmp_path / "images").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "AB" * 32, "ab" * 31, "ab" * 32 + "\n", "ab" * 32 + "/.."]
)
def test_nothing_but_a_hash_names_a_file(files: ImageFiles, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        files.preview(name, VIEW)
    with pytest.raises(ValueError, match="SHA-256"):
        files.find(name)


def test_what_a_killed_process_left_half_written_is_swept_once_it_is_old(tmp_path: Path) -> None:
    incoming = tmp_path / "images" / "incoming"
    incoming.mkdir(parents=True)
    old, young = incoming / "old", incoming / "young"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (0, 0))

    ImageFiles(tmp_path / "images")

    assert [path.name for path in incoming.iterdir()] == ["young"]


def test_a_folder_that_cannot_be_written_is_an_error_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OSError, match="directory"):
        ImageFiles(tmp_path / "file" / "images")
