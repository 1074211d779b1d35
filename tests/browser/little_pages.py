"""A page of one component, served by a process of its own, and images whose arrival the test decides."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
import requests
from PIL import Image, ImageDraw
from playwright.sync_api import Locator

from tests.serving import CHECKOUT


@dataclass
class Pictures:
    """Serves images named by number and size; ``held`` ones wait, ``lost`` ones are not there."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    held: dict[str, threading.Event] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)

    def hold(self, name: str) -> threading.Event:
        return self.held.setdefault(name, threading.Event())

    def body(self, path: str) -> bytes:
        found = re.fullmatch(r"/((\d+)-(\d+)x(\d+))", path)
        self.asked.append(path)
        if not found:
            return b""
        name, *numbers = found.groups()
        if name in self.held:
            self.held[name].wait(30)
        return b"" if name in self.lost else drawn(*map(int, numbers))

    def handler(self) -> type[BaseHTTPRequestHandler]:
        pictures = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = pictures.body(self.path)
                self.send_response(200 if body else 404)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Type", "image/png")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """The tests read ``asked``."""

        return Handler


@cache
def drawn(number: int, width: int, height: int) -> bytes:
    """A colour with a grid, so that zoom and place can be seen."""
    image = Image.new("RGB", (width, height), f"hsl({number * 67 % 360}, 45%, 62%)")
    pen = ImageDraw.Draw(image)
    for at in range(0, max(width, height), 50):
        pen.line([(at, 0), (at, height)], "white" if at % 200 else "black", 2)
        pen.line([(0, at), (width, at)], "white" if at % 200 else "black", 2)
    pen.ellipse([width * 0.3, height * 0.3, width * 0.7, height * 0.7], f"hsl({number * 67 % 360}, 60%, 35%)")
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@contextmanager
def served_pictures() -> Iterator[Pictures]:
    pictures = Pictures()
    with ThreadingHTTPServer(("127.0.0.1", 0), pictures.handler()) as server:
        server.daemon_threads = True
        pictures.url = f"http://localhost:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield pictures
        server.shutdown()


@contextmanager
def served_page(script: str, folder: Path, **environment: str) -> Iterator[str]:
    """The address of this page of tests/browser."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", f"tests/browser/{script}", "--server.port", str(port)]
    with (folder / "log").open("wb") as log:
        settings = {**os.environ, "PYTHONPATH": str(CHECKOUT), **environment}
        process = subprocess.Popen(command, cwd=CHECKOUT, env=settings, stdout=log, stderr=log)
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health", process, folder / "log")
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            if requests.get(address, timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    pytest.fail(log.read_text())


def while_composing(part: Locator, key: str) -> None:
    """The key as an input method presses it while it composes: both ways in which browsers say so."""
    for how in ({"isComposing": True}, {"keyCode": 229}):
        told = {"key": key, "bubbles": True, "cancelable": True, "composed": True, **how}
        part.evaluate("(it, told) => it.dispatchEvent(new KeyboardEvent('keydown', told))", told)
