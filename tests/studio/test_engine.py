"""The engine against the real provider stand-in, on both databases: at most one submit, nothing lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest

from atlas import AtlasClient, Key
from atlas.simulator import Simulator
from studio.engine import Engine
from studio.generations import Generation, Slot, State
from studio.images import ImageFiles
from studio.store import Store
from tests.conftest import CANARY, SMALL
from tests.studio.conftest import BRISK, PROVIDER, EngineMaker, settled, until

SUBMIT = "/api/v1/model/generateImage"

# For tables of what the provider may say: the database has no part in how it is understood.
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def order(engine: Engine, number: int = 1, prompt: str = "a red bicycle") -> Generation:
    request = replace(SMALL, prompt=prompt)
    return engine.submit(request, key=Slot(run="run", number=number).key)


def test_a_prompt_becomes_an_image_and_a_line_of_history(
    engine: Engine, store: Store, files: ImageFiles, simulator: Simulator
) -> None:
    done = settled(engine, order(engine))

    assert done.state is State.COMPLETED
    assert store.latest() == [done]
    assert files.original(done.pictures[0]).read_bytes().startswith(b"\x89PNG")
    assert (done.pictures[0].width, done.pictures[0].height) == (256, 256)
    assert done.price is not None
    assert simulator.count("POST", SUBMIT) == 1


def test_pressing_twice_is_one_submit(engine: Engine, simulator: Simulator) -> None:
    with ThreadPoolExecutor(10) as fingers:
        generations = list(fingers.map(lambda _: order(engine), range(10)))

    settled(engine, generations[0])

    assert len({generation.id for generation in generations}) == 1
    assert simulator.count("POST", SUBMIT) == 1


def test_an_estimate_is_remembered_by_the_generation_and_by_its_retry(engine: Engine, simulator: Simulator) -> None:
    simulator.fault("task", "failed")
    failed = settled(engine, engine.submit(SMALL, key=Slot(run="run").key, estimate=Decimal("0.02")))

    again = settled(engine, engine.retry(failed))

    assert failed.estimate == again.estimate == Decimal("0.02")
    assert again.price is not None


def test_a_request_with_a_problem_is_not_queued(engine: Engine, store: Store) -> None:
    with pytest.raises(ValueError, match="empty"):
        order(engine, prompt=" ")

    assert store.count() == 0


@on_one_database
@pytest.mark.parametrize(
    ("fault", "state", "says"),
    [
        ("401", State.FAILED, "refused the key"),
        ("402", State.FAILED, "out of credit"),
        ("422", State.FAILED, "did not accept"),
        ("403-cloudflare", State.FAILED, "Something between"),
        ("500", State.UNKNOWN, "may have been charged"),
        ("reset-before-accept", State.UNKNOWN, "may have been charged"),
    ],
)
def test_a_submit_that_goes_wrong_is_sent_once_and_says_what_to_do(
    engine: Engine, simulator: Simulator, fault: str, state: State, says: str
) -> None:
    simulator.fault("submit", fault)

    ended = settled(engine, order(engine))

    assert ended.state is state
    assert says in ended.problem
    assert simulator.count("POST", SUBMIT) == 1
    assert CANARY not in ended.problem


@on_one_database
def test_a_model_that_is_listed_and_not_served_is_told_of_once_per_submit(
    start_engine: EngineMaker, simulator: Simulator
) -> None:
    unserved: list[str] = []
    engine = start_engine(not_served=unserved.append)
    ghost = replace(SMALL, model="baidu/ERNIE-Image-Turbo/text-to-image")

    ended = settled(engine, engine.submit(ghost, key=Slot(run="ghost").key))
    simulator.fault("submit", "422")
    settled(engine, order(engine, 2))
    settled(engine, order(engine, 3))

    assert ended.state is State.FAILED
    assert "Choose another model" in ended.problem
    assert unserved == [ghost.model], "other refusals say nothing about the model"


def test_a_provider_that_cannot_be_reached_fails_at_once_and_costs_nothing(store: Store, files: ImageFiles) -> None:
    client = AtlasClient(Key(CANARY), "http://127.0.0.1:9")
    engine = Engine(store, files, client, provider=PROVIDER)
    engine.start()
    try:
        ended = settled(engine, order(engine))
    finally:
        engine.drain()

    assert ended.state is State.FAILED
    assert "nothing was sent or charged" in ended.problem


def test_asked_to_slow_down_it_waits_and_sends_again(engine: Engine, simulator: Simulator) -> None:
    simulator.fault("submit", "429", times=2)

    assert settled(engine, order(engine)).state is State.COMPLETED
    assert simulator.count("POST", SUBMIT) == 3


@on_one_database
@pytest.mark.parametrize("fault", ["404", "429", "500", "502-html", "503", "malformed-json", "reset", "unknown-status"])
def test_trouble_while_polling_is_only_a_delay(engine: Engine, simulator: Simulator, fault: str) -> None:
    simulator.fault("poll", fault, times=3)

    assert settled(engine, order(engine)).state is State.COMPLETED
    assert simulator.count("POST", SUBMIT) == 1


@on_one_database
@pytest.mark.parametrize("fault", ["401", "403", "402-envelope"])
def test_a_refusal_while_polling_stalls_at_once_and_can_be_checked_again(
    engine: Engine, simulator: Simulator, fault: str
) -> None:
    simulator.fault("poll", fault)
    stalled = settled(engine, order(engine))
    assert stalled.state is State.STALLED

    engine.check_again(stalled)

    assert settled(engine, stalled).state is State.COMPLETED
    assert simulator.count("POST", SUBMIT) == 1


@on_one_database
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("moderation", "content check"),
        ("failed", "press Retry"),
        ("failed-object", "press Retry"),
        ("timeout", "“timeout”"),
        ("canceled", "“canceled”"),
        ("cancelled", "“cancelled”"),
        ("error", "“error”"),
        ("empty-outputs", "without an image"),
        ("null-outputs", "without an image"),
    ],
)
def test_a_generation_that_fails_says_so_and_can_be_retried(
    engine: Engine, simulator: Simulator, fault: str, says: str
) -> None:
    simulator.fault("task", fault)
    failed = settled(engine, order(engine))
    assert failed.state is State.FAILED
    assert says in failed.problem

    again = [engine.retry(failed).id for _ in range(2)]

    assert len(set(again)) == 1
    assert settled(engine, engine.prediction(again[0])).state is State.COMPLETED
    assert engine.prediction(failed.id).state is State.FAILED
    assert simulator.count("POST", SUBMIT) == 2


@on_one_database
@pytest.mark.parametrize("fault", ["object-outputs", "string-output", "succeeded", "success", "nsfw"])
def test_every_way_to_say_it_is_done_is_understood(engine: Engine, simulator: Simulator, fault: str) -> None:
    simulator.fault("task", fault)

    done = settled(engine, order(engine))

    assert done.state is State.COMPLETED
    assert done.pictures[0].sensitive == (fault == "nsfw")


@on_one_database
@pytest.mark.parametrize("fault", ["stuck", "unknown-forever"])
def test_what_never_ends_is_stalled_and_never_called_failed(
    start_engine: EngineMaker, simulator: Simulator, fault: str
) -> None:
    engine = start_engine(wait_limit_s=0.3)
    simulator.fault("task", fault)

    ended = settled(engine, order(engine))

    assert ended.state is State.STALLED
    assert "Check again" in ended.problem


@on_one_database
@pytest.mark.parametrize("fault", ["500", "cut-body"])
def test_a_broken_download_is_repeated(engine: Engine, simulator: Simulator, fault: str) -> None:
    simulator.fault("file", fault, times=2)

    assert settled(engine, order(engine)).state is State.COMPLETED


@on_one_database
@pytest.mark.parametrize("fault", ["404", "403", "html", "truncated", "gif", "svg", "redirect-private"])
def test_what_cannot_be_fetched_now_is_kept_to_be_checked_again(
    engine: Engine, simulator: Simulator, fault: str
) -> None:
    simulator.fault("file", fault)
    stalled = settled(engine, order(engine))
    assert stalled.state is State.STALLED
    assert "Check again" in stalled.problem

    engine.check_again(stalled)

    assert settled(engine, stalled).state is State.COMPLETED
    assert simulator.count("POST", SUBMIT) == 1


def test_bytes_decide_the_format_not_the_name_behind_which_they_came(
    engine: Engine, simulator: Simulator, files: ImageFiles
) -> None:
    simulator.fault("file", "wrong-extension")

    picture = settled(engine, order(engine)).pictures[0]

    assert picture.format == "jpeg"
    assert files.original(picture).suffix == ".jpeg"
    assert files.original(picture).read_bytes().startswith(b"\xff\xd8")


def test_one_failure_leaves_the_others_alone(engine: Engine, simulator: Simulator) -> None:
    simulator.fault("task", "failed", matching="third")
    prompts = ["first", "second", "third", "fourth"]

    ended = [settled(engine, order(engine, number, prompt)) for number, prompt in enumerate(prompts, 1)]

    assert [generation.state for generation in ended] == [
        State.COMPLETED,
        State.COMPLETED,
        State.FAILED,
        State.COMPLETED,
    ]


def test_no_more_than_the_cap_are_at_the_provider(start_engine: EngineMaker, simulator: Simulator) -> None:
    engine = start_engine(max_in_flight=2)
    simulator.fault("task", "stuck", times=4)
    for number in range(1, 5):
        order(engine, number)

    until(lambda: simulator.count("POST", SUBMIT) == 2)
    until(lambda: simulator.count("GET", "/api/v1/model/prediction") > 10)

    assert simulator.count("POST", SUBMIT) == 2


def test_a_drained_engine_leaves_its_work_to_the_next(
    start_engine: EngineMaker, simulator: Simulator, store: Store
) -> None:
    first = start_engine()
    simulator.fault("task", "slow-task", seconds=1.0)
    generation = order(first)
    until(lambda: first.prediction(generation.id).state is State.RUNNING)
    first.drain()
    assert store.get(generation.id).state is State.RUNNING

    second = start_engine()

    assert settled(second, generation).state is State.COMPLETED
    assert simulator.count("POST", SUBMIT) == 1


def test_draining_waits_for_the_answer_to_a_submit(
    start_engine: EngineMaker, simulator: Simulator, store: Store
) -> None:
    engine = start_engine()
    simulator.fault("submit", "slow", seconds=0.5)
    generation = order(engine)
    until(lambda: engine.prediction(generation.id).state is State.SUBMITTING)

    engine.drain()

    assert store.get(generation.id).prediction_id is not None


def test_two_engines_share_one_database_without_a_double_submit(
    start_engine: EngineMaker, simulator: Simulator
) -> None:
    engines = [start_engine(), start_engine()]
    generations = [order(engines[number % 2], number) for number in range(1, 9)]

    ended = [settled(engines[0], generation) for generation in generations]

    assert {generation.state for generation in ended} == {State.COMPLETED}
    assert simulator.count("POST", SUBMIT) == 8


def test_what_was_being_submitted_by_a_dead_process_is_never_sent_again(
    start_engine: EngineMaker, store: Store, simulator: Simulator
) -> None:
    generation = store.add(SMALL, Slot(run="run"), provider=PROVIDER)
    dead = store.claim("a dead process", provider=PROVIDER, lease_s=0.1, max_in_flight=4)
    assert dead
    store.submitting(dead, "a dead process")

    ended = settled(start_engine(), generation)

    assert ended.state is State.UNKNOWN
    assert "may have been charged. The list that Atlas Cloud keeps of your requests does not show it" in ended.problem
    assert simulator.count("POST", SUBMIT) == 0


def test_the_usual_time_is_learned(engine: Engine) -> None:
    assert engine.usual_seconds(SMALL) is None

    settled(engine, order(engine))

    assert engine.usual_seconds(SMALL) is not None


@on_one_database
def test_a_job_is_expected_when_others_like_it_were_done_however_late_we_looked(
    engine: Engine, simulator: Simulator
) -> None:
    simulator.fault("task", "slow-task", seconds=0.5)
    simulator.fault("poll", "slow", seconds=4)
    simulator.fault("task", "slow-task", seconds=0.5)

    late, next_one = settled(engine, order(engine)), settled(engine, order(engine, number=2))

    assert late.seconds
    assert next_one.seconds
    assert late.seconds > 4
    assert next_one.seconds < 3


def test_who_waits_is_told_when_a_job_has_ended(store: Store, files: ImageFiles, client: AtlasClient) -> None:
    ended = threading.Event()
    engine = Engine(store, files, client, provider=PROVIDER, pace=BRISK, ended=ended.set)
    engine.start()
    generation = order(engine)

    assert ended.wait(30)
    assert engine.prediction(generation.id).state is State.COMPLETED
    engine.drain()


def test_a_drain_waits_for_the_answer_to_a_submit_beyond_its_time(engine: Engine, simulator: Simulator) -> None:
    simulator.fault("submit", "slow", seconds=1)
    generation = engine.submit(SMALL, key="run.1.1")
    until(lambda: simulator.count("POST", SUBMIT) == 1)

    assert engine.drain(limit_s=0.1) == []

    assert engine.prediction(generation.id).prediction_id
    assert not engine.is_working


def test_a_drain_leaves_a_download_that_takes_too_long(engine: Engine, simulator: Simulator) -> None:
    simulator.fault("file", "slow", seconds=2)
    generation = engine.submit(SMALL, key="run.1.1")
    until(lambda: simulator.count("GET", "/files") == 1)

    assert [left.id for left in engine.drain(limit_s=0.1)] == [generation.id]


def test_what_was_not_sent_when_a_stop_came_stays_in_the_queue(
    start_engine: EngineMaker, simulator: Simulator, store: Store
) -> None:
    engine = start_engine(max_in_flight=1)
    simulator.fault("submit", "slow", seconds=0.5)
    first, second = (engine.submit(SMALL, key=f"run.{number}.1") for number in (1, 2))
    until(lambda: simulator.count("POST", SUBMIT) == 1)

    engine.drain()

    assert store.get(first.id).prediction_id
    assert store.get(second.id).state is State.QUEUED
    assert simulator.count("POST", SUBMIT) == 1
