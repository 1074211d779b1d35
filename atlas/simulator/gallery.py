"""The pictures: painted while their job runs, else when first asked for, two at a time, beside the event loop."""

import asyncio
import io
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from atlas.simulator.editing import edited
from atlas.simulator.jobs import Job

_PAINTERS = 2
_TIME_TO_PAINT_S = 1.0
_CACHE_BYTES = 64 * 1024 * 1024
_SAVING: dict[str, dict[str, int]] = {
    "png": {"compress_level": 3},  # half the time of the default for a few per cent more bytes
    "jpeg": {"quality": 92},
    "webp": {"quality": 90},
}


@dataclass(frozen=True, kw_only=True)
class Painting:
    """All that a picture is made of: equal ones are the same picture, byte for byte."""

    prompt: str
    model: str
    draw: int
    width: int
    height: int
    quality: str
    seed: int | None
    references: tuple[str, ...]
    format: str

    @classmethod
    def of(cls, job: Job, number: int) -> Self:
        """Picture ``number`` of a job, from 1."""
        return cls(
            prompt=job.prompt,
            model=job.model,
            draw=job.draw + number - 1,
            width=job.width,
            height=job.height,
            quality=job.quality,
            seed=job.seed,
            references=tuple(job.references),
            format=job.format,
        )


class Gallery:
    """Finished pictures, the most recent 64 MB of them in memory. Used from the event loop only."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_PAINTERS, thread_name_prefix="simulator-painter")
        self._kept: OrderedDict[Painting, bytes] = OrderedDict()
        self._painting: dict[Painting, asyncio.Task[bytes]] = {}

    def begin(self, job: Job) -> None:
        """Paint what a job that takes its time will show, so that it is there when the job ends."""
        if job.draws_pictures and job.latency >= _TIME_TO_PAINT_S:
            for asked in (Painting.of(job, number) for number in range(1, job.images + 1)):
                if asked not in self._kept:
                    self._begun(asked)

    async def picture(self, job: Job, number: int) -> bytes:
        """The file of one picture of a job; those who ask while it is painted share the work."""
        asked = Painting.of(job, number)
        if asked in self._kept:
            self._kept.move_to_end(asked)
            return self._kept[asked]
        return await self._begun(asked)

    def close(self) -> None:
        """Lets the painters go; a picture in the making is finished first."""
        self._pool.shutdown(cancel_futures=True)

    def _begun(self, asked: Painting) -> "asyncio.Task[bytes]":
        if asked not in self._painting:
            self._painting[asked] = asyncio.create_task(self._paint(asked))
        return self._painting[asked]

    async def _paint(self, asked: Painting) -> bytes:
        try:
            data = await asyncio.get_running_loop().run_in_executor(self._pool, encoded, asked)
        finally:
            del self._painting[asked]
        self._kept[asked] = data
        while sum(map(len, self._kept.values())) > _CACHE_BYTES:
            self._kept.popitem(last=False)
        return data


def encoded(asked: Painting) -> bytes:
    """The file of a picture; the same every time."""
    # The first picture, not the start, waits for numpy.
    from atlas.simulator.painting import paint
    from atlas.simulator.painting.marks import sign

    image = paint(
        asked.prompt,
        model=asked.model,
        draw=asked.draw,
        width=asked.width,
        height=asked.height,
        quality=asked.quality,
        seed=asked.seed,
    )
    if asked.references:
        image = edited(image, asked.references)
        sign(image)
    buffer = io.BytesIO()
    image.save(buffer, asked.format, **_SAVING[asked.format])
    return buffer.getvalue()
