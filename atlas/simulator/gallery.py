"""The pictures: painted while their job runs, else when first asked for, two at a time, beside the event loop."""

import asyncio
import io
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from atlas.simulator.editing import edited
from atlas.simulator.jobs import Job

_PAINTERS = 2
_TIME_TO_PAINT_S = 1.0
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


class Finished:
    """The most recent pictures, at most ``limit`` bytes of them; may be used from several threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Painting, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, asked: Painting) -> bytes | None:
        with self._lock:
            if asked in self._kept:
                self._kept.move_to_end(asked)
            return self._kept.get(asked)

    def keep(self, asked: Painting, data: bytes) -> None:
        with self._lock:
            self._bytes += len(data) - len(self._kept.pop(asked, b""))
            self._kept[asked] = data
            while self._bytes > self._limit:
                self._bytes -= len(self._kept.popitem(last=False)[1])


# Of every simulator of this process: equal pictures are painted once.
_finished = Finished(64 * 1024 * 1024)


class Gallery:
    """The pictures of one simulator. Used from its event loop only."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_PAINTERS, thread_name_prefix="simulator-painter")
        self._painting: dict[Painting, asyncio.Task[bytes]] = {}

    def begin(self, job: Job) -> None:
        """Paint what a job that takes its time will show, so that it is there when the job ends."""
        if job.draws_pictures and job.latency >= _TIME_TO_PAINT_S:
            for asked in (Painting.of(job, number) for number in range(1, job.images + 1)):
                if _finished.get(asked) is None:
                    self._begun(asked)

    async def picture(self, job: Job, number: int) -> bytes:
        """The file of one picture of a job; those who ask while it is painted share the work."""
        asked = Painting.of(job, number)
        kept = _finished.get(asked)
        return await self._begun(asked) if kept is None else kept

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
        _finished.keep(asked, data)
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
