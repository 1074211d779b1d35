"""An output's address is a stranger's link: it reaches nothing on this machine or its network, and carries nothing.

Plain private addresses, broken bodies, bombs and drips are in tests/atlas/test_download.py.
"""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from atlas import AtlasClient, Key
from atlas.download import Downloader
from atlas.errors import AtlasError, Forbidden, Interrupted, NotFetched
from tests.atlas.answering import answering, ok
from tests.conftest import CANARY, REQUEST

PUBLIC = "93.184.216.34"
Names = Callable[..., list[str]]


def redirect(location: str, *headers: str) -> bytes:
    lines = ["HTTP/1.1 302 Found", f"Location: {location}", "Content-Length: 0", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


@pytest.fixture
def inside() -> Iterator[tuple[int, list[bytes]]]:
    """A server inside the network: its port, and what reached it."""
    with answering(ok(b"a secret")) as (address, received):
        yield int(address.rpartition(":")[2]), received


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """A resolver of names that lies as told; the answer is the list of what it was asked."""
    real = socket.getaddrinfo

    def script(*answers: list[str]) -> list[str]:
        asked: list[str] = []

        def resolve(host: str, port: int, *rest: Any, **more: Any) -> Any:
            if not host.endswith(".example"):
                return real(host, port, *rest, **more)
            asked.append(host)
            said = answers[min(len(asked), len(answers)) - 1]
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in said]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        return asked

    return script


def fetch(address: str) -> bytes:
    return Downloader(provider="https://api.atlascloud.ai").fetch(address)


@pytest.mark.parametrize(
    "host",
    [
        "[::127.0.0.1]",
        "[::ffff:0:127.0.0.1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
        "[2002:c0a8:101::1]",
        "[2001:db8::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[5f00::1]",
        "[::]",
        "0",
        "127.000.000.001",
        "017700000001",
        "0x7f.1",
        "0300.0250.1.1",
        "１２７.０.０.１",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "127.0.0.1.",
        "LOCALHOST",
        "localhost.",
        "192.0.0.1",
        "198.18.0.1",
        "203.0.113.9",
    ],
)
def test_no_way_to_write_a_private_address_gets_through(inside: tuple[int, list[bytes]], host: str) -> None:
    port, received = inside

    with pytest.raises(NotFetched, match=r"private network|control characters|host was not found"):
        fetch(f"https://{host}:{port}/x.png")
    assert received == []


def test_a_name_is_resolved_once_so_that_it_cannot_move_inside(names: Names, inside: tuple[int, list[bytes]]) -> None:
    port, received = inside
    asked = names([PUBLIC], ["127.0.0.1"])

    with pytest.raises(Interrupted, match="PermissionError"):  # the tests may not leave this machine, and it tried to
        fetch(f"https://moving.example:{port}/x.png")
    assert asked == ["moving.example"]
    assert received == []


@pytest.mark.parametrize("answers", [[PUBLIC, "127.0.0.1"], ["10.0.0.8", PUBLIC], ["169.254.169.254"]])
def test_one_private_answer_among_public_ones_is_enough_to_refuse(names: Names, answers: list[str]) -> None:
    names(answers)

    with pytest.raises(Forbidden):
        fetch("https://mixed.example/x.png")


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.1:{port}/admin",
        "https://127.0.0.1:{port}/admin",
        "http://localhost:{port}/admin",
        "//127.0.0.1:{port}/admin",
        "http://user:word@127.0.0.1:{port}/",
        "file:///etc/passwd",
        "ftp://127.0.0.1:{port}/x",
        "gopher://127.0.0.1:{port}/x",
        "data:image/png;base64,iVBORw0KGgo=",
        "\\\\127.0.0.1:{port}\\share",
    ],
)
def test_a_redirect_leads_nowhere_else(inside: tuple[int, list[bytes]], target: str) -> None:
    port, received = inside

    with answering(redirect(target.format(port=port))) as (home, asked), pytest.raises(NotFetched):
        Downloader(provider=home).fetch(f"{home}/x.png")
    assert asked
    assert received == []


def test_a_cookie_of_one_hop_is_not_carried_to_the_next() -> None:
    with answering(redirect("/again", "Set-Cookie: who=you")) as (home, asked), pytest.raises(Forbidden):
        Downloader(provider=home).fetch(f"{home}/x.png")

    assert len(asked) == 4
    assert b"cookie" not in b"".join(asked).lower()


def test_the_environment_has_no_say_in_a_download(
    inside: tuple[int, list[bytes]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    port, received = inside
    (tmp_path / "netrc").write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")

    with answering(ok(b"bytes")) as (home, asked):
        assert Downloader(provider=home).fetch(f"{home}/x.png") == b"bytes"
    assert b"authorization" not in asked[0].lower()
    assert received == []


def test_a_call_of_the_api_follows_nobody_with_the_key(inside: tuple[int, list[bytes]]) -> None:
    port, received = inside
    with answering(redirect(f"http://127.0.0.1:{port}/")) as (home, asked):
        client = AtlasClient(Key(CANARY), home)
        for call in (lambda: client.submit(REQUEST), lambda: client.prediction("an-id"), client.balance):
            with pytest.raises(AtlasError):
                call()

    assert len(asked) == 3
    assert all(CANARY.encode() in request for request in asked)
    assert received == []
