"""A process is killed in the middle of an upgrade: the database is as it was, and the next start brings it up whole."""

import os
import signal

import pytest
from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy import Engine as Database

from studio.database import HEAD, open_database
from tests.processes import processes
from tests.studio.test_database import open_at

OLD = "0001"
ROW = (
    "INSERT INTO generations (id, run, number, attempt, provider, model, prompt, parameters, state, created)"
    " VALUES ('g1', 'r1', 1, 1, 'p', 'm', 'Bücher', '{}', 'completed', 1)"
)


def upgrade_and_die(database_url: str, before: str) -> None:
    """``before`` is the beginning of a statement, or “COMMIT”."""

    @event.listens_for(Database, "before_cursor_execute")
    def _(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.strip().startswith(before):
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(Database, "commit")
    def _(_connection: Connection) -> None:
        if before == "COMMIT":
            os.kill(os.getpid(), signal.SIGKILL)

    open_database(database_url)


@pytest.mark.parametrize(
    "before",
    [
        "ALTER TABLE",
        "UPDATE alembic_version SET version_num='0003'",
        "COMMIT",
    ],
)
def test_killed_in_an_upgrade_nothing_has_changed_and_the_next_start_does_it_whole(
    bare_database_url: str, before: str
) -> None:
    open_at(bare_database_url, OLD)
    plain = create_engine(bare_database_url)
    with plain.begin() as connection:
        connection.execute(text(ROW))
    tables = columns(plain)
    doomed = processes.Process(target=upgrade_and_die, args=(bare_database_url, before))
    doomed.start()
    doomed.join(60)
    assert doomed.exitcode == -signal.SIGKILL, f"it never came to {before}"

    assert columns(plain) == tables
    assert version(plain) == OLD
    plain.dispose()
    database = open_database(bare_database_url)

    assert version(database) == HEAD
    with database.connect() as connection:
        assert connection.execute(text("SELECT prompt, folded FROM generations")).all() == [("Bücher", "bucher")]
    database.dispose()


def columns(database: Database) -> dict[str, list[str]]:
    found = inspect(database)
    return {table: [column["name"] for column in found.get_columns(table)] for table in found.get_table_names()}


def version(database: Database) -> str:
    with database.connect() as connection:
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar())
