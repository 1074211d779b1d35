"""Money is reserved, released and settled; usage and costs come by the day; estimates need no key."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from atlas.simulator import Simulator
from tests.simulator.calling import FLUX, GPT_IMAGE, SMALL, Caller, Clock, refusal

DAY = 24 * 3600.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bank(clock: Clock) -> Iterator[Simulator]:
    with Simulator(latency=10, clock=clock, control=True, credit=Decimal(1)) as simulator:
        yield simulator


@pytest.fixture
def customer(bank: Simulator) -> Caller:
    return Caller(url=bank.url)


def sums(caller: Caller) -> tuple[str, str]:
    """What is available, and what is set aside."""
    balance = caller.get("/public/v1/balance").json()
    return balance["available"]["value"], balance["frozen"]["value"]


def day(clock: Clock, after: int = 0) -> str:
    return (datetime.fromtimestamp(clock.now, UTC).date() + timedelta(days=after)).isoformat()


def wrong(reply: requests.Response, code: int) -> dict[str, Any]:
    """The error of the third envelope."""
    body = reply.json()
    assert reply.status_code == code
    assert set(body) == {"error", "request_id"}
    assert body["request_id"] == f"req_{reply.headers['X-Request-ID']}"
    assert set(body["error"]) == {"type", "code", "message", "param"}
    error: dict[str, Any] = body["error"]
    return error


def test_the_balance_is_told_in_six_decimals(customer: Caller) -> None:
    reply = customer.get("/public/v1/balance")

    balance = reply.json()
    assert (balance["object"], balance["scope"]) == ("balance", "account")
    assert set(balance["account"]) == {"id", "name", "type"}
    assert balance["available"] == balance["cash"] == {"value": "1.000000", "currency": "usd"}
    assert balance["credit_grant"]["granted"]["value"] == "0.000000"
    assert balance["request_id"] == f"req_{reply.headers['X-Request-ID']}"


def test_a_price_is_set_aside_at_the_submit_and_settled_at_the_end(customer: Caller, clock: Clock) -> None:
    customer.submit()
    running = sums(customer)
    clock.now += 10

    assert running == ("0.997000", "0.003000")
    assert sums(customer) == ("0.997000", "0.000000")


@pytest.mark.parametrize("kind", ["failed", "timeout", "canceled", "moderation"])
def test_what_fails_costs_nothing(bank: Simulator, customer: Caller, clock: Clock, kind: str) -> None:
    bank.fault("task", kind)
    customer.submit()
    running = sums(customer)
    clock.now += 10

    assert running == ("0.997000", "0.003000")
    assert sums(customer) == ("1.000000", "0.000000")


def test_what_never_ends_stays_set_aside(bank: Simulator, customer: Caller, clock: Clock) -> None:
    bank.fault("task", "stuck")
    customer.submit()
    clock.now += DAY

    assert sums(customer) == ("0.997000", "0.003000")


def test_a_submit_that_costs_more_than_is_there_is_refused_and_creates_nothing(
    bank: Simulator, customer: Caller
) -> None:
    assert requests.put(f"{bank.url}/_sim/credit", json={"credit": "0.005"}, timeout=5).ok

    assert customer.post(SMALL).status_code == 200
    assert refusal(customer.post(SMALL), 402) == "insufficient balance"
    assert customer.post({"model": "baidu/ERNIE-Image-Turbo", "prompt": "free"}).status_code == 200
    assert customer.get("/api/v1/model/history").json()["data"]["total"] == 2


def test_money_that_was_released_can_be_spent_again(bank: Simulator, customer: Caller, clock: Clock) -> None:
    requests.put(f"{bank.url}/_sim/credit", json={"credit": 0.003}, timeout=5)
    bank.fault("task", "failed")
    customer.submit()
    short = customer.post(SMALL)
    clock.now += 10

    assert short.status_code == 402
    assert customer.post(SMALL).status_code == 200


@pytest.mark.parametrize("body", [{}, {"credit": "much"}, {"credit": "NaN"}, []])
def test_credit_that_is_no_amount_is_refused(bank: Simulator, body: Any) -> None:
    assert "USD" in refusal(requests.put(f"{bank.url}/_sim/credit", json=body, timeout=5), 400)


def test_a_demo_does_not_run_out_of_money() -> None:
    with Simulator(latency=0) as simulator:
        assert Decimal(sums(Caller(url=simulator.url))[0]) >= 10_000


def test_costs_come_by_the_day_grouped_by_model(bank: Simulator, customer: Caller, clock: Clock) -> None:
    for _ in range(2):
        customer.submit()
    customer.post({"model": GPT_IMAGE, "prompt": "x", "quality": "low"})
    bank.fault("task", "failed")
    customer.submit()
    clock.now += DAY
    customer.submit()
    clock.now += 10

    query = f"?start_date={day(clock, -1)}&end_date={day(clock, 1)}&group_by[]=model"
    costs = customer.get(f"/public/v1/model-costs{query}").json()

    assert (costs["object"], costs["scope"], costs["has_more"], costs["next_page"]) == ("list", "self", False, None)
    before, today = costs["data"]
    assert (before["object"], before["date"], before["partial"]) == ("model_cost.bucket", day(clock, -1), False)
    assert (today["date"], today["partial"]) == (day(clock), True)
    assert before["end_at"] == before["covered_until"] == today["start_at"] == f"{day(clock)}T00:00:00Z"
    amounts = {row["model_id"]: row["amount"] for row in before["results"]}
    assert amounts == {
        FLUX: {"value": "0.006000", "currency": "usd"},
        GPT_IMAGE: {"value": "0.008000", "currency": "usd"},
    }
    assert [row["amount"]["value"] for row in today["results"]] == ["0.003000"]


def test_what_has_not_ended_is_used_but_not_charged(bank: Simulator, customer: Caller, clock: Clock) -> None:
    bank.fault("task", "stuck")
    customer.submit()
    customer.submit()
    dates = f"?start_date={day(clock)}&end_date={day(clock, 1)}"

    usage, costs = (customer.get(f"/public/v1/model-{word}{dates}").json()["data"][0] for word in ("usage", "costs"))

    assert usage["results"][0]["requests"] == 2
    assert costs["results"] == []


def test_usage_counts_requests_and_pictures(customer: Caller, clock: Clock) -> None:
    customer.submit(num_images=3)
    customer.submit()

    dates = f"?start_date={day(clock)}&end_date={day(clock, 2)}"
    usage = customer.get(f"/public/v1/model-usage{dates}").json()

    today, tomorrow = usage["data"]
    assert today["object"] == "usage.bucket"
    assert (today["results"][0]["requests"], today["results"][0]["images"]) == (2, 4)
    assert tomorrow["results"] == []


def test_scope_self_is_one_key_and_account_is_all(bank: Simulator, customer: Caller, clock: Clock) -> None:
    other = Caller(url=bank.url, key="apikey-other")
    for caller in (customer, other, other):
        caller.submit()
    dates = f"?start_date={day(clock)}&end_date={day(clock, 1)}"

    def rows(query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = customer.get(f"/public/v1/model-usage{dates}{query}").json()["data"][0]["results"]
        return found

    assert [row["requests"] for row in rows("")] == [1]
    assert [row["requests"] for row in rows("&scope=account")] == [3]
    by_key = rows("&scope=account&group_by[]=model&group_by[]=api_key")
    assert sorted(row["requests"] for row in by_key) == [1, 2]
    assert all(row["api_key_id"].startswith("ak_") and row["model_id"] == FLUX for row in by_key)
    mine = next(row["api_key_id"] for row in by_key if row["requests"] == 1)
    assert [row["requests"] for row in rows(f"&scope=account&api_key_ids[]={mine}")] == [1]
    assert rows(f"&model_ids[]={GPT_IMAGE}") == []
    assert rows("&model_types[]=video") == []
    assert [row["model_type"] for row in rows("&model_types[]=image&group_by[]=model_type")] == ["image"]


def test_pages_carry_on_where_the_last_one_ended(customer: Caller, clock: Clock) -> None:
    for model in (FLUX, "black-forest-labs/flux-dev", GPT_IMAGE):
        customer.post({"model": model, "prompt": "x"})
    query = f"?start_date={day(clock)}&end_date={day(clock, 1)}&group_by[]=model&limit=2"

    first = customer.get(f"/public/v1/model-usage{query}").json()
    second = customer.get(f"/public/v1/model-usage{query}&page={first['next_page']}").json()

    assert (first["has_more"], second["has_more"], second["next_page"]) == (True, False, None)
    models = [row["model_id"] for reply in (first, second) for row in reply["data"][0]["results"]]
    assert len(models) == len(set(models)) == 3


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("", "start_date"),
        ("start_date=2026-09-01", "end_date"),
        ("start_date=2026-09-31&end_date=2026-10-02", "start_date"),
        ("start_date=2026-09-02&end_date=2026-09-02", "end_date"),
        ("start_date=2026-01-01&end_date=2026-09-01", "end_date"),
        ("start_date=2026-09-01&end_date=2026-09-02&scope=all", "scope"),
        ("start_date=2026-09-01&end_date=2026-09-02&group_by[]=model,api_key", "group_by[]"),
        ("start_date=2026-09-01&end_date=2026-09-02&group_by=model", "group_by[]"),
        ("start_date=2026-09-01&end_date=2026-09-02&group_by[]=model&group_by[]=model_type", "group_by[]"),
        ("start_date=2026-09-01&end_date=2026-09-02&limit=1001", "limit"),
        ("start_date=2026-09-01&end_date=2026-09-02&page=%20", "page"),
        ("start_date=2026-09-01&end_date=2026-09-02" + "&model_types[]=a" * 4, "model_types[]"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_by_the_name_of_its_parameter(
    customer: Caller, query: str, param: str
) -> None:
    error = wrong(customer.get(f"/public/v1/model-costs?{query}"), 400)

    assert (error["type"], error["param"]) == ("invalid_request_error", param)


def test_billing_errors_have_an_envelope_of_their_own(bank: Simulator, customer: Caller) -> None:
    without_key = requests.get(f"{bank.url}/public/v1/balance", timeout=5)
    bank.fault("billing", "500")

    assert wrong(without_key, 401)["code"] == "invalid_api_key"
    assert wrong(customer.get("/public/v1/balance"), 500)["type"] == "api_error"
    assert wrong(customer.get("/public/v1/typo"), 401)["type"] == "authentication_error"


def test_too_many_billing_requests_say_when_to_come_back(bank: Simulator, customer: Caller) -> None:
    bank.fault("billing", "429", seconds=7)

    reply = customer.get("/public/v1/balance")

    assert wrong(reply, 429)["type"] == "rate_limit_error"
    assert reply.headers["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("body", "price", "origin"),
    [
        ({"model": GPT_IMAGE, "quality": "low"}, "0.008", "0.009"),
        ({"model": GPT_IMAGE}, "0.032", "0.036"),
        ({"model": GPT_IMAGE, "quality": "high", "size": "1536x1024"}, "0.18", "0.2025"),
        (
            {"model": "openai/gpt-image-1.5/edit", "images": ["https://a.test/1.png"] * 4, "quality": "low"},
            "0.012",
            "0.0135",
        ),
        ({"model": "openai/gpt-image-1-mini/text-to-image", "n": 3, "quality": "low"}, "0.012", "0.012"),
        ({"model": FLUX, "num_images": 4}, "0.012", "0.012"),
        ({"model": "youchuan/v8.1"}, "0.08", "0.08"),
        ({"model": "youchuan/v8.1", "hd": True}, "0.12", "0.12"),
        ({"model": "z-image/turbo", "prompt_extend": True}, "0.02", "0.03"),
        ({"model": "baidu/ERNIE-Image-Turbo"}, "0", "0.01"),
    ],
)
def test_an_estimate_needs_no_key_and_creates_no_job(
    simulator: Simulator, body: dict[str, Any], price: str, origin: str
) -> None:
    reply = requests.post(f"{simulator.url}/api/v1/model/calculate", json={"prompt": "x", **body}, timeout=5)

    data = reply.json()["data"]
    assert (data["price"], data["origin_price"]) == (price, origin)
    assert (data["estimated"], data["estimated_tokens"]) == (False, 0)
    assert Caller(url=simulator.url, key="apikey-nobody").get("/api/v1/model/history").json()["data"]["total"] == 0


def test_an_estimate_names_the_discount_of_its_model(caller: Caller) -> None:
    discounts = [
        caller.ask("/api/v1/model/calculate", {"model": model}).json()["data"]["discount"]
        for model in (GPT_IMAGE, FLUX)
    ]

    assert discounts == ["90", "100"]


def test_an_estimate_is_what_the_job_then_costs(caller: Caller) -> None:
    body = {"model": GPT_IMAGE, "prompt": "x", "size": "1024x1536"}

    estimate = caller.ask("/api/v1/model/calculate", body).json()["data"]["price"]

    assert caller.data(caller.post(body).json()["id"])["price"] == estimate


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"prompt": "x"}, 400),
        ({"model": "no/such"}, 404),
        ({"model": "microsoft/mai-image-2.5"}, 404),
        ({"model": "baidu/ERNIE-Image-Turbo/text-to-image"}, 404),
        ({"model": FLUX, "num_images": 9}, 400),
    ],
)
def test_what_has_no_price_is_refused(caller: Caller, body: dict[str, Any], code: int) -> None:
    assert refusal(caller.ask("/api/v1/model/calculate", body), code)
