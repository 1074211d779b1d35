"""The search for the key after a run finds it wherever it can lie."""

import base64
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.security.canary import CANARY, everything, files, note, search


def in_a_log(folder: Path) -> None:
    (folder / "app.log").write_text("x" * 5_000_000 + f"Authorization: Bearer {CANARY}\n" + "x" * 5_000_000)


def across_two_reads(folder: Path) -> None:
    (folder / "app.log").write_bytes(b"x" * (4_000_000 - 9) + CANARY.encode())


def in_a_database(folder: Path) -> None:
    with sqlite3.connect(folder / "studio.db") as database:
        database.execute("CREATE TABLE t (a)")
        database.execute("INSERT INTO t VALUES (?)", (f"words {CANARY} words",))


def in_an_archive(folder: Path) -> None:
    with zipfile.ZipFile(folder / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", f'{{"key": "{CANARY}"}}')


def in_base64(folder: Path) -> None:
    for before in ("", "a", "ab"):
        (folder / f"{len(before)}.json").write_bytes(base64.b64encode(f"{before}{CANARY}:x".encode()))


@pytest.mark.parametrize("hide", [in_a_log, across_two_reads, in_a_database, in_an_archive, in_base64])
def test_the_key_is_found(tmp_path_factory: pytest.TempPathFactory, hide: Callable[[Path], None]) -> None:
    folder = tmp_path_factory.mktemp("planted")
    (folder / "deep" / "deeper").mkdir(parents=True)
    hide(folder / "deep" / "deeper")

    looked = search(folder)
    for path in (folder / "deep" / "deeper").iterdir():
        path.unlink()  # or the search after the whole run would find it too

    assert looked.files == len(looked.found) >= 1
    assert looked.bytes > 0


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    (tmp_path / "link").symlink_to(tmp_path / "broken.zip")

    assert search(tmp_path).found == ()
    assert search(tmp_path).files == 1


def test_what_was_noted_of_a_place_that_is_gone_counts(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    gone = tmp_path_factory.mktemp("gone")
    in_a_log(gone)
    note(search(gone), tmp_path)
    (gone / "app.log").unlink()
    try:
        assert everything(tmp_path).found == (str(gone / "app.log"),)
    finally:
        next(tmp_path.iterdir()).unlink()


def test_folders_that_go_while_they_are_searched_do_not_end_the_run(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    found = files(tmp_path)
    first = next(found)

    for name in ("one", "other"):
        shutil.rmtree(tmp_path / name)

    assert first.name == "file"
    assert list(found) == []
