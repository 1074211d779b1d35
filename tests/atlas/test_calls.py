"""The questions around an image: catalogue, price, history, uploads, account, help with words."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from atlas import AtlasClient, ImageRequest, Key, Status
from atlas.account import Grouping
from atlas.errors import (
    AtlasError,
    InvalidKey,
    InvalidRequest,
    NoHelp,
    NoKey,
    NotFound,
    NotUploaded,
    RateLimited,
    UnexpectedReply,
    Unreachable,
)
from atlas.simulator import Simulator
from atlas.uploading import BYTE_LIMIT
from tests.atlas.answering import answering, before, told
from tests.atlas.test_forty_cases import PROMPT, picture
from tests.conftest import CANARY, SMALL

TODAY = date(2026, 9, 2)
DAY = timedelta(days=1)


@dataclass(kw_only=True)
class Clock:
    now: float = datetime(2026, 9, 1, 12, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.now


def hearing(reply: Any, ask: Callable[[AtlasClient], Any]) -> Any:
    """What a call makes of exactly this reply."""
    with answering(told(reply)) as (home, _):
        return ask(AtlasClient(Key(CANARY), home))


def test_what_anyone_may_ask_goes_without_the_key(client: AtlasClient, simulator: Simulator) -> None:
    anyone = AtlasClient(None, simulator.url)

    models = anyone.models()
    anyone.document(models[0].schema)
    anyone.calculate(SMALL)
    client.models()
    client.document(models[0].schema)

    assert not any("authorization" in one["headers"] for one in simulator.requests())


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.submit(SMALL),
        lambda client: client.prediction("x"),
        lambda client: client.history(),
        lambda client: client.balance(),
        lambda client: client.upload(io.BytesIO(picture())),
    ],
    ids=["submit", "prediction", "history", "balance", "upload"],
)
def test_what_needs_a_key_is_not_even_sent_without_one(simulator: Simulator, ask: Callable[[AtlasClient], Any]) -> None:
    with pytest.raises((NoKey, NotUploaded)):
        ask(AtlasClient(None, simulator.url))

    assert simulator.requests() == []


@pytest.mark.parametrize("place", ["models", "history", "billing"])
@pytest.mark.parametrize(("fault", "named"), [("401", InvalidKey), ("503", Unreachable), ("reset", Unreachable)])
def test_trouble_with_a_question_gets_its_right_name(
    client: AtlasClient, simulator: Simulator, place: str, fault: str, named: type[AtlasError]
) -> None:
    asked: dict[str, Callable[[], Any]] = {
        "models": client.models,
        "history": client.history,
        "billing": client.balance,
    }
    simulator.fault(place, fault)

    with pytest.raises(named):
        asked[place]()


@pytest.mark.parametrize("reply", [{"code": "200"}, {"code": "200", "data": {}}, {"code": "200", "data": []}])
def test_a_catalogue_without_rows_is_not_what_was_promised(reply: Any) -> None:
    with pytest.raises(UnexpectedReply):
        hearing(reply, AtlasClient.catalogue)


def test_a_schema_that_cannot_be_had_says_why(client: AtlasClient, simulator: Simulator) -> None:
    address = next(model.schema for model in client.models() if model.id == SMALL.model)
    simulator.fault("schema", "500")
    with pytest.raises(Unreachable):
        client.document(address)
    simulator.fault("schema", "html-200")
    with pytest.raises(UnexpectedReply):
        client.document(address)
    with pytest.raises(NotFound):
        client.document(f"{simulator.url}/model/schema/nothing.json")
    with pytest.raises(Unreachable):
        client.document("http://169.254.169.254/model/schema.json")


# Price


def test_an_estimate_is_exact_money(client: AtlasClient) -> None:
    request = ImageRequest(prompt="", model="alibaba/qwen-image/text-to-image-max")

    told_ = client.calculate(request)

    assert (told_.price, told_.list_price, told_.percent_off) == (Decimal("0.052"), Decimal("0.065"), 20)
    assert told_.label == "$0.052"


def test_an_estimate_that_depends_on_use_says_so() -> None:
    reply = {"code": 200, "data": {"price": "0.03", "estimated": True, "estimated_tokens": 900}}

    assert hearing(reply, lambda client: client.calculate(SMALL)).label == "about $0.03"


@pytest.mark.parametrize("price", [None, "", "free", -1, "NaN", "1e99", True, {}])
def test_an_estimate_without_a_price_is_no_estimate(price: Any) -> None:
    with pytest.raises(UnexpectedReply):
        hearing({"code": 200, "data": {"price": price}}, lambda client: client.calculate(SMALL))


def test_an_estimate_is_a_question_and_may_be_asked_again(client: AtlasClient, simulator: Simulator) -> None:
    simulator.fault("calculate", "reset")

    with pytest.raises(Unreachable):
        client.calculate(SMALL)
    with pytest.raises(NotFound):
        client.calculate(ImageRequest(prompt="x", model="no/such-model"))

    assert client.calculate(SMALL).price > 0


# History


def test_the_history_comes_in_pages_newest_first(simulator: Simulator) -> None:
    client = AtlasClient(Key("apikey-with-a-past"), simulator.url)
    sent = [client.submit(SMALL).id for _ in range(3)]
    assert before(10, lambda: client.prediction(sent[-1]).is_terminal)

    first, second = client.history(size=2), client.history(page=2, size=2)

    assert [run.id for run in (*first.runs, *second.runs)] == sent[::-1]
    assert (first.total, first.has_more, second.has_more) == (3, True, False)
    newest = first.runs[0]
    assert newest.prediction.status is Status.SUCCEEDED
    assert newest.prediction.outputs
    assert newest.is_of(SMALL)
    assert not newest.is_of(ImageRequest(prompt=SMALL.prompt, model=SMALL.model, parameters={"size": "512*512"}))
    assert abs((newest.created or datetime.min.replace(tzinfo=UTC)) - datetime.now(UTC)) < timedelta(minutes=1)
    assert [run.id for run in client.history(prediction_id=sent[0]).runs] == [sent[0]]
    assert client.history(status="failed").runs == client.history(model="another/model").runs == ()


def test_rows_of_the_history_that_make_no_sense_cost_nothing_but_themselves() -> None:
    rows: list[Any] = [
        None,
        {"ID": "../x"},
        {"ID": "a", "requestBody": "{", "createdAt": "never", "result": None, "status": "processing"},
        {
            "ID": "b",
            "requestBody": {"prompt": "plain"},
            "createdAt": 1e99,
            "result": {"id": "other", "status": "failed"},
        },
        {
            "ID": "c",
            "requestBody": json.dumps({"model": "m", "input": {"prompt": "nested"}}),
            "createdAt": "1756800000",
        },
    ]

    page = hearing({"code": 200, "data": {"items": rows, "total": "x"}}, AtlasClient.history)

    assert [run.id for run in page.runs] == ["a", "b", "c"]
    assert [run.prompt for run in page.runs] == ["", "plain", "nested"]
    assert [run.prediction.status for run in page.runs] == [Status.RUNNING, Status.FAILED, Status.UNRECOGNIZED]
    assert [run.created for run in page.runs] == [None, None, datetime.fromtimestamp(1756800000, UTC)]
    assert not page.has_more


@pytest.mark.parametrize(("page", "size"), [(0, 20), (1, 0), (1, 51)])
def test_a_page_that_cannot_be_is_not_asked_for(client: AtlasClient, page: int, size: int) -> None:
    with pytest.raises(ValueError, match="1 to 50"):
        client.history(page=page, size=size)


# Uploads


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"RIFF....WAVE", b"%PDF-1.7", b"\x89PNG"])
def test_what_is_no_picture_is_not_uploaded(client: AtlasClient, simulator: Simulator, content: bytes) -> None:
    with pytest.raises(ValueError, match="not a PNG, JPEG, WebP or GIF"):
        client.upload(io.BytesIO(content))

    assert simulator.requests() == []


def test_too_large_a_picture_is_not_uploaded(client: AtlasClient, simulator: Simulator) -> None:
    with pytest.raises(ValueError, match="has 50 MB and Atlas Cloud takes 50"):
        client.upload(io.BytesIO(picture() + bytes(BYTE_LIMIT)))

    assert simulator.requests() == []


def test_a_large_picture_is_read_while_it_is_sent(client: AtlasClient) -> None:
    class Watched(io.BytesIO):
        longest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.longest = max(self.longest, size if size is not None and size >= 0 else 10**9)
            return super().read(size)

    file = Watched(picture() + bytes(3_000_000))

    assert client.upload(file).size == len(file.getvalue())
    assert file.longest <= 65_536


@pytest.mark.parametrize(("fault", "named"), [("reset", NotUploaded), ("500", NotUploaded), ("413", InvalidRequest)])
def test_an_upload_that_fails_says_so(
    client: AtlasClient, simulator: Simulator, fault: str, named: type[AtlasError]
) -> None:
    simulator.fault("upload", fault)

    with pytest.raises(named):
        client.upload(io.BytesIO(picture()))

    assert simulator.count("POST", "/api/v1/model/uploadMedia") == 1


@pytest.mark.parametrize(
    "address", [None, "", "javascript:alert(1)", "/media/1.png", "https://a/ b", "https://a/\n", 7]
)
def test_an_upload_without_a_web_address_is_none(address: Any) -> None:
    with pytest.raises(UnexpectedReply):
        hearing({"code": 200, "data": {"download_url": address}}, lambda it: it.upload(io.BytesIO(picture())))


# Account


def test_the_balance_is_exact_money(client: AtlasClient) -> None:
    held = client.balance()

    assert held.available > 0
    assert held.cash is not None
    assert held.frozen is not None
    assert held.available == held.cash - held.frozen
    assert held.account == "Simulated account"


def test_a_balance_may_lie_below_zero_and_parts_may_be_missing() -> None:
    owed = hearing({"available": {"value": "-1.250000", "currency": "usd"}, "cash": "x"}, AtlasClient.balance)

    assert (owed.available, owed.cash) == (Decimal("-1.25"), None)


@pytest.mark.parametrize("available", [None, {}, {"value": "7", "currency": "eur"}, {"value": "NaN"}])
def test_a_balance_that_does_not_say_what_is_left_in_dollars_is_none(available: Any) -> None:
    with pytest.raises(UnexpectedReply):
        hearing({"available": available}, AtlasClient.balance)


def test_usage_and_costs_are_told_by_the_day_and_the_model() -> None:
    clock = Clock()
    with Simulator(latency=1, clock=clock) as simulator:
        client = AtlasClient(Key(CANARY), simulator.url)
        priced = client.calculate(SMALL).price
        for _ in range(2):
            client.submit(SMALL)
        clock.now += 24 * 3600

        used = client.usage(TODAY - DAY, TODAY + DAY, grouping=Grouping.MODEL_AND_KEY)
        paid = client.costs(TODAY - DAY, TODAY + DAY, grouping=Grouping.MODEL, whole_account=True)

    assert [day.day for day in used.days] == [TODAY - DAY, TODAY]
    assert [day.is_partial for day in used.days] == [False, True]
    row = used.days[0].rows[0]
    assert (row.model, row.counts["requests"], used.count("images")) == (SMALL.model, 2, 2)
    assert row.key.startswith("ak_")
    assert paid.amount == 2 * priced
    assert paid.is_whole


def test_a_report_of_several_pages_is_put_together_and_one_without_end_is_cut() -> None:
    row = {"model_id": "m", "amount": {"value": "0.5", "currency": "usd"}, "requests": 1}
    page = {"data": [{"date": "2026-09-01", "results": [row, None]}], "has_more": True, "next_page": "onwards"}

    endless = hearing(page, lambda client: client.costs(TODAY, TODAY + DAY))

    assert len(endless.days) == 1
    assert endless.amount == Decimal(10)
    assert not endless.is_whole


@pytest.mark.parametrize("cursor", ["\ud800", "two words", "x" * 501, "", 7, None])
def test_a_report_that_goes_on_where_nobody_can_ask_is_not_whole(cursor: Any) -> None:
    page = {"data": [], "has_more": True, "next_page": cursor}

    assert not hearing(page, lambda client: client.usage(TODAY, TODAY + DAY)).is_whole


@pytest.mark.parametrize("days", [0, -1, 181])
def test_a_period_that_cannot_be_is_not_asked_for(client: AtlasClient, simulator: Simulator, days: int) -> None:
    with pytest.raises(ValueError, match="1 to 180 days"):
        client.usage(TODAY, TODAY + days * DAY)

    assert simulator.requests() == []


@pytest.mark.parametrize("reply", [{}, {"data": None}, {"data": [{"date": "yesterday"}]}, {"data": [7]}])
def test_a_report_without_days_is_not_what_was_promised(reply: Any) -> None:
    with pytest.raises(UnexpectedReply):
        hearing(reply, lambda client: client.usage(TODAY, TODAY + DAY))


def test_the_third_envelope_is_read_and_a_pause_that_billing_names_is_told(
    client: AtlasClient, simulator: Simulator
) -> None:
    with pytest.raises(InvalidKey, match="unauthorized") as refused:
        hearing(
            {"code": 401, "error": {"type": "x", "message": "unauthorized"}, "request_id": "req_1"}, AtlasClient.balance
        )
    assert refused.value.request_id == "req_1"

    simulator.fault("billing", "429", seconds=7)
    with pytest.raises(RateLimited) as slower:
        client.balance()
    assert slower.value.retry_after_s == 7


# Help with words


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ({}, "does not understand"),
        ({"choices": []}, "does not understand"),
        ({"choices": [{"message": {"content": None}}]}, "without any words"),
        ({"choices": [{"message": {"content": " \n\x00"}}]}, "without any words"),
        ({"choices": [{"message": {"content": "x" * 32_001}}]}, "far too much"),
        ({"code": 402, "msg": "insufficient balance"}, "out of credit"),
        ({"code": 429, "msg": "slow"}, "Wait a minute"),
        ({"code": 400, "msg": "no such protocol"}, "no such protocol"),
    ],
)
def test_help_that_is_none_says_why(reply: Any, said: str) -> None:
    with pytest.raises(NoHelp, match=said):
        hearing(reply, lambda client: client.complete(PROMPT))


def test_help_in_parts_is_put_together() -> None:
    content = [{"type": "text", "text": "a red "}, {"type": "image"}, None, {"type": "text", "text": "bicycle"}]

    said = hearing({"choices": [{"message": {"content": content}}]}, lambda client: client.complete(PROMPT))

    assert said.text == "a red bicycle"


def test_help_is_asked_for_once_whole_and_capped(client: AtlasClient, simulator: Simulator) -> None:
    simulator.fault("chat", "500")
    with pytest.raises(NoHelp):
        client.complete(PROMPT)

    sent = [one["body"] for one in simulator.requests()]
    assert sent == [
        {
            "model": "deepseek-ai/deepseek-v3.2",
            "messages": [{"role": "user", "content": "a red bicycle"}],
            "max_tokens": 1000,
            "stream": False,
        }
    ]
