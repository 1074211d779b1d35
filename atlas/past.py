"""What a key has asked for before, as Atlas Cloud remembers it (atlas-api.md §9).

The way back to a job whose answer was lost: the provider may have accepted what it never confirmed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from atlas.errors import UnexpectedReply
from atlas.models import ImageRequest, Prediction, prediction_of
from atlas.reading import Json, items, line, mapping, moment, parsed, whole
from atlas.text import clean


@dataclass(frozen=True, kw_only=True)
class PastRun:
    """One job of the past: what was asked, when, and how it stands."""

    prediction: Prediction
    model: str
    created: datetime | None = None
    body: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))  # empty where it was not readable

    @property
    def id(self) -> str:
        return self.prediction.id

    @property
    def prompt(self) -> str:
        return clean(str(self.body.get("prompt") or mapping(self.body.get("input")).get("prompt") or ""))

    def is_of(self, request: ImageRequest) -> bool:
        """Whether this job can have come from the request: same model, prompt, and every setting both name."""
        if (self.model, self.prompt) != (request.model, request.prompt):
            return False
        plain = {name: value for name, value in request.parameters.items() if not isinstance(value, tuple)}
        return all(str(self.body[name]) == str(value) for name, value in plain.items() if name in self.body)


@dataclass(frozen=True, kw_only=True)
class HistoryPage:
    """One page of jobs, newest first; pages count from 1."""

    runs: tuple[PastRun, ...]
    page: int
    size: int
    total: int

    @property
    def has_more(self) -> bool:
        return bool(self.runs) and self.page * self.size < self.total


def history_of(reply: Mapping[str, Json], *, page: int, size: int) -> HistoryPage:
    """The page in a reply; rows that name no job are left out. Raises UnexpectedReply where it holds no list."""
    told = mapping(reply.get("data"))
    if not isinstance(told.get("items"), list):
        raise UnexpectedReply("the history holds no list")
    runs = tuple(run for run in map(_run_of, items(told["items"])) if run)
    return HistoryPage(
        runs=runs,
        page=whole(told.get("pageNo")) or page,
        size=whole(told.get("pageSize")) or size,
        total=max(whole(told.get("total")) or 0, len(runs)),
    )


def _run_of(row: Json) -> PastRun | None:
    told = mapping(row)
    result = dict(mapping(told.get("result")))
    result.setdefault("status", told.get("status"))
    result["id"] = told.get("ID") or told.get("id") or result.get("id")
    try:
        prediction = prediction_of({"data": result})
    except UnexpectedReply:
        return None
    body = _body_of(told.get("requestBody"))
    return PastRun(
        prediction=prediction,
        model=line(told.get("model")) or line(body.get("model")),
        created=moment(told.get("createdAt")),
        body=MappingProxyType(dict(body)),
    )


def _body_of(written: Json) -> Mapping[str, Json]:
    """The request, which comes as JSON text inside the JSON."""
    if not isinstance(written, str):
        return mapping(written)
    try:
        return mapping(parsed(written))
    except ValueError:
        return {}
