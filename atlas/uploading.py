"""Pictures on their way to Atlas Cloud: named after their bytes, and sent while they are read (atlas-api.md §5)."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from atlas.errors import UnexpectedReply
from atlas.reading import Json, line, mapping, whole

BYTE_LIMIT: Final = 50_000_000  # the service refuses a longer body with 413

_CHUNK = 65_536
_WHERE = (("data", "download_url"), ("data", "url"), ("", "download_url"), ("", "url"), ("", "file_url"))


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A picture that Atlas Cloud keeps for a while: an address for an edit model, not for the long run."""

    address: str
    name: str = ""
    size: int | None = None  # bytes


class Form:
    """One picture as multipart/form-data, read in pieces.

    The part has a name of our own making: the service goes by its extension alone, and what the
    file was called on somebody's disk is nobody else's business.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Raises ValueError, as a sentence, for what is no picture, is empty or is too long."""
        self._file = file
        size = file.seek(0, 2)
        file.seek(0)
        extension = extension_of(file.read(16))
        if not extension:
            raise ValueError("This is not a PNG, JPEG, WebP or GIF picture. Choose another file.")
        boundary = secrets.token_hex(16)
        kind = "jpeg" if extension == "jpg" else extension
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="image.{extension}"\r\n'
            f"Content-Type: image/{kind}\r\n\r\n"
        ).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._length = len(self._head) + size + len(self._tail)
        if self._length > BYTE_LIMIT:
            raise ValueError(
                f"This picture has {size / 1e6:.0f} MB and Atlas Cloud takes {BYTE_LIMIT / 1e6:.0f}. Make it smaller."
            )

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        self._file.seek(0)
        while piece := self._file.read(_CHUNK):
            yield piece
        yield self._tail


def extension_of(start: bytes) -> str:
    """What the first 12 bytes of a file say it is; empty where it is no picture that every model takes."""
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if start.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if start.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    return "webp" if start.startswith(b"RIFF") and start[8:12] == b"WEBP" else ""


def upload_of(reply: Mapping[str, Json]) -> Upload:
    """The upload in a reply, in any of its shapes. Raises UnexpectedReply where it names no web address."""
    data = mapping(reply.get("data"))
    found = [(data if place else reply).get(name) for place, name in _WHERE]
    address = next((text for text in found if isinstance(text, str) and _is_address(text)), None)
    if address is None:
        raise UnexpectedReply("the reply names no address of the upload")
    name = line(data.get("filename")) or line(data.get("file_name"))
    return Upload(address=address, name=name, size=whole(data.get("size")))


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://")) and len(text) <= 4000 and text.isprintable() and " " not in text
