"""The pictures: painted while their job runs, else when first asked for, two at a time, beside the event loop."""

import asyncio
import io
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

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


class Gallery:
    """Finished pictures by file name, the most recent 64 MB of them in memory. Used from the event loop only."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_PAINTERS, thread_name_prefix="simulator-painter")
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._painting: dict[str, asyncio.Task[bytes]] = {}

    def begin(self, job: Job) -> None:
        """Paint what a job that takes its time will show, so that it is there when the job ends."""
        if job.draws_pictures and job.latency >= _TIME_TO_PAINT_S:
            for number, name in enumerate(job.file_names(), 1):
                self._begun(name, job, number)

    async def picture(self, job: Job, number: int) -> bytes:
        """The file of one picture of a job; those who ask while it is painted share the work."""
        name = job.file_names()[number - 1]
        if name in self._kept:
            self._kept.move_to_end(name)
            return self._kept[name]
        return await self._begun(name, job, number)

    def close(self) -> None:
        """Lets the painters go; a picture in the making is finished first."""
        self._pool.shutdown(cancel_futures=True)

    def _begun(self, name: str, job: Job, number: int) -> "asyncio.Task[bytes]":
        if name not in self._painting:
            self._painting[name] = asyncio.create_task(self._paint(name, job, number))
        return self._painting[name]

    async def _paint(self, name: str, job: Job, number: int) -> bytes:
        try:
            data = await asyncio.get_running_loop().run_in_executor(self._pool, encoded, job, number)
        finally:
            del self._painting[name]
        self._kept[name] = data
        while sum(map(len, self._kept.values())) > _CACHE_BYTES:
            self._kept.popitem(last=False)
        return data


def encoded(job: Job, number: int) -> bytes:
    """Picture ``number`` of a job, from 1, as a file; the same every time."""
    # The first picture, not the start, waits for numpy.
    from atlas.simulator.painting import paint
    from atlas.simulator.painting.marks import sign

    draw = job.draw + number - 1
    image = paint(
        job.prompt,
        model=job.model,
        draw=draw,
        width=job.width,
        height=job.height,
        quality=job.quality,
        seed=job.seed,
    )
    if job.references:
        image = edited(image, job.references)
        sign(image)
    buffer = io.BytesIO()
    image.save(buffer, job.format, **_SAVING[job.format])
    return buffer.getvalue()
