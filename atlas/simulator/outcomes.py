"""How a job can end, decided when it is submitted (atlas-api.md sections 4.3 and 4.4).

The words a normal client never meets unless a fault asks for them are here too: the ComfyUI client, for one, polls on
after ``timeout`` and ``canceled``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Shape(StrEnum):
    """How the outputs of a finished job are written down."""

    LIST = "list"
    EMPTY = "empty"
    NULL = "null"
    OBJECTS = "objects"
    STRING = "string"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One way to end; ``word`` is None for a job that never does.

    ``key`` is where outputs that are objects hold the address; ``withheld`` are seconds for which a job that has ended
    still shows no outputs.
    """

    about: str
    word: str | None = "completed"
    waiting: str = "processing"
    error: str | dict[str, Any] | None = ""
    error_code: int = 0
    shape: Shape = Shape.LIST
    key: str = "url"
    flagged: bool = False
    data_uri: bool = False
    withheld: float = 0.0
    seconds: float = 0.0

    @property
    def fails(self) -> bool:
        """Whether it ends badly: no picture, and nothing to pay."""
        return self.word in _FAILURES


_FAILURES = frozenset({"failed", "timeout", "canceled", "cancelled", "error", "rejected"})

NORMAL = ""
MODERATION = 1039  # the only task-level code that is public (section 13.4)

OUTCOMES = {
    NORMAL: Outcome(about="completed, with its pictures"),
    "moderation": Outcome(
        about="failed: the prompt was refused, error_code 1039",
        word="failed",
        error="input rejected by moderation",
        error_code=MODERATION,
    ),
    "failed": Outcome(about="failed, with a sentence", word="failed", error="generation failed"),
    "failed-object": Outcome(
        about="failed, and `error` is an object",
        word="failed",
        error={"message": "the worker ran out of memory", "type": "worker_error"},
    ),
    "failed-null": Outcome(about="failed, and `error` is null", word="failed", error=None),
    "failed-silent": Outcome(about="failed, and `error` is empty", word="failed"),
    "rejected": Outcome(about="the word `rejected`", word="rejected", error="rejected by the provider"),
    "timeout": Outcome(about="the word `timeout`", word="timeout", error="generation timed out"),
    "canceled": Outcome(about="the word `canceled`", word="canceled", error="canceled by the provider"),
    "cancelled": Outcome(about="the word `cancelled`", word="cancelled", error="cancelled by the provider"),
    "error": Outcome(about="the word `error`", word="error", error="internal error"),
    "unknown-forever": Outcome(about="a word nobody knows, and it never ends", word=None, waiting="warming"),
    "stuck": Outcome(about="`processing` for ever", word=None),
    "empty-outputs": Outcome(about="completed, outputs are []", shape=Shape.EMPTY),
    "null-outputs": Outcome(about="completed, outputs are null", shape=Shape.NULL),
    "object-outputs": Outcome(about="completed, outputs are objects with a `url`", shape=Shape.OBJECTS),
    "object-outputs-download": Outcome(
        about="completed, outputs are objects with a `download_url`", shape=Shape.OBJECTS, key="download_url"
    ),
    "object-outputs-image": Outcome(
        about="completed, outputs are objects with an `image`", shape=Shape.OBJECTS, key="image"
    ),
    "late-outputs": Outcome(about="completed, outputs null for the first two seconds after that", withheld=2.0),
    "string-output": Outcome(about="completed, one address as text in `output`, outputs null", shape=Shape.STRING),
    "succeeded": Outcome(about="completed, in the word `succeeded`", word="succeeded"),
    "success": Outcome(about="completed, in the word `success`", word="success"),
    "upper-case": Outcome(about="completed, in the word `COMPLETED`", word="COMPLETED"),
    "nsfw": Outcome(about="completed, every second picture flagged, beginning with the first", flagged=True),
    "base64-data-uri": Outcome(about="asked for base64, the outputs are data URIs", data_uri=True),
    "slow-task": Outcome(about="completed after `seconds`", seconds=60.0),
}
