"""The calls of Atlas Cloud, one method each (atlas-api.md §2).

A submit is sent at most once; a question may always be repeated. The key goes only where it is needed.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import BinaryIO, Final
from urllib.parse import quote

from atlas import account, chatting
from atlas.account import Balance, Grouping, Report
from atlas.chatting import Completion, Message
from atlas.download import Downloader
from atlas.errors import (
    AtlasError,
    Gone,
    NotFetched,
    NotFound,
    NotSent,
    NotUploaded,
    OutcomeUnknown,
    Refused,
    UnexpectedReply,
    Unreachable,
)
from atlas.http import REPLY_LIMIT, USER_AGENT, Answer, Door, Key, Told
from atlas.models import ImageRequest, Prediction, prediction_of
from atlas.past import HistoryPage, history_of
from atlas.prices import Estimate, estimate_of
from atlas.reading import Json, parsed
from atlas.rows import Model, models_of
from atlas.uploading import Form, Upload, upload_of

__all__ = ["REAL_SERVICE", "USER_AGENT", "AtlasClient", "Key"]

REAL_SERVICE = "https://api.atlascloud.ai"

_SUBMIT_S, _SYNC_S, _QUESTION_S, _UPLOAD_S, _CHAT_S = 60.0, 180.0, 20.0, 300.0, 90.0
_MOST_PAGES: Final = 20  # of one report
_IN_SCHEMA_S = 20.0


class AtlasClient:
    """Atlas Cloud, or the simulator, at ``base_url`` (the host root, without a path).

    Without a key it answers what anyone may ask: models, their schemas, estimates, finished images.
    ``told`` is told of every exchange its path ("/download" for an image), what came, and the seconds it took.
    """

    def __init__(
        self,
        key: Key | None,
        base_url: str = REAL_SERVICE,
        *,
        told: Told = lambda _path, _outcome, _seconds: None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._told = told
        self._door = Door(key, self.base_url, told=told)
        self._has_key = key is not None
        self._downloader = Downloader(provider=self.base_url)
        self._documents = Downloader(
            provider=self.base_url, byte_limit=REPLY_LIMIT, time_limit_s=_IN_SCHEMA_S, accept="application/json"
        )

    def __repr__(self) -> str:
        return f"AtlasClient({self.base_url!r})"

    def submit(self, request: ImageRequest, *, key: str = "") -> Prediction:
        """Ask for one image; the POST leaves this machine at most once.

        ``key`` names the intent for a source that keeps one. Atlas Cloud has no idempotency key
        (atlas-api.md §3.6), so it is not sent. Raises NotSent, OutcomeUnknown, Refused,
        and ValueError for a request that has a problem.
        """
        del key
        limit_s = _SYNC_S if request.parameters.get("enable_sync_mode") else _SUBMIT_S
        answer = self._door.send("/api/v1/model/generateImage", request.body(), limit_s=limit_s)
        try:
            accepted = prediction_of(answer.body or {})
        except UnexpectedReply as unclear:
            raise _not_accepted(answer, str(unclear)) from None
        return replace(accepted, request_id=answer.request_id)

    def prediction(self, prediction_id: str) -> Prediction:
        """The prediction as it stands; safe to repeat. Raises Unreachable or Refused."""
        answer = self._door.ask(f"/api/v1/model/prediction/{quote(prediction_id, safe='')}")
        if answer.body is not None:
            seen = prediction_of(answer.body, expected_id=prediction_id)
            # A terminal word in the body wins over the HTTP code (atlas-api.md §4.4).
            if seen.is_terminal or answer.effective == 200:
                return seen
        answer.usable()
        raise Unreachable(answer.message, code=answer.effective, request_id=answer.request_id)

    def download(self, output: str) -> bytes:
        """The bytes of one output, fetched without the key and only from a public address. Raises NotFetched."""
        began, outcome = time.monotonic(), "200"
        try:
            return self._downloader.fetch(output)
        except NotFetched as trouble:
            outcome = type(trouble).__name__
            raise
        finally:
            self._told("/download", outcome, time.monotonic() - began)

    def catalogue(self) -> list[Json]:
        """The rows of the catalogue as they are told, for a copy (§6). Raises Unreachable, Refused, UnexpectedReply."""
        rows = self._door.ask("/api/v1/models", keyed=False).usable().get("data")
        if not isinstance(rows, list) or not rows:
            raise UnexpectedReply("the catalogue holds no rows")
        return rows

    def models(self) -> tuple[Model, ...]:
        """Every image model of the catalogue that can be read. Raises Unreachable, Refused, UnexpectedReply."""
        return models_of(self.catalogue())

    def document(self, address: str) -> dict[str, Json]:
        """A schema file, from wherever the catalogue says it lies (§7): without the key, guarded like a download.

        Raises NotFound, Unreachable, UnexpectedReply.
        """
        try:
            found = parsed(self._documents.fetch(address))
        except Gone as trouble:
            raise NotFound(f"no schema: {trouble}", code=trouble.code) from None
        except NotFetched as trouble:
            raise Unreachable(f"no schema: {trouble}", code=trouble.code) from None
        except ValueError:
            raise UnexpectedReply("a schema that is not JSON") from None
        if not isinstance(found, dict):
            raise UnexpectedReply("a schema that is not a JSON object")
        return found

    def calculate(self, request: ImageRequest) -> Estimate:
        """What the request would cost, with the key's own rate where there is one (§8). Free, and nothing is made.

        The prompt may still be missing. Raises Unreachable, Refused, UnexpectedReply.
        """
        try:
            answer = self._door.send(
                "/api/v1/model/calculate", request.sketch(), limit_s=_QUESTION_S, keyed=self._has_key
            )
        except (NotSent, OutcomeUnknown) as trouble:
            raise Unreachable(str(trouble)) from None
        return estimate_of(answer.usable())

    def history(
        self, *, page: int = 1, size: int = 20, prediction_id: str = "", model: str = "", status: str = ""
    ) -> HistoryPage:
        """What this key has asked for, newest first (§9): ``size`` of 1 to 50 jobs, narrowed by what is not empty.

        ``status`` is a word of the provider's: created, processing, completed, failed, timeout.
        Raises Unreachable, Refused, UnexpectedReply.
        """
        if page < 1 or not 1 <= size <= 50:
            raise ValueError("Pages count from 1 and hold 1 to 50 jobs.")
        asked = [("no", str(page)), ("size", str(size))]
        asked += [("sessionID", prediction_id), ("model", model), ("status", status)]
        answer = self._door.ask("/api/v1/model/history", [(name, value) for name, value in asked if value])
        return history_of(answer.usable(), page=page, size=size)

    def upload(self, file: BinaryIO) -> Upload:
        """Lend Atlas Cloud a picture for an edit model (§5); it is sent while it is read.

        Raises NotUploaded, Refused, UnexpectedReply, and ValueError, as a sentence, for what is no picture or too long.
        """
        form = Form(file)
        try:
            answer = self._door.send_form("/api/v1/model/uploadMedia", form, form.content_type, limit_s=_UPLOAD_S)
            return upload_of(answer.usable())
        except (NotSent, OutcomeUnknown, Unreachable) as trouble:
            raise NotUploaded(str(trouble), code=trouble.code, request_id=trouble.request_id) from None

    def balance(self) -> Balance:
        """What is left on the account (§10). Raises Unreachable, Refused, UnexpectedReply."""
        return account.balance_of(self._door.ask("/public/v1/balance").usable())

    def usage(
        self, start: date, end: date, *, grouping: Grouping = Grouping.ALL, whole_account: bool = False
    ) -> Report:
        """Jobs and images by UTC day, from ``start`` up to and without ``end``, of this key or the whole account.

        Raises Unreachable, Refused, UnexpectedReply, and ValueError for more than 180 days.
        """
        return self._report("/public/v1/model-usage", account.period(start, end, grouping, whole_account=whole_account))

    def costs(
        self, start: date, end: date, *, grouping: Grouping = Grouping.ALL, whole_account: bool = False
    ) -> Report:
        """What was paid by UTC day; asked and answered like ``usage``."""
        return self._report("/public/v1/model-costs", account.period(start, end, grouping, whole_account=whole_account))

    def complete(
        self,
        messages: Sequence[Message],
        *,
        model: str = chatting.DEFAULT_TEXT_MODEL,
        most_tokens: int = chatting.MOST_TOKENS,
    ) -> Completion:
        """What a text model has to say (§11); the POST leaves this machine at most once, and costs a little.

        Raises NoHelp, whatever went wrong: the prompt that was to be bettered stands.
        """
        body = chatting.question(messages, model=model, most_tokens=most_tokens)
        try:
            answer = self._door.send("/v1/chat/completions", body, limit_s=_CHAT_S)
            return chatting.completion_of(answer.usable(), model=model)
        except AtlasError as trouble:
            raise chatting.no_help(trouble) from None

    def _report(self, path: str, query: list[tuple[str, str]]) -> Report:
        pages = [self._door.ask(path, query).usable()]
        while (cursor := account.next_page(pages[-1])) and len(pages) < _MOST_PAGES:
            pages.append(self._door.ask(path, [*query, ("page", cursor)]).usable())
        return account.report_of(pages)


def _not_accepted(answer: Answer, reason: str) -> Refused | OutcomeUnknown:
    """What an answer without a usable prediction proves: a refusal, or nothing."""
    status, code = answer.status, answer.effective
    in_its_own_words = status == 503 and answer.body is not None and "code" in answer.body
    if in_its_own_words or 300 <= code < 500:
        return answer.refused()
    return OutcomeUnknown(f"{reason} (HTTP {status})", code=code, request_id=answer.request_id)
