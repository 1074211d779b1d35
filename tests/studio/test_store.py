"""The store on SQLite and PostgreSQL alike."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, update

from atlas import ImageRequest, Prediction, Status
from studio.budget import Hold
from studio.database import open_database
from studio.generations import Generation, Picture, Slot, State
from studio.schema import generations
from studio.store import Store
from tests.conftest import REQUEST
from tests.studio.conftest import PROVIDER

PICTURE = Picture(sha256="ab" * 32, format="jpeg", width=1024, height=1024, bytes=1234)
ACCEPTED = Prediction(id="p1", status=Status.WAITING, request_id="r1")
DONE = Prediction(id="p1", status=Status.SUCCEEDED, price=Decimal("0.034"), predict_seconds=8.3)


def added(store: Store, run: str = "run", number: int = 1, request: ImageRequest = REQUEST) -> Generation:
    return store.add(request, Slot(run=run, number=number), provider=PROVIDER)


def claimed(store: Store, owner: str = "me", *, max_in_flight: int = 4, lease_s: float = 60) -> Generation | None:
    return store.claim(owner, provider=PROVIDER, lease_s=lease_s, max_in_flight=max_in_flight)


def test_what_is_added_is_there_as_it_was_given(store: Store) -> None:
    request = ImageRequest(prompt="海邊的日落 🌅 *not* <b>markup</b>", parameters={"size": "1024x1536", "n": 2})

    generation = store.get(added(store, request=request).id)

    assert generation.request == request
    assert generation.state is State.QUEUED
    assert generation.provider == PROVIDER


def test_an_estimate_is_kept_beside_the_bill_and_rounded_up(store: Store) -> None:
    assert added(store).estimate is None

    expected = store.add(REQUEST, Slot(run="run", number=2), provider=PROVIDER, estimate=Decimal("0.0340001"))

    assert expected.estimate == Decimal("0.034001")
    assert expected.price is None
    assert store.get(expected.id) == expected


def test_the_same_slot_twice_is_one_generation(store: Store) -> None:
    first, second = added(store), added(store)

    assert first.id == second.id
    assert store.count() == 1


def test_twenty_simultaneous_presses_are_one_generation(store: Store) -> None:
    with ThreadPoolExecutor(20) as many:
        found = set(many.map(lambda _: added(store).id, range(20)))

    assert len(found) == 1


def test_nobody_is_asked_for_by_an_unknown_id(store: Store) -> None:
    with pytest.raises(KeyError):
        store.get("nobody")


def test_newest_come_first_and_pages_do_not_overlap(store: Store) -> None:
    ids = [added(store, number=number).id for number in range(1, 8)]

    pages = [store.latest(limit=3, skip=skip) for skip in (0, 3, 6)]

    assert [generation.id for page in pages for generation in page] == ids[::-1]


def test_each_generation_is_claimed_by_one_worker_only(store: Store) -> None:
    for number in range(1, 41):
        added(store, number=number)

    def work(owner: str) -> list[str]:
        mine = []
        while generation := claimed(store, owner, max_in_flight=1000):
            mine.append(generation.id)
        return mine

    with ThreadPoolExecutor(4) as workers:
        taken = [found for mine in workers.map(work, "abcd") for found in mine]

    assert len(taken) == len(set(taken)) == 40


def test_no_more_than_the_cap_are_at_the_provider_whoever_works(store: Store) -> None:
    for number in range(1, 5):
        added(store, number=number)
    for owner in ("me", "you"):
        generation = claimed(store, owner, max_in_flight=2)
        assert generation
        store.submitting(generation, owner)

    assert claimed(store, "they", max_in_flight=2) is None


def test_what_was_begun_is_taken_up_before_what_is_queued(store: Store) -> None:
    begun, _queued = added(store), added(store, number=2)
    mine = claimed(store)
    assert mine
    store.submitting(mine, "me")
    store.release("me", mine.id)

    taken = claimed(store, "you", max_in_flight=1)

    assert taken
    assert taken.id == begun.id
    assert taken.state is State.SUBMITTING


def test_a_paused_model_waits_while_another_goes_on(store: Store) -> None:
    added(store)
    other = added(store, number=2, request=ImageRequest(prompt="x", model="another/model"))

    taken = store.claim("me", provider=PROVIDER, lease_s=60, max_in_flight=4, paused=[REQUEST.model])

    assert taken
    assert taken.id == other.id


def test_another_providers_work_is_left_alone(store: Store) -> None:
    store.add(REQUEST, Slot(run="run"), provider="somebody else")

    assert claimed(store) is None
    assert store.in_flight(provider=PROVIDER) == []


def test_an_expired_lease_is_taken_over_and_the_old_owner_can_write_no_more(store: Store) -> None:
    added(store)
    mine = claimed(store, "me", lease_s=-1)
    yours = claimed(store, "you")

    assert mine
    assert yours
    assert not store.submitting(mine, "me")
    assert store.submitting(yours, "you")


def test_a_generation_is_submitted_once_even_by_the_owner_of_its_lease(store: Store) -> None:
    added(store)
    mine = claimed(store)
    assert mine

    assert store.submitting(mine, "me")
    assert not store.submitting(mine, "me")


def test_what_an_owner_carries_is_not_given_to_it_again_when_its_lease_runs_out(store: Store) -> None:
    added(store)
    mine = claimed(store, lease_s=-1)
    assert mine

    assert store.claim("me", provider=PROVIDER, lease_s=60, max_in_flight=4, carried=[mine.id]) is None


def test_what_was_given_out_counts_towards_the_cap_before_it_is_sent(store: Store) -> None:
    for number in range(1, 4):
        added(store, number=number)

    assert [claimed(store, owner, max_in_flight=2) is not None for owner in "abc"] == [True, True, False]


def test_a_renewed_lease_is_not_taken_over(store: Store) -> None:
    added(store)
    mine = claimed(store, "me", lease_s=-1)
    assert mine
    store.renew("me", [mine.id], lease_s=60)

    assert claimed(store, "you") is None


def test_an_accepted_id_is_recorded_whoever_holds_the_lease(store: Store) -> None:
    added(store)
    mine = claimed(store, "me", lease_s=-1)
    assert mine
    store.submitting(mine, "me")
    yours = claimed(store, "you")
    assert yours
    store.settle(yours, "you", State.UNKNOWN, "it was cut off")

    assert store.accept(mine, ACCEPTED)

    generation = store.get(mine.id)
    assert (generation.state, generation.prediction_id, generation.problem) == (State.RUNNING, "p1", "")
    assert generation.request_id == "r1"


def test_a_late_id_takes_up_what_a_person_has_closed_as_not_charged_and_holds_for_it_anew(store: Store) -> None:
    added(store)
    generation = claimed(store)
    assert generation
    assert store.submitting(generation, "me", hold=Hold(amount=Decimal("0.04"), cap=None))
    assert store.settle(generation, "me", State.UNKNOWN, "no answer")
    assert store.not_charged(generation.id, words="it was not charged")

    assert store.accept(generation, ACCEPTED)

    late = store.get(generation.id)
    assert (late.state, late.prediction_id, late.problem) == (State.RUNNING, "p1", "")
    assert store.budget(cap=None).held == Decimal("0.04")
    assert claimed(store, "another") == late


def test_one_prediction_belongs_to_one_generation(store: Store) -> None:
    first, second = added(store), added(store, number=2)
    assert store.accept(first, ACCEPTED)

    assert not store.accept(second, ACCEPTED)
    assert store.get(second.id).prediction_id is None


def test_a_completed_generation_has_its_picture_price_and_times(store: Store) -> None:
    completed(store, added(store))

    generation = store.latest()[0]

    assert generation.state is State.COMPLETED
    assert generation.pictures == (PICTURE,)
    assert generation.price == Decimal("0.034")
    assert generation.predict_seconds == 8.3
    assert generation.seconds is not None
    assert [event.what.split()[0] for event in store.events(generation.id)] == [
        "queued",
        "submitting",
        "accepted",
        "finished",
        "completed",
    ]


def test_durations_are_learned_from_the_same_model_and_parameters_only(store: Store) -> None:
    completed(store, added(store))

    assert len(store.durations(REQUEST, provider=PROVIDER)) == 1
    assert store.durations(ImageRequest(prompt="x", model="other"), provider=PROVIDER) == []
    assert store.durations(ImageRequest(prompt="x", parameters={"quality": "high"}), provider=PROVIDER) == []
    assert store.durations(REQUEST, provider="somebody else") == []


def test_only_what_stalled_can_be_resumed(store: Store) -> None:
    generation = added(store)
    mine = claimed(store)
    assert mine
    store.submitting(mine, "me")
    store.accept(mine, ACCEPTED)
    assert not store.resume(generation.id)
    store.settle(mine, "me", State.STALLED, "too slow")

    assert store.resume(generation.id)
    assert not store.resume(generation.id)
    assert store.get(generation.id).state is State.RUNNING
    assert store.get(generation.id).problem == ""


def test_reading_is_never_blocked_by_writing(store: Store) -> None:
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            added(store, run="busy", number=number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(50):
            store.latest()
    finally:
        stop.set()
        writer.join()

    assert store.count() > 0


def test_what_is_ended_while_it_is_claimed_is_not_taken_up_again(store: Store, database_url: str) -> None:
    added(store)
    late = claimed(store, lease_s=0)
    assert late
    assert store.submitting(late, "me")
    assert store.accept(late, ACCEPTED)
    assert store.fetching(late, "me")
    database = open_database(database_url)
    ended = {"state": State.COMPLETED, "lease_owner": None, "lease_until": None}

    with ThreadPoolExecutor(1) as pool, database.begin() as connection:
        connection.execute(update(generations).where(generations.c.id == late.id).values(ended))
        taken = pool.submit(claimed, store, "other")
        time.sleep(0.5)

    assert taken.result() is None
    assert store.get(late.id).state is State.COMPLETED
    database.dispose()


def completed(store: Store, generation: Generation) -> None:
    mine = claimed(store)
    assert mine
    assert mine.id == generation.id
    assert store.submitting(mine, "me")
    assert store.accept(mine, ACCEPTED)
    assert store.fetching(mine, "me")
    assert store.complete(mine, "me", [PICTURE], DONE)


def test_what_is_under_way_is_found_by_its_index_whatever_else_there_is(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'studio.db'}")
    store = Store(database)
    asked: list[tuple[str, Any]] = []
    added(store)

    @event.listens_for(database, "before_cursor_execute")
    def _(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        if statement.startswith("SELECT") and "FROM generations" in statement:
            asked.append((statement, parameters))

    store.in_flight(provider=PROVIDER)
    claimed(store)

    with database.connect() as connection:
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            found = [step.detail for step in plan if "generations" in step.detail]
            assert found, statement
            assert all("generations_in_flight" in how or "generations_leased" in how for how in found), statement
    assert len(asked) == 5
    database.dispose()
