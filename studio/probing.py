"""Is all well? The provider is asked in a thread of its own; the house, database and data folder, answers at once."""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, column, func, select, table, text
from sqlalchemy.exc import SQLAlchemyError

from atlas import AtlasClient
from atlas.account import Balance
from atlas.catalog import MODELS, Catalogue
from atlas.errors import AtlasError, InvalidKey, OutOfCredit, Unreachable
from atlas.language import tr
from studio.database import NO_ANSWER, DatabaseProblem
from studio.generations import SIMULATOR, TERMINAL, State
from studio.journey import ROOM_NEEDED
from studio.people import Viewed
from studio.schema import generations, pictures
from studio.store import UPLOADED

EVERY_S: Final = 30.0
NO_DATABASE: Final = "The database does not answer."
NO_FOLDER: Final = "The data folder cannot be written."
NO_ROOM: Final = "The disk of the data folder is nearly full."
_MICROS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The models that can be chosen; ``fetched`` in epoch seconds, None for the built-in list."""

    models: int
    fetched: float | None
    is_copy: bool  # from an earlier day, or because the newest could not be had
    trouble: AtlasError | None


@dataclass(frozen=True, kw_only=True)
class Check:
    """What the provider answered: ``seconds`` until the first answer, ``trouble`` where that was none or a refusal."""

    asked: float  # by the clock of the probe
    seconds: float
    trouble: AtlasError | None
    balance: Balance | None
    no_balance: AtlasError | None
    shelf: Shelf

    @property
    def is_key_accepted(self) -> bool | None:
        """One good answer is enough, because a wrong address is refused like a wrong key (atlas-api.md §1)."""
        if self.balance or self.trouble is None or isinstance(self.trouble, OutOfCredit):
            return True
        return False if isinstance(self.trouble, InvalidKey) else None

    @property
    def is_out_of_credit(self) -> bool:
        return isinstance(self.trouble, OutOfCredit) or bool(self.balance and self.balance.available <= 0)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """The last check, if there was one, how many seconds ago it was begun, and whether the next is under way."""

    check: Check | None
    ago_s: float
    is_asking: bool


class Probe:
    """Asks the provider, one check at a time, and only when somebody looks; tabs and threads share it.

    ``copy`` is the file of the catalogue's last good copy. ``clock`` is in seconds.
    """

    def __init__(
        self,
        client: AtlasClient,
        catalogue: Catalogue,
        copy: Path,
        *,
        every_s: float = EVERY_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._catalogue = catalogue
        self._copy = copy
        self._every_s = every_s
        self._clock = clock
        self._born = time.time()
        self._lock = threading.Lock()
        self._check: Check | None = None
        self._asked = float("-inf")  # when the last check, or the running one, was begun
        self._is_asking = False

    def look(self) -> Seen:
        """What is known, at once; begins a check when the last one is older than ``every_s``."""
        with self._lock:
            if self._clock() - self._asked >= self._every_s:
                self._begin()
            begun = self._check.asked if self._check else self._asked
            return Seen(check=self._check, ago_s=self._clock() - begun, is_asking=self._is_asking)

    def ask(self) -> None:
        """Begin a check now, or join the one under way."""
        with self._lock:
            self._begin()

    def _begin(self) -> None:
        if not self._is_asking:
            self._is_asking, self._asked = True, self._clock()
            threading.Thread(target=self._run, name="probe", daemon=True).start()

    def _run(self) -> None:
        check = None
        try:
            check = self._asked_for()
        finally:
            with self._lock:
                self._check, self._is_asking = check, False

    def _asked_for(self) -> Check:
        begun = self._clock()
        _, trouble = _outcome(lambda: self._client.history(size=1))
        seconds = self._clock() - begun
        balance, no_balance = (None, trouble) if _is_silent(trouble) else _outcome(self._client.balance)
        return Check(
            asked=begun, seconds=seconds, trouble=trouble, balance=balance, no_balance=no_balance, shelf=self._shelf()
        )

    def _shelf(self) -> Shelf:
        models, trouble = self._catalogue.models(), self._catalogue.trouble
        fetched = self._copy.stat().st_mtime if self._copy.is_file() else None
        is_earlier = fetched is None or fetched < self._born - 1  # file systems round
        if is_earlier and [model.id for model in models] == [model.id for model in MODELS]:
            fetched = None
        return Shelf(
            models=len(models),
            fetched=fetched,
            is_copy=fetched is not None and (is_earlier or trouble is not None),
            trouble=trouble,
        )


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """How many generations are in which state, and what all of them cost.

    ``open`` are those of this provider, ``elsewhere`` counts those that wait for another one. ``unknown`` and
    ``stalled`` are as History shows them, without the bin. ``spent`` is USD where the price is known; ``unpriced``
    counts the completed ones where it is not.
    """

    open: Mapping[State, int]
    elsewhere: int
    unknown: int
    stalled: int
    spent: Decimal
    unpriced: int


@dataclass(frozen=True, kw_only=True)
class Census:
    """Generations by state, of all providers, and how long the oldest that is queued for ours waits by now."""

    states: Mapping[str, int]
    waits_s: float


@dataclass(frozen=True, kw_only=True)
class Base:
    """The database: ``kind`` and ``version`` of the program that keeps it, bytes it takes, revision of its schema."""

    kind: str
    version: str
    bytes: int
    schema: str


@dataclass(frozen=True, kw_only=True)
class Room:
    """The data folder: bytes ``free`` on its disk, and how many originals of how many ``bytes`` are kept."""

    free: int
    originals: int
    bytes: int


class House(Viewed):
    """What the studio's own database and data folder say; figures are counted by the database."""

    def __init__(self, database: Engine, folder: Path) -> None:
        self._reading = database.execution_options(reads_only=True)
        self._folder = folder
        self._born = time.monotonic()

    @property
    def uptime_s(self) -> float:
        return time.monotonic() - self._born

    def jobs(self, *, provider: str) -> Jobs:
        """Raises DatabaseProblem."""
        with self._asked() as connection:
            own = _GROUPED.where(self._viewer.sees(generations))
            return _jobs(connection.execute(own).all(), provider)

    def census(self, *, provider: str) -> Census:
        """Of everybody's, for hosts. Raises DatabaseProblem, NotAllowed."""
        self._viewer.must_host()
        counted = select(generations.c.state, func.count()).group_by(generations.c.state)
        waiting = select(func.min(generations.c.created)).where(
            generations.c.state == State.QUEUED, generations.c.provider == provider
        )
        with self._asked() as connection:
            states = {str(state): int(count) for state, count in connection.execute(counted)}
            oldest = connection.execute(waiting).scalar()
        return Census(states=states, waits_s=max(0.0, time.time() - oldest / 1000) if oldest else 0.0)

    def base(self) -> Base:
        """Raises DatabaseProblem."""
        self._viewer.must_make()
        with self._asked() as connection:
            schema = _revision(connection)
            if connection.dialect.name == "postgresql":
                version, taken = connection.execute(_POSTGRESQL).one()
                return Base(kind="PostgreSQL", version=str(version).split()[0], bytes=int(taken), schema=schema)
            version = str(connection.execute(text("SELECT sqlite_version()")).scalar_one())
            return Base(kind="SQLite", version=version, bytes=_file_bytes(connection), schema=schema)

    def room(self) -> Room:
        """Raises DatabaseProblem, and OSError where the folder cannot be read."""
        self._viewer.must_make()
        once = select(pictures.c.sha256, func.max(pictures.c.bytes).label("bytes")).group_by(pictures.c.sha256)
        kept = once.subquery()
        with self._asked() as connection:
            count, taken = connection.execute(select(func.count(), func.sum(kept.c.bytes)).select_from(kept)).one()
        return Room(free=shutil.disk_usage(self._folder).free, originals=count, bytes=int(taken or 0))

    def unusable(self) -> list[str]:
        """What the studio cannot work without and cannot use now, in sentences without a path or an address."""
        found = []
        try:
            with self._asked() as connection:
                _revision(connection)
        except DatabaseProblem:
            found.append(NO_DATABASE)
        try:
            with tempfile.TemporaryFile(dir=self._folder) as file:
                file.write(b"may be written")
                file.flush()
            if shutil.disk_usage(self._folder).free < ROOM_NEEDED:
                found.append(NO_ROOM)
        except OSError:
            found.append(NO_FOLDER)
        return found

    @contextmanager
    def _asked(self) -> Iterator[Connection]:
        try:
            with self._reading.connect() as connection:
                yield connection
        except SQLAlchemyError as trouble:
            raise DatabaseProblem(tr(NO_ANSWER)) from trouble


_POSTGRESQL = text("SELECT current_setting('server_version'), pg_database_size(current_database())")
_SHOWN = generations.c.deleted.is_(None)
_GROUPED = select(
    generations.c.state,
    generations.c.provider,
    _SHOWN.label("shown"),
    func.count().label("count"),
    func.count(generations.c.price_micros).label("priced"),
    func.sum(generations.c.price_micros).label("micros"),
).group_by(generations.c.state, generations.c.provider, _SHOWN)


def _jobs(rows: Any, provider: str) -> Jobs:
    moving = [row for row in rows if State(row.state) not in TERMINAL]
    real = [row for row in rows if row.provider not in {SIMULATOR, UPLOADED}]
    micros = sum(int(row.micros or 0) for row in real)
    return Jobs(
        open={
            state: sum(row.count for row in moving if (row.state, row.provider) == (state, provider))
            for state in State
            if state not in TERMINAL
        },
        elsewhere=sum(row.count for row in moving if row.provider != provider),
        unknown=sum(row.count for row in rows if row.shown and row.state == State.UNKNOWN),
        stalled=sum(row.count for row in rows if row.shown and row.state == State.STALLED),
        spent=Decimal(micros) / _MICROS,
        unpriced=sum(row.count - row.priced for row in real if row.state == State.COMPLETED),
    )


def _revision(connection: Connection) -> str:
    return str(connection.execute(select(column("version_num")).select_from(table("alembic_version"))).scalar_one())


def _file_bytes(connection: Connection) -> int:
    """Of the file and of what is written beside it."""
    name = connection.engine.url.database or ""
    files = [Path(name + end) for end in ("", "-wal", "-shm")]
    return sum(file.stat().st_size for file in files if file.is_file())


def _outcome(question: Callable[[], Any]) -> tuple[Any, AtlasError | None]:
    """The answer, or why there is none."""
    try:
        return question(), None
    except AtlasError as trouble:
        return None, trouble


def _is_silent(trouble: AtlasError | None) -> bool:
    """Nobody answered at all: the next question would only wait as long."""
    return isinstance(trouble, Unreachable) and trouble.code is None
