"""The guarded download: public addresses only, no key, capped in bytes and in time."""

import base64
import time

import pytest

from atlas import AtlasClient
from atlas.download import Downloader
from atlas.errors import Forbidden, Gone, Interrupted, NotFetched
from atlas.simulator import Simulator
from tests.atlas.answering import answering, ok
from tests.atlas.test_client import finished
from tests.conftest import CANARY, REQUEST

PIXEL = base64.b64encode(b"\x89PNG....").decode()


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/x",
        "https://127.1/x",
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://0177.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:127.0.0.1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[2002:7f00:1::]/x",
        "https://[64:ff9b::7f00:1]/x",
        "https://[fe80::1]/x",
        "https://[fc00::1]/x",
        "https://0.0.0.0/x",
        "https://10.0.0.1/x",
        "https://172.16.0.1/x",
        "https://192.168.1.1/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/x",
        "https://224.0.0.1/x",
        "https://255.255.255.255/x",
        "https://localhost/x",
        "http://93.184.216.34/x",
        "https://user:word@93.184.216.34/x",
        "https://93.184.216.34\\@127.0.0.1/x",
        "https://93.184.216.34/a b",
        "https:///x",
        "https://93.184.216.34:0/x",
        "https://[not-an-address/x",
        "file:///etc/passwd",
        "ftp://93.184.216.34/x",
        "javascript:alert(1)",
        "not base64 at all",
        "",
    ],
)
def test_an_address_that_is_not_public_https_is_never_fetched(address: str) -> None:
    with pytest.raises(Forbidden):
        Downloader(provider="https://api.atlascloud.ai").fetch(address)


def test_the_simulators_own_origin_is_the_one_exception() -> None:
    with answering(ok(b"bytes")) as (home, _), answering(ok(b"bytes")) as (neighbour, received):
        downloader = Downloader(provider=home)

        assert downloader.fetch(f"{home}/files/x.png") == b"bytes"
        with pytest.raises(Forbidden):
            downloader.fetch(f"{neighbour}/files/x.png")
        assert received == []


def test_a_redirect_to_a_private_address_is_not_followed(client: AtlasClient, simulator: Simulator) -> None:
    output = an_output(client)
    simulator.fault("file", "redirect-private")

    with pytest.raises(Forbidden):
        client.download(output)


def test_a_redirect_loop_ends(client: AtlasClient, simulator: Simulator) -> None:
    output = an_output(client)
    simulator.fault("file", "redirect-loop", times=20)

    with pytest.raises(NotFetched):
        client.download(output)


@pytest.mark.parametrize("location", ["http://[", "https://host:port/"])
def test_a_redirect_to_an_address_that_cannot_be_read_is_not_followed(location: str) -> None:
    redirect = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    with answering(redirect) as (home, _), pytest.raises(Forbidden):
        Downloader(provider=home).fetch(f"{home}/files/x.png")


def test_an_address_beyond_ascii_is_asked_for_in_percent_codes() -> None:
    with answering(ok(b"bytes")) as (home, received):
        assert Downloader(provider=home).fetch(f"{home}/圖/%2F.png?a=é&b=%20") == b"bytes"

    assert received[0].startswith(b"GET /%E5%9C%96/%2F.png?a=%C3%A9&b=%20 HTTP/1.1\r\n")


def test_an_address_with_half_a_character_is_refused() -> None:
    with answering(ok(b"bytes")) as (home, received), pytest.raises(Forbidden):
        Downloader(provider=home).fetch(f"{home}/\ud800.png")

    assert received == []


@pytest.mark.parametrize(
    ("fault", "named"), [("404", Gone), ("403", Gone), ("500", Interrupted), ("cut-body", Interrupted)]
)
def test_a_broken_download_gets_its_right_name(
    client: AtlasClient, simulator: Simulator, fault: str, named: type[NotFetched]
) -> None:
    output = an_output(client)
    simulator.fault("file", fault)

    with pytest.raises(NotFetched) as trouble:
        client.download(output)

    assert type(trouble.value) is named


def test_the_key_is_not_sent_with_a_download() -> None:
    with answering(ok(b"bytes")) as (home, received):
        Downloader(provider=home).fetch(f"{home}/files/x.png")

    assert b"authorization" not in received[0].lower()
    assert CANARY.encode() not in received[0]


def test_a_body_over_the_limit_is_cut_off() -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000
    declared = b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000000\r\n\r\n"
    for answer in (endless, declared):
        with answering(answer) as (home, _), pytest.raises(Forbidden):
            Downloader(provider=home, byte_limit=1000).fetch(f"{home}/x")


def test_a_compressed_body_is_refused() -> None:
    with answering(ok(b"\x1f\x8b...", "Content-Encoding: gzip")) as (home, _), pytest.raises(Forbidden):
        Downloader(provider=home).fetch(f"{home}/x")


@pytest.mark.parametrize(
    "beginning", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"]
)
def test_a_drip_is_ended_at_the_time_limit(beginning: bytes) -> None:
    with answering(beginning, *[b"x"] * 100, pause_s=0.1) as (home, _):
        began = time.monotonic()
        with pytest.raises(Interrupted):
            Downloader(provider=home, time_limit_s=0.5).fetch(f"{home}/x")

    assert time.monotonic() - began < 5


def test_data_uris_and_bare_base64_are_decoded() -> None:
    downloader = Downloader(provider="https://api.atlascloud.ai")

    assert downloader.fetch(PIXEL) == downloader.fetch(f"data:image/png;base64,{PIXEL}") == b"\x89PNG...."


def an_output(client: AtlasClient) -> str:
    return finished(client, client.submit(REQUEST).id).outputs[0]
