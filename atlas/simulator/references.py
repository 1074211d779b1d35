"""Finding the source images of a submit: inlined, uploaded here, or made here.

Nothing is fetched from elsewhere, because the simulator never leaves this machine; a picture at a foreign address, an
``asset://`` and a broken data URI are taken as given and do not show in the result.
"""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

from atlas.simulator import sources
from atlas.simulator.gallery import Gallery
from atlas.simulator.ledger import Ledger
from atlas.simulator.sources import Found, Source
from atlas.simulator.uploads import Uploads


@dataclass(frozen=True, kw_only=True)
class References:
    """Where source images come from."""

    ledger: Ledger
    gallery: Gallery
    uploads: Uploads

    async def of(self, parameters: dict[str, Any], request: Request) -> Found:
        """The source images of a request; one that expired, or never was, makes a problem."""
        found: list[Source] = []
        for name in sources.FIELDS:
            for address in _listed(parameters.get(name)):
                data = await self._bytes(address, request)
                if data is None:
                    return Found(problem=f"cannot fetch the source image {address[:120]}")
                source = await asyncio.to_thread(sources.seen, data) if data else None
                found += [source] if source else []
        return Found(sources=found)

    async def _bytes(self, address: str, request: Request) -> bytes | None:
        """The bytes behind an address; empty for those that are not ours to read, None where nothing is there."""
        if address.startswith("data:"):
            return sources.inlined(address)
        folder, name = _place(address, request.url.netloc)
        if folder == "media":
            upload = self.uploads.find(name)
            return upload.data if upload else None
        if folder == "files":
            made = self.ledger.with_file(name)
            return await self.gallery.picture(*made) if made else None
        return b""


def _place(address: str, here: str) -> tuple[str, str]:
    """Folder and name of a file on this simulator; empty for an address elsewhere, or none at all."""
    try:
        place = urlsplit(address)
    except ValueError:
        return "", ""
    folder, _, name = place.path.lstrip("/").partition("/") if place.netloc == here else ("", "", "")
    return folder, name


def _listed(value: object) -> list[str]:
    return [str(item) for item in (value if isinstance(value, list) else [value] if value else [])]
