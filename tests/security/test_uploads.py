"""A file of somebody is a picture, wholly decoded, or it is refused; what else it holds goes no further.

Other kinds of files, animations and sizes are in tests/studio/test_images.py, what a reference tells the provider in
tests/studio/test_references.py.
"""

import io
import struct
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio.images import GRID, ImageFiles, NotAnImage
from studio.references import normalised
from tests.security.houses import House
from tests.security.test_names import ask
from tests.studio.test_images import animated, drawn

HTML = b"<html><script>alert(document.cookie)</script></html>"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_page_behind(kind: str) -> bytes:
    return drawn((40, 30), kind) + HTML


def with_page_inside() -> bytes:
    """A PNG whose first text is a page: what guesses types by the first bytes of a file finds it."""
    whole = drawn((40, 30), "PNG")
    return whole[:33] + chunk(b"tEXt", b"Comment\0" + HTML) + whole[33:]


def flood(width: int, height: int) -> bytes:
    """A PNG of so many black pixels, packed."""
    row = b"\0" * (width // 8 + 1)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row * 1000) for _ in range(height // 1000)) + packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def text_bomb() -> bytes:
    whole = drawn((40, 30), "PNG")
    return whole[:33] + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 50_000_000, 1)) + whole[33:]


def animated_webp() -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.mark.parametrize("content", [with_page_behind("PNG"), with_page_behind("JPEG"), with_page_inside()])
def test_a_page_inside_a_picture_is_never_shown_or_sent_on(house: House, content: bytes) -> None:
    files = ImageFiles(house.folder / "data" / "images")
    picture = files.keep(content)

    status, said, _ = ask(house, f"/app/static/images/{picture.sha256}/a.{picture.format}")
    assert (status, said["content-type"]) == (200, f"image/{picture.format}")
    assert said["x-content-type-options"] == "nosniff"
    assert said["content-disposition"].startswith("attachment")
    assert HTML not in files.preview(picture.sha256, GRID).read_bytes()
    assert HTML not in normalised(content)


@pytest.mark.parametrize(
    "content", [HTML, b"GIF89a" + HTML, b"%PDF-1.7 " + HTML, b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
)
def test_a_page_with_the_beginning_of_a_picture_is_none(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NotAnImage):
        ImageFiles(tmp_path / "images").keep(content)


@pytest.mark.parametrize(
    "bomb", [lambda: flood(30_000, 30_000), lambda: flood(9_000, 6_000), text_bomb, animated, animated_webp]
)
def test_a_bomb_is_refused_at_once(tmp_path: Path, bomb: Callable[[], bytes]) -> None:
    content, files = bomb(), ImageFiles(tmp_path / "images")
    began = time.process_time()

    with pytest.raises(NotAnImage):
        files.keep(content)
    assert time.process_time() - began < 0.5  # decoding the pixels would take several seconds


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_file_that_was_cut_anywhere_is_refused(tmp_path: Path, kind: str) -> None:
    whole, files = drawn((60, 40), kind), ImageFiles(tmp_path / "images")
    end = len(whole) - 20  # what comes after the last pixel of a PNG holds none
    for length in range(0, end, end // 99):
        with pytest.raises(NotAnImage):
            files.keep(whole[:length])
    assert files.hashes() == set()


def test_none_of_the_other_openers_of_the_library_is_asked(tmp_path: Path) -> None:
    Image.init()
    tried = 0
    for kind in sorted(set(Image.SAVE) - {"PNG", "JPEG", "WEBP", "MPO"}):
        try:
            content = drawn((16, 16), kind)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError):
            continue  # this kind cannot be written from such a picture, or not here
        tried += 1
        with pytest.raises(NotAnImage):
            ImageFiles(tmp_path / "images").keep(content)
    assert tried > 10
