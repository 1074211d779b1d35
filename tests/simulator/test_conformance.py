"""Section 18 of atlas-api.md, point by point; point 17 is in test_forms, the public clients in test_clients."""

import base64
import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests

from atlas.simulator import KeyMode, Simulator
from atlas.simulator.faults import TABLE, Where
from tests.simulator import clients
from tests.simulator.calling import FLUX, GPT_IMAGE, SMALL, Caller, Clock, opened, picture, png, refusal, rows

EDIT = "openai/gpt-image-1.5/edit"
SUPERSET = {"code", "message", "data", "id", "status", "model", "created_at"}
POLLED = {
    "id", "model", "status", "outputs", "urls", "created_at", "completed_at", "error", "error_code", "executionTime",
    "timings", "latency_ms", "price", "has_nsfw_contents", "metrics",
}  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(latency=0.1, control=True) as simulator:
        yield simulator


@pytest.fixture
def live(running: Simulator) -> Simulator:
    """A simulator whose jobs take a tenth of a second, with an empty script."""
    running.forget_faults()
    running.forget_requests()
    return running


# General


def test_point_1_everything_is_served_under_one_origin(caller: Caller) -> None:
    row = rows(caller.url)[GPT_IMAGE]
    output = caller.data(caller.post(SMALL).json()["id"])["outputs"][0]
    upload = caller.upload("a.png", png("red")).json()["data"]["download_url"]

    for address in (row["schema"], row["readme"], row["avatar"], output, upload):
        assert address.startswith(f"{caller.url}/")
        assert requests.get(address, timeout=10).ok
    for path in ("/api/v1/models", "/v1/models", "/public/v1/balance"):
        assert caller.get(path).ok


@pytest.mark.parametrize(
    "path",
    ["/api/v1/models", "/api/v1/model/history", "/public/v1/balance", "/v1/models", "/api/v1/model/prediction/x"],
)
def test_point_2_json_is_called_json_and_every_reply_has_its_id(caller: Caller, path: str) -> None:
    reply = caller.get(path)

    assert reply.headers["Content-Type"] == "application/json"
    assert len(reply.headers["X-Request-ID"]) == 32
    if not reply.ok:
        assert reply.json()["request_id"] == reply.headers["X-Request-ID"]


def test_point_2_bodies_come_in_chunks_or_at_once_over_a_connection_that_stays(caller: Caller) -> None:
    with requests.Session() as session:
        session.headers.update({**caller.headers, "Content-Type": "application/json"})
        address = f"{caller.url}/api/v1/model/generateImage"
        whole = session.post(address, data=json.dumps(SMALL), timeout=5)
        chunked = session.post(address, data=iter([json.dumps(SMALL).encode()]), timeout=5)

    assert [reply.json()["code"] for reply in (whole, chunked)] == [200, 200]
    assert "close" not in whole.headers.get("Connection", "")


def test_point_3_what_is_unknown_is_ignored_and_a_trailing_slash_is_fine(caller: Caller) -> None:
    headers = {"X-Atlas-Client": "comfyui"}
    job = caller.post(SMALL, headers=headers, params={"utm_source": "github"}).json()["id"]

    assert caller.poll(f"{job}/", params={"utm_source": "github"}, allow_redirects=False).status_code == 200


@pytest.mark.parametrize(
    ("mode", "key", "status"),
    [
        (KeyMode.STRICT, "apikey-good", 200),
        (KeyMode.STRICT, "$ATLASCLOUD_API_KEY", 401),
        (KeyMode.PERMISSIVE, "$ATLASCLOUD_API_KEY", 200),
        (KeyMode.PERMISSIVE, "apikey-rejected", 401),
    ],
)
def test_point_4_keys_are_checked_before_the_path(mode: KeyMode, key: str, status: int) -> None:
    with Simulator(latency=0, keys=mode, rejected=frozenset({"apikey-rejected"})) as simulator:
        caller = Caller(url=simulator.url, key=key)

        assert caller.get("/api/v1/model/history").status_code == status
        assert refusal(caller.get("/api/v1/model/misspelt"), 401)


def test_point_5_the_catalogue_schemas_estimates_and_files_need_no_key(caller: Caller) -> None:
    file = caller.outputs()[0]

    for address in (f"{caller.url}/api/v1/models", rows(caller.url)[FLUX]["schema"], file):
        assert requests.get(address, timeout=10).ok
    assert requests.post(f"{caller.url}/api/v1/model/calculate", json=SMALL, timeout=5).ok


# Submit


def test_point_6_bodies_are_flat_or_nested_and_images_text_or_a_list(caller: Caller) -> None:
    nested = caller.post({"model": FLUX, "input": {"prompt": "x", "size": "256*320"}}).json()["id"]
    assert picture(caller.data(nested)["outputs"][0]).size == (256, 320)
    for images in ("https://a.test/1.png", ["https://a.test/1.png"]):
        assert caller.post({"model": EDIT, "prompt": "x", "images": images}).ok
    assert "model" in refusal(caller.post({"prompt": "x"}), 400)
    assert "no/such" in refusal(caller.post({"model": "no/such", "prompt": "x"}), 404)


@pytest.mark.parametrize("surplus", [{"steps": 20}, {"size": "7*7"}])
def test_point_6_what_makes_no_sense_is_dropped_or_fails_and_refused_in_strict_mode(
    caller: Caller, surplus: dict[str, Any]
) -> None:
    data = caller.data(caller.post({**SMALL, **surplus}).json()["id"])

    assert data["status"] == ("completed" if "steps" in surplus else "failed")
    with Simulator(latency=0, strict=True) as simulator:
        assert next(iter(surplus)) in refusal(Caller(url=simulator.url).post({**SMALL, **surplus}), 400)


def test_point_7_the_reply_is_the_superset_that_every_client_reads(caller: Caller) -> None:
    reply = caller.post(SMALL).json()

    assert set(reply) == SUPERSET
    assert {"id", "model", "status", "outputs", "urls", "created_at"} <= set(reply["data"])
    assert (reply["code"], reply["message"]) == (200, "success")
    assert (reply["status"], reply["data"]["status"], reply["data"]["outputs"]) == ("processing", "created", [])
    assert len(reply["id"]) == 32
    assert int(reply["id"], 16) >= 0
    assert reply["data"]["urls"]["get"] == f"{caller.url}/api/v1/model/prediction/{reply['id']}"


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("minimal", {"code", "message", "data"}),
        ("flat", {"id", "status", "model", "created_at"}),
        ("prediction-id-only", {"predictionId"}),
        ("code-401", {"code", "msg", "data", "request_id"}),
    ],
)
def test_point_8_other_shapes_of_the_reply_can_be_asked_for(live: Simulator, kind: str, keys: set[str]) -> None:
    live.fault("submit", kind)

    reply = Caller(url=live.url).post(SMALL)

    assert (reply.status_code, set(reply.json())) == (200, keys)


def test_point_9_sync_mode_waits_and_its_limit_is_504(live: Simulator) -> None:
    done = Caller(url=live.url).post({**SMALL, "enable_sync_mode": True}).json()
    with Simulator(latency=5, sync_limit=0.05) as simulator:
        caller = Caller(url=simulator.url)
        assert refusal(caller.post({**SMALL, "enable_sync_mode": True}), 504)
        goes_on = caller.get("/api/v1/model/history").json()["data"]["items"][0]

    assert (done["data"]["status"], len(done["data"]["outputs"])) == ("completed", 1)
    assert goes_on["status"] in ("created", "processing")


def test_point_9_base64_is_raw_or_a_data_uri(simulator: Simulator, caller: Caller) -> None:
    raw = caller.outputs(enable_base64_output=True)[0]
    simulator.fault("task", "base64-data-uri")
    uri = caller.outputs(enable_base64_output=True)[0]

    assert opened(base64.b64decode(raw, validate=True)).size == (256, 256)
    assert uri.startswith("data:image/png;base64,")


def test_point_9_webhook_addresses_and_retention_headers_are_checked(caller: Caller) -> None:
    assert "webhook_url" in refusal(caller.post({**SMALL, "webhook_url": "http://example.org/"}), 400)
    for header, bad in (("Object-Expiration", "0"), ("Object-Expiration", "337"), ("Request-Retention", "x")):
        assert header in refusal(caller.post(SMALL, headers={f"X-AtlasCloud-{header}-Hours": bad}), 400)
    job = caller.post(SMALL, headers={"X-AtlasCloud-Request-Retention-Hours": "0"}).json()["id"]
    assert refusal(caller.poll(job), 404)
    assert caller.get(f"/files/{job}-1.png").ok


# Poll


@pytest.mark.parametrize("word", ["prediction", "result"])
def test_point_10_both_paths_tell_created_processing_completed_with_every_key(word: str) -> None:
    clock = Clock()
    with Simulator(latency=10, clock=clock) as simulator:
        caller = Caller(url=simulator.url)
        job = caller.submit()
        seen = []
        for _ in range(3):
            seen.append(caller.get(f"/api/v1/model/{word}/{job}").json()["data"])
            clock.now += 5

    assert [one["status"] for one in seen] == ["created", "processing", "completed"]
    assert [one["outputs"] is None for one in seen] == [True, True, False]
    assert all({"metrics", "error", "outputs"} <= set(one) for one in seen)
    assert set(seen[-1]) == POLLED
    assert seen[-1]["metrics"] == {"predict_time": 8.5}
    assert isinstance(seen[-1]["price"], str)


def test_point_10_the_oldest_way_to_ask_answers_at_the_top_level(caller: Caller) -> None:
    job = caller.submit()

    told = caller.get(f"/api/v1/model/getResult?predictionId={job}").json()

    assert (told["code"], told["id"], told["status"]) == (200, job, "completed")
    assert told["output"] == told["outputs"] == caller.data(job)["outputs"]
    assert refusal(caller.get("/api/v1/model/getResult"), 404)


def test_point_11_failure_comes_under_http_200_and_on_request_under_500(simulator: Simulator, caller: Caller) -> None:
    simulator.fault("task", "moderation")
    job = caller.submit()
    usual = caller.poll(job)
    simulator.fault("poll", "500-terminal")
    switched = caller.poll(job)
    simulator.fault("task", "succeeded")

    assert (usual.status_code, usual.json()["data"]["status"], usual.json()["data"]["error_code"]) == (
        200,
        "failed",
        1039,
    )
    assert usual.json()["data"]["error"]
    assert (switched.status_code, switched.json()["data"]["status"]) == (500, "failed")
    assert caller.data(caller.submit())["status"] == "succeeded"
    assert caller.data(caller.submit())["status"] == "completed"


def test_point_12_an_unknown_id_is_not_found_nor_a_fresh_one_while_warming_up(caller: Caller) -> None:
    assert refusal(caller.poll("0" * 32), 404)
    clock = Clock()
    with Simulator(latency=1, clock=clock, warm_up=3) as simulator:
        fresh = Caller(url=simulator.url)
        job = fresh.submit()
        clock.now += 2.9
        assert refusal(fresh.poll(job), 404)
        clock.now += 0.1
        assert fresh.data(job)["status"] == "completed"


def test_point_13_history_is_a_keys_own_with_pages_and_filters(live: Simulator) -> None:
    mcp = clients.Mcp(url=live.url, key="apikey-point-13")
    job = mcp.generate(FLUX, {"prompt": "x", "size": "256*256"})

    page = mcp.history(no=1, size=1, sessionID=job, model=FLUX)

    item = page["items"][0]
    assert (item["ID"], page["pageNo"], page["pageSize"], page["total"]) == (job, 1, 1, 1)
    assert json.loads(item["requestBody"])["prompt"] == "x"
    assert item["createdAt"] < 1e11
    assert item["result"]["id"] == job


# Images


def test_point_14_outputs_are_real_pictures_that_differ_by_parameter_and_expire() -> None:
    clock = Clock()
    with Simulator(latency=0, clock=clock) as simulator:
        caller = Caller(url=simulator.url)
        several = caller.outputs(num_images=2, size="256*320", seed=1)
        assert [picture(one).size for one in several] == [(256, 320)] * 2
        assert requests.get(several[0], timeout=10).content != requests.get(several[1], timeout=10).content
        assert len(caller.data(caller.post({"model": "youchuan/v8.1", "prompt": "x"}).json()["id"])["outputs"]) == 4
        clock.now += 14 * 24 * 3600
        assert requests.get(several[0], timeout=10).status_code == 404


def test_point_14_files_can_be_wrong_in_every_way() -> None:
    assert {"wrong-extension", "truncated", "drip", "slow", "html"} <= set(TABLE[Where.FILE])


def test_point_15_an_upload_is_served_back_and_used(caller: Caller) -> None:
    told = caller.upload("a.png", png("red", (128, 128))).json()["data"]
    assert {"type", "download_url", "filename", "size", "file_name", "content_type"} == set(told)
    body = {"model": "atlascloud/qwen-image/edit", "prompt": "x", "seed": 1}

    used, not_used = (
        picture(caller.data(caller.post({**body, "image": image}).json()["id"])["outputs"][0]).resize((8, 8))
        for image in (told["download_url"], "https://elsewhere.test/a.png")
    )

    assert used.tobytes() != not_used.tobytes()
    assert refusal(caller.upload("a.png", bytes(50 * 1024 * 1024)), 413)


# Catalogue and price


@pytest.mark.parametrize(
    ("model", "awkward"),
    [
        ("google/imagen4-ultra", lambda row: row["display_console"] is False),
        ("tencent/hunyuan3d-v3/image-to-3d", lambda row: (row["type"], row["tags"]) == ("Image", ["3D"])),
        ("tencent/hunyuan3d-v3/text-to-3d", lambda row: (row["type"], row["tags"]) == ("Image", [])),
        ("alibaba/wan-2.7/text-to-video", lambda row: row["type"] == "Video"),
        ("deepseek-ai/deepseek-v3.2", lambda row: row["type"] == "Text" and row["supported_protocols"]),
        ("google/imagen3", lambda row: "schema" not in row),
        ("baidu/ERNIE-Image-Turbo/text-to-image", lambda row: row["price"]["actual"]["base_price"] == "0.01"),
        ("alibaba/qwen-image/text-to-image-max", lambda row: row["price"]["discount"] == "80"),
        ("microsoft/mai-image-2.5", lambda row: "base_price" not in row["price"]["actual"]),
        ("baidu/ERNIE-Image-Turbo", lambda row: row["price"]["actual"]["base_price"] == "0"),
    ],
)
def test_point_16_the_catalogue_has_every_awkward_row(caller: Caller, model: str, awkward: Any) -> None:
    row = rows(caller.url)[model]

    assert awkward(row)
    assert {"uuid", "model", "displayName", "profile", "organization", "avatar", "readme", "tags", "categories"} <= set(
        row
    )
    assert {"familyName", "familyDisplayName", "example", "avgLatency", "price"} <= set(row)
    assert json.loads(row["example"])["model"] == model


def test_point_16_a_ghost_is_listed_and_its_submit_is_not_found(caller: Caller) -> None:
    ghost = "baidu/ERNIE-Image-Turbo/text-to-image"

    assert ghost in rows(caller.url)
    assert ghost in refusal(caller.post({"model": ghost, "prompt": "x"}), 404)


def test_point_18_an_estimate_multiplies_floor_size_quality_references_and_count(simulator: Simulator) -> None:
    def price(**body: Any) -> Decimal:
        reply = requests.post(f"{simulator.url}/api/v1/model/calculate", json=body, timeout=5).json()
        assert set(reply["data"]) == {"price", "origin_price", "discount", "estimated", "estimated_tokens"}
        return Decimal(reply["data"]["price"])

    floor = price(model=EDIT, quality="low")
    assert floor == Decimal("0.008")
    assert price(model=EDIT, quality="low", size="1024x1536") == floor * Decimal("1.5")
    assert price(model=EDIT, quality="high") == floor * 15
    assert price(model=EDIT, quality="low", images=["https://a.test/1.png"] * 7) == floor * 2
    assert price(model="openai/gpt-image-1-mini/text-to-image", quality="low", n=5) == Decimal("0.02")
    assert price(model="alibaba/wan-2.7/text-to-image", n=3) == Decimal("0.09")


def test_point_19_money_is_reserved_released_settled_and_refused() -> None:
    clock = Clock()
    with Simulator(latency=10, clock=clock, control=True, credit=Decimal("0.007")) as simulator:
        caller, mcp = Caller(url=simulator.url), clients.Mcp(url=simulator.url)
        simulator.fault("task", "failed")
        caller.submit()
        caller.submit()
        assert mcp.balance() == "Simulated account (personal): $0.00"
        assert refusal(caller.post(SMALL), 402)
        clock.now += 10
        told = caller.get("/public/v1/balance").json()

    assert (told["available"]["value"], told["frozen"]["value"]) == ("0.004000", "0.000000")


def test_point_19_usage_is_grouped_by_day_and_billing_errors_have_their_own_envelope(simulator: Simulator) -> None:
    mcp = clients.Mcp(url=simulator.url, key="apikey-point-19")
    mcp.generate(FLUX, {"prompt": "x", "size": "256*256"})
    today = date.fromisoformat(mcp.history()["items"][0]["result"]["created_at"][:10])

    costs = mcp.costs(today.isoformat(), (today + timedelta(days=2)).isoformat(), ["model"])
    reply = Caller(url=simulator.url).get("/public/v1/model-costs?start_date=x")
    simulator.fault("billing", "429", seconds=3)
    limited = Caller(url=simulator.url).get("/public/v1/balance")

    assert [(row["model_id"], row["amount"]["value"]) for row in costs] == [(FLUX, "0.003000")]
    assert reply.json()["error"]["param"] == "start_date"
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "3")
    assert limited.json()["error"]["type"] == "rate_limit_error"


# LLM, webhooks, faults


def test_point_20_chat_answers_streams_says_nothing_or_refuses(simulator: Simulator, caller: Caller) -> None:
    body = {"model": "deepseek-ai/deepseek-v3.2", "messages": [{"role": "user", "content": "a fox"}]}
    plain = caller.ask("/v1/chat/completions", body).json()["choices"][0]["message"]["content"]
    stream = caller.ask("/v1/chat/completions", {**body, "stream": True}).text
    simulator.fault("chat", "empty-content")

    assert plain.startswith("a fox")
    assert stream.endswith("data: [DONE]\n\n")
    assert caller.ask("/v1/chat/completions", body).json()["choices"][0]["message"]["content"] == ""
    assert refusal(caller.ask("/v1/chat/completions", {**body, "model": "openai/gpt-5.4"}), 400)
    assert refusal(caller.ask("/v1/images/generations", {}), 404)


@pytest.mark.parametrize(
    ("where", "kinds"),
    [
        (
            Where.SUBMIT,
            """401 402 403 403-cloudflare 404 413 429 451 500 500-terminal 502-html 520-html 503 504 hang-before-headers
            hang-in-body reset-after-accept redirect-307 malformed-json text-plain-json""",
        ),
        (Where.POLL, "401 402 402-envelope 403 404 429 451 500 500-terminal 502-html 520-html 503 504 hang reset"),
        (
            Where.TASK,
            """moderation failed failed-object failed-null timeout canceled unknown-forever empty-outputs null-outputs
            object-outputs late-outputs nsfw slow-task stuck""",
        ),
        (Where.BILLING, "401 403 429 500 503"),
        (Where.CHAT, "401 402 429 503 504 hang empty-content"),
        (Where.UPLOAD, "401 402 413 429 500 503 hang reset"),
        (Where.HISTORY, "401 429 500 503 malformed-json"),
        (Where.CALCULATE, "429 500 503 hang"),
        (Where.WEBHOOK, "twice"),
    ],
)
def test_points_21_to_23_every_fault_can_be_scripted(where: Where, kinds: str) -> None:
    assert set(kinds.split()) <= set(TABLE[where])


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ("history", "/api/v1/model/history"),
        ("billing", "/public/v1/balance"),
        ("billing", "/public/v1/model-usage?start_date=2026-09-01&end_date=2026-09-02"),
    ],
)
def test_point_21_a_fault_strikes_the_newer_reads_too(
    simulator: Simulator, caller: Caller, where: str, path: str
) -> None:
    simulator.fault(where, "503")

    assert [caller.get(path).status_code for _ in range(2)] == [503, 200]


def test_point_21_nothing_goes_wrong_unless_it_is_scripted() -> None:
    with Simulator(latency=0) as simulator:
        headers = {"X-Fault": "503", "X-Simulator-Fault": "reset"}

        assert Caller(url=simulator.url).post({**SMALL, "prompt": "503 moderation"}, headers=headers).ok


def test_point_24_nothing_cancels_and_two_identical_submits_bill_twice(live: Simulator) -> None:
    caller = Caller(url=live.url, key="apikey-point-24")
    headers = {"Idempotency-Key": "the-same"}
    first, second = (caller.post(SMALL, headers=headers).json()["id"] for _ in range(2))

    assert first != second
    for path in (f"prediction/{first}/cancel", f"cancel/{first}"):
        assert refusal(caller.ask(f"/api/v1/model/{path}", {}), 401)
    reply = requests.delete(f"{live.url}/api/v1/model/prediction/{first}", headers=caller.headers, timeout=5)
    assert refusal(reply, 405)
    assert [caller.ended(one)["price"] for one in (first, second)] == ["0.003", "0.003"]


def test_point_25_the_same_seed_gives_the_same_ids_and_the_log_counts_without_keys(tmp_path: Path) -> None:
    def ids(journal: Path | None = None) -> list[str]:
        with Simulator(latency=0, seed=5, control=True, journal=journal) as simulator:
            caller = Caller(url=simulator.url, key="apikey-secret")
            found = [caller.submit() for _ in range(2)]
            assert simulator.count("POST", "/api/v1/model/generateImage") == 2
            assert "apikey-secret" not in str(simulator.requests())
        return found

    assert ids() == ids()
    assert len({*ids(tmp_path / "jobs"), *ids(tmp_path / "jobs")}) == 4
