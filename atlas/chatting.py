"""A text model that helps to word a prompt (atlas-api.md §11): what is asked, and what came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from atlas.errors import AtlasError, InvalidKey, NoHelp, NoKey, NotSent, OutOfCredit, RateLimited, Refused
from atlas.language import later, tr
from atlas.models import PROMPT_LIMIT
from atlas.reading import Json, items, line, mapping, whole
from atlas.text import clean

MOST_TOKENS = 1000
DEFAULT_TEXT_MODEL = "deepseek-ai/deepseek-v3.2"

_EMPTY = later("The text model answered without any words; it may have spent them all on thinking. Try again.")
_TOO_LONG = later("The text model answered with far too much text. Try again, or choose another text model.")
_UNREADABLE = later("The text model answered in a way this program does not understand. Choose another text model.")
_SILENT = later("The text model did not answer in time. What it did may have cost a little. Try again in a moment.")
_NOT_SENT = later("Atlas Cloud could not be reached. Check the connection, then try again.")
_BUSY = later("Atlas Cloud asks for a slower pace. Wait a minute, then try again.")
_REFUSED = later("Atlas Cloud did not accept the question: “{said}”. Choose another text model, then try again.")


class Role(StrEnum):
    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, kw_only=True)
class Message:
    """One turn of a conversation."""

    role: Role
    text: str


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What the text model said; ``was_cut`` when it had more to say than it was allowed to."""

    text: str
    model: str
    was_cut: bool = False
    tokens: int | None = None


def question(messages: Sequence[Message], *, model: str, most_tokens: int) -> dict[str, Json]:
    """The body to send; one answer, whole."""
    turns = [{"role": message.role.value, "content": clean(message.text)} for message in messages]
    return {"model": model, "messages": turns, "max_tokens": most_tokens, "stream": False}


def completion_of(reply: Mapping[str, Json], *, model: str) -> Completion:
    """What was said in a reply. Raises NoHelp where that is nothing, or too much."""
    choice = mapping(next(iter(items(reply.get("choices"))), None))
    message = choice.get("message")
    if not isinstance(message, dict):
        raise NoHelp(tr(_UNREADABLE))
    text = clean(_words(message.get("content"))).strip()
    if not text:
        raise NoHelp(tr(_EMPTY))
    if len(text) > PROMPT_LIMIT:
        raise NoHelp(tr(_TOO_LONG))
    return Completion(
        text=text,
        model=line(reply.get("model")) or model,
        was_cut=choice.get("finish_reason") == "length",
        tokens=whole(mapping(reply.get("usage")).get("total_tokens")),
    )


def no_help(trouble: AtlasError) -> NoHelp:
    """Why there is no better prompt, for the person who asked for one."""
    if isinstance(trouble, NoHelp):
        return trouble
    if isinstance(trouble, NoKey | InvalidKey | OutOfCredit):
        reason = tr(trouble.advice)
    elif isinstance(trouble, RateLimited):
        reason = tr(_BUSY)
    elif isinstance(trouble, NotSent):
        reason = tr(_NOT_SENT)
    elif isinstance(trouble, Refused):
        reason = tr(_REFUSED).format(said=trouble)
    else:
        reason = tr(_SILENT)
    return NoHelp(reason, code=trouble.code, request_id=trouble.request_id)


def _words(content: Json) -> str:
    """Content is text, or parts of which some are text."""
    if isinstance(content, str):
        return content
    return "".join(str(part["text"]) for part in items(content) if isinstance(mapping(part).get("text"), str))
