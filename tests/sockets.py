"""Sockets of a server, of this process or one that it started, looked at from outside (Linux)."""

import ctypes
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PIDFD_GETFD = 438  # of the Linux kernel, since 5.6


@contextmanager
def accepted(pid: int, port: int) -> Iterator[list[socket.socket]]:
    """Copies of those over which others talk with the server on this port."""
    process = os.pidfd_open(pid)
    copies: list[socket.socket] = []
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                if link.readlink().name.startswith("socket:"):
                    copies += _copied(process, int(link.name))
        yield [copy for copy in copies if _is_accepted(copy, port)]
    finally:
        for copy in copies:
            copy.close()
        os.close(process)


def _copied(process: int, number: int) -> list[socket.socket]:
    own = ctypes.CDLL(None).syscall(_PIDFD_GETFD, process, number, 0)
    return [socket.socket(fileno=own)] if own >= 0 else []


def _is_accepted(copy: socket.socket, port: int) -> bool:
    if copy.family not in {socket.AF_INET, socket.AF_INET6} or copy.getsockname()[1] != port:
        return False
    try:
        copy.getpeername()
    except OSError:  # it only listens
        return False
    return True
