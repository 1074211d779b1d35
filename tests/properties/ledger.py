"""A model of the store, and steps that processes take on both at once: they lose leases, get late answers, and die."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from atlas import Prediction, Status
from studio.budget import Hold, OverBudget
from studio.generations import AT_PROVIDER, Generation, Slot, State
from studio.settings import LONGEST_LEASE_S
from studio.store import Store
from tests.conftest import REQUEST
from tests.studio.shelves import PICTURE

_UNDER_WAY: Final = AT_PROVIDER | {State.QUEUED}
_LONG, _OVER = float(LONGEST_LEASE_S), -3600.0  # seconds of a lease
_PLACES: Final = 3  # generations, few so that much happens to each
_HOLDER: Final = _PLACES
_MAY_END: Final = {
    State.FAILED: {State.QUEUED, State.SUBMITTING, State.RUNNING, State.FETCHING},
    State.UNKNOWN: {State.SUBMITTING, State.RUNNING},
    State.STALLED: {State.RUNNING, State.FETCHING},
}
_numbers = itertools.count()


@dataclass(frozen=True, kw_only=True)
class Step:
    """What is tried: by process ``who`` of three, or by whoever holds it from 3 on, with generation ``which``."""

    what: str
    who: int
    which: int
    amount: int | None  # micro-dollars, as are all amounts here
    flag: bool


@dataclass(kw_only=True)
class Row:
    """What must be in the database of one generation."""

    seen: Generation  # as it was when it was queued
    state: State = State.QUEUED
    holder: str | None = None
    is_over: bool = False  # the lease
    prediction: str | None = None
    held: int | None = None
    estimate: int | None = None
    queued: int = 1  # times
    posts: int = 0
    waiting: list[str] = field(default_factory=list)  # who has sent it and has no answer

    @property
    def is_leased(self) -> bool:
        return self.holder is not None and not self.is_over

    def end(self, state: State) -> None:
        self.state, self.holder, self.is_over = state, None, False


class Ledger:
    """Every step is done to the store and to the model, and what the store says about it must be right."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.spent = 0
        self.provider = f"provider-{next(_numbers)}"  # what was there before is not in the way
        self.processes = [f"{self.provider}-{name}" for name in "abc"]
        self.before = store.budget(cap=None)
        self.rows = [self._queued(number) for number in range(1, _PLACES + 1)]

    def take(self, step: Step) -> None:
        STEPS[step.what](self, step)

    def check(self) -> None:
        """Everything at the end."""
        now = self.store.budget(cap=None)
        under_way = sum(row.held or 0 for row in self.rows if row.state in _UNDER_WAY)
        unclear = sum(row.held or 0 for row in self.rows) - under_way
        assert now.held - self.before.held == _usd(under_way)
        assert now.spent - self.before.spent == _usd(self.spent + unclear)
        for row in self.rows:
            found = self.store.get(row.seen.id)
            assert (found.state, found.prediction_id) == (row.state, row.prediction)
            assert bool(found.ended) == row.state.is_terminal
            assert bool(found.problem) or row.state not in {State.FAILED, State.UNKNOWN, State.STALLED}
            assert len(found.pictures) == (row.state is State.COMPLETED)

    def go_on(self, step: Step) -> None:
        """What may usually come next, which chance alone would seldom find; with a flag what goes wrong there."""
        row = self.rows[step.which]
        own = replace(step, who=_HOLDER, flag=False)
        if row.state is State.SUBMITTING and row.holder and step.flag:
            self._settle(own, State.UNKNOWN)
        elif row.state is State.UNKNOWN and step.flag:
            self.say_it_was_free(own)
        elif row.waiting and row.state in {State.SUBMITTING, State.UNKNOWN, State.FAILED}:
            self.answer(own)
        elif row.state is State.STALLED:
            self.check_again(own)
        elif not row.is_leased:
            self.claim(step)
        elif row.state is State.QUEUED:
            self.send(own)
        elif row.state is State.RUNNING and step.flag:  # who gave up may not know of a late answer
            self._settle(own, State.UNKNOWN if step.amount is None else State.STALLED)
        elif row.state is State.RUNNING:
            self.fetch(own)
        elif row.state is State.FETCHING:
            self.complete(own)

    def claim(self, step: Step) -> None:
        owner, at_once = self.processes[step.who % 3], 1 + step.which
        carried = {row.seen.id for row in self.rows if row.holder == owner}
        left = [row for row in self.rows if row.state in _UNDER_WAY and not row.is_leased]
        free = [row for row in left if row.seen.id not in carried]
        busy = [row for row in self.rows if row.state in AT_PROVIDER or (row.state is State.QUEUED and row.is_leased)]
        if len(busy) >= at_once:
            free = [row for row in free if row.state is not State.QUEUED]
        due = min(free, key=lambda row: (row.state is State.QUEUED, row.seen.id), default=None)

        given = self.store.claim(owner, provider=self.provider, lease_s=_LONG, max_in_flight=at_once, carried=carried)

        assert (given.id if given else None) == (due.seen.id if due else None)
        if due:
            due.holder, due.is_over = owner, False

    def renew(self, step: Step) -> None:
        """For long, or until before now: that lease has run out."""
        row, owner = self._work(step)
        self.store.renew(owner, [row.seen.id], lease_s=_OVER if step.flag else _LONG)
        row.is_over = step.flag if row.holder == owner else row.is_over

    def release(self, step: Step) -> None:
        row, owner = self._work(step)
        self.store.release(owner, row.seen.id)
        if row.holder == owner:
            row.holder, row.is_over = None, False

    def die(self, step: Step) -> None:
        """No answer to what it sent is ever read, and its leases run out."""
        owner = self.processes[step.who % 3]
        self.store.renew(owner, [row.seen.id for row in self.rows], lease_s=_OVER)
        for row in self.rows:
            row.is_over = row.is_over or row.holder == owner
            row.waiting = [name for name in row.waiting if name != owner]
        self.processes[step.who % 3] = f"{owner}'"

    def send(self, step: Step) -> None:
        """With a flag below a cap that just leaves room for 2 USD."""
        row, owner = self._work(step)
        is_allowed = row.holder == owner and row.state is State.QUEUED
        cap = None
        if step.flag and step.amount is not None:
            budget = self.store.budget(cap=None)
            cap = budget.spent + budget.held + 2
        hold = Hold(amount=None if step.amount is None else _usd(step.amount), cap=cap)
        try:
            moved = self.store.submitting(row.seen, owner, hold=hold)
        except OverBudget:
            moved = False
            is_allowed = is_allowed and not (step.flag and (step.amount or 0) > 2_000_000)
        assert moved is is_allowed
        if moved:
            row.state, row.held, row.posts = State.SUBMITTING, step.amount or 0, row.posts + 1
            row.estimate = step.amount if row.estimate is None else row.estimate
            row.waiting.append(owner)
            assert row.posts <= row.queued, "it was sent twice"

    def answer(self, step: Step) -> None:
        """To whoever sent it, however late, whoever holds it now; it may be written down twice."""
        row = self._sent(step)
        if row is None:
            return
        row.waiting.pop()
        answer = Prediction(id=f"{row.seen.id}-{row.posts}", status=Status.WAITING, request_id="r")
        for _ in range(1 + step.flag):
            assert self.store.accept(row.seen, answer)
        if row.prediction is None and row.state is State.FAILED:
            row.held = row.estimate or 0
        if row.prediction is None and row.state in {State.SUBMITTING, State.UNKNOWN, State.FAILED}:
            row.state = State.RUNNING
        row.prediction = row.prediction or answer.id

    def answer_of_another(self, step: Step) -> None:
        row, other = self.rows[step.which], self.rows[step.who % _PLACES]
        if row is not other and other.prediction and not row.prediction:
            assert not self.store.accept(row.seen, Prediction(id=other.prediction, status=Status.WAITING))

    def refusal(self, step: Step) -> None:
        """To whoever sent it: nothing was accepted, so it goes back into the queue or has failed."""
        row = self._sent(step)
        if row is None:
            return
        owner = row.waiting.pop()
        if step.flag:
            moved = self.store.settle(row.seen, owner, State.FAILED, "refused")
        else:
            moved = self.store.requeue(row.seen, owner, reason="slower")
        assert moved is (row.holder == owner)
        if moved:
            row.end(State.FAILED if step.flag else State.QUEUED)
            row.held, row.queued = None, row.queued + (not step.flag)

    def fetch(self, step: Step) -> None:
        row, owner = self._work(step)
        if row.state in {State.RUNNING, State.FETCHING}:
            assert self.store.fetching(row.seen, owner) is (row.holder == owner)
            row.state = State.FETCHING if row.holder == owner else row.state

    def complete(self, step: Step) -> None:
        row, owner = self._work(step)
        if row.holder == owner and row.state is not State.FETCHING:
            return
        made = Prediction(id="x", status=Status.SUCCEEDED, price=None if step.amount is None else _usd(step.amount))
        moved = self.store.complete(row.seen, owner, [PICTURE], made)
        assert moved is (row.holder == owner)
        if moved:
            self._pay(row, step.amount)
            row.end(State.COMPLETED)

    def settle(self, step: Step) -> None:
        self._settle(step, list(_MAY_END)[(step.amount or 0) % 3])

    def _settle(self, step: Step, state: State) -> None:
        row, owner = self._work(step)
        if row.holder == owner and row.state not in _MAY_END[state]:
            return
        moved = self.store.settle(row.seen, owner, state, "for a reason", spent=None if step.flag else 0)
        assert moved is (row.holder == owner and not (state is State.UNKNOWN and row.prediction is not None))
        if moved:
            if state is State.FAILED:
                self._pay(row, None if step.flag else 0)
            row.end(state)

    def check_again(self, step: Step) -> None:
        row = self.rows[step.which]
        assert self.store.resume(row.seen.id) is (row.state is State.STALLED)
        row.state = State.RUNNING if row.state is State.STALLED else row.state

    def say_it_was_free(self, step: Step) -> None:
        row = self.rows[step.which]
        is_lost = row.state is State.UNKNOWN and row.prediction is None
        assert self.store.not_charged(row.seen.id, words="it was not charged") is is_lost
        if is_lost:
            row.state, row.held = State.FAILED, None

    def _queued(self, number: int) -> Row:
        slot = Slot(run=self.provider, number=number)
        seen = self.store.add(REQUEST, slot, provider=self.provider)
        assert self.store.add(REQUEST, slot, provider=self.provider).id == seen.id, "pressed twice"
        return Row(seen=seen)

    def _work(self, step: Step) -> tuple[Row, str]:
        """A row and who tries something with it."""
        row = self.rows[step.which]
        return row, self.processes[step.who] if step.who < _HOLDER else row.holder or self.processes[0]

    def _sent(self, step: Step) -> Row | None:
        row = self.rows[step.which]
        return row if row.waiting else next((row for row in self.rows if row.waiting), None)

    def _pay(self, row: Row, amount: int | None) -> None:
        """Only what is held can be paid for."""
        if row.held is not None:
            self.spent += row.held if amount is None else amount
        row.held = None


STEPS: Final[dict[str, Callable[[Ledger, Step], None]]] = {
    step.__name__: step
    for step in (
        Ledger.go_on,
        Ledger.claim,
        Ledger.renew,
        Ledger.release,
        Ledger.die,
        Ledger.send,
        Ledger.answer,
        Ledger.answer_of_another,
        Ledger.refusal,
        Ledger.fetch,
        Ledger.complete,
        Ledger.settle,
        Ledger.check_again,
        Ledger.say_it_was_free,
    )
}


def _usd(micros: int) -> Decimal:
    return Decimal(micros) / 1_000_000
