"""Opening the database: brought up to date whole or not at all, on both kinds."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

import studio
from studio.database import HEAD, DatabaseProblem, open_database
from studio.schema import metadata


@pytest.fixture
def database_url(bare_database_url: str) -> str:
    """A database in which not even a table is: here it is the program that makes them."""
    return bare_database_url


def test_the_migrations_end_in_the_schema_of_the_program(database_url: str) -> None:
    engine = open_database(database_url)
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    engine.dispose()

    assert differences == []


def test_the_head_is_the_newest_migration() -> None:
    versions = Path(__file__).resolve().parents[2] / "studio" / "migrations" / "versions"

    assert max(path.name.split("_")[0] for path in versions.glob("*.py")) == HEAD


def test_many_processes_may_start_at_once(database_url: str) -> None:
    with ThreadPoolExecutor(8) as starters:
        engines = list(starters.map(open_database, [database_url] * 8))

    for engine in engines:
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
        engine.dispose()


def test_a_newer_database_is_refused_and_left_as_it_is(database_url: str) -> None:
    engine = open_database(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(DatabaseProblem, match="newer Atlas Studio"):
        open_database(database_url)

    plain = create_engine(database_url)
    with plain.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    plain.dispose()


def test_an_upgrade_that_fails_changes_nothing(database_url: str) -> None:
    plain = create_engine(database_url)
    with plain.begin() as connection:  # the first migration cannot create this table a second time
        connection.execute(text("CREATE TABLE events (id INTEGER)"))

    with pytest.raises(DatabaseProblem):
        open_database(database_url)

    with plain.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() is None
        assert connection.dialect.get_table_names(connection) == ["events"]
    plain.dispose()


def test_sqlite_is_opened_so_that_a_power_cut_loses_nothing(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'studio.db'}")
    with engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    engine.dispose()

    assert found == ["wal", 2, 1, 30000]


def test_writing_transactions_take_the_lock_at_once_and_reading_ones_do_not(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'studio.db'}")
    with closing(sqlite3.connect(tmp_path / "studio.db", timeout=0)) as other:
        with engine.connect().execution_options(reads_only=True) as reading:
            reading.execute(text("SELECT 1 FROM generations")).all()
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
        with engine.begin(), pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    engine.dispose()


def test_a_database_that_cannot_be_opened_says_so_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for url in (f"sqlite:///{tmp_path}/file/studio.db", "postgresql+psycopg://someone:sesame@127.0.0.1:9/none"):
        with pytest.raises(DatabaseProblem) as refused:
            open_database(url)

        assert "cannot be opened" in str(refused.value)
        assert "sesame" not in str(refused.value)
        assert "\n" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "studio.db").write_bytes(b"not a database" * 100)

    with pytest.raises(DatabaseProblem, match="cannot be opened"):
        open_database(f"sqlite:///{tmp_path / 'studio.db'}")


def test_an_older_database_is_upgraded_with_all_it_holds_and_a_copy_is_kept(database_url: str) -> None:
    open_at(database_url, "0001")
    plain = create_engine(database_url)
    with plain.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO generations (id, run, number, attempt, provider, model, prompt, parameters, state,"
                " created) VALUES ('g1', 'r1', 1, 1, 'p', 'm', 'Bücher', '{\"size\": \"1024*1024\"}', 'completed', 1)"
            )
        )
    plain.dispose()

    engine = open_database(database_url)

    with engine.connect() as connection:
        found = connection.execute(text("SELECT prompt, folded, size, length(same_prompt) FROM generations")).one()
        assert tuple(found) == ("Bücher", "bucher", "1024x1024", 16)
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
    if engine.dialect.name == "sqlite":
        copies = list(Path(engine.url.database or "").parent.glob("*.before-upgrade-*"))
        with closing(sqlite3.connect(copies[0])) as copy:
            assert copy.execute("SELECT prompt FROM generations").fetchall() == [("Bücher",)]
    engine.dispose()


def test_what_was_made_before_there_were_owners_stays_in_its_folder_and_is_nobodys(database_url: str) -> None:
    open_at(database_url, "0005")
    plain = create_engine(database_url)
    with plain.begin() as connection:
        connection.execute(
            text("INSERT INTO folders (id, name, folded, created) VALUES ('f1', 'Spring', 'spring', 1)"),
        )
        connection.execute(
            text(
                "INSERT INTO generations (id, run, number, attempt, provider, model, prompt, parameters, state,"
                " created, folder) VALUES ('g1', 'r1', 1, 1, 'p', 'm', 'a', '{}', 'completed', 1, 'f1')"
            )
        )
    plain.dispose()

    engine = open_database(database_url)

    with engine.begin() as connection:
        found = connection.execute(text("SELECT folder, owner FROM generations")).one()
        assert tuple(found) == ("f1", "")
        folder = "INSERT INTO folders (id, name, folded, created, owner) VALUES (:id, 'Spring', 'spring', 1, :owner)"
        connection.execute(text(folder), {"id": "f2", "owner": "somebody"})
        assert connection.execute(text("SELECT owner FROM folders ORDER BY id")).scalars().all() == ["", "somebody"]
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text(folder), {"id": "f3", "owner": "somebody"})
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE generations SET folder = 'nowhere'"))
    engine.dispose()


def open_at(database_url: str, revision: str) -> None:
    """A database as an earlier program left it."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(studio.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
