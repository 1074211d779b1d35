"""The HTTP calls of Atlas Cloud, one method each (atlas-api.md §1–5).

A submit is sent at most once. Each option of the transport below closes a way in which requests
or urllib3 would send a POST twice, or show the key to somebody else.
"""

import json
import re
import ssl
import time
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.util import Retry

from atlas.download import Downloader
from atlas.errors import (
    Blocked,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    Refused,
    UnexpectedReply,
    Unreachable,
    refusal,
)
from atlas.models import ImageRequest, Json, Prediction, prediction_of
from atlas.text import excerpt

REAL_SERVICE = "https://api.atlascloud.ai"
USER_AGENT = "atlas-studio/0.1"

_REPLY_LIMIT: Final = 2_000_000  # bytes of JSON; results are links, not pictures
_CONNECT_S, _SUBMIT_READ_S, _SYNC_READ_S, _POLL_READ_S = 5.0, 60.0, 180.0, 20.0
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

    @property
    def code(self) -> int:
        """The envelope's own code, which can contradict the HTTP status (atlas-api.md §3.5); 200 where it has none."""
        said = self.body.get("code") if self.body else None
        text = "200" if said in (None, "") else str(said)
        return int(text) if text.isdecimal() else 0

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


class AtlasClient:
    """Atlas Cloud, or the simulator, at ``base_url`` (the host root, without a path)."""

    def __init__(self, key: Key, base_url: str = REAL_SERVICE) -> None:
        self.base_url = base_url.rstrip("/")
        self._key = key
        self._reading = self._session()
        self._downloader = Downloader(provider=self.base_url)

    def __repr__(self) -> str:
        return f"AtlasClient({self.base_url!r})"

    def submit(self, request: ImageRequest, *, key: str = "") -> Prediction:
        """Ask for one image; the POST leaves this machine at most once.

        ``key`` names the intent for a source that keeps one. Atlas Cloud has no idempotency key
        (atlas-api.md §3.6), so it is not sent. Raises NotSent, OutcomeUnknown, Refused,
        and ValueError for a request that has a problem.
        """
        del key
        answer = self._post("/api/v1/model/generateImage", request.body())
        try:
            accepted = prediction_of(answer.body or {})
        except UnexpectedReply as unclear:
            raise _not_accepted(answer, str(unclear)) from None
        return replace(accepted, request_id=answer.request_id)

    def prediction(self, prediction_id: str) -> Prediction:
        """The prediction as it stands; safe to repeat. Raises Unreachable or Refused."""
        answer = self._get(f"/api/v1/model/prediction/{quote(prediction_id, safe='')}")
        if answer.body is not None:
            seen = prediction_of(answer.body, expected_id=prediction_id)
            # A terminal word in the body wins over the HTTP code (atlas-api.md §4.4).
            if seen.is_terminal or answer.effective == 200:
                return seen
        if 300 <= answer.effective < 500:
            raise _refused(answer)
        raise Unreachable(answer.message, code=answer.effective, request_id=answer.request_id)

    def download(self, output: str) -> bytes:
        """The bytes of one output, fetched without the key and only from a public address. Raises NotFetched."""
        return self._downloader.fetch(output)

    def _post(self, path: str, body: Json) -> Answer:
        read_s = _SYNC_READ_S if body.get("enable_sync_mode") else _SUBMIT_READ_S
        try:
            # A fresh connection: on a kept-alive one, a harmless close looks like a lost answer.
            with (
                self._session() as session,
                session.post(
                    self.base_url + path,
                    data=json.dumps(body, allow_nan=False).encode(),
                    headers={"Content-Type": "application/json"},
                    timeout=(_CONNECT_S, read_s),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                return self._answer(response, read_s)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as trouble:
            raise _not_sent_or_unknown(trouble) from None

    def _get(self, path: str) -> Answer:
        try:
            with self._reading.get(
                self.base_url + path, timeout=(_CONNECT_S, _POLL_READ_S), allow_redirects=False, stream=True
            ) as response:
                return self._answer(response, _POLL_READ_S)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as trouble:
            raise Unreachable(f"no answer ({type(trouble).__name__})") from None

    def _answer(self, response: requests.Response, within_s: float) -> Answer:
        """Reads at most _REPLY_LIMIT bytes in ``within_s`` seconds. Raises what requests and urllib3 raise."""
        deadline = time.monotonic() + within_s
        content = bytearray()
        while chunk := response.raw.read1(65_536, decode_content=True):  # what has arrived, however little
            content += chunk
            if len(content) > _REPLY_LIMIT or time.monotonic() > deadline:
                raise requests.exceptions.ContentDecodingError("the reply is too long or too slow")
        request_id = response.headers.get("X-Request-ID")
        try:
            body = json.loads(self._key.masked(content.decode()))
        except ValueError:
            body = None
        return Answer(
            status=response.status_code,
            body=body if isinstance(body, dict) else None,
            request_id=excerpt(request_id, 100) if request_id else None,
        )

    def _session(self) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # ~/.netrc would replace the key, a proxy variable would see it
        session.auth = self._key
        session.headers["User-Agent"] = USER_AGENT  # the edge refuses Python's own
        session.headers["Accept"] = "application/json"
        transport = HTTPAdapter(max_retries=_CONNECT_ONLY, pool_maxsize=32)
        session.mount("https://", transport)
        session.mount("http://", transport)
        return session


def _not_accepted(answer: Answer, reason: str) -> Refused | OutcomeUnknown:
    """What an answer without a usable prediction proves: a refusal, or nothing."""
    status, code = answer.status, answer.effective
    if status == 503 and answer.body and "code" in answer.body:
        return RateLimited(answer.message, code=status, request_id=answer.request_id)
    if 300 <= code < 500:
        return _refused(answer)
    return OutcomeUnknown(f"{reason} (HTTP {status})", code=code, request_id=answer.request_id)


def _refused(answer: Answer) -> Refused:
    code = answer.effective
    from_between = 300 <= code < 400 or (code == 403 and answer.body is None)
    kind = Blocked if from_between else refusal(code)
    return kind(answer.message, code=code, request_id=answer.request_id)


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
