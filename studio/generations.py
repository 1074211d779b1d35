"""One generation: a request for one image and all that became of it."""

import itertools
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from atlas.models import ImageRequest, Parameters

SIMULATOR = "simulator"  # the provider of images that this program draws itself


class State(StrEnum):
    """queued → submitting → running → fetching → completed | failed | unknown | stalled."""

    QUEUED = "queued"
    SUBMITTING = "submitting"
    RUNNING = "running"
    FETCHING = "fetching"
    COMPLETED = "completed"
    FAILED = "failed"
    UNKNOWN = "unknown"  # sent, and no clear answer came: it may have been charged
    STALLED = "stalled"  # accepted, and may still end well when it is asked about again

    @property
    def is_terminal(self) -> bool:
        """Nothing moves any more unless a person says so."""
        return self in TERMINAL


TERMINAL = frozenset({State.COMPLETED, State.FAILED, State.UNKNOWN, State.STALLED})
AT_PROVIDER = frozenset({State.SUBMITTING, State.RUNNING, State.FETCHING})


@dataclass(frozen=True, kw_only=True)
class Slot:
    """Which place a generation fills: image ``number`` of a run, ``attempt`` 1 or a later one after a failure."""

    run: str
    number: int = 1
    attempt: int = 1

    @property
    def key(self) -> str:
        return f"{self.run}.{self.number}.{self.attempt}"

    @property
    def family(self) -> str:
        """What people see as one run: all arms of an experiment, or a run of its own."""
        return self.run.partition("-")[0]

    @property
    def place(self) -> tuple[str, int]:
        return self.run, self.number

    @classmethod
    def parse(cls, key: str) -> "Slot":
        """Raises ValueError when this is not the key of a slot."""
        run, number, attempt = key.rsplit(".", 2)
        return cls(run=run, number=int(number), attempt=int(attempt))


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A stored image: ``sha256`` names its file, the rest describes what the bytes really are."""

    sha256: str
    format: str  # png, jpeg or webp
    width: int
    height: int
    bytes: int
    sensitive: bool = False  # the provider's own flag


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to a generation; times are epoch milliseconds."""

    at: int
    what: str


@dataclass(frozen=True, kw_only=True)
class Generation:
    """A generation as stored; times are epoch milliseconds."""

    id: str
    slot: Slot
    provider: str
    model: str
    prompt: str
    parameters: Parameters
    state: State
    created: int
    submitted: int | None = None
    ended: int | None = None
    prediction_id: str | None = None
    request_id: str | None = None
    problem: str = ""
    price: Decimal | None = None  # USD, as billed; None where the provider told none
    estimate: Decimal | None = None  # USD, as expected before it was sent
    predict_seconds: float | None = None
    rewritten: str = ""  # the prompt as the provider changed it, where it says so
    alt: str = ""  # what somebody wrote for those who cannot see the image
    pictures: tuple[Picture, ...] = ()
    owner: str = ""  # the id of a person

    @property
    def is_terminal(self) -> bool:
        return self.state.is_terminal

    @property
    def is_sought(self) -> bool:
        """It was sent, its answer was lost, and nothing of it can be on its way any more."""
        return self.state is State.UNKNOWN or (self.state is State.SUBMITTING and bool(self.problem))

    @property
    def request(self) -> ImageRequest:
        return ImageRequest(prompt=self.prompt, model=self.model, parameters=self.parameters)

    @property
    def alternative(self) -> str:
        """What is read in place of the image: as somebody wrote it, else the prompt."""
        return self.alt or self.prompt

    @property
    def seconds(self) -> float | None:
        """From sent to stored, as a person waited."""
        return (self.ended - self.submitted) / 1000 if self.ended and self.submitted else None


def latest_attempts(generations: Iterable[Generation]) -> list[Generation]:
    """One generation per run and number, the last attempt of each, by number."""
    slots: dict[tuple[int, str], Generation] = {}
    for generation in sorted(generations, key=lambda generation: generation.slot.attempt):
        slots[generation.slot.number, generation.slot.run] = generation
    return [slots[place] for place in sorted(slots)]


_order = itertools.count()


def new_id() -> str:
    """32 hex digits that sort by time of minting, also within one millisecond of one process."""
    return f"{time.time_ns() // 1_000_000:012x}{next(_order) % 0x10000:04x}{secrets.token_hex(8)}"


def new_run() -> str:
    """The name of a run, minted when its form is drawn, so that pressing twice is one run."""
    return secrets.token_hex(8)
