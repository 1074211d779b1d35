"""The daily budget on both databases: never passed, never leaked, whoever races and wherever a process is killed."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select

from atlas import AtlasClient, ImageRequest, Key, Prediction, Status
from atlas.prices import dollars
from atlas.simulator import Simulator
from studio import budget
from studio.budget import Budget, Hold, OverBudget, day_of
from studio.database import open_database
from studio.engine import Engine
from studio.generations import SIMULATOR, Generation, Picture, Slot, State
from studio.images import ImageFiles
from studio.schema import budgets, generations
from studio.store import Store
from tests.conftest import CANARY, SMALL
from tests.processes import processes
from tests.studio.conftest import BRISK, PROVIDER, settled, until

SUBMIT = "/api/v1/model/generateImage"
CALCULATE = "/api/v1/model/calculate"
DOLLAR = Decimal("1.00")
PICTURE = Picture(sha256="ab" * 32, format="png", width=1, height=1, bytes=1)
Starter = Callable[..., Engine]


@pytest.fixture
def start(store: Store, files: ImageFiles, client: AtlasClient) -> Iterator[Starter]:
    """Starts engines with a budget, and drains them all at the end."""
    running: list[Engine] = []

    def started(cap: Decimal | None = DOLLAR, *, provider: str = PROVIDER, wait_limit_s: float = 10) -> Engine:
        engine = Engine(
            store,
            files,
            client,
            provider=provider,
            pace=BRISK,
            lease_s=1,
            look_up_s=0.3,
            wait_limit_s=wait_limit_s,
            daily_budget=cap,
        )
        engine.start()
        running.append(engine)
        return engine

    yield started
    for engine in running:
        engine.drain()


@pytest.fixture
def price(client: AtlasClient, simulator: Simulator) -> Decimal:
    """What the simulator bills for SMALL."""
    reckoned = client.calculate(SMALL).price
    simulator.forget_requests()
    return reckoned


def order(engine: Engine, estimate: str | None = "0.05", number: int = 1) -> Generation:
    key = Slot(run="run", number=number).key
    return engine.submit(SMALL, key=key, estimate=None if estimate is None else Decimal(estimate))


def today(store: Store, cap: Decimal | None = DOLLAR) -> tuple[Decimal | int, Decimal | int]:
    """What is spent and what is held."""
    found = store.budget(cap=cap)
    return found.spent, found.held


def on_record(database_url: str) -> tuple[int, int]:
    """Micro-dollars held according to the days, and according to the generations."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        of_days = connection.execute(select(func.sum(budgets.c.held_micros))).scalar()
        of_generations = connection.execute(select(func.sum(generations.c.held_micros))).scalar()
    engine.dispose()
    return int(of_days or 0), int(of_generations or 0)


def spend(database_url: str, owner: str, ready: Barrier) -> None:
    """A process that takes its share of the queue, waits for the others and then sends all of it at once."""
    store = Store(open_database(database_url))
    mine = [store.claim(owner, provider=PROVIDER, lease_s=60, max_in_flight=1000) for _ in range(8)]
    ready.wait(60)
    for generation in filter(None, mine):
        try:
            store.submitting(generation, owner, hold=Hold(amount=generation.estimate, cap=DOLLAR))
        except OverBudget as refused:
            store.settle(generation, owner, State.FAILED, str(refused))
    store.close()


def raced(database_url: str, store: Store, cents: list[int]) -> tuple[int, list[int]]:
    """Cents held after eight processes raced for a dollar, and the cents of each that was refused."""
    for number, price in enumerate(cents, 1):
        store.add(SMALL, Slot(run="run", number=number), provider=PROVIDER, estimate=Decimal(price) / 100)
    ready = processes.Barrier(8)
    racing = [processes.Process(target=spend, args=(database_url, f"racer {n}", ready)) for n in range(8)]
    for process in racing:
        process.start()
    for process in racing:
        process.join(90)
    assert [process.exitcode for process in racing] == [0] * 8
    ended = store.run("run")
    assert {generation.state for generation in ended} == {State.SUBMITTING, State.FAILED}
    refused = [int((one.estimate or 0) * 100) for one in ended if one.state is State.FAILED]
    of_days, of_generations = on_record(database_url)
    assert of_days == of_generations
    return of_days // 10_000, refused


def test_eight_processes_that_race_for_a_dollar_spend_exactly_a_dollar(database_url: str, store: Store) -> None:
    held, refused = raced(database_url, store, [5] * 64)

    assert held == 100
    assert len(refused) == 44


def test_eight_processes_with_different_prices_fill_the_day_and_never_pass_it(database_url: str, store: Store) -> None:
    held, refused = raced(database_url, store, [3, 7] * 32)

    assert held <= 100
    assert held + min(refused) > 100, "the cheapest that was refused would have had room"
    assert held + sum(refused) == 320


class Deadly(AtlasClient):
    """The real client, in a process that is killed the moment before a certain call leaves it."""

    def __init__(self, url: str, call: str) -> None:
        super().__init__(Key(CANARY), url)
        self._call = call

    def submit(self, request: ImageRequest, *, key: str = "") -> Prediction:
        self._die_at("submit")
        return super().submit(request, key=key)

    def prediction(self, prediction_id: str) -> Prediction:
        self._die_at("prediction")
        return super().prediction(prediction_id)

    def download(self, output: str) -> bytes:
        self._die_at("download")
        return super().download(output)

    def _die_at(self, call: str) -> None:
        if call == self._call:
            os.kill(os.getpid(), signal.SIGKILL)


def work_until_killed(database_url: str, folder: Path, client_url: str, call: str) -> None:
    engine = Engine(
        Store(open_database(database_url)),
        ImageFiles(folder),
        Deadly(client_url, call),
        provider=PROVIDER,
        lease_s=1,
        look_up_s=0.3,
        pace=BRISK,
        daily_budget=DOLLAR,
    )
    engine.start()
    time.sleep(60)  # an engine stops with the main thread, and may then be gone before it dies


@pytest.mark.parametrize("call", ["submit", "prediction", "download"])
def test_a_process_killed_in_any_state_neither_leaks_nor_counts_twice(
    database_url: str, store: Store, start: Starter, simulator: Simulator, tmp_path: Path, price: Decimal, call: str
) -> None:
    generation = store.add(SMALL, Slot(run="run"), provider=PROVIDER, estimate=Decimal("0.05"))
    doomed = processes.Process(target=work_until_killed, args=(database_url, tmp_path / "images", simulator.url, call))
    doomed.start()
    doomed.join(60)
    assert doomed.exitcode == -signal.SIGKILL
    assert on_record(database_url) == (50_000, 50_000)

    ended = settled(start(), generation)

    if call == "submit":
        assert ended.state is State.UNKNOWN
        assert today(store) == (Decimal("0.05"), 0), "it may have been charged, for all that anybody can know"
        assert on_record(database_url) == (50_000, 50_000)
        assert simulator.count("POST", SUBMIT) == 0
    else:
        assert ended.state is State.COMPLETED
        assert today(store) == (price, 0)
        assert on_record(database_url) == (0, 0)
        assert simulator.count("POST", SUBMIT) == 1


def test_what_is_billed_replaces_what_was_held(
    database_url: str, start: Starter, store: Store, simulator: Simulator, price: Decimal
) -> None:
    engine = start()
    simulator.fault("task", "slow-task", seconds=0.5)
    generation = order(engine)
    until(lambda: engine.prediction(generation.id).state is State.RUNNING)
    assert engine.budget() == Budget(day=day_of(generation.created), cap=DOLLAR, spent=Decimal(0), held=Decimal("0.05"))

    done = settled(engine, generation)

    assert done.estimate == Decimal("0.05")
    assert done.price == price
    assert today(store) == (price, 0)
    assert store.budget(cap=DOLLAR).left == DOLLAR - price
    assert on_record(database_url) == (0, 0)


@pytest.mark.parametrize(("where", "fault"), [("submit", "402"), ("submit", "422"), ("task", "failed")])
def test_what_failed_is_free_again(
    database_url: str, start: Starter, store: Store, simulator: Simulator, where: str, fault: str
) -> None:
    simulator.fault(where, fault)
    engine = start()

    assert settled(engine, order(engine)).state is State.FAILED

    assert today(store) == (0, 0)
    assert on_record(database_url) == (0, 0)


def test_what_is_unknown_stays_counted_until_it_is_resolved(
    database_url: str, start: Starter, store: Store, simulator: Simulator
) -> None:
    simulator.fault("submit", "reset-before-accept")
    engine = start()
    unknown = settled(engine, order(engine))
    assert unknown.state is State.UNKNOWN
    assert today(store) == (Decimal("0.05"), 0)

    found = Prediction(id="found-in-the-history", status=Status.WAITING)
    engine.drain()
    assert store.accept(unknown, found)
    assert today(store) == (0, Decimal("0.05"))

    completed(store, unknown, replace(found, price=Decimal("0.04")))
    assert today(store) == (Decimal("0.04"), 0)
    assert on_record(database_url) == (0, 0)


def test_what_stalled_stays_counted_and_is_billed_once_when_it_is_checked_again(
    database_url: str, start: Starter, store: Store, simulator: Simulator, price: Decimal
) -> None:
    simulator.fault("file", "404")
    engine = start()
    stalled = settled(engine, order(engine))
    assert stalled.state is State.STALLED
    assert today(store) == (Decimal("0.05"), 0)

    engine.check_again(stalled)

    assert settled(engine, stalled).state is State.COMPLETED
    assert today(store) == (price, 0)
    assert on_record(database_url) == (0, 0)


def test_asked_to_slow_down_it_is_held_once(
    database_url: str, start: Starter, store: Store, simulator: Simulator, price: Decimal
) -> None:
    simulator.fault("submit", "429", times=3)
    engine = start(Decimal("0.05"))

    assert settled(engine, order(engine)).state is State.COMPLETED

    assert today(store) == (price, 0)
    assert on_record(database_url) == (0, 0)


def test_what_has_no_room_fails_and_says_how_much_is_left_of_what(
    start: Starter, store: Store, simulator: Simulator, price: Decimal
) -> None:
    engine = start(Decimal("0.06"))
    settled(engine, order(engine))
    simulator.fault("task", "stuck")
    under_way = order(engine, "0.04", number=2)
    until(lambda: engine.prediction(under_way.id).state is State.RUNNING)

    refused = settled(engine, order(engine, "0.05", number=3))

    assert refused.state is State.FAILED
    assert refused.problem == (
        "The budget of $0.06 for today (UTC) has no room for this image, which is expected to cost $0.05: "
        f"{dollars(price)} is spent and $0.04 is held for images under way. Nothing was sent. "
        "Raise STUDIO_DAILY_BUDGET_USD and restart the app, or press Retry after 00:00 UTC."
    )
    assert refused.submitted is None
    assert simulator.count("POST", SUBMIT) == 2
    assert today(store) == (price, Decimal("0.04"))


def test_without_an_estimate_the_last_bill_is_held_and_asked_for_when_there_is_none(
    start: Starter, simulator: Simulator, price: Decimal
) -> None:
    engine = start()

    first = settled(engine, order(engine, None))
    second = settled(engine, order(engine, None, number=2))

    assert first.estimate == second.estimate == price
    assert simulator.count("POST", CALCULATE) == 1


def test_a_price_that_cannot_be_had_now_is_waited_for_with_a_reason(
    start: Starter, store: Store, simulator: Simulator
) -> None:
    simulator.fault("calculate", "500", times=1000)
    engine = start()
    generation = order(engine, None)
    until(lambda: "costs" in store.get(generation.id).problem)
    assert store.get(generation.id).state is State.QUEUED
    assert simulator.count("POST", SUBMIT) == 0

    simulator.forget_faults()

    done = settled(engine, generation)
    assert (done.state, done.problem) == (State.COMPLETED, "")
    assert simulator.count("POST", SUBMIT) == 1


@pytest.mark.parametrize(
    ("fault", "says"), [("404", "names no price"), ("html-200", "does not say at the moment"), ("401", "the key")]
)
def test_what_nobody_prices_is_not_sent(
    start: Starter, store: Store, simulator: Simulator, fault: str, says: str
) -> None:
    simulator.fault("calculate", fault, times=1000)
    generation = order(start(), None)

    until(lambda: says in store.get(generation.id).problem)

    assert store.get(generation.id).state is (State.QUEUED if fault == "html-200" else State.FAILED)
    assert simulator.count("POST", SUBMIT) == 0
    assert today(store) == (0, 0)


def test_without_a_cap_nothing_is_refused_or_asked_and_all_that_is_billed_counts(
    start: Starter, store: Store, simulator: Simulator, price: Decimal
) -> None:
    engine = start(None)

    done = [settled(engine, order(engine, estimate, number)) for number, estimate in enumerate([None, "500"], 1)]

    assert [generation.state for generation in done] == [State.COMPLETED] * 2
    assert [generation.estimate for generation in done] == [None, 500]
    assert simulator.count("POST", CALCULATE) == 0
    assert today(store, cap=None) == (2 * price, 0)
    assert store.budget(cap=None).left is None


def test_the_simulators_images_cost_nothing(start: Starter, store: Store, simulator: Simulator) -> None:
    engine = start(Decimal("0.01"), provider=SIMULATOR)

    assert settled(engine, order(engine, "0.05")).state is State.COMPLETED

    assert engine.budget() is None
    assert today(store) == (0, 0)
    assert simulator.count("POST", CALCULATE) == 0


def test_what_is_free_always_has_room(store: Store) -> None:
    first, second = carried(store, 1), carried(store, 2)
    assert store.submitting(first, "me", hold=Hold(amount=Decimal("0.02"), cap=Decimal("0.02")))
    store.accept(first, Prediction(id="p1", status=Status.WAITING))
    completed(store, first, Prediction(id="p1", status=Status.SUCCEEDED, price=Decimal("0.03")), owner="me")
    assert today(store, Decimal("0.02")) == (Decimal("0.03"), 0)
    assert store.budget(cap=Decimal("0.02")).left == 0

    assert store.submitting(second, "me", hold=Hold(amount=Decimal(0), cap=Decimal("0.02")))


def test_a_refused_hold_changes_nothing(store: Store) -> None:
    generation = carried(store, 1)

    with pytest.raises(OverBudget):
        store.submitting(generation, "me", hold=Hold(amount=Decimal("1.000001"), cap=DOLLAR))

    assert store.get(generation.id) == generation
    assert [event.what for event in store.events(generation.id)] == ["queued"]
    assert today(store) == (0, 0)


def test_where_no_price_is_told_the_estimate_was_spent(store: Store) -> None:
    generation = carried(store, 1)
    store.submitting(generation, "me", hold=Hold(amount=Decimal("0.05"), cap=DOLLAR))

    completed(store, generation, Prediction(id="p1", status=Status.SUCCEEDED), owner="me")

    assert store.get(generation.id).price is None
    assert today(store) == (Decimal("0.05"), 0)


def test_what_the_provider_forgot_may_have_been_charged(store: Store) -> None:
    generation = carried(store, 1)
    store.submitting(generation, "me", hold=Hold(amount=Decimal("0.05"), cap=DOLLAR))

    store.settle(generation, "me", State.FAILED, "forgotten", spent=None)
    store.settle(generation, "me", State.FAILED, "forgotten", spent=None)

    assert today(store) == (Decimal("0.05"), 0)


def test_settling_many_times_at_once_is_settling_once(database_url: str, store: Store) -> None:
    generation = carried(store, 1)
    store.submitting(generation, "me", hold=Hold(amount=Decimal("0.05"), cap=DOLLAR))
    engine = open_database(database_url)

    def settle(_: int) -> None:
        with engine.begin() as connection:
            budget.settle(connection, generation.id, spent=40_000)

    with ThreadPoolExecutor(4) as many:
        list(many.map(settle, range(20)))
    engine.dispose()

    assert today(store) == (Decimal("0.04"), 0)
    assert on_record(database_url) == (0, 0)


def test_every_day_in_utc_has_a_budget_of_its_own(database_url: str, store: Store) -> None:
    yesterday = carried(store, 1)
    store.submitting(yesterday, "me", hold=Hold(amount=DOLLAR, cap=DOLLAR))
    engine = create_engine(database_url)
    with engine.begin() as connection:  # as if it had been sent the day before
        connection.execute(budgets.update().values(day="2020-01-01"))
        connection.execute(generations.update().values(held_on="2020-01-01"))

    assert store.submitting(carried(store, 2), "me", hold=Hold(amount=DOLLAR, cap=DOLLAR))
    completed(store, yesterday, Prediction(id="p1", status=Status.SUCCEEDED, price=Decimal("0.9")), owner="me")

    assert today(store) == (0, DOLLAR)
    with engine.connect() as connection:
        old = connection.execute(select(budgets).where(budgets.c.day == "2020-01-01")).one()
    engine.dispose()
    assert (old.held_micros, old.spent_micros) == (0, 900_000)
    assert day_of(1_577_836_799_999) == date(2019, 12, 31)
    assert day_of(1_577_836_800_000) == date(2020, 1, 1)


@pytest.mark.parametrize("amount", ["-0.01", "NaN", "Infinity"])
def test_an_estimate_that_nobody_could_be_charged_is_refused(store: Store, amount: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        store.add(SMALL, Slot(run="run"), provider=PROVIDER, estimate=Decimal(amount))

    assert store.count() == 0


def carried(store: Store, number: int) -> Generation:
    store.add(SMALL, Slot(run="run", number=number), provider=PROVIDER)
    generation = store.claim("me", provider=PROVIDER, lease_s=60, max_in_flight=9)
    assert generation
    return generation


def completed(store: Store, generation: Generation, prediction: Prediction, *, owner: str = "") -> None:
    if not owner:
        claimed = store.claim("them", provider=PROVIDER, lease_s=60, max_in_flight=9)
        assert claimed
        assert claimed.id == generation.id
    assert store.complete(generation, owner or "them", [PICTURE], prediction)
