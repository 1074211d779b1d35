"""The sample library: as large as asked for, and never poured over somebody's own."""

import os
import subprocess
import sys
from pathlib import Path

from studio.database import open_database
from studio.images import ImageFiles
from studio.library import Library
from studio.search import Search
from tests.serving import CHECKOUT


def _run(database_url: str, folder: Path, count: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "studio.sample_library", "--count", str(count)],
        cwd=CHECKOUT,
        env={**os.environ, "STUDIO_DATA_DIR": str(folder), "STUDIO_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_sample_library_is_filled_once(database_url: str, tmp_path: Path) -> None:
    done = _run(database_url, tmp_path / "data", 30)
    again = _run(database_url, tmp_path / "data", 30)

    assert done.returncode == 0, done.stderr
    assert "something in this library already" in again.stderr
    database = open_database(database_url)
    library, files = Library(database), ImageFiles(tmp_path / "data" / "images")
    items = library.page(Search()).entries
    assert len(items) == library.counts(Search()).total == 30
    pictures = [picture for item in items for picture in item.generation.pictures]
    assert len(pictures) > 15
    assert all(files.original(picture).stat().st_size == picture.bytes for picture in pictures)
    assert {item.generation.provider for item in items} == {"sample"}
    database.dispose()
