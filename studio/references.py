"""Reference pictures: what a request calls them, what of them is sent, and where Atlas Cloud keeps them for a while.

A request names a local picture ``studio:<sha256>``, and is stored like that, so it can be used again when the address
at Atlas Cloud is long gone (atlas-api.md §5).
"""

import io
import logging
import re
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from PIL import Image, ImageCms, ImageOps

from atlas.language import tr
from atlas.models import Parameters, Value
from atlas.uploading import Upload
from studio.generations import Picture
from studio.images import ImageFiles, NotAnImage, decoded, eight_bits

log = logging.getLogger(__name__)

STARTING: Final = ("images", "image", "image_urls")
MASKS: Final = ("mask", "mask_image")
FIELDS: Final = (*STARTING, *MASKS)
PREFIX: Final = "studio:"
SIDE_LIMIT: Final = 4096  # pixels
BYTE_LIMIT: Final = 10_000_000

_SHA256 = re.compile(r"[0-9a-f]{64}")
_USED_S = 12 * 3600  # how long an address is taken to be good; the service says only “temporary”
_YOUNG_S = 600  # an address of this age has not expired, whatever a refusal was for
_QUALITIES = (95, 82)


class Missing(Exception):
    """A picture that a request names cannot be sent; the text is for the person."""


def name_of(picture: Picture) -> str:
    """What a request calls this picture."""
    return PREFIX + picture.sha256


def hashes(parameters: Parameters) -> list[str]:
    """The pictures that a request names, each once, in their order."""
    named = (text for field in FIELDS for text in _texts(parameters.get(field)))
    return list(dict.fromkeys(text.removeprefix(PREFIX) for text in named if text.startswith(PREFIX)))


def starting(parameters: Parameters) -> list[str]:
    """Those of them that the request starts from."""
    return hashes({name: value for name, value in parameters.items() if name in STARTING})


def mask_of(parameters: Parameters) -> str | None:
    """The one that says where to change them; None where no picture here does."""
    return next(iter(hashes({name: value for name, value in parameters.items() if name in MASKS})), None)


def addressed(parameters: Parameters, addresses: Mapping[str, str]) -> Parameters:
    """The parameters as they are sent: an address for every picture that is named by its hash."""

    def address(text: str) -> str:
        return addresses[text.removeprefix(PREFIX)] if text.startswith(PREFIX) else text

    sent: dict[str, Value] = dict(parameters)
    for field in FIELDS:
        value = sent.get(field)
        if isinstance(value, str):
            sent[field] = address(value)
        elif isinstance(value, list | tuple):
            sent[field] = [address(text) for text in value]
    return sent


def normalised(content: bytes) -> bytes:
    """The picture as PNG, JPEG or WebP: upright, in sRGB, of at most SIDE_LIMIT and BYTE_LIMIT, without metadata.

    Raises NotAnImage.
    """
    with decoded(content) as image:
        is_photo = image.format == "JPEG"
        plain = _plain(image)
    plain.thumbnail((SIDE_LIMIT, SIDE_LIMIT), Image.Resampling.LANCZOS)
    return next(tried for tried in _tries(plain, is_photo=is_photo) if len(tried) <= BYTE_LIMIT)


@dataclass(frozen=True, kw_only=True)
class _Lent:
    """Where Atlas Cloud keeps a picture, and since when (epoch seconds)."""

    address: str
    since: float


class References:
    """The addresses of pictures at one provider, each uploaded once while its address is good; threads may share it."""

    def __init__(
        self, files: ImageFiles, upload: Callable[[BinaryIO], Upload], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._files = files
        self._upload = upload
        self._clock = clock
        self._lent: dict[str, _Lent] = {}
        self._turns: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def addresses(self, wanted: Collection[str]) -> dict[str, str]:
        """The address of each of these pictures, uploaded where there is none.

        Raises Missing before anything is uploaded, and NotUploaded, Refused, UnexpectedReply.
        """
        for number, sha256 in enumerate(wanted, 1):
            self._path(sha256, number)
        return {sha256: self._address(sha256, number) for number, sha256 in enumerate(wanted, 1)}

    def forget_old(self, used: Collection[str]) -> bool:
        """Forget the addresses that may have expired; True when there were some, so that another try makes sense."""
        with self._lock:
            old = [
                sha256 for sha256 in used if sha256 in self._lent and not self._is_within(_YOUNG_S, self._lent[sha256])
            ]
            for sha256 in old:
                del self._lent[sha256]
        return bool(old)

    def _address(self, sha256: str, number: int) -> str:
        with self._turn(sha256):
            known = self._lent.get(sha256)
            if known and self._is_within(_USED_S, known):
                return known.address
            try:
                sent = normalised(self._path(sha256, number).read_bytes())
            except NotAnImage as broken:
                raise Missing(
                    tr(
                        "Reference picture {number} cannot be used ({broken}), so nothing was sent. "
                        "Choose another picture, then generate again."
                    ).format(number=number, broken=broken)
                ) from None
            began = self._clock()
            lent = _Lent(address=self._upload(io.BytesIO(sent)).address, since=began)
            with self._lock:
                self._lent[sha256] = lent
            return lent.address

    def _is_within(self, seconds: float, lent: _Lent) -> bool:
        """Not of an address from a time to come, for then nobody knows how old it is."""
        return 0 <= self._clock() - lent.since < seconds

    def _turn(self, sha256: str) -> threading.Lock:
        """Whoever wants the same picture at the same time waits for the one upload."""
        with self._lock:
            return self._turns.setdefault(sha256, threading.Lock())

    def _path(self, sha256: str, number: int) -> Path:
        path = self._files.find(sha256) if _SHA256.fullmatch(sha256) else None
        if path is None:
            raise Missing(
                tr(
                    "Reference picture {number} is not in the studio any more, so nothing was sent. "
                    "Add it again, or choose another, then generate again."
                ).format(number=number)
            )
        return path


def _texts(value: object) -> list[str]:
    several = value if isinstance(value, list | tuple) else (value,)
    return [text for text in several if isinstance(text, str)]


def _plain(image: Image.Image) -> Image.Image:
    """The pixels alone, in RGB or RGBA."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    upright = eight_bits(ImageOps.exif_transpose(image))
    plain = _in_srgb(upright, image.info.get("icc_profile")) or upright
    plain = plain.convert(mode)
    plain.info = {}  # encoders write out what they find here: comments, profiles, resolution
    return plain


def _in_srgb(image: Image.Image, profile: object) -> Image.Image | None:
    """The picture with its colours as they are meant; None where it has no profile that fits it."""
    if not isinstance(profile, bytes) or image.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return None
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, meant, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError) as unfit:
        log.debug("a colour profile is ignored: %s", unfit)
        return None


def _tries(image: Image.Image, *, is_photo: bool) -> Iterator[bytes]:
    """The picture encoded ever smaller; what was lossless stays so if it can."""
    if not is_photo:
        yield _encoded(image, "PNG")
    lossy = "WEBP" if image.mode == "RGBA" else "JPEG"
    while True:
        for quality in _QUALITIES:
            yield _encoded(image, lossy, quality=quality)
        width, height = image.size
        image = image.resize((max(1, width * 3 // 4), max(1, height * 3 // 4)), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, name: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, name, **options)
    return buffer.getvalue()
