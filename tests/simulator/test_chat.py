"""A text model makes a prompt better, plainly or word by word, and sometimes says nothing."""

import json
from typing import Any

import pytest
import requests

from atlas.simulator import Simulator
from tests.simulator.calling import Caller, refusal

PATH = "/v1/chat/completions"
DEEPSEEK = "deepseek-ai/deepseek-v3.2"


def asked(prompt: Any = "a red bicycle", **more: Any) -> dict[str, Any]:
    messages = [{"role": "system", "content": "Improve prompts."}, {"role": "user", "content": prompt}]
    return {"model": DEEPSEEK, "messages": messages, **more}


def events(reply: requests.Response) -> list[str]:
    assert reply.headers["Content-Type"].startswith("text/event-stream")
    return [line.removeprefix("data: ") for line in reply.text.split("\n\n") if line]


def test_a_prompt_comes_back_better(caller: Caller) -> None:
    reply = caller.ask(PATH, asked()).json()

    assert (reply["object"], reply["model"]) == ("chat.completion", DEEPSEEK)
    choice = reply["choices"][0]
    assert (choice["index"], choice["finish_reason"], choice["message"]["role"]) == (0, "stop", "assistant")
    assert choice["message"]["content"].startswith("a red bicycle, ")
    assert len(choice["message"]["content"].split(", ")) >= 4
    usage = reply["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_the_same_prompt_comes_back_the_same_and_may_be_given_in_parts(caller: Caller) -> None:
    parts = [{"type": "text", "text": "a red bicycle"}, {"type": "image_url", "image_url": {"url": "https://a.test"}}]

    plain, again, in_parts = (
        caller.ask(PATH, body).json()["choices"][0]["message"]["content"] for body in (asked(), asked(), asked(parts))
    )

    assert plain == again == in_parts
    assert caller.ask(PATH, asked("a boat")).json()["choices"][0]["message"]["content"] != plain


def test_a_stream_says_the_same_word_by_word(caller: Caller) -> None:
    whole = caller.ask(PATH, asked()).json()["choices"][0]["message"]["content"]

    told = events(caller.ask(PATH, asked(stream=True)))

    assert told[-1] == "[DONE]"
    chunks = [json.loads(one) for one in told[:-1]]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == whole
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks][-2:] == [None, "stop"]
    assert len(chunks) > 8


def test_a_stream_comes_in_chunks(caller: Caller) -> None:
    with caller.ask(PATH, asked(stream=True), stream=True) as reply:
        assert reply.headers["Transfer-Encoding"] == "chunked"
        assert len(list(reply.iter_content(None))) >= 1


def test_an_answer_ends_where_its_tokens_do(caller: Caller) -> None:
    choice = caller.ask(PATH, asked(max_tokens=2)).json()["choices"][0]

    assert (choice["message"]["content"], choice["finish_reason"]) == ("a red", "length")


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_may_be_empty_because_reasoning_took_it_all(
    simulator: Simulator, caller: Caller, stream: bool
) -> None:
    simulator.fault("chat", "empty-content")

    reply = caller.ask(PATH, asked(stream=stream, max_tokens=64))

    if stream:
        chunks = [json.loads(one) for one in events(reply)[:-1]]
        assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == ""
        assert chunks[-1]["choices"][0]["finish_reason"] == "length"
    else:
        assert reply.json()["choices"][0]["message"]["content"] == ""
        assert reply.json()["choices"][0]["finish_reason"] == "length"
        assert reply.json()["usage"]["completion_tokens"] == 64
    assert caller.ask(PATH, asked()).json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ({"messages": []}, 400, "model"),
        (asked("x", model="no/such"), 404, "no/such"),
        (asked("x", model="openai/gpt-image-1.5/text-to-image"), 404, "gpt-image"),
        (asked("x", model="openai/gpt-5.4"), 400, "openai.responses"),
        (asked(""), 400, "messages"),
        ({"model": DEEPSEEK, "messages": "hello"}, 400, "messages"),
        ({"model": DEEPSEEK, "messages": [{"role": "system", "content": "x"}]}, 400, "messages"),
        (asked("x", max_tokens=-1), 400, "max_tokens"),
        (asked("x", max_tokens="9"), 400, "max_tokens"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(
    caller: Caller, body: dict[str, Any], code: int, said: str
) -> None:
    assert said in refusal(caller.ask(PATH, body), code)


def test_a_model_that_speaks_chat_second_answers_too(caller: Caller) -> None:
    assert caller.ask(PATH, asked(model="google/gemini-3.5-flash")).ok


def test_chat_needs_a_key(simulator: Simulator) -> None:
    assert refusal(requests.post(simulator.url + PATH, json=asked(), timeout=5), 401)


@pytest.mark.parametrize("kind", ["402", "429", "503", "504"])
def test_a_chat_may_be_refused(simulator: Simulator, caller: Caller, kind: str) -> None:
    simulator.fault("chat", kind)

    reply = caller.ask(PATH, asked())

    assert refusal(reply, int(kind))
    assert "Retry-After" not in reply.headers


@pytest.mark.parametrize("stream", [False, True])
def test_a_chat_may_be_cut_short(simulator: Simulator, caller: Caller, stream: bool) -> None:
    simulator.fault("chat", "cut-body")

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        caller.ask(PATH, asked(stream=stream))


def test_the_text_models_are_listed_in_openai_form(caller: Caller) -> None:
    listed = caller.get("/v1/models").json()

    assert listed["object"] == "list"
    ids = {row["id"] for row in listed["data"]}
    assert DEEPSEEK in ids
    assert not any("image" in one for one in ids)
    assert {row["object"] for row in listed["data"]} == {"model"}


@pytest.mark.parametrize("path", ["/v1/images/generations", "/v1/images/edits"])
def test_the_images_endpoints_of_openai_are_not_there(caller: Caller, path: str) -> None:
    assert refusal(caller.ask(path, {"model": "openai/gpt-image-1.5", "prompt": "x"}), 404)
