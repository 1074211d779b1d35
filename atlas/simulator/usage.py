"""Days of jobs, counted or priced, grouped as a billing query asks (atlas-api.md section 10)."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from starlette.datastructures import QueryParams

from atlas.simulator.jobs import Job
from atlas.simulator.replies import Refusal

_MOST_DAYS = 180
_MOST_ROWS = 1000
_GROUPINGS = ((), ("model_type",), ("model",), ("api_key",), ("api_key", "model"))
_LISTS = {"group_by[]": 3, "model_types[]": 3, "model_ids[]": 100, "api_key_ids[]": 100}
_COLUMNS = {"model_type": "model_type", "model": "model_id", "api_key": "api_key_id"}

Entry = tuple[date, dict[str, Any] | None]


@dataclass(frozen=True, kw_only=True)
class Query:
    """A billing query that was understood: days from ``start`` up to and without ``end``."""

    start: date
    end: date
    scope: str
    group_by: tuple[str, ...]
    model_types: list[str]
    model_ids: list[str]
    api_key_ids: list[str]
    limit: int
    offset: int

    def days(self) -> Iterable[date]:
        """Each day of the query."""
        return (self.start + timedelta(days=number) for number in range((self.end - self.start).days))

    def wants(self, job: Job, owner: str) -> bool:
        """Whether a job counts, for one who asks with the key called ``owner``."""
        return (
            (self.scope == "account" or job.owner == owner)
            and (not self.model_types or "image" in self.model_types)
            and (not self.model_ids or job.model in self.model_ids)
            and (not self.api_key_ids or job.owner in self.api_key_ids)
        )


def understood(parameters: QueryParams) -> Query:
    """The query in the parameters of an address; raises Refusal, with the parameter's name, where it makes no sense."""
    lists = {name: _listed(parameters, name, most) for name, most in _LISTS.items()}
    start, end = _day(parameters, "start_date"), _day(parameters, "end_date")
    if end <= start:
        raise _wrong("end_date", "end_date must be after start_date", word="invalid_date_range")
    if (end - start).days > _MOST_DAYS:
        raise _wrong("end_date", f"the range can cover at most {_MOST_DAYS} days", word="invalid_date_range")
    scope = parameters.get("scope", "self")
    if scope not in ("self", "account"):
        raise _wrong("scope", "scope must be self or account")
    group_by = tuple(sorted(lists["group_by[]"]))
    if group_by not in _GROUPINGS:
        raise _wrong("group_by[]", "group_by[] must be model_type, model, api_key, or model and api_key, each repeated")
    limit = parameters.get("limit", "100")
    if not limit.isdecimal() or len(limit) > 4 or not 1 <= int(limit) <= _MOST_ROWS:
        raise _wrong("limit", f"limit must be an integer from 1 to {_MOST_ROWS}")
    return Query(
        start=start,
        end=end,
        scope=scope,
        group_by=group_by,
        model_types=lists["model_types[]"],
        model_ids=lists["model_ids[]"],
        api_key_ids=lists["api_key_ids[]"],
        limit=int(limit),
        offset=_offset(parameters.get("page", "")),
    )


def counted(jobs: list[Job], query: Query) -> list[Entry]:
    """How many jobs and pictures, by the day of their submit."""
    rows = _grouped(((_date(job.accepted_at), job) for job in jobs), query)
    return _entries(query, {key: _count(found) for key, found in rows.items()}, "usage.result")


def priced(jobs: list[Job], query: Query, now: float) -> list[Entry]:
    """What was charged, by the day on which the jobs ended."""
    rows = _grouped(((_date(job.done_at), job) for job in jobs if job.is_done(now)), query)
    return _entries(query, {key: {"amount": _amount(found)} for key, found in rows.items()}, "model_cost.result")


def page(entries: list[Entry], query: Query, *, kind: str, now: float) -> dict[str, Any]:
    """``data`` and its company: one bucket a day, ``limit`` rows a page; a day without rows counts as one."""
    here = entries[query.offset : query.offset + query.limit]
    days: dict[date, list[dict[str, Any]]] = {}
    for day, row in here:
        days.setdefault(day, []).extend([row] if row else [])
    further = query.offset + query.limit < len(entries)
    return {
        "data": [_bucket(day, rows, kind=kind, now=now) for day, rows in days.items()],
        "has_more": further,
        "next_page": _cursor(query.offset + query.limit) if further else None,
    }


def money(amount: Decimal) -> dict[str, str]:
    """USD as billing writes it."""
    return {"value": f"{amount:.6f}", "currency": "usd"}


def _grouped(jobs: Iterable[tuple[date, Job]], query: Query) -> dict[tuple[date, tuple[str, ...]], list[Job]]:
    rows: dict[tuple[date, tuple[str, ...]], list[Job]] = {}
    for day, job in jobs:
        named = {"model_type": "image", "model": job.model, "api_key": job.owner}
        rows.setdefault((day, tuple(named[name] for name in query.group_by)), []).append(job)
    return rows


def _entries(query: Query, rows: Mapping[tuple[date, tuple[str, ...]], dict[str, Any]], kind: str) -> list[Entry]:
    columns = [_COLUMNS[name] for name in query.group_by]
    entries: list[Entry] = []
    for day in query.days():
        found = sorted((group, row) for (when, group), row in rows.items() if when == day)
        named = [{"object": kind, **dict(zip(columns, group, strict=True)), **row} for group, row in found]
        entries += [(day, row) for row in named] or [(day, None)]
    return entries


def _count(jobs: list[Job]) -> dict[str, int]:
    return {"requests": len(jobs), "images": sum(job.images for job in jobs), "input_tokens": 0, "output_tokens": 0}


def _amount(jobs: list[Job]) -> dict[str, str]:
    return money(sum((job.charge for job in jobs), Decimal(0)))


def _bucket(day: date, rows: list[dict[str, Any]], *, kind: str, now: float) -> dict[str, Any]:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    end = start + timedelta(days=1)
    at = datetime.fromtimestamp(now, UTC).replace(microsecond=0)
    covered = max(min(at, end), start)
    times = {"start_at": start, "end_at": end, "covered_until": covered}
    written = {name: when.isoformat().replace("+00:00", "Z") for name, when in times.items()}
    return {"object": kind, "date": day.isoformat(), **written, "partial": at < end, "results": rows}


def _date(epoch: float) -> date:
    return datetime.fromtimestamp(epoch, UTC).date()


def _day(parameters: QueryParams, name: str) -> date:
    try:
        return datetime.strptime(parameters.get(name, ""), "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise _wrong(name, f"{name} must be a date as YYYY-MM-DD", word="invalid_date") from None


def _listed(parameters: QueryParams, name: str, most: int) -> list[str]:
    values = parameters.getlist(name)
    if len(values) > most or any("," in value for value in values) or name[:-2] in parameters:
        raise _wrong(name, f"{name} is given at most {most} times, one value each, without commas")
    return values


def _offset(cursor: str) -> int:
    try:
        offset = int(base64.urlsafe_b64decode(cursor.encode())) if cursor else 0
    except (binascii.Error, ValueError):
        offset = -1
    if offset < 0:
        raise _wrong("page", "page must be the next_page of an earlier reply")
    return offset


def _cursor(offset: int) -> str:
    return base64.urlsafe_b64encode(str(offset).encode()).decode()


def _wrong(param: str, msg: str, *, word: str = "invalid_parameter") -> Refusal:
    return Refusal(400, msg, word=word, param=param)
