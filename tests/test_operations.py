"""The app as it is run for others: its log, its readiness, its numbers, and how it stops."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from atlas.simulator import Simulator
from studio.database import HEAD, open_database
from studio.generations import Generation, Slot, State
from studio.store import Store
from tests.conftest import CANARY, SMALL
from tests.prometheus import parsed
from tests.serving import App
from tests.studio.conftest import until


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("operations") / "data"


@pytest.fixture(scope="module")
def app(folder: Path, running_simulator: Simulator) -> Iterator[App]:
    with App(
        data_dir=folder,
        STUDIO_LOG="json",
        ATLASCLOUD_API_KEY=CANARY,
        ATLASCLOUD_BASE_URL=running_simulator.url,
    ) as served:
        yield served


@pytest.fixture(scope="module")
def store(app: App, folder: Path) -> Iterator[Store]:
    assert app.url
    opened = Store(open_database(f"sqlite:///{folder / 'studio.db'}"))
    yield opened
    opened.close()


def made(store: Store, simulator: Simulator, run: str) -> Generation:
    """Queued as another process of the studio would do it, and carried to its end by the app."""
    generation = store.add(SMALL, Slot(run=run), provider=urlsplit(simulator.url).netloc)
    until(lambda: store.get(generation.id).is_terminal, within_s=15)
    return store.get(generation.id)


@pytest.fixture(scope="module")
def used(app: App, store: Store, running_simulator: Simulator) -> App:
    """An app that has made one image and been refused another."""
    running_simulator.forget_faults()
    assert made(store, running_simulator, "run-that-ends-well").state is State.COMPLETED
    running_simulator.fault("submit", "422")
    assert made(store, running_simulator, "run-that-is-refused").state is State.FAILED
    return app


def lines(app: App) -> list[dict[str, Any]]:
    """Every line of both outputs of the process."""
    return [json.loads(line) for line in app.log().splitlines()]


def test_each_step_of_a_generation_is_one_line_with_its_ids(app: App, store: Store, simulator: Simulator) -> None:
    ended = made(store, simulator, "run-of-a-line")

    until(lambda: any(line["message"].startswith("completed") for line in lines(app)))
    own = [line for line in lines(app) if line.get("generation") == ended.id]
    assert [line["message"].split(" ")[0] for line in own] == ["sent", "accepted", "completed"]
    assert {(line["level"], line["run"]) for line in own} == {("info", "run-of-a-line")}
    assert [line.get("prediction") for line in own] == [None, ended.prediction_id, ended.prediction_id]
    assert own[-1]["request"] == ended.request_id
    assert " with 1 image, " in own[-1]["message"]


def test_what_a_person_must_look_at_is_a_warning(app: App, store: Store, simulator: Simulator) -> None:
    simulator.fault("submit", "422")
    ended = made(store, simulator, "run-of-a-warning")

    assert ended.state is State.FAILED
    until(lambda: any(line["level"] == "warning" for line in lines(app)))
    warnings = [line for line in lines(app) if line.get("generation") == ended.id and line["level"] == "warning"]
    assert [line["message"].partition(" after ")[0] for line in warnings] == ["failed"]
    assert warnings[0]["message"].endswith("s: InvalidRequest, HTTP 422")


def test_the_numbers_tell_what_happened(used: App) -> None:
    answer = requests.get(f"{used.url}/api/metrics", timeout=10)
    told = parsed(answer.text)

    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert told['studio_submits_total{outcome="accepted"}'] >= 1
    assert told['studio_submits_total{outcome="InvalidRequest"}'] >= 1
    assert told['studio_generations_ended_total{state="failed",reason="InvalidRequest"}'] >= 1
    assert told['studio_generations{state="completed"}'] >= 1
    assert told["studio_generation_seconds_count"] >= 1
    assert told['studio_call_seconds_count{endpoint="/api/v1/model/generateImage",outcome="422"}'] >= 1
    assert told['studio_call_seconds_count{endpoint="/api/v1/model/prediction",outcome="200"}'] >= 1
    assert told['studio_call_seconds_count{endpoint="/download",outcome="200"}'] >= 1
    assert told["studio_queue_oldest_seconds"] == 0
    assert told['studio_budget_dollars{part="held"}'] == 0
    assert f'schema="{HEAD}"' in answer.text
    assert SMALL.prompt not in answer.text
    assert CANARY not in answer.text


@pytest.mark.parametrize("header", [{"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=x"}, {"Host": "evil.example"}])
def test_numbers_are_not_for_who_comes_from_elsewhere(app: App, header: dict[str, str]) -> None:
    answer = requests.get(f"{app.url}/api/metrics", headers=header, timeout=10)

    assert answer.status_code in {400, 403}
    assert "studio_" not in answer.text


def test_neither_the_key_nor_a_prompt_is_in_the_log(used: App) -> None:
    assert "completed" in used.log()
    assert CANARY not in used.log()
    assert SMALL.prompt not in used.log()


def test_a_stop_waits_for_the_answer_to_a_submit_however_often_it_is_asked_for(
    app: App, store: Store, simulator: Simulator
) -> None:
    simulator.fault("submit", "slow", seconds=2)
    generation = store.add(SMALL, Slot(run="run-to-the-stop"), provider=urlsplit(simulator.url).netloc)
    until(lambda: simulator.count("POST", "/api/v1/model/generateImage") == 1, within_s=15)

    for how in (signal.SIGTERM, signal.SIGINT, signal.SIGINT, signal.SIGHUP):
        app.tell(how)
        time.sleep(0.2)
    assert app.ended() == 0
    said = [line["message"] for line in lines(app)]
    app.start()

    assert store.get(generation.id).prediction_id
    assert "asked to stop (SIGTERM)" in said
    assert "stopping: waiting for 1 answers to submits, 200 s at most, and 0 other steps, 20 s at most" in said
    assert "asked to stop (SIGINT): it is stopping already" in said
    assert "stopped" in said
    until(lambda: store.get(generation.id).state is State.COMPLETED, within_s=20)
    assert simulator.count("POST", "/api/v1/model/generateImage") == 1
