"""A server that says exactly what a test wants it to, for answers the simulator would never give."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def answering(*chunks: bytes, pause_s: float = 0.0) -> Iterator[tuple[str, list[bytes]]]:
    """Answers every request with these chunks; yields its address and what it received."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    received.append(connection.recv(65_536))
                    try:
                        for chunk in chunks:
                            connection.sendall(chunk)
                            time.sleep(pause_s)
                    except OSError:
                        continue

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", received
        listener.shutdown(socket.SHUT_RDWR)


def ok(body: bytes, *headers: str) -> bytes:
    """A whole HTTP answer."""
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def told(reply: Any, *headers: str) -> bytes:
    """A whole HTTP answer with this JSON."""
    return ok(json.dumps(reply).encode(), "Content-Type: application/json", *headers)


def before(deadline_s: float, met: Callable[[], bool]) -> bool:
    """Whether it is met in time."""
    until = time.monotonic() + deadline_s
    while time.monotonic() < until:
        if met():
            return True
        time.sleep(0.01)
    return met()
