"""The durable queue: submit once, poll, fetch, keep. One per process.

queued → submitting → running → fetching → completed | failed | unknown | stalled

A process may be killed anywhere; the next one takes up what is left. What was being submitted
then is never sent again: it is looked for at the provider, and ``unknown`` where it is not found.
One thread hands work out and keeps its leases, one thread per generation carries it to its end.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from atlas.errors import NotFound, UnexpectedReply
from atlas.language import tr
from atlas.models import ImageRequest, usable_id
from studio import lookup
from studio.budget import Budget
from studio.generations import SIMULATOR, Generation, Slot, State, new_id
from studio.images import ImageFiles
from studio.journey import NOT_CHARGED, Journey, Provider, Surroundings
from studio.logbook import Logbook
from studio.lookup import Sighting
from studio.pace import UNHURRIED, Experience, Pace
from studio.people import EVERYBODY, Person
from studio.references import References
from studio.store import Store

log = logging.getLogger(__name__)

DRAIN_S = 20.0  # what is under way at a stop may take so long to come to a good end
ANSWER_S = 200.0  # longer than the client waits for any answer to a submit
_SAID_EVERY_S, _TO_RECORD_S = 5.0, 5.0
_WAITING_KEPT_S = 0.4
_IDLE_S = 2.0  # how often to look for work that other processes left


class Engine:
    """Carries generations to their end, at most ``max_in_flight`` at the provider at once.

    ``daily_budget`` is in USD, for images made from 00:00 to 24:00 UTC by everybody on this database; the simulator's
    cost nothing. A submit whose answer was lost is looked for at the provider for ``look_up_s``. ``clock`` (epoch
    seconds) tells how old the address of an uploaded picture is. ``not_served`` is told the model of a submit that was
    answered with “not found”, by the thread that carried it; that thread calls ``ended`` when it carries no further.
    """

    def __init__(
        self,
        store: Store,
        files: ImageFiles,
        client: Provider,
        *,
        provider: str,
        max_in_flight: int = 4,
        wait_limit_s: float = 600,
        lease_s: float = 15,
        look_up_s: float = 60,
        pace: Pace = UNHURRIED,
        daily_budget: Decimal | None = None,
        clock: Callable[[], float] = time.time,
        not_served: Callable[[str], None] = lambda _model: None,
        ended: Callable[[], None] = lambda: None,
        logbook: Logbook | None = None,
    ) -> None:
        self.provider = provider
        self._daily_budget = None if provider == SIMULATOR else daily_budget
        self._store = store
        self._max_in_flight = max_in_flight
        self._lease_s = lease_s
        self._held: dict[str, Generation] = {}
        self._pauses = _Pauses(pace)
        self._experience = Experience()
        self._waiting_seen: tuple[float, dict[str, Generation]] = (float("-inf"), {})
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._ended = ended
        self._stopping = threading.Event()
        self._around = Surroundings(
            store=store,
            files=files,
            client=client,
            logbook=logbook or Logbook(),
            references=References(files, client.upload, clock=clock),
            daily_budget=self._daily_budget,
            owner=f"{socket.gethostname()}:{os.getpid()}:{new_id()}",
            pace=pace,
            experience=self._experience,
            wait_limit_s=wait_limit_s,
            look_up_s=look_up_s,
            stopped=self._stopping.wait,
            changed=self._remember,
            turned_away=self._pauses.add,
            not_served=not_served,
        )
        self._dispatcher = threading.Thread(target=self._dispatch, name="engine", daemon=False)

    def start(self) -> None:
        """Begin with what an earlier process left unfinished."""
        self._dispatcher.start()

    @property
    def is_working(self) -> bool:
        """Work is handed out."""
        return self._dispatcher.is_alive() and not self._stopping.is_set()

    def drain(self, *, limit_s: float = DRAIN_S) -> list[Generation]:
        """Finish every step that is under way, begin no other, and give the rest back for the next process.

        After ``limit_s`` seconds only answers to submits are waited for, because they may have been paid for, and
        ``ANSWER_S`` at most. What is carried then still is returned: the next process takes it up by itself.
        """
        self._stopping.set()
        self._news.set()
        began, patience, said = time.monotonic(), limit_s, 0.0
        while self._dispatcher.is_alive():
            waited = time.monotonic() - began
            with self._lock:
                left = list(self._held.values())
            unanswered = [generation for generation in left if generation.state is State.SUBMITTING]
            if unanswered:
                patience = min(max(patience, waited + _TO_RECORD_S), ANSWER_S)
            if waited > patience:
                return left
            if left and waited >= said:
                said += _SAID_EVERY_S
                log.info("stopping: waiting for %s", _in_words(left, unanswered, limit_s))
            self._dispatcher.join(0.05)
        return []

    def submit(
        self, request: ImageRequest, *, key: str, estimate: Decimal | None = None, viewer: Person = EVERYBODY
    ) -> Generation:
        """Queue a request under the key of its slot; the same key again is the same generation.

        ``estimate`` is what it is expected to cost, in USD: as much is held of the daily budget.
        Raises ValueError when the request or the estimate has a problem, NotAllowed for a ``viewer`` who only votes.
        """
        if request.problem:
            raise ValueError(request.problem)
        store = self._store.seen_by(viewer)
        generation = store.add(request, Slot.parse(key), provider=self.provider, estimate=estimate)
        self._news.set()
        return generation

    def look(self) -> None:
        """Look for work at once: somebody queued some in the store."""
        self._news.set()

    def prediction(self, generation_id: str, /) -> Generation:
        """The generation as it stands: from memory while it is carried here or waits, else from the store.

        Raises KeyError when there is none.
        """
        with self._lock:
            held = self._held.get(generation_id)
        return held or self._waiting().get(generation_id) or self._store.get(generation_id)

    def in_flight(self) -> list[Generation]:
        """All that is unfinished at this provider, whoever carries it, oldest first."""
        return self._store.in_flight(provider=self.provider)

    def retry(self, generation: Generation) -> Generation:
        """Another attempt at the same slot; pressing twice is one attempt."""
        slot = replace(generation.slot, attempt=generation.slot.attempt + 1)
        return self.submit(generation.request, key=slot.key, estimate=generation.estimate)

    def check_again(self, generation: Generation) -> Generation:
        """Ask once more about a generation that stalled; it is never submitted again."""
        self._store.resume(generation.id)
        self._news.set()
        return self._store.get(generation.id)

    def sighting(self, generation: Generation) -> Sighting:
        """What the provider's list holds that could be this lost submit; asks the provider, for nothing.

        Raises Unreachable, Refused, UnexpectedReply when the list cannot be had.
        """
        return lookup.look(generation, store=self._store, client=self._around.client)

    def link(self, generation: Generation, prediction_id: str) -> Generation:
        """A person says which job of the provider a lost submit became: it is followed to its end.

        Asks the provider whether there is such a job. Raises Unreachable, Refused, and ValueError, as a sentence, when
        there is none or it belongs to another generation.
        """
        try:
            prediction = self._around.client.prediction(usable_id(prediction_id))
        except (NotFound, UnexpectedReply):
            raise ValueError(
                tr("Atlas Cloud knows no request with this number. Copy it from your Atlas Cloud console.")
            ) from None
        if not self._store.accept(generation, prediction):
            raise ValueError(tr("Another image here has this number already. Choose a different one."))
        self._news.set()
        return self._store.get(generation.id)

    def not_charged(self, generation: Generation) -> Generation:
        """A person knows that a lost submit cost nothing: it has failed, and what was held for it is free."""
        self._store.not_charged(generation.id, words=NOT_CHARGED)
        return self._store.get(generation.id)

    def budget(self) -> Budget | None:
        """What was spent and is held today; None where images cost nothing."""
        return None if self.provider == SIMULATOR else self._store.budget(cap=self._daily_budget)

    def usual_seconds(self, request: ImageRequest) -> float | None:
        """The median of what earlier ones like it took; None when there are none."""
        return UNHURRIED.learned(self._store.durations(request, provider=self.provider)).usual

    def _waiting(self) -> dict[str, Generation]:
        """All that waits, read at most a few times a second however many tabs ask for however much."""
        read_at, waiting = self._waiting_seen
        if time.monotonic() - read_at > _WAITING_KEPT_S:
            queued = (generation for generation in self.in_flight() if generation.state is State.QUEUED)
            waiting = {generation.id: generation for generation in queued}
            self._waiting_seen = time.monotonic(), waiting
        return waiting

    def _dispatch(self) -> None:
        """Until the engine stops and nothing is carried any more; leases are kept to the last moment."""
        renewed = 0.0
        while not (self._stopping.is_set() and not self._carried()):
            if not threading.main_thread().is_alive():
                self._stopping.set()
            try:
                carried = self._carried()
                if carried and time.monotonic() - renewed > self._lease_s / 4:
                    self._store.renew(self._around.owner, carried, lease_s=self._lease_s)
                    renewed = time.monotonic()
                while self._hand_out():
                    pass
            except Exception:
                log.exception("the queue cannot be read at the moment; trying again")
            self._news.wait(min(_IDLE_S, self._lease_s / 4))
            self._news.clear()

    def _hand_out(self) -> bool:
        """Carry one more generation, when there is one; false when there is none or no place for it."""
        if self._stopping.is_set() or len(self._carried()) >= self._max_in_flight:
            return False
        generation = self._store.claim(
            self._around.owner,
            provider=self.provider,
            lease_s=self._lease_s,
            max_in_flight=self._max_in_flight,
            paused=self._pauses.models(),
            carried=self._carried(),
        )
        if generation is None:
            return False
        self._remember(generation)
        threading.Thread(target=self._carry, args=(generation,), name=generation.id, daemon=False).start()
        return True

    def _carry(self, generation: Generation) -> None:
        try:
            Journey(generation, self._around).go()
        except Exception:
            log.exception("generation %s is left to whoever claims it next", generation.id)
        finally:
            with self._lock:
                self._held.pop(generation.id, None)
            self._news.set()
            self._ended()

    def _remember(self, generation: Generation) -> None:
        with self._lock:
            self._held[generation.id] = generation

    def _carried(self) -> list[str]:
        with self._lock:
            return list(self._held)


def _in_words(left: Sequence[Generation], unanswered: Sequence[Generation], limit_s: float) -> str:
    answers = f"{len(unanswered)} answers to submits, {ANSWER_S:.0f} s at most"
    others = f"{len(left) - len(unanswered)} other steps, {limit_s:.0f} s at most"
    return f"{answers}, and {others}" if unanswered else others


class _Pauses:
    """Models for which the provider asked us to slow down, and until when."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._until: dict[str, float] = {}
        self._refusals: dict[str, int] = {}

    def add(self, model: str) -> None:
        """Called by several threads; a lost count only makes one pause shorter."""
        recent = time.monotonic() - self._until.get(model, 0) < self._pace.ceiling
        self._refusals[model] = self._refusals.get(model, 0) + 1 if recent else 1
        self._until[model] = time.monotonic() + self._pace.after_trouble(self._refusals[model])

    def models(self) -> list[str]:
        return [model for model, until in list(self._until.items()) if until > time.monotonic()]
