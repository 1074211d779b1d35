"""The guarded download of results: public addresses only, capped in bytes and in time, never with the key.

A result's address is whatever the provider's reply says, so it is treated like a stranger's link
(server-side request forgery). The host is resolved once, every answer must be a public address,
and the connection goes to the address that was checked.
"""

import base64
import binascii
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import certifi

from atlas.errors import Forbidden, Gone, Interrupted
from atlas.http import USER_AGENT

BYTE_LIMIT: Final = 50_000_000
_TIME_LIMIT_S = 120.0
_SILENCE_LIMIT_S = 20.0
_REDIRECTS = 3
_REDIRECT_CODES = frozenset({301, 302, 303, 307, 308})
_GONE_CODES = frozenset({403, 404, 410})
_AS_WRITTEN = "!#$%&'()*+,/:;=?@[]~"  # of an address; other characters than these and letters go as percent codes


class Downloader:
    """Fetches outputs. Plain http and private addresses are allowed for the exact origin of ``provider`` alone,
    and only when that itself is plain http: the simulator on loopback."""

    def __init__(
        self,
        *,
        provider: str,
        byte_limit: int = BYTE_LIMIT,
        time_limit_s: float = _TIME_LIMIT_S,
        accept: str = "image/*",
    ) -> None:
        home = urlsplit(provider)
        self._home = (home.hostname, home.port) if home.scheme == "http" else None
        self._byte_limit = byte_limit
        self._time_limit_s = time_limit_s
        self._headers = {"Accept": accept, "Accept-Encoding": "identity", "User-Agent": USER_AGENT}

    def fetch(self, output: str) -> bytes:
        """The bytes of an output: an address, a data URI or bare base64 (atlas-api.md §3.3). Raises NotFetched."""
        if not re.match(r"https?:", output, re.IGNORECASE):
            return self._inline(output)
        deadline = time.monotonic() + self._time_limit_s
        address = output
        for _hop in range(_REDIRECTS + 1):
            found = self._get(address, deadline)
            if isinstance(found, bytes):
                return found
            address = _led_on(address, found)
        raise Forbidden("too many redirects")

    def _inline(self, output: str) -> bytes:
        _, comma, encoded = output.partition(",") if output.startswith("data:") else ("", ",", output)
        if not comma or not encoded or len(encoded) > self._byte_limit * 4 // 3 + 4:
            raise Forbidden("an output that is neither an https address nor base64")
        try:
            return base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise Forbidden("an output that is neither an https address nor base64") from None

    def _get(self, address: str, deadline: float) -> bytes | str:
        """The body, or the address a redirect names."""
        url = _parsed(address)
        connection = self._connection(url)
        path = quote((url.path or "/") + (f"?{url.query}" if url.query else ""), safe=_AS_WRITTEN)
        try:
            with _ended_at(deadline, connection):
                connection.connect()
                if time.monotonic() >= deadline:  # while there was no socket yet that could be shut
                    raise Interrupted("not connected in time")
                connection.request("GET", path, headers=self._headers)
                response = connection.getresponse()
                if response.status in _REDIRECT_CODES:
                    return response.headers.get("Location", "")
                content = self._body(response)
                if time.monotonic() >= deadline:
                    raise Interrupted(f"not finished within {self._time_limit_s:.0f} s")
                return content
        except (OSError, http.client.HTTPException) as trouble:
            raise Interrupted(f"the transfer broke ({type(trouble).__name__})") from None
        finally:
            connection.close()

    def _body(self, response: http.client.HTTPResponse) -> bytes:
        if response.status in _GONE_CODES:
            raise Gone(f"HTTP {response.status}", code=response.status)
        if response.status != 200:
            raise Interrupted(f"HTTP {response.status}", code=response.status)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise Forbidden("a compressed body")
        declared = response.length
        if declared is not None and declared > self._byte_limit:
            raise Forbidden(f"{declared} bytes, over the limit of {self._byte_limit}")
        content = response.read(self._byte_limit + 1)
        if len(content) > self._byte_limit:
            raise Forbidden(f"over the limit of {self._byte_limit} bytes")
        if declared is not None and len(content) != declared:
            raise Interrupted(f"{len(content)} of {declared} bytes arrived")
        return content

    def _connection(self, url: SplitResult) -> "_PinnedConnection":
        host = url.hostname or ""
        is_home = (url.hostname, url.port) == self._home
        if url.scheme == "http" and not is_home:
            raise Forbidden("an address that is not https")
        try:
            port = url.port or (443 if url.scheme == "https" else 80)
            checked = _resolve(host, port, any_network=is_home)
        except (OSError, ValueError) as trouble:
            raise Interrupted(f"the host was not found ({type(trouble).__name__})") from None
        return _PinnedConnection(host, port, address=checked, tls=_tls() if url.scheme == "https" else None)


@cache
def _tls() -> ssl.SSLContext:
    """Read once, and not before it is needed: the certificates of all authorities take a thirtieth of a second."""
    return ssl.create_default_context(cafile=certifi.where())


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name that was asked for."""

    def __init__(self, host: str, port: int, *, address: str, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=_SILENCE_LIMIT_S)
        self._address = address
        self._tls = tls
        self.wire: socket.socket | None = None  # ``sock`` is forgotten while a body of unknown length is still read

    def connect(self) -> None:
        self.sock = self.wire = socket.create_connection((self._address, self.port), timeout=self.timeout)
        if self._tls:
            secured = self._tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self.wire = secured
            secured.do_handshake()


def _parsed(address: str) -> SplitResult:
    if re.search(r"[\x00-\x20\x7f\\\ud800-\udfff]", address):
        raise Forbidden("an address with control characters, backslashes or half characters")
    try:
        url = urlsplit(address)
        port = url.port
    except ValueError:
        raise Forbidden("an address that cannot be read") from None
    if url.scheme not in {"http", "https"} or not url.hostname or url.username is not None or port == 0:
        raise Forbidden("an address of another kind than https://host/path")
    return url


def _led_on(address: str, location: str) -> str:
    try:
        return urljoin(address, location)
    except ValueError:
        raise Forbidden("a redirect to an address that cannot be read") from None


def _resolve(host: str, port: int, *, any_network: bool) -> str:
    """One address of the host, after checking that all of them are public. Raises OSError, Forbidden."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(answer[4][0]) for answer in answers]
    if not any_network and not all(map(_is_public, addresses)):
        raise Forbidden("an address inside a private network")
    return addresses[0]


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(str(inner))
        if address not in _GLOBAL_UNICAST:  # Python calls much of what lies outside it global
            return False
    return address.is_global and not address.is_multicast


_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@contextmanager
def _ended_at(deadline: float, connection: "_PinnedConnection") -> Iterator[None]:
    """Shuts the socket at the deadline: a time-out per read does not end a body that drips."""

    def end() -> None:
        with suppress(OSError):  # it may be closed already
            if connection.wire is not None:
                connection.wire.shutdown(socket.SHUT_RDWR)

    watchdog = threading.Timer(max(0.0, deadline - time.monotonic()), end)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()
