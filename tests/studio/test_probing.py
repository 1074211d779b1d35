"""Asking whether all is well: seldom, beside everything else, and with the right numbers on both databases."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, insert, make_url

from atlas import AtlasClient, Key
from atlas.catalog import MODELS, Catalogue
from atlas.errors import InvalidKey, OutOfCredit, RateLimited, Unreachable
from atlas.simulator import Simulator
from studio.database import HEAD, DatabaseProblem, open_database
from studio.generations import SIMULATOR, Picture, Slot, State
from studio.probing import NO_DATABASE, NO_FOLDER, Check, House, Probe
from studio.schema import pictures
from studio.store import Store
from tests.atlas.answering import answering, told
from tests.conftest import CANARY, REQUEST
from tests.studio.conftest import until
from tests.studio.shelves import PICTURE, fill, item

HISTORY = "/api/v1/model/history"
CLOSED = "http://127.0.0.1:9"  # nobody listens there


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def probe_of(url: str, folder: Path, clock: Clock | None = None) -> Probe:
    client = AtlasClient(Key(CANARY), url)
    catalogue = Catalogue(client, folder, patience_s=1)
    return Probe(client, catalogue, folder / "catalogue.json", clock=clock or Clock())


def checked(probe: Probe) -> Check:
    """The check that looking begins, once it has ended."""
    until(lambda: not probe.look().is_asking)
    found = probe.look().check
    assert found
    return found


def test_a_look_answers_before_the_provider_does(simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault("history", "slow", seconds=0.5)
    clock = Clock()
    probe = probe_of(simulator.url, tmp_path, clock)

    first = probe.look()
    assert first.is_asking
    assert first.check is None

    known = checked(probe)
    clock.now += 31
    simulator.fault("history", "slow", seconds=0.5)
    again = probe.look()
    assert again.is_asking
    assert again.check is known, "what was known last stays on the screen"
    assert again.ago_s == 31
    checked(probe)


def test_it_is_asked_when_somebody_looks_and_at_most_every_thirty_seconds(simulator: Simulator, tmp_path: Path) -> None:
    clock = Clock()
    probe = probe_of(simulator.url, tmp_path, clock)
    assert simulator.count("GET", "/") == 0

    for later in (0, 10, 19.9):
        clock.now += later
        checked(probe)
    assert simulator.count("GET", HISTORY) == 1

    clock.now += 0.2
    checked(probe)
    assert simulator.count("GET", HISTORY) == 2

    clock.now += 3600
    assert simulator.count("GET", HISTORY) == 2, "nobody looked"


def test_a_person_may_ask_at_once_and_pressing_twice_is_one_question(simulator: Simulator, tmp_path: Path) -> None:
    probe = probe_of(simulator.url, tmp_path)
    checked(probe)
    simulator.fault("history", "slow", seconds=0.3)

    for _ in range(5):
        probe.ask()
    checked(probe)

    assert simulator.count("GET", HISTORY) == 2


def test_a_provider_that_is_well_tells_all(simulator: Simulator, tmp_path: Path) -> None:
    found = checked(probe_of(simulator.url, tmp_path))

    assert found.trouble is None
    assert found.is_key_accepted
    assert found.balance
    assert found.balance.available > 0
    assert not found.is_out_of_credit
    assert found.shelf.models > len(MODELS)
    assert found.shelf.fetched
    assert not found.shelf.is_copy


def test_nothing_of_the_provider_costs_anything(simulator: Simulator, tmp_path: Path) -> None:
    checked(probe_of(simulator.url, tmp_path))

    assert {request["method"] for request in simulator.requests()} == {"GET"}


def test_a_key_is_refused_when_nobody_accepts_it(simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault("history", "401")
    simulator.fault("billing", "401")
    found = checked(probe_of(simulator.url, tmp_path))

    assert isinstance(found.trouble, InvalidKey)
    assert found.is_key_accepted is False


def test_one_good_answer_is_enough_for_a_key(simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault("history", "401")
    assert checked(probe_of(simulator.url, tmp_path / "a")).is_key_accepted

    simulator.fault("billing", "403")
    found = checked(probe_of(simulator.url, tmp_path / "b"))
    assert found.is_key_accepted
    assert isinstance(found.no_balance, InvalidKey)


def test_without_any_answer_nothing_is_known_of_the_key(tmp_path: Path) -> None:
    found = checked(probe_of(CLOSED, tmp_path))

    assert isinstance(found.trouble, Unreachable)
    assert found.is_key_accepted is None
    assert found.no_balance is found.trouble, "nobody is asked twice in vain"
    assert found.shelf.models == len(MODELS)
    assert found.shelf.fetched is None
    assert found.shelf.trouble


def test_a_slower_pace_says_nothing_about_the_key(simulator: Simulator, tmp_path: Path) -> None:
    simulator.fault("history", "429")
    simulator.fault("billing", "429")
    found = checked(probe_of(simulator.url, tmp_path))

    assert isinstance(found.trouble, RateLimited)
    assert found.is_key_accepted is None


def test_an_account_without_credit_has_an_accepted_key(tmp_path: Path) -> None:
    with answering(told({"code": 402, "msg": "insufficient balance"})) as (url, _):
        found = checked(probe_of(url, tmp_path))

    assert isinstance(found.trouble, OutOfCredit)
    assert found.is_key_accepted
    assert found.is_out_of_credit

    with Simulator(credit=Decimal(0)) as empty:
        assert checked(probe_of(empty.url, tmp_path)).is_out_of_credit


def test_models_of_an_earlier_day_are_known_as_a_copy(tmp_path: Path) -> None:
    with Simulator() as there:
        url = there.url
        known = checked(probe_of(url, tmp_path)).shelf
    copy = tmp_path / "catalogue.json"
    age_file(copy, days=3)

    shelf = checked(probe_of(url, tmp_path)).shelf

    assert shelf.is_copy
    assert shelf.models == known.models
    assert shelf.fetched == copy.stat().st_mtime


def age_file(path: Path, *, days: float) -> None:
    then = path.stat().st_mtime - days * 86_400
    os.utime(path, (then, then))


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    opened = open_database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def house(database: Engine, tmp_path: Path) -> House:
    return House(database, tmp_path)


def test_an_empty_studio_counts_nothing(house: House) -> None:
    jobs, room = house.jobs(provider="atlas"), house.room()

    assert (sum(jobs.open.values()), jobs.elsewhere, jobs.unknown, jobs.stalled) == (0, 0, 0, 0)
    assert (jobs.spent, jobs.unpriced) == (Decimal(0), 0)
    assert (room.originals, room.bytes) == (0, 0)


def test_jobs_are_counted_by_state_and_provider(database: Engine, house: House) -> None:
    store = Store(database)
    for number, provider in enumerate(["atlas", "atlas", "atlas", "other"], 1):
        store.add(REQUEST, Slot(run=f"r{number}"), provider=provider)
    taken = store.claim("me", provider="atlas", lease_s=60, max_in_flight=4)
    assert taken
    store.submitting(taken, "me")

    jobs = house.jobs(provider="atlas")

    assert jobs.open == {State.QUEUED: 2, State.SUBMITTING: 1, State.RUNNING: 0, State.FETCHING: 0}
    assert jobs.elsewhere == 1


def test_what_needs_a_person_is_counted_as_history_shows_it(database: Engine, house: House) -> None:
    bare: dict[str, Any] = {"pictures": (), "price": None}
    fill(
        database,
        [
            item(1, state=State.UNKNOWN, **bare),
            item(2, state=State.UNKNOWN, **bare),
            item(3, state=State.UNKNOWN, deleted=5, **bare),
            item(4, state=State.STALLED, **bare),
            item(5, state=State.FAILED, **bare),
        ],
    )
    jobs = house.jobs(provider="atlas")

    assert (jobs.unknown, jobs.stalled) == (2, 1)


def test_spent_is_what_the_provider_billed_bin_included(database: Engine, house: House) -> None:
    fill(
        database,
        [
            item(1, price=Decimal("0.034")),
            item(2, price=Decimal("0.042"), deleted=5),
            item(3, price=None),
            item(4, price=Decimal(7), provider=SIMULATOR),
        ],
    )
    Store(database).add_picture("brought", PICTURE, Slot(run="brought"))

    jobs = house.jobs(provider="atlas")

    assert jobs.spent == Decimal("0.076")
    assert jobs.unpriced == 1, "neither a simulated image nor one from outside has a price to tell"


def test_the_same_original_takes_room_once(database: Engine, house: House) -> None:
    shared = Picture(sha256="a" * 64, format="png", width=1, height=1, bytes=1000)
    other = Picture(sha256="b" * 64, format="png", width=1, height=1, bytes=234)
    fill(database, [item(number, pictures=(shared,)) for number in (1, 2, 3)] + [item(4, pictures=(other,))])

    room = house.room()

    assert (room.originals, room.bytes) == (2, 1234)
    assert room.free > 0


def test_the_database_says_what_it_is_and_never_where(database: Engine, house: House, tmp_path: Path) -> None:
    base = house.base()

    assert base.kind == {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database.dialect.name]
    assert base.version[0].isdecimal()
    assert base.bytes > 10_000
    assert base.schema == HEAD
    assert str(tmp_path) not in repr(base)
    assert str(database.url.database) not in repr(base)


def test_a_studio_that_is_well_can_be_used(house: House, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())

    assert house.unusable() == []
    assert sorted(tmp_path.iterdir()) == before, "looking leaves nothing behind"


def test_a_database_that_is_gone_is_named_without_its_address(
    database: Engine, database_url: str, house: House
) -> None:
    destroy(database, database_url)

    assert house.unusable() == [NO_DATABASE]
    with pytest.raises(DatabaseProblem, match="Check that it runs") as trouble:
        house.jobs(provider="atlas")
    assert "/" not in str(trouble.value)


def destroy(database: Engine, url: str) -> None:
    database.dispose()
    place = make_url(url)
    if place.get_backend_name() == "sqlite":
        Path(str(place.database)).write_bytes(b"this is no database any more " * 100)
        return
    server = place.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {place.database} RENAME TO gone_{place.database}".encode())
        connection.execute(f"CREATE DATABASE {place.database}".encode())
        connection.execute(f"DROP DATABASE gone_{place.database}".encode())


def test_a_folder_that_is_gone_is_named(database: Engine, tmp_path: Path) -> None:
    assert House(database, tmp_path / "nowhere").unusable() == [NO_FOLDER]


def test_asking_never_waits_for_who_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studio.db'}"
    opened = open_database(url)
    house = House(opened, tmp_path)
    with closing(sqlite3.connect(tmp_path / "studio.db", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO folders (id, name, folded, created) VALUES ('f', 'F', 'f', 0)")
        assert house.unusable() == []
        assert house.jobs(provider="atlas").unknown == 0
        writer.execute("ROLLBACK")
    opened.dispose()


def test_a_price_list_of_many_pictures_stays_one_row(database: Engine, house: House) -> None:
    """A generation of several pictures is one job, and each picture is an original."""
    fill(database, [item(1, pictures=())])
    generation = item(1).generation.id
    rows = [
        {"generation": generation, "number": n, "sha256": f"{n:064x}", "format": "png", "width": 1, "height": 1}
        for n in (1, 2, 3)
    ]
    with database.begin() as connection:
        connection.execute(insert(pictures), [{**row, "bytes": 10, "sensitive": False} for row in rows])

    assert house.jobs(provider="atlas").spent == Decimal("0.01")
    assert house.room().originals == 3
