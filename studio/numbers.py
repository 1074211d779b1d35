"""What was made and what it cost, per model and day; the sums are those of the ledger, bin and all."""

import math
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Engine, func, select

from studio.generations import State
from studio.people import Viewed
from studio.schema import generations, pictures
from studio.search import known_zone

if TYPE_CHECKING:
    import pandas as pd  # imported where it is used: half a second that most visits need not wait for

_MICROS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Line:
    """The ledger of one model, or of one model on one day.

    ``success`` is the share of completed among completed and failed, None when there are neither; ``median`` and
    ``p95`` are seconds from sent to stored, over completed generations; ``spent`` is USD where the price is known,
    and ``unpriced`` counts the completed ones where it is not.
    """

    model: str
    provider: str
    day: date | None = None
    images: int
    completed: int
    failed: int
    open: int  # under way, stalled or unknown
    spent: Decimal
    unpriced: int
    success: float | None
    median: float | None
    p95: float | None


class Ledger(Viewed):
    """Sums over everything that the viewer ever asked for, what is in the bin or swept included: it was paid for."""

    def __init__(self, engine: Engine) -> None:
        self._reading = engine.execution_options(reads_only=True)

    def by_model(self) -> list[Line]:
        """One line per provider and model, the most images first."""
        lines = _lines(self._frame("UTC"), ["provider", "model"])
        return sorted(lines, key=lambda line: (-line.images, line.model, line.provider))

    def by_day(self, *, zone: str, weekly: bool = False) -> list[Line]:
        """One line per day of this time zone, or week from Monday on, provider and model, the first first."""
        frame = self._frame(zone)
        if weekly:
            import pandas as pd

            frame["day"] -= pd.to_timedelta(frame["day"].dt.dayofweek, unit="D")
        return _lines(frame, ["day", "provider", "model"])

    def days(self) -> int:
        """Between the first and the last generation."""
        ends = select(func.max(generations.c.created) - func.min(generations.c.created)).where(self._own)
        with self._reading.connect() as connection:
            return (connection.execute(ends).scalar() or 0) // 86_400_000

    @property
    def _own(self) -> ColumnElement[bool]:
        return self._viewer.sees(generations)

    def _frame(self, zone: str) -> "pd.DataFrame":
        """One row per generation, with the day it was asked for and the number of its images."""
        import pandas as pd

        names = ("id", "provider", "model", "state", "created", "submitted", "ended", "price_micros")
        several = select(pictures.c.generation, func.count()).group_by(pictures.c.generation).having(func.count() > 1)
        with self._reading.connect() as connection:
            rows = connection.execute(select(*(generations.c[name] for name in names)).where(self._own)).all()
            images = dict(map(tuple, connection.execute(several)))
        frame = pd.DataFrame(dict(zip(names, zip(*rows, strict=True), strict=False)), columns=names).astype(
            dict.fromkeys(names[4:], "float64")
        )
        moments = pd.to_datetime(frame["created"], unit="ms", utc=True)
        frame["day"] = moments.dt.tz_convert(known_zone(zone)).dt.tz_localize(None).dt.normalize()
        done, priced = frame["state"] == State.COMPLETED, frame["price_micros"].notna()
        frame["took"] = ((frame["ended"] - frame["submitted"]) / 1000).where(done)
        frame["completed"], frame["failed"] = done, frame["state"] == State.FAILED
        frame["unpriced"] = done & ~priced
        # One image each, also where it was swept; the few that have more are counted.
        frame["images"] = done.astype(int) + frame["id"].map(images).fillna(1).astype(int) - 1
        return frame


def _lines(frame: "pd.DataFrame", keys: list[str]) -> list[Line]:
    groups = frame.groupby(keys)
    sums = groups[["images", "completed", "failed", "unpriced", "price_micros"]].sum()
    sums["asked"] = groups.size()
    sums["median"], sums["p95"] = (groups["took"].quantile(share) for share in (0.5, 0.95))
    return [_line(row) for row in sums.reset_index().to_dict("records")]


def _line(row: dict[str, Any]) -> Line:
    completed, failed = int(row["completed"]), int(row["failed"])
    return Line(
        model=row["model"],
        provider=row["provider"],
        day=row["day"].date() if "day" in row else None,
        images=int(row["images"]),
        completed=completed,
        failed=failed,
        open=int(row["asked"]) - completed - failed,
        spent=Decimal(int(row["price_micros"])) / _MICROS,
        unpriced=int(row["unpriced"]),
        success=completed / (completed + failed) if completed + failed else None,
        median=_known(row["median"]),
        p95=_known(row["p95"]),
    )


def _known(seconds: float) -> float | None:
    return None if math.isnan(seconds) else float(seconds)
