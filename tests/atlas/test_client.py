"""The real client against the real simulator: at most one submit, and every trouble gets its right name."""

import json
import logging
import socket
import threading

import pytest

from atlas import AtlasClient, ImageRequest, Key, Prediction, Status
from atlas.errors import (
    AtlasError,
    Blocked,
    InvalidKey,
    InvalidRequest,
    NotFound,
    NotSent,
    OutcomeUnknown,
    OutOfCredit,
    RateLimited,
    Unreachable,
)
from atlas.simulator import Simulator
from tests.atlas.answering import answering, ok
from tests.conftest import CANARY, REQUEST

SUBMIT = "/api/v1/model/generateImage"


def finished(client: AtlasClient, prediction_id: str) -> Prediction:
    for _ in range(400):
        prediction = client.prediction(prediction_id)
        if prediction.is_terminal:
            return prediction
        threading.Event().wait(0.01)
    raise AssertionError("it never ended")


def test_a_submitted_prompt_becomes_bytes_of_an_image(client: AtlasClient) -> None:
    accepted = client.submit(REQUEST)

    done = finished(client, accepted.id)

    assert accepted.request_id
    assert done.status is Status.SUCCEEDED
    assert client.download(done.outputs[0]).startswith(b"\xff\xd8")


def test_the_body_arrives_flat_with_key_and_agent(client: AtlasClient, simulator: Simulator) -> None:
    client.submit(REQUEST)

    received = next(request for request in simulator.requests() if request["method"] == "POST")
    body = received["body"]
    assert (json.loads(body) if isinstance(body, str) else body) == {
        "model": REQUEST.model,
        "prompt": REQUEST.prompt,
        **REQUEST.parameters,
    }


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("401", InvalidKey),
        ("402", OutOfCredit),
        ("403", InvalidKey),
        ("403-cloudflare", Blocked),
        ("404", NotFound),
        ("413", InvalidRequest),
        ("422", InvalidRequest),
        ("429", RateLimited),
        ("451", InvalidRequest),
        ("code-401", InvalidKey),
        ("redirect-307", Blocked),
        ("503", RateLimited),
        ("500", OutcomeUnknown),
        ("502-html", OutcomeUnknown),
        ("503-html", OutcomeUnknown),
        ("504", OutcomeUnknown),
        ("520-html", OutcomeUnknown),
        ("reset-before-accept", OutcomeUnknown),
        ("reset-after-accept", OutcomeUnknown),
        ("cut-body", OutcomeUnknown),
        ("malformed-json", OutcomeUnknown),
        ("html-200", OutcomeUnknown),
        ("no-id", OutcomeUnknown),
    ],
)
def test_whatever_breaks_a_submit_is_sent_once_and_named_rightly(
    client: AtlasClient, simulator: Simulator, fault: str, named: type[AtlasError]
) -> None:
    simulator.fault("submit", fault)

    with pytest.raises(AtlasError) as trouble:
        client.submit(REQUEST)

    assert type(trouble.value) is named
    assert simulator.count("POST", SUBMIT) == 1
    assert CANARY not in str(trouble.value) + repr(trouble.value) + trouble.value.explanation


@pytest.mark.parametrize("shape", ["minimal", "flat", "prediction-id-only", "text-plain-json"])
def test_every_shape_of_acceptance_is_understood(client: AtlasClient, simulator: Simulator, shape: str) -> None:
    simulator.fault("submit", shape)

    accepted = client.submit(REQUEST)

    assert finished(client, accepted.id).status is Status.SUCCEEDED


def test_in_sync_mode_the_submit_answers_with_the_image(client: AtlasClient, simulator: Simulator) -> None:
    request = ImageRequest(prompt="a cup", parameters={"enable_sync_mode": True})

    done = client.submit(request)

    assert done.status is Status.SUCCEEDED
    assert done.outputs
    assert simulator.count("GET", "/api/v1/model/prediction") == 0


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("404", NotFound),
        ("401", InvalidKey),
        ("403", InvalidKey),
        ("402-envelope", OutOfCredit),
        ("429", RateLimited),
        ("500", Unreachable),
        ("502-html", Unreachable),
        ("503", Unreachable),
        ("malformed-json", Unreachable),
        ("reset", Unreachable),
    ],
)
def test_trouble_while_polling_gets_its_right_name(
    client: AtlasClient, simulator: Simulator, fault: str, named: type[AtlasError]
) -> None:
    accepted = client.submit(REQUEST)
    simulator.fault("poll", fault)

    with pytest.raises(AtlasError) as trouble:
        client.prediction(accepted.id)

    assert type(trouble.value) is named
    assert finished(client, accepted.id).status is Status.SUCCEEDED


def test_a_failure_inside_http_500_is_final(client: AtlasClient, simulator: Simulator) -> None:
    accepted = client.submit(REQUEST)
    simulator.fault("poll", "500-terminal")

    assert client.prediction(accepted.id).status is Status.FAILED


def test_an_answer_about_another_id_does_not_change_ours(client: AtlasClient, simulator: Simulator) -> None:
    accepted = client.submit(REQUEST)
    simulator.fault("poll", "id-differs")

    assert client.prediction(accepted.id).id == accepted.id


def test_an_unknown_status_word_is_in_flight(client: AtlasClient, simulator: Simulator) -> None:
    accepted = client.submit(REQUEST)
    simulator.fault("poll", "unknown-status")

    seen = client.prediction(accepted.id)

    assert seen.status is Status.UNRECOGNIZED
    assert seen.word == "warming"


def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = AtlasClient(Key(CANARY), f"http://127.0.0.1:{taken.getsockname()[1]}")

        with pytest.raises(NotSent):
            client.submit(REQUEST)
        with pytest.raises(Unreachable):
            client.prediction("an-id")


@pytest.mark.parametrize("text", ["", "short", "with a space in it", "newline\ninside", "ключ-не-ascii", "x" * 201])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match="does not look like a key") as refused:
        Key(text)

    assert not text or text not in str(refused.value)


def test_a_key_is_trimmed_and_never_shown(client: AtlasClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = Key(f"  {CANARY}\n")

    client.submit(REQUEST)

    assert CANARY not in repr(key) + str(key) + repr(client)
    assert CANARY not in caplog.text


def test_a_key_that_the_provider_echoes_is_blotted_out() -> None:
    assert Key(CANARY).masked(f"bad key {CANARY}.") == "bad key (key)."


def test_a_key_that_is_echoed_behind_an_escape_is_blotted_out_too() -> None:
    key = "apikey-CANARY/<0123456789>&"
    escaped = key.replace("/", "\\/").replace("<", "\\u003c").replace("&", "\\u0026")
    reply = f'{{"code": 401, "msg": "no such key: {escaped}"}}'.encode()

    with answering(ok(reply)) as (home, _), pytest.raises(InvalidKey) as refused:
        AtlasClient(Key(key), home).submit(REQUEST)

    assert str(refused.value) == "no such key: (key)"


def test_a_redirect_to_an_address_that_cannot_be_read_is_named_as_any_other() -> None:
    redirect = b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n"
    with answering(redirect) as (home, received), pytest.raises(Blocked):
        AtlasClient(Key(CANARY), home).submit(REQUEST)

    assert len(received) == 1


def test_an_answer_nested_too_deep_to_be_written_out_is_no_answer() -> None:
    reply = b'{"data": {"id": "a", "status": "failed", "error": ' + b"[" * 900 + b"]" * 900 + b"}}"
    with answering(ok(reply)) as (home, _), pytest.raises(Unreachable):
        AtlasClient(Key(CANARY), home).prediction("a")


def test_the_key_from_the_environment_or_netrc_cannot_replace_ours(
    client: AtlasClient, simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    client.submit(REQUEST)

    assert simulator.count("POST", SUBMIT) == 1
