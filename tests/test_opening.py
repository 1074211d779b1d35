"""The first moments of the server: what is served before the services stand, and who waits for them."""

import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from socket import IPPROTO_TCP, TCP_NODELAY
from urllib.parse import urlsplit

import pytest
import requests

from tests.serving import App
from tests.sockets import accepted
from tests.studio.conftest import until

HANDSHAKE = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "studio.db"


@pytest.fixture
def holder(database: Path) -> Iterator[sqlite3.Connection]:
    """Whose transaction keeps the services from starting, until it is rolled back."""
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("PRAGMA journal_mode=WAL")
        holder.execute("BEGIN IMMEDIATE")
        yield holder


def test_streamlit_is_served_at_once_and_pages_and_our_own_addresses_wait_for_the_services(
    database: Path, holder: sqlite3.Connection
) -> None:
    app = App(data_dir=database.parent, health="_stcore/health")
    with app, visit(app) as line:
        assert requests.get(f"{app.url}/compare", timeout=10).text.startswith("<!")
        assert requests.get(f"{app.url}/api/health", timeout=10).json() == {"status": "ok"}
        with pytest.raises(requests.Timeout):
            requests.get(f"{app.url}/api/ready", timeout=0.5)
        line.settimeout(0.1)
        with pytest.raises(TimeoutError):
            line.recv(1)
        holder.execute("ROLLBACK")

        assert requests.get(f"{app.url}/api/ready", timeout=20).json() == {"status": "ready"}
        line.settimeout(20)
        assert line.recv(1000).startswith(b"HTTP/1.1 101")


def test_a_start_that_fails_behind_the_door_ends_the_server_with_one_sentence(database: Path) -> None:
    with closing(sqlite3.connect(database)) as newer:
        newer.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        newer.execute("INSERT INTO alembic_version VALUES ('9999')")
        newer.commit()

    said = App(data_dir=database.parent).start_in_vain()

    assert "Atlas Studio cannot start. " in said
    assert "9999" in said
    assert "Traceback" not in said


def test_a_stop_that_comes_before_the_services_stand_waits_for_them_and_ends_well(
    database: Path, holder: sqlite3.Connection
) -> None:
    with App(data_dir=database.parent, health="api/health") as app:
        app.tell(signal.SIGTERM)
        until(lambda: "asked to stop" in app.log())
        time.sleep(1)
        assert "stopped" not in app.log()
        holder.execute("ROLLBACK")

        assert app.ended() == 0
        assert "stopped" in app.log()


@pytest.mark.usefixtures("holder")
def test_a_stop_does_not_wait_for_ever_for_a_start_that_hangs(database: Path) -> None:
    with App(data_dir=database.parent, health="api/health") as app:
        app.tell(signal.SIGTERM)

        assert app.ended() == 0
        assert "the start has not ended" in app.log()
        assert "Traceback" not in app.log()


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the sockets of another process")
def test_no_part_of_an_answer_waits_for_the_browser_to_acknowledge_the_one_before(tmp_path: Path) -> None:
    with App(data_dir=tmp_path / "data") as app, closing(visit(app)) as line:
        assert line.recv(1000)
        with accepted(app.pid, urlsplit(app.url).port or 0) as sockets:
            assert sockets
            assert all(socket.getsockopt(IPPROTO_TCP, TCP_NODELAY) for socket in sockets)


def visit(app: App) -> socket.socket:
    """A page that knocks, and listens for the answer."""
    host = urlsplit(app.url).netloc
    line = socket.create_connection(("127.0.0.1", int(host.rpartition(":")[2])), timeout=20)
    line.sendall(HANDSHAKE.format(host=host).encode())
    return line
