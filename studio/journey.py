"""The way of one generation from the queue to its end, walked by one thread.

Every step is on record before the next begins: the row before the POST, the provider's id before
anything else, the file before its row.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, BinaryIO, NoReturn, Protocol

from sqlalchemy.exc import SQLAlchemyError

from atlas.errors import (
    AtlasError,
    Blocked,
    Interrupted,
    InvalidRequest,
    NotFetched,
    NotFound,
    NotSent,
    NotUploaded,
    OutcomeUnknown,
    RateLimited,
    Refused,
    UnexpectedReply,
    Unreachable,
)
from atlas.language import later
from atlas.models import ImageRequest, Prediction, Status
from atlas.past import HistoryPage, PastRun
from atlas.prices import Estimate
from atlas.uploading import Upload
from studio import logs, lookup
from studio.budget import Hold, OverBudget
from studio.database import DatabaseProblem, answering
from studio.generations import SIMULATOR, Generation, State
from studio.images import ImageFiles, NotAnImage
from studio.logbook import Logbook
from studio.pace import Experience, Pace
from studio.references import Missing, References, addressed, hashes
from studio.store import Store, encoded

log = logging.getLogger(__name__)

ROOM_NEEDED = 500_000_000  # bytes free on the disk before money is spent
GRACE_S = 30.0  # a fresh job may be unknown to the provider for a moment (atlas-api.md §4.5)
_MISSING_LOOKS = 4  # "not found" this often in a row, before it counts
_EMPTY_LOOKS = 5  # ended well and shows no image this often in a row, before there is none
_OUTPUT_LIMIT = 16
_FETCH_TRIES = 4

CUT_OFF = later(
    "The app stopped while this was being sent, so it may be running at Atlas Cloud and may have been charged."
)
NO_ANSWER = later("It was sent but no clear answer came back, so it may be running and may have been charged.")
SEEKING = later("The answer was lost; looking in the list that Atlas Cloud keeps of your requests")
NOT_LISTED = later(
    "The list that Atlas Cloud keeps of your requests does not show it, so very probably it was not made and not "
    "charged. You decide what it is."
)
SEVERAL = later(
    "Atlas Cloud lists {count} requests that could be this one. Press Link it to choose, or decide otherwise."
)
NOT_CHARGED = later("Its answer was lost, and you found that it was not charged. Press Retry to make it anew.")
NO_LIST = later(
    "Atlas Cloud's list of your requests cannot be read at the moment, so it is not known. Look at your Atlas Cloud "
    "console before you decide."
)
STILL_WORKING = later("Atlas Cloud is still working on this after {minutes:.0f} min. Press Check again to wait longer.")
NO_ROOM = later("The disk is nearly full, so nothing was sent. Free at least 500 MB, then press Retry.")
NOT_SAVED = later("The image was made but could not be saved here. Make room on the disk, then press Check again.")
NOT_AN_IMAGE = later("Atlas Cloud sent something that is no usable image: {reason}. Press Check again.")
FORGOTTEN = later(
    "Atlas Cloud no longer knows this request; it keeps results for 14 days at most. "
    "If it was charged, your Atlas Cloud history shows it. Press Retry to make it anew."
)
NOT_TOLD = later(
    "Atlas Cloud accepted this and may have charged it, but does not tell how it stands: “{said}”. "
    "Look after the key and the account, then press Check again."
)
NOT_OURS = later(
    "Atlas Cloud answered with the number of another request, so this one may be running and may have been charged."
)
NOT_UPLOADED = later(
    "A reference picture could not be uploaded, so nothing was sent yet. It is tried again by itself ({said})."
)
UPLOADED_ANEW = later("Atlas Cloud may no longer have the reference pictures; they are uploaded once more.")
NOT_PRICED = later(
    "There is a daily budget, and Atlas Cloud does not say at the moment what this costs, so nothing was sent yet. "
    "It is asked again by itself ({said})."
)
NO_PRICE = later(
    "There is a daily budget, and Atlas Cloud names no price for this, so nothing was sent. Choose another model or "
    "other settings, or unset STUDIO_DAILY_BUDGET_USD and restart the app. It says: “{said}”."
)
UNEXPECTED = later("Something went wrong inside this program; its log says what. Nothing is sent again by itself.")


class Provider(Protocol):
    """The calls of AtlasClient that a journey makes."""

    def submit(self, request: ImageRequest, *, key: str) -> Prediction: ...
    def prediction(self, prediction_id: str, /) -> Prediction: ...
    def download(self, output: str, /) -> bytes: ...
    def calculate(self, request: ImageRequest, /) -> Estimate: ...
    def upload(self, file: BinaryIO, /) -> Upload: ...
    def history(self, *, page: int = 1, size: int = 20, model: str = "") -> HistoryPage: ...


class Halt(Exception):
    """This journey goes no further now: it has ended, the engine stops, or the lease was lost."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What every journey of one engine shares."""

    store: Store
    files: ImageFiles
    client: Provider
    logbook: Logbook
    references: References
    daily_budget: Decimal | None  # USD
    owner: str
    pace: Pace
    experience: Experience
    wait_limit_s: float
    look_up_s: float
    stopped: Callable[[float], bool]  # waits that many seconds; true as soon as the engine stops
    changed: Callable[[Generation], None]
    turned_away: Callable[[str], None]  # told the model for which the provider asks us to slow down
    not_served: Callable[[str], None]  # told the model that the provider lists and does not know


class Journey:
    """One leased generation on its way."""

    def __init__(self, generation: Generation, around: Surroundings) -> None:
        self._generation = generation
        self._around = around
        self._store = around.store

    def go(self) -> None:
        """Walk to the end, or until the engine stops; what is left then is for the next process."""
        made = self._generation
        with logs.about(generation=made.id, run=made.slot.run, prediction=made.prediction_id, request=made.request_id):
            try:
                with answering():
                    self._walk()
            except Halt as reason:
                log.debug("no further: %s", reason)
                self._release()
            except DatabaseProblem:  # an outage is a delay: whoever claims it next goes on from what is on record
                log.warning("left as it is until the database answers")
            except Exception:
                log.exception("an error of our own")
                self._give_up()
                self._release()

    def _release(self) -> None:
        """For whoever claims it next; one that is completed holds no lease any more."""
        self._store.release(self._around.owner, self._generation.id)

    def _walk(self) -> None:
        if self._generation.state is State.SUBMITTING:
            self._keep(self._followed(self._sought(CUT_OFF)))
        elif self._generation.state is State.QUEUED:
            self._keep(self._followed(self._submit()))
        else:
            self._keep(self._follow(first_look=0))

    def _submit(self) -> Prediction:
        if self._around.files.free_bytes() < ROOM_NEEDED:
            self._end(State.FAILED, NO_ROOM)
        request = self._addressed()
        hold = self._hold(request)
        self._wait(0)  # nothing is sent by a program that stops
        try:
            self._must_hold(self._store.submitting(self._generation, self._around.owner, hold=hold))
        except OverBudget as refused:
            self._end(State.FAILED, str(refused))
        estimate = hold.amount if hold else self._generation.estimate
        self._became(state=State.SUBMITTING, submitted=_now_ms(), estimate=estimate)
        try:
            prediction = self._sent(request)
        except RateLimited as refused:
            self._later(refused.explanation)
        except (NotSent, Refused) as refused:
            if isinstance(refused, InvalidRequest) and self._forgot_old_addresses():
                self._queue_again(UPLOADED_ANEW)
            if isinstance(refused, NotFound):
                self._around.not_served(self._generation.model)
            self._end(State.FAILED, refused.explanation, refused)
        except OutcomeUnknown as unclear:
            return self._sought(NO_ANSWER, unclear)
        if not self._recorded(prediction):
            return self._sought(NOT_OURS)
        self._became(state=State.RUNNING, prediction_id=prediction.id)
        return prediction

    def _sent(self, request: ImageRequest) -> Prediction:
        self._around.logbook.sent(self._generation)
        try:
            prediction = self._around.client.submit(request, key=self._generation.slot.key)
        except AtlasError as trouble:
            self._around.logbook.answered(trouble)
            raise
        self._around.logbook.answered()
        return prediction

    def _sought(self, reason: str, unclear: AtlasError | None = None) -> Prediction:
        """What became of a submit without an answer, as far as the provider remembers it; nothing is sent again."""
        request_id = unclear.request_id if unclear else None
        owner = self._around.owner
        self._must_hold(self._store.seeking(self._generation, owner, words=SEEKING, request_id=request_id))
        self._became(problem=SEEKING)
        waited, said = 0.0, ""
        for part in lookup.TRIES:
            self._wait(part * self._around.look_up_s - waited)
            waited = part * self._around.look_up_s
            found, said = self._remembered()
            if found:
                return found
        return self._end(State.UNKNOWN, f"{reason} {said}", unclear)

    def _remembered(self) -> tuple[Prediction | None, str]:
        """The lost prediction, else what to tell the person: from a late answer, or from the provider's list."""
        if late := self._store.get(self._generation.id).prediction_id:
            self._became(state=State.RUNNING, prediction_id=late, problem="")
            return Prediction(id=late, status=Status.RUNNING), ""
        try:
            sighting = lookup.look(self._generation, store=self._store, client=self._around.client)
        except (Unreachable, Refused, UnexpectedReply) as trouble:
            log.warning("the history of the provider cannot be read: %s", trouble)
            return None, NO_LIST
        if not sighting.runs:
            return None, NOT_LISTED
        return self._adopted(sighting.runs) if sighting.is_certain else None, SEVERAL.format(count=len(sighting.runs))

    def _adopted(self, runs: Sequence[PastRun]) -> Prediction | None:
        """The first of these, oldest first, that nobody else takes at the same moment."""
        for run in reversed(runs):
            if self._recorded(run.prediction):
                self._became(state=State.RUNNING, prediction_id=run.id, problem="")
                return run.prediction
        return None

    def _addressed(self) -> ImageRequest:
        """The request as it is sent, with its reference pictures at Atlas Cloud."""
        request = self._generation.request
        try:
            addresses = self._around.references.addresses(hashes(request.parameters))
        except Missing as gone:
            self._end(State.FAILED, str(gone))
        except (NotUploaded, UnexpectedReply) as trouble:
            self._later(NOT_UPLOADED.format(said=trouble))
        except RateLimited as refused:
            self._later(refused.explanation)
        except Refused as refused:
            self._end(State.FAILED, refused.explanation, refused)
        return replace(request, parameters=addressed(request.parameters, addresses))

    def _forgot_old_addresses(self) -> bool:
        return self._around.references.forget_old(hashes(self._generation.parameters))

    def _hold(self, request: ImageRequest) -> Hold | None:
        """What is to be held of the day's budget: as estimated, else as billed the last time, else as Atlas reckons."""
        made, cap = self._generation, self._around.daily_budget
        if made.provider == SIMULATOR:
            return None
        amount = made.estimate
        if amount is None:
            amount = self._store.last_price(made.request, provider=made.provider)
        if amount is None and cap is not None:
            amount = self._calculated(request)
        return Hold(amount=amount, cap=cap)

    def _calculated(self, request: ImageRequest) -> Decimal:
        try:
            return self._around.client.calculate(request).price
        except (Unreachable, RateLimited) as trouble:
            self._later(NOT_PRICED.format(said=trouble))
        except (InvalidRequest, UnexpectedReply) as trouble:
            if self._forgot_old_addresses():
                self._queue_again(UPLOADED_ANEW)
            self._end(State.FAILED, NO_PRICE.format(said=trouble), trouble)
        except Refused as refused:
            self._end(State.FAILED, refused.explanation, refused)

    def _recorded(self, prediction: Prediction) -> bool:
        """The id is what was paid for, so it is written down here, and again until the database takes it."""
        self._around.logbook.identified(prediction)
        while True:
            try:
                return self._store.accept(self._generation, prediction)
            except SQLAlchemyError:
                log.exception("the id of what was accepted is not recorded yet")
                self._wait(self._around.pace.first)

    def _followed(self, prediction: Prediction) -> Prediction:
        """To its end, unless it has come to it already."""
        if prediction.is_terminal and not prediction.lacks_outputs:
            return prediction
        return self._follow(first_look=self._pace().next_look(0, 0))

    def _follow(self, *, first_look: float) -> Prediction:
        """Ask until the prediction has ended; trouble on the way only makes the next question later."""
        pace, began, delay = self._pace(), time.monotonic(), first_look
        looks = troubles = missing = empty = 0
        unfinished_at = 0.0
        while True:
            self._wait(delay)
            asked_at = self._elapsed()
            try:
                prediction = self._around.client.prediction(self._generation.prediction_id or "")
            except (Unreachable, RateLimited, Blocked, InvalidRequest) as trouble:
                missing = missing + 1 if isinstance(trouble, InvalidRequest) else 0
                if missing >= _MISSING_LOOKS and self._elapsed() > GRACE_S:
                    self._refuse_to_wait(trouble)
                troubles += 1
                delay = pace.after_trouble(troubles)
            except Refused as refused:
                self._refuse_to_wait(refused)
            else:
                empty = empty + 1 if prediction.lacks_outputs else 0
                if prediction.is_terminal and not 0 < empty < _EMPTY_LOOKS:
                    self._learn(prediction, unfinished_at, asked_at)
                    return prediction
                looks, troubles, missing, unfinished_at = looks + 1, 0, 0, asked_at
                delay = pace.after_trouble(empty) if empty else pace.next_look(self._elapsed(), looks)
            if time.monotonic() - began > self._around.wait_limit_s:
                self._end(State.STALLED, STILL_WORKING.format(minutes=self._elapsed() / 60))

    def _learn(self, prediction: Prediction, unfinished_at: float, ended_at: float) -> None:
        """How long it took, as the provider tells, else between the last two looks."""
        seconds = prediction.seconds
        if seconds is None and unfinished_at:
            seconds = (unfinished_at + ended_at) / 2
        if seconds is not None and prediction.status is Status.SUCCEEDED:
            self._around.experience.add(kind_of(self._generation.request), seconds)

    def _keep(self, prediction: Prediction) -> None:
        if prediction.problem:
            self._forgot_old_addresses()  # it may have failed for want of them: a retry brings them anew
            self._end(State.FAILED, prediction.problem, spent=None if prediction.lacks_outputs else 0)
        self._must_hold(self._store.fetching(self._generation, self._around.owner))
        self._became(state=State.FETCHING)
        flags = prediction.sensitive + (False,) * _OUTPUT_LIMIT
        try:
            found = [
                self._around.files.keep(self._fetch(output), sensitive=flag)
                for output, flag in zip(prediction.outputs[:_OUTPUT_LIMIT], flags, strict=False)
            ]
        except NotFetched as trouble:
            self._end(State.STALLED, trouble.explanation, trouble)
        except NotAnImage as trouble:
            self._end(State.STALLED, NOT_AN_IMAGE.format(reason=trouble))
        except OSError:
            log.exception("the image could not be saved")
            self._end(State.STALLED, NOT_SAVED)
        different = list({picture.sha256: picture for picture in found}.values())
        self._must_hold(self._store.complete(self._generation, self._around.owner, different, prediction))
        self._around.logbook.completed(self._generation, prediction, images=len(different))

    def _fetch(self, output: str) -> bytes:
        for attempt in range(1, _FETCH_TRIES):
            try:
                return self._around.client.download(output)
            except Interrupted:
                self._wait(self._around.pace.after_trouble(attempt))
        return self._around.client.download(output)

    def _refuse_to_wait(self, refused: AtlasError) -> NoReturn:
        if isinstance(refused, NotFound):
            self._end(State.FAILED, FORGOTTEN, refused, spent=None)
        self._end(State.STALLED, NOT_TOLD.format(said=refused), refused)

    def _later(self, reason: str) -> NoReturn:
        """Nothing was accepted: back into the queue, with a pause for this model."""
        self._around.turned_away(self._generation.model)
        self._queue_again(reason)

    def _queue_again(self, reason: str) -> NoReturn:
        self._must_hold(self._store.requeue(self._generation, self._around.owner, reason=reason))
        log.info("queued again, because nothing was accepted")
        raise Halt(f"queued again: {reason}")

    def _end(self, state: State, problem: str, error: AtlasError | None = None, *, spent: int | None = 0) -> NoReturn:
        """``spent`` is what a failure cost in micro-dollars; None: as much as was expected."""
        request_id = error.request_id if error else None
        self._must_hold(
            self._store.settle(self._generation, self._around.owner, state, problem, request_id=request_id, spent=spent)
        )
        self._around.logbook.ended(self._generation, state, error)
        raise Halt(f"{state}: {error or problem}")

    def _give_up(self) -> None:
        """After an error of our own: leave it in a state that a person can ask about."""
        sent = self._generation.state is not State.QUEUED
        state = State.FAILED if not sent else State.STALLED if self._generation.prediction_id else State.UNKNOWN
        self._store.settle(self._generation, self._around.owner, state, UNEXPECTED)
        self._around.logbook.ended(self._generation, state, None)

    def _must_hold(self, held: bool) -> None:
        if not held:
            raise Halt("taken over by another process")

    def _wait(self, seconds: float) -> None:
        if self._around.stopped(seconds):
            raise Halt("the engine stops")

    def _elapsed(self) -> float:
        """Seconds since the submit, also across restarts."""
        return (_now_ms() - (self._generation.submitted or self._generation.created)) / 1000

    def _pace(self) -> Pace:
        request = self._generation.request
        known = self._around.experience.of(kind_of(request))
        return self._around.pace.learned(known or self._store.durations(request, provider=self._generation.provider))

    def _became(self, **changes: Any) -> None:
        self._generation = replace(self._generation, **changes)
        self._around.changed(self._generation)


def kind_of(request: ImageRequest) -> str:
    """What requests have in common that take about as long."""
    return f"{request.model} {encoded(request.parameters)}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
