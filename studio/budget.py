"""What a day (UTC) may cost: held before a request leaves, spent when it was billed, free again when it failed.

An amount is held by one conditional UPDATE in the transaction that moves its generation to ``submitting``, so
nothing leaves without it and nothing is held without being on record. The row of the generation is locked before
the row of the day, always, so two writers never wait for each other.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from atlas.language import later, tr
from atlas.prices import dollars
from studio.generations import State
from studio.inserting import insert_into
from studio.schema import budgets, generations

_MICROS = 1_000_000
_UNDER_WAY = [State.QUEUED, State.SUBMITTING, State.RUNNING, State.FETCHING]

COUNTED = later(
    "Counted are the images that this studio asked Atlas Cloud for since 00:00 UTC: what was billed, what is held for "
    "those under way, and the estimate where it is not clear whether it was charged. Help with prompts is not "
    "counted, nor what other programs do with the same key."
)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """One day in USD: ``spent`` was or may have been charged, ``held`` is for what is under way."""

    day: date
    cap: Decimal | None
    spent: Decimal
    held: Decimal

    @property
    def left(self) -> Decimal | None:
        """What may still be asked for; None without a cap."""
        return None if self.cap is None else max(Decimal(0), self.cap - self.spent - self.held)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """What one request is expected to cost, in USD, and the cap it must fit below, if there is one.

    Without a cap the amount may be unknown; then only what is billed is counted.
    """

    amount: Decimal | None
    cap: Decimal | None

    def __post_init__(self) -> None:
        if self.amount is None and self.cap is not None:
            raise ValueError(tr("what nobody can price cannot be kept below a cap"))


class OverBudget(Exception):
    """The day's budget has no room for a request, and nothing was changed; the text is for the person."""

    def __init__(self, budget: Budget, amount: Decimal) -> None:
        super().__init__(
            tr(
                "The budget of {value} for today (UTC) has no room for this image, which is "
                "expected to cost {amount}: {spent} is spent and {held} is held "
                "for images under way. Nothing was sent. Raise STUDIO_DAILY_BUDGET_USD and restart the app, or press "
                "Retry after 00:00 UTC."
            ).format(
                value=dollars(budget.cap or Decimal(0)),
                amount=dollars(amount),
                spent=dollars(budget.spent),
                held=dollars(budget.held),
            )
        )


def hold(connection: Connection, generation_id: str, wanted: Hold, *, now: int) -> None:
    """Take an amount out of today's budget, within the caller's transaction. Raises OverBudget: then roll back."""
    day = day_of(now)
    amount = micros(wanted.amount or Decimal(0))
    empty = {"day": day.isoformat(), "held_micros": 0, "spent_micros": 0}
    connection.execute(insert_into(connection, budgets).values(empty).on_conflict_do_nothing())
    taken = update(budgets).where(budgets.c.day == day.isoformat())
    if wanted.cap is not None and amount:
        taken = taken.where(budgets.c.held_micros + budgets.c.spent_micros + amount <= int(wanted.cap * _MICROS))
    if not connection.execute(taken.values(held_micros=budgets.c.held_micros + amount)).rowcount:
        raise OverBudget(read(connection, day, cap=wanted.cap), usd(amount))
    expected = None if wanted.amount is None else amount
    connection.execute(
        update(generations)
        .where(generations.c.id == generation_id)
        .values(
            held_micros=amount,
            held_on=day.isoformat(),
            estimate_micros=func.coalesce(generations.c.estimate_micros, expected),
        )
    )


def settle(connection: Connection, generation_id: str, *, spent: int | None) -> None:
    """Turn what is held into ``spent`` micro-dollars, or into as much as was held where that is None; once only."""
    ours = (generations.c.id == generation_id, generations.c.held_micros.is_not(None))
    query = select(generations.c.held_micros, generations.c.held_on).where(*ours).with_for_update()
    held = connection.execute(query).one_or_none()
    freed = update(generations).where(*ours).values(held_micros=None, held_on=None)
    if held is None or not connection.execute(freed).rowcount:
        return
    connection.execute(
        update(budgets)
        .where(budgets.c.day == held.held_on)
        .values(
            held_micros=budgets.c.held_micros - held.held_micros,
            spent_micros=budgets.c.spent_micros + (held.held_micros if spent is None else spent),
        )
    )


def read(connection: Connection, day: date, *, cap: Decimal | None) -> Budget:
    """A day as it stands. What is held for a generation that ended unclear counts as spent until it is resolved."""
    under_way = _under_way(day)
    query = select(budgets.c.spent_micros, budgets.c.held_micros, under_way).where(budgets.c.day == day.isoformat())
    found = connection.execute(query).one_or_none()
    spent, held, moving = (int(part) for part in found) if found else (0, 0, 0)
    return Budget(day=day, cap=cap, spent=usd(spent + held - moving), held=usd(moving))


def _under_way(day: date) -> Any:
    # Written out, not bound: only then may SQLite use the partial index of what is in flight.
    states: Any = bindparam("under_way", _UNDER_WAY, expanding=True, literal_execute=True)
    held = select(func.coalesce(func.sum(generations.c.held_micros), 0))
    return held.where(generations.c.state.in_(states), generations.c.held_on == day.isoformat()).scalar_subquery()


def day_of(now: int) -> date:
    """The day in UTC of these epoch milliseconds."""
    return datetime.fromtimestamp(now / 1000, UTC).date()


def micros(amount: Decimal) -> int:
    """Micro-dollars, rounded up. Raises ValueError for what is no amount that can be charged."""
    if not amount.is_finite() or amount < 0:
        raise ValueError(tr("{amount} is no amount that can be charged.").format(amount=amount))
    return int((amount * _MICROS).to_integral_value(ROUND_CEILING))


def usd(amount: int) -> Decimal:
    return Decimal(amount) / _MICROS
