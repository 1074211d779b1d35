"""The forty cases that every client of Atlas Cloud must pass (atlas-api.md §17), as far as they concern the client.

The number of each case stands in the name of its test. What needs the engine, the database or a page (11's pause,
17's and 18's deadlines, 25's record, 30's history, 38, 39) is tried in tests/studio, tests/ui and tests/browser.
"""

import base64
import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from atlas import AtlasClient, ImageRequest, Key, Prediction, Status
from atlas.catalog import Catalogue
from atlas.chatting import Message, Role
from atlas.errors import (
    AtlasError,
    Blocked,
    Gone,
    InvalidKey,
    NoHelp,
    NotFound,
    OutcomeUnknown,
    OutOfCredit,
    RateLimited,
)
from atlas.fields import Kind
from atlas.http import USER_AGENT, Door
from atlas.models import BODY_LIMIT
from atlas.session import Predictions
from atlas.simulator import Simulator
from atlas.uploading import extension_of
from studio.images import NotAnImage, decoded
from tests.atlas.answering import answering, before, told
from tests.conftest import CANARY, SMALL

SUBMIT, POLL = "/api/v1/model/generateImage", "/api/v1/model/prediction/"
GPT, FLUX, STAR = "openai/gpt-image-1.5/text-to-image", SMALL.model, "bytedance/seedream-v5.0-lite"
ID = "0f3c9a1be2d8476aa1c05e7b9d2468ce"
PROMPT = [Message(role=Role.USER, text="a red bicycle")]


@dataclass(kw_only=True)
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def catalogue(client: AtlasClient, tmp_path: Path) -> Catalogue:
    live = Catalogue(client, tmp_path, patience_s=10)
    assert live.refresh()
    return live


def finished(client: AtlasClient, request: ImageRequest = SMALL) -> Prediction:
    accepted = client.submit(request)
    assert before(10, lambda: client.prediction(accepted.id).is_terminal)
    return client.prediction(accepted.id)


def bodies(simulator: Simulator, path: str = SUBMIT) -> list[Any]:
    return [one["body"] for one in simulator.requests() if one["method"] == "POST" and one["path"] == path]


def picture(form: str = "PNG", colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 320), colour).save(buffer, form)
    return buffer.getvalue()


def accepting(reply: Any) -> Prediction:
    """What the client makes of this reply to a submit."""
    with answering(told(reply)) as (home, _):
        return AtlasClient(Key(CANARY), home).submit(SMALL)


# Submit


def test_case_01_the_body_is_flat(client: AtlasClient, simulator: Simulator) -> None:
    client.submit(SMALL)

    assert bodies(simulator) == [{"model": FLUX, "prompt": SMALL.prompt, **SMALL.parameters}]
    assert "input" not in bodies(simulator)[0]


def test_case_02_what_the_schema_lacks_is_not_sent_but_reported(catalogue: Catalogue) -> None:
    schema, pasted = catalogue.schema(GPT), {"size": "1024x1024", "steps": 20, "guidance_scale": 7.5}

    assert schema.body(pasted) == {"size": "1024x1024"}
    assert schema.unknown(pasted) == ("steps", "guidance_scale")


@pytest.mark.parametrize("written", ["1024×1536", "1024*1536", "1024 x 1536", "1024X1536", "1024, 1536", "1024 1536"])
def test_case_03_a_size_is_sent_as_its_model_writes_it(
    client: AtlasClient, simulator: Simulator, catalogue: Catalogue, written: str
) -> None:
    for model in (GPT, FLUX):
        client.submit(ImageRequest(prompt="x", model=model, parameters=catalogue.schema(model).body({"size": written})))

    assert [body["size"] for body in bodies(simulator)] == ["1024x1536", "1024*1536"]
    assert catalogue.schema(STAR).body({"size": written.replace("1024", "2048").replace("1536", "2048")}) == {
        "size": "2048*2048"
    }


def test_case_04_key_agent_and_content_type_are_sent_and_the_key_is_never_shown(
    client: AtlasClient, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    echo = told({"code": 401, "msg": f"bad key {CANARY}"}, f"X-Request-ID: {CANARY}")
    with answering(echo) as (home, received), pytest.raises(InvalidKey) as refused:
        AtlasClient(Key(CANARY), home).submit(SMALL)
    client.submit(SMALL)

    assert f"Authorization: Bearer {CANARY}".encode() in received[0]
    headers = next(one["headers"] for one in simulator.requests() if one["method"] == "POST")
    assert (headers["user-agent"], headers["content-type"]) == (USER_AGENT, "application/json")
    shown = f"{refused.value!r} {refused.value.explanation} {vars(refused.value)}"
    assert CANARY not in shown + caplog.text + repr(client)


def test_case_05_the_id_is_read_from_data() -> None:
    assert accepting({"code": 200, "data": {"id": ID, "status": "created"}, "id": "another"}).id == ID


def test_case_06_the_id_is_read_from_the_top_level() -> None:
    assert accepting({"id": ID, "status": "processing", "model": "m"}).id == ID


@pytest.mark.parametrize(
    "reply",
    [
        {"predictionId": ID},
        {"prediction_id": ID},
        {"data": {"prediction_id": ID}},
        {"data": {"request_id": ID, "status": "created"}},
    ],
)
def test_case_07_the_id_is_read_under_its_other_names(reply: dict[str, Any]) -> None:
    assert accepting(reply).id == ID


def test_case_08_a_code_in_the_envelope_counts_as_text_and_as_number(client: AtlasClient, simulator: Simulator) -> None:
    simulator.fault("submit", "code-401")

    with pytest.raises(InvalidKey):
        client.submit(SMALL)
    assert accepting({"code": "200", "data": {"id": ID, "status": "created"}}).id == ID


def test_case_09_a_finished_reply_is_not_polled(client: AtlasClient, simulator: Simulator) -> None:
    done = client.submit(
        ImageRequest(prompt="x", model=FLUX, parameters={**SMALL.parameters, "enable_sync_mode": True})
    )

    assert done.status is Status.SUCCEEDED
    assert client.download(done.outputs[0])
    assert simulator.count("GET", POLL) == 0


@pytest.mark.parametrize("fault", ["500", "reset-before-accept", "reset-after-accept"])
def test_case_10_a_submit_without_clear_answer_is_sent_once(
    client: AtlasClient, simulator: Simulator, fault: str
) -> None:
    simulator.fault("submit", fault)

    with pytest.raises(OutcomeUnknown) as unclear:
        client.submit(SMALL)

    assert simulator.count("POST", SUBMIT) == 1
    assert "history" in unclear.value.explanation


def test_case_10_also_when_nobody_answers_in_time(simulator: Simulator) -> None:
    simulator.fault("submit", "hang-before-headers")

    with pytest.raises(OutcomeUnknown):
        Door(Key(CANARY), simulator.url).send(SUBMIT, SMALL.body(), limit_s=0.3)

    assert simulator.count("POST", SUBMIT) == 1


def test_case_10_the_lost_job_is_found_in_the_history(simulator: Simulator) -> None:
    client = AtlasClient(Key("apikey-of-its-own"), simulator.url)
    lost = ImageRequest(prompt="a lost bicycle", model=FLUX, parameters=SMALL.parameters)
    client.submit(SMALL)
    simulator.fault("submit", "reset-after-accept")
    with pytest.raises(OutcomeUnknown):
        client.submit(lost)

    found = [run for run in client.history(model=FLUX).runs if run.is_of(lost)]

    assert len(found) == 1
    assert found[0].prompt == "a lost bicycle"
    assert found[0].created is not None


def test_case_11_after_429_the_same_intent_may_be_sent_again_but_never_twice(
    client: AtlasClient, simulator: Simulator
) -> None:
    simulator.fault("submit", "429")
    predictions = Predictions({}, client)
    with pytest.raises(RateLimited) as slower:
        predictions.submit(SMALL, key="intent")

    first, second = (predictions.submit(SMALL, key="intent") for _ in range(2))

    assert slower.value.retry_after_s is None
    assert first.id == second.id
    assert simulator.count("POST", SUBMIT) == 2


def test_case_12_out_of_credit_and_a_bad_key_say_what_to_do(client: AtlasClient, simulator: Simulator) -> None:
    simulator.fault("submit", "402")
    with pytest.raises(OutOfCredit) as poor:
        client.submit(SMALL)
    simulator.fault("submit", "401")
    with pytest.raises(InvalidKey) as wrong:
        client.submit(SMALL)

    assert "www.atlascloud.ai/console/billing" in poor.value.explanation
    assert {"ATLASCLOUD_API_KEY", "ATLASCLOUD_BASE_URL"} <= set(wrong.value.explanation.replace(",", " ").split())
    assert simulator.count("POST", SUBMIT) == 2


@pytest.mark.parametrize(("fault", "named"), [("403-cloudflare", Blocked), ("520-html", OutcomeUnknown)])
def test_case_13_html_becomes_a_readable_sentence(
    client: AtlasClient, simulator: Simulator, fault: str, named: type[AtlasError]
) -> None:
    simulator.fault("submit", fault)

    with pytest.raises(named) as trouble:
        client.submit(SMALL)

    assert "<" not in str(trouble.value) + trouble.value.explanation
    assert "JSONDecodeError" not in repr(trouble.value)


def test_case_14_a_redirected_post_is_not_followed(client: AtlasClient, simulator: Simulator) -> None:
    simulator.fault("submit", "redirect-307")

    with pytest.raises(Blocked):
        client.submit(SMALL)

    assert simulator.count("POST", "/") == 1


# Poll


def test_case_15_created_then_processing_then_one_image() -> None:
    seconds = Clock()
    with Simulator(latency=10, clock=seconds) as slow:
        client = AtlasClient(Key(CANARY), slow.url)
        accepted = client.submit(SMALL)
        seen = []
        for step in (0.0, 5.0, 6.0):
            seconds.now += step
            seen.append(client.prediction(accepted.id))

    assert [one.status for one in seen][1:] == [Status.RUNNING, Status.SUCCEEDED]
    assert accepted.status is Status.WAITING
    assert [len(one.outputs) for one in seen] == [0, 0, 1]


@pytest.mark.parametrize("word", ["succeeded", "success", "upper-case"])
def test_case_16_every_word_for_success_counts(client: AtlasClient, simulator: Simulator, word: str) -> None:
    simulator.fault("task", word)

    assert finished(client).status is Status.SUCCEEDED


def test_case_17_an_unknown_word_is_in_flight_and_shown(client: AtlasClient, simulator: Simulator) -> None:
    simulator.fault("task", "unknown-forever")
    clock = Clock()
    predictions = Predictions({}, client, clock=clock)
    accepted = predictions.submit(SMALL, key="intent")
    assert before(5, lambda: client.prediction(accepted.id).word == "warming")

    words = []
    for _ in range(3):
        clock.now += 10
        words.append(predictions.poll(accepted.id).word)

    assert words == ["warming"] * 3
    assert not predictions.poll(accepted.id).is_terminal


def test_case_18_a_job_not_found_at_first_is_found_later(client: AtlasClient, simulator: Simulator) -> None:
    accepted = client.submit(SMALL)
    simulator.fault("poll", "404", times=2)

    for _ in range(2):
        with pytest.raises(NotFound):
            client.prediction(accepted.id)

    assert before(10, lambda: client.prediction(accepted.id).status is Status.SUCCEEDED)


@pytest.mark.parametrize("code", ["401", "403", "code-401"])
def test_case_19_a_refused_key_ends_the_polling_at_once(client: AtlasClient, simulator: Simulator, code: str) -> None:
    clock = Clock()
    predictions = Predictions({}, client, clock=clock)
    accepted = predictions.submit(SMALL, key="intent")
    simulator.fault("poll", code)
    clock.now += 10

    with pytest.raises(InvalidKey):
        predictions.poll(accepted.id)

    assert simulator.count("GET", POLL) == 1


def test_case_20_a_failed_task_inside_http_500_is_final(client: AtlasClient, simulator: Simulator) -> None:
    accepted = client.submit(SMALL)
    simulator.fault("poll", "500-terminal")

    seen = client.prediction(accepted.id)

    assert seen.status is Status.FAILED
    assert "generation failed" in seen.problem
    assert simulator.count("GET", POLL) == 1


def test_case_21_a_passing_503_is_no_failure(client: AtlasClient, simulator: Simulator) -> None:
    clock = Clock()
    predictions = Predictions({}, client, clock=clock)
    accepted = predictions.submit(SMALL, key="intent")
    simulator.fault("poll", "503", times=2)

    seen = []
    for _ in range(2):
        clock.now += 10
        seen.append(predictions.poll(accepted.id))
    clock.now += 10

    assert not any(one.problem for one in seen)
    assert before(10, lambda: client.prediction(accepted.id).is_terminal)
    assert predictions.poll(accepted.id).status is Status.SUCCEEDED
    assert predictions.trouble(accepted.id) == ""


@pytest.mark.parametrize("word", ["timeout", "canceled", "cancelled", "error", "rejected", "failed"])
def test_case_22_every_word_for_failure_is_final(client: AtlasClient, simulator: Simulator, word: str) -> None:
    simulator.fault("task", word)

    ended = finished(client)

    assert ended.is_terminal
    assert "press Retry" in ended.problem


@pytest.mark.parametrize("form", ["failed", "failed-object", "failed-null", "failed-silent"])
def test_case_23_every_form_of_error_becomes_a_sentence(client: AtlasClient, simulator: Simulator, form: str) -> None:
    simulator.fault("task", form)

    said = finished(client).problem

    assert said.endswith("press Retry.")
    assert "{" not in said
    assert "None" not in said


def test_case_23_a_refused_prompt_is_told_as_such(client: AtlasClient, simulator: Simulator) -> None:
    simulator.fault("task", "moderation")

    assert "Word it differently" in finished(client).problem


def test_case_24_an_error_envelope_ends_the_polling(client: AtlasClient, simulator: Simulator) -> None:
    accepted = client.submit(SMALL)
    simulator.fault("poll", "402-envelope")

    with pytest.raises(OutOfCredit):
        client.prediction(accepted.id)


def test_case_25_waiting_again_does_not_submit_again(client: AtlasClient, simulator: Simulator) -> None:
    clock, state = Clock(), dict[str, Any]()
    accepted = Predictions(state, client, clock=clock).submit(SMALL, key="intent")
    assert before(10, lambda: client.prediction(accepted.id).is_terminal)

    later = Predictions({}, client, clock=clock)
    later.watch(accepted)
    clock.now += 1000

    assert later.poll(accepted.id).status is Status.SUCCEEDED
    assert simulator.count("POST", SUBMIT) == 1


@pytest.mark.parametrize("outputs", ["null-outputs", "empty-outputs"])
def test_case_26_finished_without_an_image_is_a_final_failure(
    client: AtlasClient, simulator: Simulator, outputs: str
) -> None:
    simulator.fault("task", outputs)

    ended = finished(client)

    assert ended.is_terminal
    assert "without an image" in ended.problem


@pytest.mark.parametrize(
    "form", ["object-outputs", "object-outputs-download", "object-outputs-image", "string-output", "base64-data-uri"]
)
def test_case_27_outputs_are_fetched_in_every_form(client: AtlasClient, simulator: Simulator, form: str) -> None:
    simulator.fault("task", form)
    inline = {"enable_base64_output": True} if form.startswith("base64") else {}

    ended = finished(client, ImageRequest(prompt="x", model=FLUX, parameters={**SMALL.parameters, **inline}))

    with decoded(client.download(ended.outputs[0])) as image:
        assert image.size == (256, 256)


def test_case_27_raw_base64_is_an_output_too(client: AtlasClient) -> None:
    parameters = {**SMALL.parameters, "enable_base64_output": True}

    ended = finished(client, ImageRequest(prompt="x", model=FLUX, parameters=parameters))

    assert not ended.outputs[0].startswith(("http", "data:"))
    assert client.download(ended.outputs[0]) == base64.b64decode(ended.outputs[0])


def test_case_28_an_address_to_poll_at_is_never_taken_from_a_reply(client: AtlasClient, simulator: Simulator) -> None:
    simulator.fault("submit", "foreign-get-url")
    simulator.fault("poll", "foreign-get-url", times=5)

    assert finished(client).status is Status.SUCCEEDED  # any call elsewhere would fail: tests cannot leave this machine

    asked = {one["path"] for one in simulator.requests() if one["method"] == "GET"}
    assert len(asked) == 1
    assert asked.pop().startswith(POLL)


def test_case_29_all_outputs_are_kept_and_only_the_right_ones_marked(client: AtlasClient, simulator: Simulator) -> None:
    simulator.fault("task", "nsfw")

    ended = finished(client, ImageRequest(prompt="x", model=FLUX, parameters={**SMALL.parameters, "num_images": 4}))

    assert len(set(ended.outputs)) == 4
    assert ended.sensitive == (True, False, True, False)


# Output and upload


def test_case_30_a_download_carries_no_key_and_an_old_link_has_expired(
    client: AtlasClient, simulator: Simulator
) -> None:
    output = finished(client).outputs[0]
    client.download(output)
    simulator.fault("file", "404")

    with pytest.raises(Gone) as gone:
        client.download(output)

    assert "expired" in gone.value.explanation
    fetched = [one for one in simulator.requests() if one["path"].startswith("/files/")]
    assert fetched
    assert not any("authorization" in one["headers"] for one in fetched)


def test_case_31_bytes_are_known_by_their_signature_and_html_is_no_image(
    client: AtlasClient, simulator: Simulator
) -> None:
    parameters = {"size": "256*256", "output_format": "png"}
    request = ImageRequest(prompt="x", model="black-forest-labs/flux-2-pro/text-to-image", parameters=parameters)
    output = finished(client, request).outputs[0]
    assert output.endswith(".png")
    simulator.fault("file", "wrong-extension")
    assert extension_of(client.download(output)) == "jpg"

    simulator.fault("file", "html")
    with pytest.raises(NotAnImage), decoded(client.download(output)):
        raise AssertionError("HTML was taken for an image")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_case_32_a_picture_is_uploaded_under_its_true_extension(
    client: AtlasClient, simulator: Simulator, form: str
) -> None:
    content = picture(form)

    uploaded = client.upload(io.BytesIO(content))

    extension = {"JPEG": "jpg"}.get(form, form.lower())
    sent = bodies(simulator, "/api/v1/model/uploadMedia")[0]
    assert f'name="file"; filename="image.{extension}"' in sent
    assert uploaded.address.endswith(f".{extension}")
    assert uploaded.size == len(content)
    assert client.download(uploaded.address) == content


@pytest.mark.parametrize(
    "reply",
    [
        {"code": 200, "data": {"type": "image", "download_url": "https://a/1.png", "filename": "1.png", "size": 3}},
        {"data": {"download_url": "https://a/1.png", "file_name": "1.png", "content_type": "image/png", "size": 3}},
        {"code": 200, "data": {"url": "https://a/1.png"}},
        {"url": "https://a/1.png"},
        {"download_url": "https://a/1.png"},
    ],
)
def test_case_32_the_address_of_an_upload_is_found_in_every_shape(reply: dict[str, Any]) -> None:
    with answering(told(reply)) as (home, _):
        assert AtlasClient(Key(CANARY), home).upload(io.BytesIO(picture())).address == "https://a/1.png"


@pytest.mark.parametrize(
    ("model", "name", "most"),
    [
        ("openai/gpt-image-1.5/edit", "images", 10),
        ("atlascloud/qwen-image/edit", "image", 1),
        ("xai/grok-imagine-image/edit", "image_urls", 3),
    ],
)
def test_case_33_reference_images_go_where_the_model_wants_them_and_none_is_dropped(
    client: AtlasClient, simulator: Simulator, catalogue: Catalogue, model: str, name: str, most: int
) -> None:
    schema = catalogue.schema(model)
    address = client.upload(io.BytesIO(picture())).address

    assert schema.reference is not None
    assert (schema.reference.name, schema.reference.most, schema.reference.required) == (name, most, True)
    client.submit(ImageRequest(prompt="blue", model=model, parameters=schema.body({name: [address] * most})))
    assert bodies(simulator)[0][name] == (address if name == "image" else [address] * most)
    with pytest.raises(ValueError, match=f"at most {most} picture.*Remove 1"):
        schema.body({name: [address] * (most + 1)})


def test_case_34_too_long_a_body_is_refused_here_with_advice(client: AtlasClient, simulator: Simulator) -> None:
    inlined = "data:image/png;base64," + "A" * BODY_LIMIT
    request = ImageRequest(prompt="x", model="openai/gpt-image-1.5/edit", parameters={"images": [inlined]})

    with pytest.raises(ValueError, match="Upload the pictures first"):
        client.submit(request)

    assert simulator.requests() == []


# Catalogue, schema, price


def test_case_35_the_catalogue_offers_what_can_be_made(catalogue: Catalogue) -> None:
    offered = {model.id for model in catalogue.models()}

    assert {GPT, FLUX, STAR, "google/imagen3", "microsoft/mai-image-2.5"} <= offered
    assert catalogue.find("google/imagen4-ultra") is not None  # display_console is false
    assert not offered & {
        "google/imagen4-ultra",
        "tencent/hunyuan3d-v3/image-to-3d",
        "alibaba/wan-2.7/text-to-video",
        "deepseek-ai/deepseek-v3.2",
    }


def test_case_35_without_network_the_last_good_copy_serves(
    catalogue: Catalogue, client: AtlasClient, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.fault("models", "503", times=9)

    later = Catalogue(client, tmp_path)

    assert later.models() == catalogue.models()
    assert before(5, lambda: later.trouble is not None)


def test_case_36_a_form_comes_from_the_schema(catalogue: Catalogue) -> None:
    schema = catalogue.schema("black-forest-labs/flux-dev")
    steps, guidance = schema.field("num_inference_steps"), schema.field("guidance_scale")

    assert [field.name for field in schema.fields][:3] == ["prompt", "image", "mask_image"]
    assert steps is not None
    assert guidance is not None
    assert (steps.kind, steps.minimum, steps.maximum, steps.default) == (Kind.WHOLE, 1, 50, 28)
    assert (guidance.kind, guidance.step, guidance.default) == (Kind.NUMBER, 0.1, 3.5)
    assert not {"enable_base64_output", "model"} & {field.name for field in schema.settings}
    assert catalogue.schema("xai/grok-imagine-image").body({"num_images": "2"}) == {"num_images": 2}
    assert catalogue.schema("google/imagen3").raw


def test_case_37_prices_say_what_they_are(catalogue: Catalogue, client: AtlasClient) -> None:
    models = {model.id: model for model in catalogue.models()}
    discounted, nameless = models["alibaba/qwen-image/text-to-image-max"], models["microsoft/mai-image-2.5"]

    assert discounted.price.label == "from $0.052 per image (list price $0.065, 20 % off)"
    assert (nameless.floor, nameless.price.label) == (None, "price not known")
    assert models["baidu/ERNIE-Image-Turbo"].price.label == "free"
    assert models["atlascloud/qwen-image/text-to-image"].price.runs_for(Decimal(10)) == 500
    exact = client.calculate(ImageRequest(prompt="x", model=GPT, parameters={"quality": "medium"}))
    assert exact.price > (models[GPT].floor or 0)


# Product behaviour


def test_case_39_two_keys_never_see_each_others_jobs(simulator: Simulator) -> None:
    one, other = (AtlasClient(Key(f"apikey-person-{name}"), simulator.url) for name in "ab")
    accepted = one.submit(SMALL)

    assert [run.id for run in one.history().runs] == [accepted.id]
    assert other.history().runs == ()


def test_case_40_help_that_fails_leaves_the_prompt_and_says_why(client: AtlasClient, simulator: Simulator) -> None:
    reasons = []
    simulator.fault("chat", "empty-content")
    for asked, model in ((client, "deepseek-ai/deepseek-v3.2"), (client, "openai/gpt-5.4")):
        with pytest.raises(NoHelp) as reason:
            asked.complete(PROMPT, model=model)
        reasons.append(reason.value.explanation)
    simulator.fault("chat", "reset")
    with pytest.raises(NoHelp) as silent:
        client.complete(PROMPT)
    with pytest.raises(NoHelp) as keyless:
        AtlasClient(None, simulator.url).complete(PROMPT)

    reasons += [silent.value.explanation, keyless.value.explanation]
    expected = ["without any words", "does not support", "in time", "No Atlas Cloud key is set"]
    assert all(reason.startswith("Your prompt is unchanged. ") for reason in reasons)
    assert all(words in reason for words, reason in zip(expected, reasons, strict=True))
    assert simulator.count("POST", "/v1/chat/completions") == 3


def test_case_40_help_that_works_is_text(client: AtlasClient) -> None:
    said = client.complete(PROMPT)

    assert "bicycle" in said.text
    assert not said.was_cut
    assert client.complete(PROMPT, most_tokens=2).was_cut
