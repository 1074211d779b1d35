"""Files that callers upload, for an edit to use: kept in memory for a while, then gone (atlas-api.md section 5)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from atlas.simulator import replies
from atlas.simulator.faults import Faults, Where
from atlas.simulator.replies import Refusal

_MOST_BYTES = 128 * 1024 * 1024  # of all files together
_OTHER = "application/octet-stream"
_TYPES = {
    **{f".{name}": f"image/{name}" for name in ("png", "jpeg", "webp", "gif", "bmp", "avif", "heic")},
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".avi": "video/x-msvideo",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".m4a": "audio/mp4",
    ".aac": "audio/aac",
    ".ogg": "audio/ogg",
    ".flac": "audio/flac",
    ".opus": "audio/opus",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
    ".md": "text/markdown",
}


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One file and the moment (epoch seconds) at which it goes."""

    name: str
    given_name: str
    data: bytes
    media_type: str
    until: float

    def told(self, origin: str) -> dict[str, Any]:
        """``data`` of the reply, with the keys of both shapes that clients read."""
        kind = self.media_type.partition("/")[0]
        return {
            "type": kind if kind in ("image", "video", "audio") else "file",
            "download_url": f"{origin}media/{self.name}",
            "filename": self.name,
            "size": len(self.data),
            "file_name": self.given_name,
            "content_type": self.media_type,
        }


class Uploads:
    """The endpoints for uploads, and the files behind them. Used from the event loop only."""

    def __init__(self, *, clock: Callable[[], float], hours: float, faults: Faults) -> None:
        self._clock = clock
        self._seconds = hours * 3600
        self._faults = faults
        self._kept: dict[str, Upload] = {}

    async def take(self, request: Request) -> Response:
        """POST uploadMedia."""

        async def usual() -> Response:
            async with request.form() as form:
                part = form.get("file")
                if not isinstance(part, UploadFile) or not part.filename:
                    raise Refusal(400, "a part named file with a file name is required")
                data = await part.read()
            if not data:
                raise Refusal(400, "the file is empty")
            return replies.success(self._keep(part.filename, data).told(str(request.base_url)))

        return await self._faults.through(Where.UPLOAD, request, "", usual)

    async def give(self, request: Request) -> Response:
        """GET a file back; needs no key."""
        found = self.find(request.path_params["name"])
        if found is None:
            raise Refusal(404, "not found")
        return Response(found.data, media_type=found.media_type, headers={"X-Content-Type-Options": "nosniff"})

    def find(self, name: str) -> Upload | None:
        """The file of this name; None where there is none (any more)."""
        found = self._kept.get(name)
        return found if found and self._clock() < found.until else None

    def _keep(self, given_name: str, data: bytes) -> Upload:
        """The extension alone decides what a file is: the name's, whatever the bytes are."""
        _, dot, extension = given_name.lower().rpartition(".")
        ending = dot + extension if dot + extension in _TYPES else ""
        upload = Upload(
            name=f"{uuid.uuid4()}{ending}",
            given_name=given_name,
            data=data,
            media_type=_TYPES.get(ending, _OTHER),
            until=self._clock() + self._seconds,
        )
        self._kept[upload.name] = upload
        self._make_room()
        return upload

    def _make_room(self) -> None:
        """Drops what has expired, then the oldest."""
        self._kept = {name: one for name, one in self._kept.items() if self._clock() < one.until}
        while sum(len(one.data) for one in self._kept.values()) > _MOST_BYTES:
            del self._kept[next(iter(self._kept))]
