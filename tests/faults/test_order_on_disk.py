"""What the operating system is asked to do, and in which order: files are on the disk before their row is."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from atlas.simulator import Simulator
from studio.generations import State
from tests.faults.conftest import Studio, opened
from tests.serving import CHECKOUT

PROMPT = "a red bicycle"
CALLS = "fsync,fdatasync,rename,renameat,renameat2,pwrite64,sendto"


@pytest.fixture(scope="module")
def traced(running_simulator: Simulator, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The system calls of a process that made one image, one line each; the last is the hash of the image."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    folder = tmp_path_factory.mktemp("traced")
    with opened(f"sqlite:///{folder / 'studio.db'}", folder / "images", running_simulator) as studio:
        command = [strace, "-f", "-y", "-s", "5000", "-e", f"trace={CALLS}", "-o", str(folder / "calls")]
        ended = subprocess.run(
            [*command, sys.executable, "-m", "tests.faults.worker", json.dumps(orders(studio))],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        made = studio.sound(made=1)[0]
        assert made.state is State.COMPLETED
        calls = (folder / "calls").read_text(errors="replace").splitlines()
    return [*calls, made.pictures[0].sha256]


def orders(studio: Studio) -> dict[str, object]:
    return {
        "database_url": studio.database_url,
        "folder": str(studio.folder),
        "url": studio.simulator.url,
        "key": studio.key,
        "provider": studio.provider,
        "prompts": [PROMPT],
        "lease_s": 15,
    }


def test_a_file_is_synced_then_named_then_its_folder_synced_and_only_then_its_row_written(traced: list[str]) -> None:
    *calls, sha256 = traced
    for ending in ("png", "jpeg", "384.webp", "1280.webp"):
        named = places(calls, rf'rename\w*\(.*"[^"]*/incoming/(\w+)".*/{sha256}\.{ending}"')
        if not named and ending in {"png", "jpeg"}:
            continue  # it has one of these formats
        renamed, temporary = named[0]
        synced, _ = places(calls, rf"fsync\(\d+<[^>]*/incoming/({temporary})>\)")[0]
        folder = [line for line, _ in places(calls, rf"fsync\(\d+<[^>]*/({sha256[:2]})>\)") if line > renamed]
        row, _ = places(calls, rf"pwrite64\(\d+<[^>]*studio\.db-wal>.*({sha256})")[0]
        on_disk = [line for line, _ in places(calls, r"f(?:data)?sync\(\d+<[^>]*(studio\.db-wal)>\)") if line > row]
        assert synced < renamed < folder[0] < row < on_disk[0], ending


def test_the_id_of_a_paid_prediction_is_on_the_disk_before_it_is_asked_about(traced: list[str]) -> None:
    *calls, _ = traced
    recorded, identity = places(calls, r"pwrite64\(\d+<[^>]*studio\.db-wal>.*accepted as (\w{32})")[0]
    synced = [line for line, _ in places(calls, r"f(?:data)?sync\(\d+<[^>]*(studio\.db-wal)>\)") if line > recorded]
    asked, _ = places(calls, rf"sendto\(\d+<socket.*GET /api/v1/model/prediction/({identity})")[0]

    assert synced[0] < asked


def places(calls: list[str], pattern: str) -> list[tuple[int, str]]:
    """The lines where this was asked for, and what its group found."""
    found = ((number, re.search(pattern, line)) for number, line in enumerate(calls))
    return [(number, match[1]) for number, match in found if match]
