"""The money: reserved when a job is accepted, released or settled when it ends (atlas-api.md section 10)."""

from collections.abc import Callable
from decimal import Decimal

from atlas.simulator.jobs import Job
from atlas.simulator.ledger import Ledger
from atlas.simulator.orders import Order
from atlas.simulator.replies import Refusal


class Account:
    """The one account that all keys spend from, in USD. Used from the event loop, but for ``credit``.

    What the journal remembers is paid out of the same ``credit``, so a restart changes nothing for 14 days.
    """

    def __init__(self, *, ledger: Ledger, clock: Callable[[], float], credit: Decimal) -> None:
        self.credit = credit
        self._clock = clock
        self._spent = Decimal(0)
        self._open: dict[str, Job] = {job.id: job for job in ledger.accepted()}

    def demand(self, order: Order) -> None:
        """Raises Refusal where the order costs more than is available."""
        if Decimal(order.price or 0) > self.available():
            raise Refusal(402, "insufficient balance")

    def reserve(self, job: Job) -> None:
        """Sets the price of a job aside."""
        self._open[job.id] = job

    def available(self) -> Decimal:
        """What can be spent now."""
        frozen = self.frozen()
        return self.credit - self._spent - frozen

    def frozen(self) -> Decimal:
        """What is set aside for jobs that have not ended."""
        self._settle()
        return sum((Decimal(job.price or 0) for job in self._open.values()), Decimal(0))

    def _settle(self) -> None:
        now = self._clock()
        for job in [job for job in self._open.values() if job.is_done(now)]:
            del self._open[job.id]
            self._spent += job.charge
