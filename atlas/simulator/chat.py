"""Text models, as far as a better prompt needs them (atlas-api.md section 11)."""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from atlas.simulator import enhancing
from atlas.simulator.bodies import json_object
from atlas.simulator.catalogue import Model, models
from atlas.simulator.faults import Faults, Where, played
from atlas.simulator.replies import Refusal

PROTOCOL = "openai.chat.completions"
_MOST_TOKENS = 900


@dataclass(frozen=True, kw_only=True)
class Chat:
    """The endpoints for text."""

    faults: Faults
    clock: Callable[[], float]

    async def models(self, request: Request) -> Response:  # noqa: ARG002 - every endpoint is given the request
        """GET the text models, in OpenAI's form."""
        texts = [model for model in models().values() if model.type == "Text"]
        rows = [{"id": one.id, "object": "model", "created": 0, "owned_by": one.organization} for one in texts]
        return JSONResponse({"object": "list", "data": rows})

    async def complete(self, request: Request) -> Response:
        """POST chat/completions."""
        body = json_object(request, await request.body())
        prompt = _last_words(body.get("messages"))
        fault = self.faults.next(Where.CHAT, prompt)

        async def usual() -> Response:
            model = _model(body)
            if not prompt:
                raise Refusal(400, "messages must hold a user message with text")
            silent = fault is not None and fault.kind == "empty-content"
            answer = _answer(body, model, prompt, silent=silent, at=int(self.clock()))
            return Events(answer.events()) if body.get("stream") is True else JSONResponse(answer.whole())

        return await played(fault, request, usual)

    async def no_images(self, request: Request) -> Response:  # noqa: ARG002
        """POST images/generations and images/edits: documented, yet not found when asked."""
        raise Refusal(404, "not found")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a text model says; ``words`` are its tokens."""

    id: str
    model: str
    created: int
    words: list[str]
    finish: str
    usage: dict[str, int]

    def whole(self) -> dict[str, Any]:
        """All of it at once."""
        message = {"role": "assistant", "content": "".join(self.words)}
        choice = {"index": 0, "message": message, "finish_reason": self.finish}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.usage}

    def events(self) -> Iterator[str]:
        """Word by word; the last chunk says why it ended and what it took."""
        yield self._event({"role": "assistant", "content": ""})
        for word in self.words:
            yield self._event({"content": word})
        yield self._event({}, finish=self.finish, usage=self.usage)
        yield "data: [DONE]\n\n"

    def _event(self, delta: dict[str, str], *, finish: str | None = None, **beside: Any) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return f"data: {json.dumps({**self._head('chat.completion.chunk'), 'choices': [choice], **beside})}\n\n"

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


class Events(Response):
    """Server-sent events, one piece of the body each."""

    media_type = "text/event-stream"

    def __init__(self, events: Iterator[str]) -> None:
        self._events = [event.encode() for event in events]
        super().__init__(b"".join(self._events))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the ASGI signature
        headers = [(name, value) for name, value in self.raw_headers if name != b"content-length"]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        for event in self._events:
            await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _model(body: dict[str, Any]) -> Model:
    name = body.get("model")
    if not isinstance(name, str) or not name:
        raise Refusal(400, "model is required")
    model = models().get(name)
    if model is None or model.type != "Text":
        raise Refusal(404, f"model {name} not found")
    spoken = model.extra.get("supported_protocols", [PROTOCOL])
    if PROTOCOL not in spoken:
        raise Refusal(400, f"model {name} does not support {PROTOCOL}; it supports {', '.join(spoken)}")
    return model


def _last_words(messages: Any) -> str:
    """The text of the last user message, plain or in parts; empty where there is none."""
    asked = [one for one in messages if _from_user(one)] if isinstance(messages, list) else []
    content = asked[-1].get("content") if asked else ""
    if isinstance(content, list):
        content = " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content.strip() if isinstance(content, str) else ""


def _from_user(message: Any) -> bool:
    return isinstance(message, dict) and message.get("role") == "user"


def _answer(body: dict[str, Any], model: Model, prompt: str, *, silent: bool, at: int) -> Answer:
    """``silent`` is a model that spent all its tokens on reasoning."""
    allowed = body.get("max_tokens") or body.get("max_completion_tokens") or _MOST_TOKENS
    if not isinstance(allowed, int) or allowed < 1:
        raise Refusal(400, "max_tokens must be a positive integer")
    words = enhancing.better(prompt).split(" ")
    words = [words[0], *(f" {word}" for word in words[1:])]
    said = [] if silent else words[:allowed]
    taken = {"prompt_tokens": len(prompt.split()), "completion_tokens": allowed if silent else len(said)}
    return Answer(
        id=f"chatcmpl-{secrets.token_hex(12)}",
        model=model.id,
        created=at,
        words=said,
        finish="stop" if len(said) == len(words) else "length",
        usage={**taken, "total_tokens": sum(taken.values())},
    )
