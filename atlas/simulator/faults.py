"""Faults that a test scripts: the one table of what can go wrong where, and the list of what shall go wrong next.

Only a simulator started with ``control`` has such a list, so a real client never meets a fault. Where a row says that
the job is created, it exists and is billed whatever the client saw: that is the difference between "send it again" and
"look in the history first".
"""

import threading
from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from atlas.simulator import trouble
from atlas.simulator.outcomes import NORMAL, OUTCOMES
from atlas.simulator.trouble import Act, Scene, Usual

_FOR_EVER = 24 * 3600.0
_CLOUDFLARE = "Access denied | Error 1010 | Cloudflare"
_METADATA = "http://169.254.169.254/latest/meta-data/"


class Where(StrEnum):
    """The place a fault strikes: a kind of request, or the job itself, decided when it is submitted."""

    SUBMIT = "submit"
    TASK = "task"
    POLL = "poll"
    FILE = "file"
    MODELS = "models"
    SCHEMA = "schema"
    UPLOAD = "upload"
    HISTORY = "history"
    CALCULATE = "calculate"
    BILLING = "billing"
    CHAT = "chat"
    WEBHOOK = "webhook"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One row of the table; ``seconds`` is used where the script gives none."""

    about: str
    act: Act | None
    creates_job: bool = False
    seconds: float = 0.0
    lasts: bool = False


@dataclass(kw_only=True)
class Fault:
    """One line of the script: skip ``after`` requests, then strike ``times`` of them."""

    where: Where
    kind: str
    times: int
    matching: str
    after: int
    seconds: float


def _row(about: str, act: Act, *, seconds: float = 0.0, lasts: bool = False) -> Kind:
    return Kind(about=about, act=act, seconds=seconds, lasts=lasts)


def _job(about: str, act: Act, *, seconds: float = 0.0) -> Kind:
    return Kind(about=about, act=act, creates_job=True, seconds=seconds)


_ANY = {
    "401": _row("key refused", trouble.refuse(401, "unauthorized")),
    "403": _row("not permitted", trouble.refuse(403, "forbidden")),
    "404": _row("not found", trouble.refuse(404, "not found")),
    "429": _row("too many requests, without Retry-After", trouble.refuse(429, "too many requests")),
    "500": _row("internal error", trouble.refuse(500, "internal error")),
    "502-html": _row("edge, bad gateway", trouble.page(502, "502 Bad Gateway")),
    "503": _row("unavailable, in the provider's own words", trouble.refuse(503, "service unavailable")),
    "504": _row("waited too long", trouble.refuse(504, "gateway timeout")),
    "520-html": _row("edge, unknown error", trouble.page(520, "520: Web server is returning an unknown error")),
    "html-200": _row("a page of HTML with code 200", trouble.page(200, "Sign in to the network")),
    "hang": _row("no answer for `seconds`, then a reset", trouble.hang, seconds=_FOR_EVER),
    "reset": _row("connection reset", trouble.reset),
    "slow": _row("the usual reply, `seconds` late", trouble.slow, seconds=1.0),
    "cut-body": _row("declares more than it sends", trouble.cut),
    "malformed-json": _row("half of the JSON", trouble.malformed),
}

_OUT_OF_CREDIT = _row("out of credit", trouble.refuse(402, "insufficient balance"))
_BLOCKED = _row("region blocked", trouble.refuse(451, "not available in your region"))
_CODE_401 = _row(
    "the envelope says 401, HTTP says 200", trouble.tell(200, {"code": 401, "msg": "Token invalid", "data": None})
)

_SUBMIT = {
    **{name: _ANY[name] for name in ("401", "403", "404", "429", "500", "502-html", "503", "520-html", "html-200")},
    "402": _OUT_OF_CREDIT,
    "403-cloudflare": _row("client blocked by the edge, HTML", trouble.page(403, _CLOUDFLARE)),
    "413": _row("body too large", trouble.refuse(413, "request body too large")),
    "422": _row("parameters refused", trouble.refuse(422, "unprocessable parameters")),
    "451": _BLOCKED,
    "500-terminal": _row(
        "internal error with the body of a failed task",
        trouble.tell(
            500, {"code": 500, "message": "failed", "data": {"status": "failed", "error": "generation failed"}}
        ),
    ),
    "503-html": _row("edge, unavailable", trouble.page(503, "503 Service Temporarily Unavailable")),
    "code-401": _CODE_401,
    "redirect-307": _row("to be sent again at the same address", trouble.redirect(307)),
    "reset-before-accept": _row("connection reset before the job was taken", trouble.reset),
    "reset-after-accept": _job("connection reset with the job taken", trouble.accepted_but(trouble.reset)),
    "hang-before-headers": _job("no answer for `seconds`", trouble.accepted_but(trouble.hang), seconds=_FOR_EVER),
    "hang-in-body": _job("half the body, the end never within `seconds`", trouble.cut, seconds=_FOR_EVER),
    "504": _job("the wait was too long; the job goes on", trouble.accepted_but(trouble.refuse(504, "gateway timeout"))),
    "cut-body": _job("declares more than it sends", trouble.cut),
    "malformed-json": _job("half of the JSON", trouble.malformed),
    "no-id": _job("accepted, but the id is missing", trouble.edit(trouble.without_id)),
    "text-plain-json": _job("the JSON under text/plain", trouble.plain_text),
    "minimal": _job("the envelope only", trouble.edit(trouble.minimal)),
    "flat": _job("id and status at the top level only", trouble.edit(trouble.flat)),
    "prediction-id-only": _job("`predictionId` and nothing else", trouble.edit(trouble.prediction_id_only)),
    "foreign-get-url": _job("`urls.get` on a host of another", trouble.edit(trouble.foreign_address)),
    "slow": _job("the usual reply, `seconds` late", trouble.slow, seconds=1.0),
}

_POLL = {
    **_ANY,
    "402-envelope": _row(
        "HTTP 200 and an envelope that says 402, no `data`",
        trouble.tell(200, {"code": 402, "msg": "insufficient balance"}),
    ),
    "402": _OUT_OF_CREDIT,
    "451": _BLOCKED,
    "code-401": _CODE_401,
    "text-plain-json": _row("the JSON under text/plain", trouble.plain_text),
    "foreign-get-url": _row("`urls.get` on a host of another", trouble.edit(trouble.foreign_address)),
    "500-terminal": _row("HTTP 500 with a failed task in it", trouble.edit(trouble.ended_badly, 500)),
    "unknown-status": _row("the status word `warming`", trouble.edit(trouble.warming)),
    "id-differs": _row("the id of another job", trouble.edit(trouble.other_id)),
}

_FILE = {
    **{name: _ANY[name] for name in ("403", "404", "500", "hang", "reset", "slow", "cut-body")},
    "html": _row("a page of HTML instead of the picture", trouble.page(200, "This file is not available")),
    "truncated": _row("half of the picture, its length declared as such", trouble.halved),
    "wrong-extension": _row("JPEG bytes behind .png; PNG bytes behind any other", trouble.other_format),
    "drip": _row("one byte every `seconds`", trouble.drip, seconds=0.2),
    "gif": _row("GIF bytes", trouble.gif),
    "svg": _row("SVG with a script in it", trouble.svg),
    "too-large": _row("a body that never ends", trouble.endless),
    "redirect-private": _row("sent to the cloud's metadata address", trouble.redirect(302, _METADATA)),
    "redirect-loop": _row("sent back to itself, until faults are forgotten", trouble.redirect(302), lasts=True),
}

_TASK = {
    name: Kind(about=outcome.about, act=None, creates_job=True, seconds=outcome.seconds)
    for name, outcome in OUTCOMES.items()
    if name != NORMAL
}

_BILLING = {
    **{name: _ANY[name] for name in ("401", "403", "500", "503", "hang", "reset", "slow", "malformed-json")},
    "429": _row("too many requests; Retry-After says `seconds`", trouble.refuse_for_now, seconds=1.0),
}

_CHAT = {
    **_ANY,
    "402": _OUT_OF_CREDIT,
    "empty-content": Kind(about="all was spent on reasoning, `content` is empty", act=None),
}

_WEBHOOK = {"twice": Kind(about="delivered two times", act=None)}

TABLE: dict[Where, dict[str, Kind]] = {
    Where.SUBMIT: _SUBMIT,
    Where.TASK: _TASK,
    Where.POLL: _POLL,
    Where.FILE: _FILE,
    Where.MODELS: _ANY,
    Where.SCHEMA: _ANY,
    Where.UPLOAD: {**_ANY, "402": _OUT_OF_CREDIT, "413": _SUBMIT["413"]},
    Where.HISTORY: _ANY,
    Where.CALCULATE: _ANY,
    Where.BILLING: _BILLING,
    Where.CHAT: _CHAT,
    Where.WEBHOOK: _WEBHOOK,
}


class Faults:
    """The script. Tests write it from their own thread while the server reads it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._script: list[Fault] = []

    def add(self, where: str, kind: str, *, times: int, matching: str, after: int, seconds: float) -> None:
        """Adds a line; raises ValueError for a place or a kind that the table does not have."""
        if where not in TABLE:
            raise ValueError(f"where must be one of: {', '.join(TABLE)}")
        place = Where(where)
        if kind not in TABLE[place]:
            raise ValueError(f"{where} has no {kind}; it has: {', '.join(TABLE[place])}")
        fault = Fault(where=place, kind=kind, times=times, matching=matching, after=after, seconds=seconds)
        with self._lock:
            self._script.append(fault)

    def forget(self) -> None:
        """Empties the script."""
        with self._lock:
            self._script.clear()

    def next(self, where: Where, subject: str) -> Fault | None:
        """The fault that strikes now, if one does; ``subject`` is the prompt, or the model of a schema."""
        with self._lock:
            due = next((fault for fault in self._script if _strikes(fault, where, subject)), None)
            if due and not TABLE[where][due.kind].lasts:
                due.times -= 1
            self._script = [fault for fault in self._script if fault.times > 0]
        return due

    async def through(self, where: Where, request: Request, subject: str, usual: Usual) -> Response:
        """The usual reply, or what a fault makes of it."""
        return await played(self.next(where, subject), request, usual)


async def played(fault: Fault | None, request: Request, usual: Usual) -> Response:
    """The usual reply, or what this fault makes of it."""
    act = TABLE[fault.where][fault.kind].act if fault else None
    if fault is None or act is None:
        return await usual()
    return await act(Scene(request=request, usual=usual, seconds=seconds_of(fault)))


def seconds_of(fault: Fault) -> float:
    """The seconds a fault was given, or those of its kind."""
    return fault.seconds or TABLE[fault.where][fault.kind].seconds


def _strikes(fault: Fault, where: Where, subject: str) -> bool:
    """Whether this line is about the request and not still skipping; counts the skipped."""
    if fault.where is not where or fault.matching not in subject:
        return False
    fault.after -= 1
    return fault.after < 0
