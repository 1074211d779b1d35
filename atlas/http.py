"""The one door through which every call to Atlas Cloud goes (atlas-api.md §1, §13).

A POST leaves this machine at most once. Each option of the transport closes a way in which requests
or urllib3 would send one twice, follow somebody elsewhere, or show the key to somebody else.
"""

import json
import re
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import requests
import urllib3.exceptions
from requests.auth import AuthBase
from urllib3.util import Retry

from atlas.errors import Blocked, NoKey, NotSent, OutcomeUnknown, RateLimited, Refused, Unreachable, refusal
from atlas.reading import Json, line, mapping, parsed, whole
from atlas.text import excerpt
from atlas.wire import WatchedAdapter, within

USER_AGENT: Final = "atlas-studio/0.1"  # the edge refuses Python's own
REPLY_LIMIT: Final = 2_000_000  # bytes of JSON; results are links, not pictures

NO_ANSWER: Final = "no answer"
Told = Callable[[str, str, float], None]  # path, HTTP status or what went wrong, seconds

_CONNECT_S, _QUESTION_S = 5.0, 20.0
_LONGEST_PAUSE_S = 3600
_CONNECT_ONLY = Retry(
    total=2,
    connect=2,
    read=False,
    status=0,
    other=0,
    redirect=0,
    allowed_methods=frozenset({"GET"}),
    respect_retry_after_header=False,
    backoff_factor=0.2,
)


class Key(AuthBase):
    """An API key that can be sent but not seen."""

    def __init__(self, text: str) -> None:
        """Raises ValueError, without the text, when this cannot be a key."""
        key = text.strip()
        if not re.fullmatch(r"[\x21-\x7e]{8,200}", key):
            raise ValueError("this does not look like a key: 8 to 200 visible characters, no spaces")
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request

    def __repr__(self) -> str:
        return "Key(hidden)"

    def masked(self, text: str) -> str:
        """The text with this key blotted out, for words that come back from outside."""
        return text.replace(self._key, "(key)")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An HTTP answer of the API: ``body`` is None when it was not a JSON object."""

    status: int
    body: dict[str, Json] | None
    request_id: str | None
    retry_after_s: int | None = None

    @property
    def code(self) -> int:
        """The envelope's own code, which can contradict the HTTP status (atlas-api.md §3.5); 200 where it has none."""
        said = self.body.get("code") if self.body else None
        text = "200" if said in (None, "") else str(said)
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    @property
    def effective(self) -> int:
        """The first bad code of HTTP and envelope, or 200."""
        return self.status if self.status >= 300 else self.code

    @property
    def message(self) -> str:
        """What the provider says, in the order of atlas-api.md §13.1."""
        if self.body is None:
            return f"HTTP {self.status} without JSON"
        error = self.body.get("error")
        inner = error.get("message") if isinstance(error, dict) else error
        words = (self.body.get("msg"), self.body.get("message"), inner, self.body.get("detail"))
        return excerpt(next((word for word in words if isinstance(word, str) and word), f"HTTP {self.status}"), 300)

    def refused(self) -> Refused:
        """The refusal in this answer, to be raised."""
        code = self.effective
        if code in {429, 503}:
            return RateLimited(self.message, code=code, request_id=self.request_id, retry_after_s=self.retry_after_s)
        from_between = 300 <= code < 400 or (code == 403 and self.body is None)
        kind = Blocked if from_between else refusal(code)
        return kind(self.message, code=code, request_id=self.request_id)

    def usable(self) -> dict[str, Json]:
        """The body of a good answer. Raises Refused where Atlas said no, Unreachable where nothing sensible came."""
        if 300 <= self.effective < 500:
            raise self.refused()
        if self.effective != 200 or self.body is None:
            raise Unreachable(self.message, code=self.effective, request_id=self.request_id)
        return self.body


class Door:
    """HTTP to one host with one key, or with none. Threads may share it; ``told`` is told every exchange."""

    def __init__(self, key: Key | None, base_url: str, *, told: Told = lambda _path, _outcome, _seconds: None) -> None:
        self.base_url = base_url
        self._told = told
        self._key = key
        self._reading = _session()

    def ask(
        self, path: str, query: Sequence[tuple[str, str]] = (), *, keyed: bool = True, limit_s: float = _QUESTION_S
    ) -> Answer:
        """GET, which may always be repeated. Raises Unreachable, NoKey."""
        key = self._key_for(keyed)
        try:
            return self._exchange(self._reading, "GET", path, key=key, limit_s=limit_s, params=list(query))
        except (requests.RequestException, urllib3.exceptions.HTTPError) as trouble:
            raise Unreachable(f"no answer ({type(trouble).__name__})") from None

    def send(self, path: str, body: Mapping[str, Json], *, limit_s: float, keyed: bool = True) -> Answer:
        """POST of JSON, at most once. Raises NotSent, OutcomeUnknown."""
        data = json.dumps(dict(body), allow_nan=False).encode()
        return self._post(path, data, {"Content-Type": "application/json"}, limit_s=limit_s, keyed=keyed)

    def send_form(self, path: str, form: Iterable[bytes], content_type: str, *, limit_s: float) -> Answer:
        """POST of a form that is read while it is sent, at most once. Raises NotSent, OutcomeUnknown."""
        return self._post(path, form, {"Content-Type": content_type}, limit_s=limit_s, keyed=True)

    def _post(self, path: str, data: Any, headers: dict[str, str], *, limit_s: float, keyed: bool) -> Answer:
        key = self._key_for(keyed)
        try:
            # A fresh connection: on a kept-alive one, a harmless close looks like a lost answer.
            with _session() as session:
                return self._exchange(session, "POST", path, key=key, limit_s=limit_s, data=data, headers=headers)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as trouble:
            raise _not_sent_or_unknown(trouble) from None

    def _exchange(
        self, session: requests.Session, method: str, path: str, *, key: Key | None, limit_s: float, **content: Any
    ) -> Answer:
        """One request and its answer within ``limit_s`` seconds. Raises what requests and urllib3 raise."""
        began, outcome = time.monotonic(), NO_ANSWER
        try:
            answer = self._exchanged(session, method, path, key=key, limit_s=limit_s, **content)
            outcome = str(answer.status)
            return answer
        finally:
            self._told(path, outcome, time.monotonic() - began)

    def _exchanged(
        self, session: requests.Session, method: str, path: str, *, key: Key | None, limit_s: float, **content: Any
    ) -> Answer:
        with (
            within(limit_s) as watch,
            session.request(
                method,
                self.base_url + path,
                auth=key,
                timeout=(_CONNECT_S, limit_s),
                allow_redirects=False,
                stream=True,
                **content,
            ) as response,
        ):
            content_read = bytearray()
            while chunk := response.raw.read1(65_536, decode_content=True):  # what has arrived, however little
                content_read += chunk
                if len(content_read) > REPLY_LIMIT:
                    raise requests.exceptions.ContentDecodingError("the reply is too long")
            if watch.is_over:  # a body without a length may have been cut by the watch
                raise requests.exceptions.ReadTimeout("the reply is too slow")
            return self._answer(response, bytes(content_read))

    def _answer(self, response: requests.Response, content: bytes) -> Answer:
        try:
            body = self._without_key(parsed(content.decode()))
        except ValueError:
            body = None
        named = response.headers.get("X-Request-ID") or mapping(body).get("request_id")
        pause = whole(response.headers.get("Retry-After"))
        return Answer(
            status=response.status_code,
            body=body if isinstance(body, dict) else None,
            request_id=self._masked(line(named, 100)) or None,
            retry_after_s=min(pause, _LONGEST_PAUSE_S) if pause is not None and pause >= 0 else None,
        )

    def _without_key(self, value: Json) -> Json:
        """The same JSON with the key blotted out of its texts; in the raw reply an escape could hide it."""
        if isinstance(value, dict):
            return {self._masked(name): self._without_key(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._without_key(inner) for inner in value]
        return self._masked(value) if isinstance(value, str) else value

    def _masked(self, text: str) -> str:
        return self._key.masked(text) if self._key else text

    def _key_for(self, keyed: bool) -> Key | None:
        if keyed and self._key is None:
            raise NoKey("this call needs a key")
        return self._key if keyed else None


class _Session(requests.Session):
    def get_redirect_target(self, _response: requests.Response) -> None:
        """Nowhere: even with redirects off, requests reads their whole body and stumbles over a broken address."""


def _session() -> requests.Session:
    session = _Session()
    session.trust_env = False  # ~/.netrc would replace the key, a proxy variable would see it
    session.headers["User-Agent"] = USER_AGENT
    session.headers["Accept"] = "application/json"
    transport = WatchedAdapter(max_retries=_CONNECT_ONLY, pool_maxsize=32)
    session.mount("https://", transport)
    session.mount("http://", transport)
    return session


def _not_sent_or_unknown(trouble: Exception) -> NotSent | OutcomeUnknown:
    """NotSent only where the connection was never made; everything else may have arrived."""
    causes = set(_causes(trouble))
    never_connected = {
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.NameResolutionError,
        urllib3.exceptions.ConnectTimeoutError,
        ssl.SSLCertVerificationError,
        requests.exceptions.InvalidURL,
    }
    if causes & never_connected:
        return NotSent(f"no connection ({type(trouble).__name__})")
    return OutcomeUnknown(f"no clear answer ({type(trouble).__name__})")


def _causes(error: BaseException | None) -> list[type[BaseException]]:
    """The types of an error and of all that it wraps; urllib3 and requests nest by four different names."""
    found: list[type[BaseException]] = []
    while isinstance(error, BaseException) and len(found) < 10:
        found.append(type(error))
        inner = [getattr(error, "reason", None), *error.args, error.__cause__, error.__context__]
        error = next((item for item in inner if isinstance(item, BaseException)), None)
    return found
