"""What goes to Atlas Cloud and what comes back, parsed once and then trusted (atlas-api.md §3, §4).

Tolerant in reading: every shape of reply that was met in the wild becomes one ``Prediction``.
Strict in writing: a request that is not fit to be sent has a ``problem`` and no ``body()``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from atlas.errors import UnexpectedReply
from atlas.language import later, tr
from atlas.reading import Json, moment, money, whole
from atlas.text import clean, excerpt

Record: TypeAlias = Mapping[str, str | int | float | bool]  # an entry of a list such as that of LoRAs
Value: TypeAlias = str | int | float | bool | Sequence[str] | Sequence[Record]
Parameters: TypeAlias = Mapping[str, Value]

PROMPT_LIMIT = 32_000  # code points; the longest any model of the catalogue documents (atlas-api.md §14.3)
BODY_LIMIT = 50_000_000  # bytes; the service refuses a longer request with 413 (atlas-api.md §1)
DEFAULT_MODEL = "openai/gpt-image-1.5/text-to-image"
MODERATION_REFUSAL = 1039  # the only task error code that is publicly named (atlas-api.md §4.2)

_NO_IMAGE = later(
    "Atlas Cloud finished without an image. Whether it was charged, your Atlas Cloud history shows; press Retry to "
    "make it anew."
)

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,200}")
_ID_FIELDS = ("id", "prediction_id", "predictionId")


class Status(StrEnum):
    """The closed set that all status words of the provider fall into (atlas-api.md §4.3)."""

    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    CANCELED = "canceled"
    UNRECOGNIZED = "unrecognized"  # a word we do not know: in flight until the wait limit

    @property
    def is_terminal(self) -> bool:
        return self in {Status.SUCCEEDED, Status.FAILED, Status.TIMED_OUT, Status.CANCELED}

    @classmethod
    def parse(cls, word: str) -> "Status":
        return _STATUS_WORDS.get(word.strip().lower(), cls.UNRECOGNIZED)


_STATUS_WORDS = {
    "created": Status.WAITING,
    "starting": Status.WAITING,
    "queued": Status.WAITING,
    "pending": Status.WAITING,
    "processing": Status.RUNNING,
    "running": Status.RUNNING,
    "completed": Status.SUCCEEDED,
    "succeeded": Status.SUCCEEDED,
    "success": Status.SUCCEEDED,
    "failed": Status.FAILED,
    "error": Status.FAILED,
    "rejected": Status.FAILED,
    "timeout": Status.TIMED_OUT,
    "canceled": Status.CANCELED,
    "cancelled": Status.CANCELED,
}


@dataclass(frozen=True, kw_only=True)
class ImageRequest:
    """One image to be made: a full model id, a prompt, and that model's own parameters."""

    prompt: str
    model: str = DEFAULT_MODEL
    parameters: Parameters = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prompt", clean(self.prompt))
        frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in self.parameters.items()}
        object.__setattr__(self, "parameters", MappingProxyType(frozen))

    @property
    def problem(self) -> str | None:
        """Why this cannot be sent and what to do about it, as a sentence; None when it can."""
        if not self.prompt.strip():
            return tr("The prompt is empty. Describe the image you want.")
        if len(self.prompt) > PROMPT_LIMIT:
            over = len(self.prompt) - PROMPT_LIMIT
            return tr(
                "The prompt has {count:,} characters and the limit is {prompt_limit:,}. Shorten it by {over:,}."
            ).format(count=len(self.prompt), prompt_limit=PROMPT_LIMIT, over=over)
        if not self.model.strip():
            return tr("No model is chosen. Choose one.")
        if self._weight > BODY_LIMIT:
            return tr(
                "With its pictures this request has {weight:.0f} MB and the limit is "
                "{body_limit:.0f}. Upload the pictures first, or use smaller ones."
            ).format(weight=self._weight / 1e6, body_limit=BODY_LIMIT / 1e6)
        return None

    def body(self) -> dict[str, Json]:
        """The flat JSON body of a submit (atlas-api.md §3.1). Raises ValueError when there is a problem."""
        if self.problem:
            raise ValueError(self.problem)
        return self.sketch()

    def sketch(self) -> dict[str, Json]:
        """The same body while it is still being written, for an estimate."""
        return {**self.parameters, "model": self.model, "prompt": self.prompt}

    @property
    def _weight(self) -> int:
        """About as many bytes as the body will have; what is not text hardly counts."""
        texts = [value if isinstance(value, tuple) else (str(value),) for value in self.parameters.values()]
        return sum(len(str(text)) + 4 for several in texts for text in several) + len(self.prompt.encode()) + 200


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """The provider's side of one generation, as last seen."""

    id: str
    status: Status
    word: str = ""  # the provider's own status word
    outputs: tuple[str, ...] = ()  # https addresses, base64 or data URIs
    error: str = ""
    error_code: int | None = None
    price: Decimal | None = None  # USD, where the reply names it
    predict_seconds: float | None = None  # model time without queueing
    seconds: float | None = None  # from accepted to ended, by the provider's clock
    sensitive: tuple[bool, ...] = ()  # the provider's own flags, parallel to outputs
    rewritten: str = ""  # the prompt as the model's service changed it, where the reply tells
    request_id: str | None = None  # of the HTTP request that told us, for the provider's support

    @property
    def is_terminal(self) -> bool:
        return self.status.is_terminal

    @property
    def lacks_outputs(self) -> bool:
        """Whether it ended well and its images are not told, which some models do a moment later (§15)."""
        return self.status is Status.SUCCEEDED and not self.outputs

    @property
    def problem(self) -> str:
        """Why it ended without an image, in words for a person; empty when it did not."""
        if self.status is Status.SUCCEEDED:
            return "" if self.outputs else _NO_IMAGE
        if not self.is_terminal:
            return ""
        if self.error_code == MODERATION_REFUSAL:
            return tr("The content check of Atlas Cloud refused this prompt. Word it differently, then press Retry.")
        said = f' It says: "{self.error}".' if self.error else ""
        return tr("Atlas Cloud ended this with “{value}”.{said} It is not charged; press Retry.").format(
            value=self.word or self.status, said=said
        )


def prediction_of(reply: Mapping[str, Json], *, expected_id: str = "") -> Prediction:
    """The prediction in a submit or poll reply, in whichever of its shapes (atlas-api.md §3.5, §4.2, §15).

    ``expected_id`` is the id that was asked for; an answer without one, or with another, keeps ours.
    Raises UnexpectedReply when there is no usable id at all.
    """
    data = _prediction_part(reply)
    word = str(data.get("status") or "")
    return Prediction(
        id=expected_id or _id_of(data, reply),
        status=Status.parse(word),
        word=excerpt(word, 40),
        outputs=tuple(dict.fromkeys(_outputs_of(data))),
        error=_error_text(data.get("error")),
        error_code=whole(data.get("error_code")) or None,
        price=money(data.get("price")),
        predict_seconds=_model_seconds(data),
        seconds=_seconds_between(data.get("created_at"), data.get("completed_at")),
        sensitive=_flags(data.get("has_nsfw_contents")),
        rewritten=_rewritten(data),
    )


def _prediction_part(reply: Mapping[str, Json]) -> Mapping[str, Json]:
    """The envelope's data, or the reply itself where it is flat; an error envelope is neither."""
    data = reply.get("data")
    if isinstance(data, dict):
        return data
    return reply if any(name in reply for name in _ID_FIELDS) else {}


def _id_of(*places: Mapping[str, Json]) -> str:
    for place in places:
        # Beside a status it names the job; in an envelope it only names the HTTP request.
        names = (*_ID_FIELDS, "request_id") if "status" in place else _ID_FIELDS
        for name in names:
            value = place.get(name)
            if isinstance(value, str) and _ID.fullmatch(value):
                return value
    raise UnexpectedReply(tr("the reply holds no prediction id"))


def usable_id(text: str) -> str:
    """An id that a person typed. Raises UnexpectedReply for what no provider gives."""
    if not _ID.fullmatch(text):
        raise UnexpectedReply(tr("this is no prediction id"))
    return text


def _outputs_of(data: Mapping[str, Json]) -> Iterator[str]:
    found = data.get("outputs") or data.get("output") or []
    for item in found if isinstance(found, list) else [found]:
        if isinstance(item, str) and item:
            yield item
        elif isinstance(item, dict):
            names = ("url", "download_url", "image", "output")  # of one and the same thing
            yield from [item[name] for name in names if isinstance(item.get(name), str)][:1]


def _rewritten(data: Mapping[str, Json]) -> str:
    """Not in the contract; OpenAI and Alibaba use these names for it, beside the outputs or in them."""
    outputs = data.get("outputs")
    places = [data, *(outputs if isinstance(outputs, list) else [])]
    names = ("revised_prompt", "actual_prompt")
    found = (place.get(name) for place in places if isinstance(place, dict) for name in names)
    return next((clean(text)[:PROMPT_LIMIT] for text in found if isinstance(text, str) and text), "")


def _error_text(error: Json) -> str:
    if isinstance(error, dict):
        inner = (error.get(name) for name in ("message", "msg", "error", "detail", "reason"))
        error = next((text for text in inner if isinstance(text, str) and text), tr("no reason given"))
    return excerpt(str(error), 500) if error else ""


def _seconds_between(accepted: Json, ended: Json) -> float | None:
    first, last = moment(accepted), moment(ended)
    seconds = (last - first).total_seconds() if first and last else -1.0
    return seconds if 0 <= seconds < 1e6 else None


def _model_seconds(data: Mapping[str, Json]) -> float | None:
    metrics = data.get("metrics")
    seconds = metrics.get("predict_time") if isinstance(metrics, dict) else None
    return float(seconds) if isinstance(seconds, int | float) and 0 <= seconds < 1e6 else None


def _flags(value: Json) -> tuple[bool, ...]:
    return tuple(bool(flag) for flag in value) if isinstance(value, list) else ()
