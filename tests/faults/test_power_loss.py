"""The power fails at any moment: what a page showed is there, what was paid for is known, no file is half one."""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from atlas.simulator import Simulator
from studio.generations import State
from studio.images import GRID, VIEW, decoded
from tests.faults.conftest import opened
from tests.faults.power import STRACE, Call, Disk, calls, said, sent
from tests.serving import CHECKOUT

PROMPTS = ("a red bicycle", "a blue kettle", "a green door", "a yellow boat")
ASKED = b"GET /api/v1/model/prediction/"
CUTS = 300  # with dice
DEAF = {
    "the log of the database": lambda path: path.endswith("-wal"),
    "the files": lambda path: "/incoming/" in path,
    "the folder of the database": lambda path: path.endswith("/data"),
    "the folders of the files": lambda path: "/images" in path and "/incoming" not in path,
}


@dataclass
class Promised:
    """What the world outside knows, at a moment of the trace."""

    queued: set[str] = field(default_factory=set)
    completed: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)

    def hear(self, call: Call) -> bool:
        """Whether there is something new."""
        before = (len(self.queued), len(self.completed), len(self.sent), len(self.ids))
        for line in said(call).splitlines():
            state, _, prompt = line.partition(" ")
            {"queued": self.queued, "completed": self.completed}[state].add(prompt)
        words = sent(call)
        self.sent |= {prompt for prompt in PROMPTS if prompt.encode() in words}
        if ASKED in words:
            self.ids.add(words.partition(ASKED)[2].split(b" ")[0].decode())
        return before != (len(self.queued), len(self.completed), len(self.sent), len(self.ids))


@dataclass(frozen=True, kw_only=True)
class Trace:
    before: Path
    after: Path
    calls: list[Call]


@pytest.fixture(scope="module")
def trace(running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """Four images, made by a process of its own: its folder before and after, and its system calls between."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    base = tmp_path_factory.mktemp("power")
    folder = base / "data"
    folder.mkdir()
    url = f"sqlite:///{folder / 'studio.db'}"
    with opened(url, folder / "images", running_simulator) as studio:
        orders: dict[str, Any] = {
            "database_url": url,
            "folder": str(studio.folder),
            "url": running_simulator.url,
            "key": studio.key,
            "provider": studio.provider,
            "prompts": PROMPTS,
            "lease_s": 15,
            "checkpoint_pages": 40,
        }
    shutil.copytree(folder, base / "before")
    ended = subprocess.run(
        [strace, *STRACE, "-o", str(base / "calls"), sys.executable, "-m", "tests.faults.worker", json.dumps(orders)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return Trace(before=base / "before", after=folder, calls=list(calls(base / "calls")))


def disk_of(trace: Trace, **how: Any) -> Disk:
    """The disk as it was before, under the names of the trace."""
    return Disk(trace.before, seen_as=trace.after, **how)


def test_the_replayed_calls_end_in_what_is_really_on_the_disk(trace: Trace) -> None:
    disk, promised = disk_of(trace), Promised()
    for call in trace.calls:
        disk.see(call)
        promised.hear(call)

    really = {str(path): path.read_bytes() for path in trace.after.rglob("*") if path.is_file()}
    assert disk.now() == {path: content for path, content in really.items() if not path.endswith("-shm")}
    assert promised.queued == promised.completed == promised.sent == set(PROMPTS)
    assert len(promised.ids) == len(PROMPTS)


def test_of_what_only_a_sync_keeps_nothing_is_lost_at_any_moment(
    trace: Trace, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("moments", cut_everywhere(trace, tmp_path / "left"))


def test_of_what_may_or_may_not_have_reached_the_disk_nothing_is_needed(
    trace: Trace, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    dice = random.Random(11)
    moments = set(dice.sample(range(len(trace.calls)), CUTS))
    disk, promised = disk_of(trace), Promised()
    for number, call in enumerate(trace.calls):
        disk.see(call)
        promised.hear(call)
        if number in moments:
            disk.left(tmp_path / "left", dice)
            assert_kept(tmp_path / "left", promised)
    record_property("moments with dice", CUTS)


@pytest.mark.parametrize("which", DEAF)
def test_without_these_syncs_something_would_be_lost(trace: Trace, tmp_path: Path, which: str) -> None:
    with pytest.raises(AssertionError, match="lost"):
        cut_everywhere(trace, tmp_path / "left", deaf=DEAF[which])


def cut_everywhere(trace: Trace, into: Path, **how: Any) -> int:
    """At how many moments: each at which something reached the disk, or somebody was told something."""
    disk, promised, moments = disk_of(trace, **how), Promised(), 0
    for call in trace.calls:
        changed = [disk.see(call), promised.hear(call)]
        if any(changed):
            moments += 1
            disk.left(into)
            assert_kept(into, promised)
    return moments


def assert_kept(left: Path, promised: Promised) -> None:
    with closing(sqlite3.connect(left / "studio.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = database.execute("SELECT id, prompt, state, prediction_id FROM generations").fetchall()
        kept = {prompt: (identity, State(state), prediction) for identity, prompt, state, prediction in rows}
        assert promised.queued <= set(kept), "lost: a row that a page showed"
        assert promised.sent <= set(kept), "lost: a row that was sent"
        for prompt in promised.sent:
            assert kept[prompt][1] is not State.QUEUED, "lost: that it was sent; it would be sent again"
        known = {prediction for _, _, prediction in kept.values()}
        assert promised.ids <= known, "lost: an id that was paid for"
        pictures = database.execute("SELECT generation, sha256, format FROM pictures").fetchall()
        for prompt in promised.completed:
            identity, state, _ = kept[prompt]
            assert state is State.COMPLETED, "lost: that it was done"
            assert identity in {generation for generation, _, _ in pictures}, "lost: its image"
    for _, digest, name in pictures:
        shelf = left / "images" / digest[:2]
        original = shelf / f"{digest}.{name}"
        assert original.is_file(), "lost: a file with a row"
        assert sha256(original.read_bytes()).hexdigest() == digest, "lost: a part of a file with a row"
        for side in (GRID, VIEW):
            preview = shelf / f"{digest}.{side}.webp"
            assert preview.is_file(), "lost: a preview"
            assert preview.stat().st_size, "lost: all of a preview"
            with decoded(preview.read_bytes()) as image:
                assert image.size
