"""Who may come in: the app as shipped, asked over raw sockets by browsers that somebody else's page sent."""

import http.client
import re
import socket
from pathlib import Path

import pytest
import starlette
import streamlit
from playwright.sync_api import Browser
from streamlit import config

from tests.conftest import CANARY
from tests.security.houses import House
from tests.serving import CHECKOUT
from tests.studio.conftest import until
from ui import headers

SHIPPED = {
    "server.address": "127.0.0.1",
    "server.allowedHosts": ["localhost", "127.0.0.1"],
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.maxUploadSize": 25,
    "server.maxMessageSize": 50,
    "client.showErrorDetails": "none",
    "browser.gatherUsageStats": False,
}


def ask(house: House, path: str, *, host: str = "", method: str = "GET", **said: str) -> tuple[int, dict[str, str]]:
    """Status and headers of an answer, for a path that is sent exactly as it is written."""
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=20)
    connection.putrequest(method, path, skip_host=True)
    for name, value in {"Host": host or f"localhost:{house.port}", **said}.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}


def knock(house: House, *, host: str, origin: str, at: str = "/_stcore/stream") -> int:
    """The status that a WebSocket handshake is answered with; 101 is an open door."""
    asking = (
        f"GET {at} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", house.port), timeout=20) as line:
        line.sendall(asking.encode())
        return int(line.recv(1000).split(b" ", 2)[1])


def test_every_setting_that_keeps_strangers_out_is_shipped() -> None:
    config.get_config_options(force_reparse=True)
    assert {name: config.get_option(name) for name in SHIPPED} == SHIPPED
    written = (CHECKOUT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    for name in SHIPPED:
        assert re.search(rf"^{name.partition('.')[2]} = ", written, re.MULTILINE), f"{name} is left to a default"


@pytest.mark.parametrize("at", ["/_stcore/stream", "/api/bell"])
def test_a_page_of_somebody_else_cannot_open_a_session_or_hear_the_bell(house: House, at: str) -> None:
    ours = f"localhost:{house.port}"

    assert knock(house, at=at, host=ours, origin=f"http://{ours}") == 101
    assert knock(house, at=at, host=ours, origin="http://evil.example") == 403
    assert knock(house, at=at, host=f"evil.example:{house.port}", origin=f"http://evil.example:{house.port}") == 403
    assert knock(house, at=at, host=f"evil.example:{house.port}", origin=f"http://{ours}") == 403
    assert knock(house, at=at, host=ours, origin="null") == 403


def test_only_this_machine_can_reach_it(house: House) -> None:
    listening = [
        bytes.fromhex(row.split()[1].split(":")[0])[::-1]
        for table in ("tcp", "tcp6")
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if row.split()[3] == "0A" and int(row.split()[1].split(":")[1], 16) == house.port
    ]

    assert [socket.inet_ntoa(address) for address in listening] == ["127.0.0.1"]


def test_every_answer_forbids_the_browser_what_no_page_needs(house: House) -> None:
    icon = "/app/static/images/waiting/10x10.svg"
    for path in ("/", "/history", "/api/health", "/_stcore/health", icon, "/app/static/images/x/y.png", "/nothing.js"):
        _, said = ask(house, path)
        assert said["content-security-policy"] == headers.POLICY, path
        assert said["x-content-type-options"] == "nosniff", path
        assert said["referrer-policy"] == "no-referrer", path
        assert said["cross-origin-resource-policy"] == "same-origin", path


def test_the_policy_names_no_host_and_lets_nothing_be_evaluated() -> None:
    rules = dict(rule.split(" ", 1) for rule in headers.POLICY.split("; "))

    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["connect-src"] == "'self'"
    assert rules["img-src"] == "'self' data: blob:"
    assert not re.search(r"\*|https?:|wss?:|unsafe-eval|\.\w", headers.POLICY)
    assert "unsafe-inline" not in rules["script-src"]
    assert rules["script-src"].count("'sha256-") == 1


def test_the_cookie_of_a_visitor_cannot_be_read_by_scripts_or_sent_by_other_sites(house: House) -> None:
    _, said = ask(house, "/")

    assert said["set-cookie"].startswith("studio_guest=")
    assert {"HttpOnly", "SameSite=Lax"} <= set(said["set-cookie"].split("; "))


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "///evil.example", "////evil.example/", "/\\evil.example/", "/%2f%2fevil.example/", "/x/"],
)
def test_no_address_sends_the_browser_elsewhere(house: House, path: str) -> None:
    status, said = ask(house, path)

    target = said.get("location", "")
    assert status in {200, 301, 400, 404}
    assert re.fullmatch(r"|/[^/\\].*|https?://localhost(:\d+)?/[^/\\].*", target), target


def test_programs_cannot_press_its_buttons(house: House) -> None:
    status, _ = ask(house, "/_stcore/agent/interact", method="POST", Content_Length="0")

    assert status in {403, 404, 405, 501}


def test_a_file_of_the_checkout_or_the_machine_has_no_address(house: House) -> None:
    for name in ("app.py", ".streamlit/config.toml", "data/studio.db", "etc/passwd"):
        for way in ("/", "/app/static/", "/app/static/..%2f", "/static/../../", "/media/../", "/%2e%2e/%2e%2e/", "//"):
            connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=20)
            connection.request("GET", way + name, headers={"Host": f"localhost:{house.port}"})
            answer = connection.getresponse().read()
            connection.close()
            assert not re.search(rb"root:|SQLite format|enableXsrf|st\.App\(", answer), way + name


def test_the_libraries_are_not_older_than_their_mended_faults() -> None:
    """Streamlit before 1.54 and Starlette before 1.1 could be made to open paths of other machines on Windows."""
    assert _version(streamlit.__version__) >= (1, 67)
    assert _version(starlette.__version__) >= (1, 1)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:2])


def test_a_real_run_that_logs_everything_never_logs_the_key(house: House, browser: Browser) -> None:
    visit = browser.new_page()
    visit.goto(house.app.url)
    until(lambda: "urllib3" in house.app.log())  # a call has been made, and all of it is logged
    visit.close()
    log = house.app.log()

    assert "DEBUG" in log
    assert CANARY not in log
