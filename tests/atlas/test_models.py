"""Every shape of reply met in the wild becomes one prediction; only fit requests are sent."""

from decimal import Decimal
from typing import Any

import pytest

from atlas.errors import UnexpectedReply
from atlas.models import PROMPT_LIMIT, ImageRequest, Status, prediction_of

ID = "0f3c9a1be2d8476aa1c05e7b9d2468ce"


@pytest.mark.parametrize(
    "reply",
    [
        {"code": 200, "data": {"id": ID, "status": "created"}},
        {"id": ID, "status": "processing", "model": "m"},
        {"predictionId": ID},
        {"data": {"prediction_id": ID, "status": "queued"}},
        {"data": {"request_id": ID, "status": "queued"}},
        {"code": 200, "data": {"id": ID, "status": "created"}, "id": "other", "status": "processing"},
    ],
)
def test_the_id_is_found_wherever_it_is(reply: dict[str, Any]) -> None:
    assert prediction_of(reply).id == ID


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"code": 200, "data": None, "request_id": "names only the HTTP request"},
        {"data": {"id": "../../x", "status": "created"}},
        {"data": {"id": 7}},
        {"data": {"id": "x" * 201}},
    ],
)
def test_a_reply_without_a_usable_id_is_unexpected(reply: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedReply):
        prediction_of(reply)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("created", Status.WAITING),
        ("PROCESSING", Status.RUNNING),
        ("completed", Status.SUCCEEDED),
        ("Succeeded", Status.SUCCEEDED),
        ("success", Status.SUCCEEDED),
        ("failed", Status.FAILED),
        ("error", Status.FAILED),
        ("rejected", Status.FAILED),
        ("timeout", Status.TIMED_OUT),
        ("canceled", Status.CANCELED),
        ("cancelled", Status.CANCELED),
        ("warming", Status.UNRECOGNIZED),
        ("", Status.UNRECOGNIZED),
    ],
)
def test_every_status_word_falls_into_a_closed_set(word: str, status: Status) -> None:
    seen = prediction_of({"data": {"status": word}}, expected_id=ID)

    assert seen.status is status
    assert seen.is_terminal == (status in {Status.SUCCEEDED, Status.FAILED, Status.TIMED_OUT, Status.CANCELED})


@pytest.mark.parametrize(
    ("data", "outputs"),
    [
        ({"outputs": ["https://a/1.png", "https://a/2.png"]}, ("https://a/1.png", "https://a/2.png")),
        ({"outputs": ["https://a/1.png", "https://a/1.png"]}, ("https://a/1.png",)),
        (
            {"outputs": [{"url": "https://a/1.png"}, {"image": "https://a/2.png"}]},
            ("https://a/1.png", "https://a/2.png"),
        ),
        ({"outputs": [{"url": "https://a/1.png", "download_url": "https://b/1.png"}]}, ("https://a/1.png",)),
        ({"outputs": None, "output": "https://a/1.png"}, ("https://a/1.png",)),
        ({"outputs": "data:image/png;base64,AAAA"}, ("data:image/png;base64,AAAA",)),
        ({"outputs": [None, 7, "", {"other": "x"}]}, ()),
        ({"outputs": None}, ()),
    ],
)
def test_outputs_are_read_in_every_form(data: dict[str, Any], outputs: tuple[str, ...]) -> None:
    assert prediction_of({"data": data}, expected_id=ID).outputs == outputs


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, ""),
        ("", ""),
        ("out of memory", "out of memory"),
        ({"message": "no GPU"}, "no GPU"),
        ({"code": 3}, "no reason given"),
        (["a", "b"], "['a', 'b']"),
    ],
)
def test_an_error_is_always_readable_text(error: object, said: str) -> None:
    seen = prediction_of({"data": {"status": "failed", "error": error}}, expected_id=ID)

    assert seen.error == said
    assert "press Retry" in seen.problem


def test_a_moderation_refusal_says_to_word_it_differently() -> None:
    seen = prediction_of({"data": {"status": "failed", "error": "x", "error_code": 1039}}, expected_id=ID)

    assert "content check" in seen.problem


def test_finished_without_an_image_is_a_failure() -> None:
    seen = prediction_of({"data": {"status": "completed", "outputs": []}}, expected_id=ID)

    assert seen.is_terminal
    assert "without an image" in seen.problem


@pytest.mark.parametrize(
    ("price", "amount"),
    [("0.034", Decimal("0.034")), (0.5, Decimal("0.5")), (None, None), ("free", None), ("NaN", None), ("1e30", None)],
)
def test_a_price_is_money_or_nothing(price: object, amount: Decimal | None) -> None:
    assert prediction_of({"data": {"price": price}}, expected_id=ID).price == amount


def test_an_error_envelope_is_never_taken_for_a_failed_prediction() -> None:
    assert not prediction_of({"code": 500, "status": "error", "msg": "internal"}, expected_id=ID).is_terminal


def test_the_body_is_flat() -> None:
    request = ImageRequest(prompt="a cup", model="m/x", parameters={"size": "1024x1024"})

    assert request.body() == {"model": "m/x", "prompt": "a cup", "size": "1024x1024"}


def test_a_prompt_is_cleaned_of_what_databases_and_screens_choke_on() -> None:
    request = ImageRequest(prompt="a\x00 cup\u202e\ud800 é\r\nof tea")

    assert request.prompt == "a cup\ufffd é\nof tea"


@pytest.mark.parametrize("prompt", ["", "  \n ", "\x00"])
def test_an_empty_prompt_is_not_sent(prompt: str) -> None:
    request = ImageRequest(prompt=prompt)

    assert request.problem == "The prompt is empty. Describe the image you want."
    with pytest.raises(ValueError, match="empty"):
        request.body()


def test_too_long_a_prompt_says_by_how_much_to_shorten_it() -> None:
    assert ImageRequest(prompt="x" * PROMPT_LIMIT).problem is None
    assert "Shorten it by 1,000." in (ImageRequest(prompt="x" * 33_000).problem or "")


@pytest.mark.parametrize(
    "data",
    [
        {"revised_prompt": "a red bicycle, studio light"},
        {"actual_prompt": "a red bicycle, studio light"},
        {"outputs": ["https://a.example/1.png", {"url": "u", "revised_prompt": "a red bicycle, studio light"}]},
    ],
)
def test_a_prompt_that_was_rewritten_is_told(data: dict[str, Any]) -> None:
    assert prediction_of({"data": {"id": "p1", "status": "completed", **data}}).rewritten == (
        "a red bicycle, studio light"
    )


@pytest.mark.parametrize("nonsense", [None, 5, {}, ["x"], ""])
def test_nonsense_in_place_of_a_rewritten_prompt_is_none(nonsense: Any) -> None:
    reply: dict[str, Any] = {"data": {"id": "p1", "status": "completed", "revised_prompt": nonsense}}
    assert prediction_of(reply).rewritten == ""


@pytest.mark.parametrize(
    ("ended", "seconds"),
    [
        ("2026-09-01T08:00:10.5Z", 10.5),
        (1_788_249_610, 10.0),
        ("2026-09-01T07:00:00Z", None),
        (None, None),
        ("?", None),
    ],
)
def test_how_long_it_took_is_told_by_the_clock_of_the_provider(ended: object, seconds: float | None) -> None:
    data: dict[str, Any] = {"status": "completed", "created_at": "2026-09-01T08:00:00Z", "completed_at": ended}

    assert prediction_of({"data": data}, expected_id=ID).seconds == seconds
