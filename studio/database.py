"""Opening the database: the same schema on SQLite and PostgreSQL, brought up to date whole or not at all."""

import logging
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, NotSupportedError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoneFree

from atlas.language import later, tr

log = logging.getLogger(__name__)

HEAD = "0008"
_MIGRATIONS = Path(__file__).parent / "migrations"
_ON_DISK = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
_LOCK = 7_164_150_001  # any number, the same in every process that shares a PostgreSQL database


NO_ANSWER = later("The database does not answer. Check that it runs and can be reached, then reload this page.")
_OUR_OWN = (DataError, IntegrityError, NotSupportedError, ProgrammingError)  # it did answer: the question was wrong


class DatabaseProblem(Exception):
    """The database cannot be used; the text is one plain sentence that says what to do."""


@contextmanager
def answering() -> Iterator[None]:
    """Where the database is asked in here and does not answer, DatabaseProblem is raised."""
    try:
        yield
    except (DBAPIError, NoneFree, sqlite3.Error) as trouble:
        if not is_no_answer(trouble):
            raise
        log.warning("the database does not answer: %s", trouble)
        raise DatabaseProblem(tr(NO_ANSWER)) from trouble


def is_no_answer(error: Exception) -> bool:
    """The database did not answer; not: it answered that the question was wrong."""
    if isinstance(error, _OUR_OWN):
        return False
    return isinstance(error, (DatabaseProblem, DBAPIError, NoneFree, sqlite3.Error))


def open_database(url: str) -> Engine:
    """An engine whose schema is this program's. Raises DatabaseProblem."""
    place = make_url(url)
    try:
        engine = _sqlite(url) if place.get_backend_name() == "sqlite" else _postgresql(url)
        _bring_up_to_date(engine)
    except (DBAPIError, sqlite3.Error, OSError) as trouble:
        reason = " ".join(str(getattr(trouble, "orig", None) or trouble).split())[:200]
        raise DatabaseProblem(
            f"The database {place.render_as_string(hide_password=True)} cannot be opened ({reason}): "
            "check that it exists, is reachable and may be written, then start again."
        ) from trouble
    return engine


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url, pool_size=4, max_overflow=0, pool_timeout=60, hide_parameters=True, connect_args={"timeout": 30}
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # Python's own transactions would not roll back a CREATE TABLE
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Deferred transactions that read and then write lose updates or fail as locked.
        reads = connection.get_execution_options().get("reads_only")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: str) -> Engine:
    engine = create_engine(
        url,
        pool_size=4,
        max_overflow=8,
        pool_pre_ping=True,
        hide_parameters=True,  # an error would say them, and the log it
        connect_args={"connect_timeout": 10},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # A server may be set to answer before a commit is on its disk; what was paid for must not vanish in a crash.
        connection.execute(_ON_DISK)
        connection.commit()

    return engine


def _bring_up_to_date(engine: Engine) -> None:
    if _revision(engine) == HEAD:
        return
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        found = _revision_on(connection)
        if found == HEAD:  # another process was quicker
            return
        _refuse_newer(found)
        if found and engine.dialect.name == "sqlite":
            _back_up(engine.url.database or "")
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(engine: Engine) -> str | None:
    with engine.connect().execution_options(reads_only=True) as connection:
        return _revision_on(connection)


def _revision_on(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: Any = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found else None


def known_schemas() -> set[str]:
    """Of this program and of every earlier one."""
    return {path.name.split("_")[0] for path in (_MIGRATIONS / "versions").glob("*.py")}


def _refuse_newer(found: str | None) -> None:
    if found and found not in known_schemas():
        raise DatabaseProblem(
            f"The database was made by a newer Atlas Studio (schema {found}, this one knows {HEAD}): "
            "install the newer program, or point STUDIO_DATABASE_URL at another database. Nothing was changed."
        )


def _back_up(database: str) -> None:
    """A copy beside the file, whole even while others write."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    copy = f"{database}.before-upgrade-{stamp}-{secrets.token_hex(2)}"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("VACUUM INTO ?", (copy,))
