"""Telling a database that does not answer from a question that was wrong."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from studio.database import NO_ANSWER, DatabaseProblem, answering, open_database
from studio.generations import Slot
from studio.store import Store
from tests.conftest import REQUEST


def test_a_database_whose_folder_is_gone_does_not_answer(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    engine = open_database(f"sqlite:///{folder / 'studio.db'}")
    store = Store(engine)
    store.add(REQUEST, Slot(run="run"), provider="atlas")
    engine.dispose()
    shutil.rmtree(folder)

    with pytest.raises(DatabaseProblem, match="reload this page") as told, answering():
        store.latest()

    assert str(told.value) == NO_ANSWER


def test_a_file_that_is_no_database_any_more_does_not_answer(tmp_path: Path) -> None:
    file = tmp_path / "studio.db"
    engine = open_database(f"sqlite:///{file}")
    engine.dispose()
    for left in tmp_path.glob("studio.db-*"):
        left.unlink()
    file.write_bytes(b"something else, and long enough to be read as a header" * 200)

    with pytest.raises(DatabaseProblem), answering():
        Store(engine).latest()


def test_a_question_that_was_wrong_is_no_outage(database_url: str) -> None:
    engine = open_database(database_url)
    twice = text("INSERT INTO alembic_version (version_num) SELECT version_num FROM alembic_version")

    with pytest.raises(IntegrityError), answering(), engine.begin() as connection:
        connection.execute(twice)
    with pytest.raises(KeyError), answering():
        Store(engine).get("0" * 32)
    engine.dispose()


def test_sqlite_itself_may_say_it() -> None:
    with pytest.raises(DatabaseProblem), answering():
        raise sqlite3.OperationalError("disk I/O error")
