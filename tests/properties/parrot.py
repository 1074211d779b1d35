"""A server that says whatever it was told last, to everybody who connects."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Parrot:
    """``says`` is all it answers; ``heard`` counts the requests."""

    url: str
    says: bytes = b""
    heard: int = 0


@contextmanager
def parrot() -> Iterator[Parrot]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bird = Parrot(url=f"http://127.0.0.1:{listener.getsockname()[1]}")

        def talk() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                _answer(connection, bird)

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield bird
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _answer(connection: socket.socket, bird: Parrot) -> None:
    with connection:
        try:
            if not _whole_request(connection):
                return
            bird.heard += 1
            connection.sendall(bird.says)
        except OSError:
            return


def _whole_request(connection: socket.socket) -> bool:
    """Reads one request with its body, or until nothing more comes."""
    head, _, body = b"", b"", b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65_536)
        if not piece:
            return False
        head += piece
    head, _, body = head.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    missing = int(lengths[0]) - len(body) if lengths else 0
    while missing > 0 and (piece := connection.recv(65_536)):
        missing -= len(piece)
    return True
