"""The jobs that were accepted, one line of JSON each, so that a restart forgets none of them."""

import json
from dataclasses import asdict
from pathlib import Path

from atlas.simulator.jobs import Job


class Journal:
    """An append-only file; a line is with the operating system before its submit is answered."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, *, since: float) -> list[Job]:
        """The jobs accepted after ``since`` (epoch seconds), oldest first.

        A line that a kill tore is passed over. Where anything was passed over the file is written anew, because the
        next line would otherwise be glued to the torn one.
        """
        if not self._path.exists():
            return []
        lines = self._path.read_bytes().splitlines(keepends=True)
        jobs = {line: job for line in lines if (job := _job(line)) and job.accepted_at > since}
        if len(jobs) < len(lines):
            self._rewrite(b"".join(jobs))
        return list(jobs.values())

    def append(self, job: Job) -> None:
        """Writes one job down."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(json.dumps(asdict(job), separators=(",", ":")).encode() + b"\n")

    def _rewrite(self, content: bytes) -> None:
        beside = self._path.with_suffix(".new")
        beside.write_bytes(content)
        beside.replace(self._path)


def _job(line: bytes) -> Job | None:
    """The job of a whole line; None for a torn one, or one that an older simulator wrote differently."""
    try:
        return Job(**json.loads(line)) if line.endswith(b"\n") else None
    except (ValueError, TypeError):
        return None
