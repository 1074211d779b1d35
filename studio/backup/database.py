"""The database in a backup: copied at one moment while others write, read back, and put in its place again.

The tables are whatever the database has. Every table with a hash and a format names originals.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Connection,
    MetaData,
    NullPool,
    Row,
    Select,
    Text,
    column,
    create_engine,
    func,
    inspect,
    make_url,
    select,
    table,
    text,
    union_all,
    update,
)

from studio.backup import postgresql
from studio.backup.folder import BackupProblem, Cancelled, Stopped, shown
from studio.generations import State
from studio.schema import generations, metadata

VERSION = "alembic_version"
NAMES_ORIGINALS = frozenset({"sha256", "format", "bytes"})
_STEPS = 10_000  # of SQLite's machine, between two looks at whether somebody cancelled

_HELD_BACK = (
    "It was waiting to be sent when the backup was made, and may have been sent and charged since. "
    "Look at the provider's history; if it is not there, press Send again."
)


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The revision of a schema, and how many rows each table has."""

    schema: str
    rows: Mapping[str, int]


def kind(url: str) -> str:
    return make_url(url).get_backend_name()


@contextmanager
def live(url: str) -> Iterator[Connection]:
    """A connection to a database that exists; nothing is created or upgraded."""
    if kind(url) == "sqlite":
        if not sqlite_file(url).is_file():
            raise BackupProblem(f"There is no database at {shown(sqlite_file(url))}: check STUDIO_DATABASE_URL.")
        with _sqlite(sqlite_file(url), "mode=rw") as connection:
            yield connection
        return
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 10})
    with engine.connect() as connection:
        yield connection


@contextmanager
def copied(url: str, target: Path, cancelled: Cancelled) -> Iterator[Connection]:
    """Copy the database into the file ``target``; the connection reads exactly what is in the copy.

    Raises BackupProblem, Stopped, OSError and the errors of the databases.
    """
    if kind(url) == "sqlite":
        _vacuum(sqlite_file(url), target, cancelled)
        with _sqlite(target, "mode=ro") as connection:
            yield connection
        return
    with live(url) as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        postgresql.dump(url, target, connection, _tables(connection), snapshot, cancelled)
        yield connection


def contents(connection: Connection) -> Contents:
    """Raises BackupProblem when this is no database of the studio."""
    names = _tables(connection)
    if VERSION not in names:
        raise BackupProblem(
            "The database has no tables of Atlas Studio, so there is nothing to back up: start it once."
        )
    schema = connection.execute(select(column("version_num", Text)).select_from(table(VERSION))).scalar_one()
    rows = {name: connection.execute(select(func.count()).select_from(table(name))).scalar_one() for name in names}
    return Contents(schema=schema, rows=rows)


def originals(connection: Connection) -> Iterator[Row[str, str, int]]:
    """(sha256, format, bytes) of every original once, in the order of their hashes."""
    naming = _naming(connection)
    if naming:
        everything = union_all(*naming).subquery()
        once = select(everything.c.sha256, everything.c.format, func.max(everything.c.bytes))
        query = once.group_by(everything.c.sha256, everything.c.format).order_by(everything.c.sha256)
        yield from connection.execution_options(yield_per=1000).execute(query)


def is_named(url: str, sha256: str) -> bool:
    """Whether the database still names this original."""
    with live(url) as connection:
        queries = [naming.where(column("sha256") == sha256).limit(1) for naming in _naming(connection)]
        return any(connection.execute(query).first() for query in queries)


def size(connection: Connection, url: str) -> int:
    """Bytes of the database and, by its own account, of all originals: at least what a backup takes."""
    naming = _naming(connection)
    pictured = 0
    if naming:
        once = select(union_all(*naming).subquery()).distinct().subquery()
        pictured = int(connection.execute(select(func.sum(once.c.bytes))).scalar_one() or 0)
    if connection.dialect.name == "postgresql":
        own = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        return pictured + int(own)
    return pictured + sum(path.stat().st_size for path in _files(url) if path.is_file())


def read_sqlite(path: Path, original: Callable[[str, str], None], cancelled: Cancelled) -> Contents:
    """What a copy holds; ``original`` hears of each (sha256, format). Raises BackupProblem, Stopped."""
    with _sqlite(path, "mode=ro&immutable=1") as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        if found != ["ok"]:
            raise BackupProblem(f"it is damaged inside ({shown(found[0])[:120]})")
        for row in originals(connection):
            if cancelled():
                raise Stopped
            original(row.sha256, row.format)
        return contents(connection)


def hold_back(url: str) -> int:
    """Make what was waiting to be sent unknown, and say how many: another studio may have sent it since."""
    waiting = generations.c.state.in_([State.QUEUED, State.SUBMITTING])
    with live(url) as connection:
        held = connection.execute(
            update(generations)
            .where(waiting)
            .values(state=State.UNKNOWN, problem=_HELD_BACK, ended=generations.c.created)
        )
        connection.commit()
        return held.rowcount


def refuse_used(url: str) -> None:
    """Raises BackupProblem when the database of the settings holds anything, or somebody works on it."""
    if kind(url) == "sqlite":
        if not sqlite_file(url).exists():
            return
        _refuse_open(sqlite_file(url))
    with live(url) as connection:
        if connection.dialect.name == "postgresql":
            _refuse_shared(connection)
        _refuse_rows(connection)


def place_sqlite(url: str, copy_of: Path) -> None:
    """``copy_of`` becomes the database; what stood there was empty."""
    refuse_used(url)
    for left in _files(url)[1:]:
        left.unlink(missing_ok=True)  # a log of changes to the old file would be applied to the new one
    copy_of.replace(sqlite_file(url))


def place_postgresql(url: str, dump: Path) -> None:
    """The dump becomes the database, whole or not at all; the empty tables of a first start make way."""
    refuse_used(url)
    with live(url) as connection:
        empty = MetaData()
        empty.reflect(connection)
        empty.drop_all(connection)
        connection.commit()
    postgresql.restore(url, dump)


def _vacuum(source: Path, target: Path, cancelled: Cancelled) -> None:
    uri = f"{source.as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)) as connection:
        connection.set_progress_handler(lambda: int(cancelled()), _STEPS)
        try:
            connection.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.OperationalError:
            if cancelled():
                raise Stopped from None
            raise


@contextmanager
def _sqlite(path: Path, how: str) -> Iterator[Connection]:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, timeout=30, check_same_thread=False)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA trusted_schema=OFF")
        yield connection


def sqlite_file(url: str) -> Path:
    """Raises BackupProblem when the address names no file."""
    name = make_url(url).database
    if not name or name == ":memory:":
        raise BackupProblem("The database lives in memory only: name a file in STUDIO_DATABASE_URL.")
    return Path(name).absolute()


def _files(url: str) -> list[Path]:
    path = sqlite_file(url)
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]


def _tables(connection: Connection) -> list[str]:
    return sorted(inspect(connection).get_table_names())


def _naming(connection: Connection) -> list[Select[str, str, int]]:
    """One query per table that names originals."""
    seen = inspect(connection)
    parts = column("sha256", Text), column("format", Text), column("bytes", BigInteger)
    return [
        select(*parts).select_from(table(name)).where(parts[0].is_not(None), parts[1].is_not(None))
        for name in _tables(connection)
        if {found["name"] for found in seen.get_columns(name)} >= NAMES_ORIGINALS
    ]


def _refuse_rows(connection: Connection) -> None:
    names = set(_tables(connection)) - {VERSION}
    strange = sorted(names - set(metadata.tables))
    if strange:
        raise BackupProblem(
            f"The database has tables that this Atlas Studio does not know ({shown(', '.join(strange))[:120]}): "
            "point STUDIO_DATABASE_URL at an empty database. Nothing was changed."
        )
    for name in sorted(names):
        count = connection.execute(select(func.count()).select_from(table(name))).scalar_one()
        if count:
            raise BackupProblem(
                f"The database is not empty ({count} rows in {name}), and a backup restores into an empty studio "
                "only: point STUDIO_DATA_DIR and STUDIO_DATABASE_URL at new places. Nothing was changed."
            )


def _refuse_open(path: Path) -> None:
    """SQLite leaves its write-ahead log only when nobody else has the file open."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        except sqlite3.OperationalError as trouble:
            if "locked" not in str(trouble):
                raise
            raise BackupProblem(
                "The studio is running on this database: stop it, then restore again. Nothing was changed."
            ) from None


def _refuse_shared(connection: Connection) -> None:
    others = connection.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND coalesce(backend_type, 'client backend') = 'client backend'"
        )
    ).scalar_one()
    if others:
        raise BackupProblem(
            f"{others} other connections are open to this database: stop the studio wherever it runs on it, then "
            "restore again. Nothing was changed."
        )
