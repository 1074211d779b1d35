"""What goes wrong on this machine: disks, databases, clocks, and processes that are held up."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from sqlalchemy import update

from atlas.simulator import Simulator
from studio.database import DatabaseProblem, answering, open_database
from studio.generations import Slot, State
from studio.schema import generations
from studio.store import Store
from tests.faults.conftest import SUBMIT, Studio, opened
from tests.faults.disks import Disk, mounted
from tests.faults.worker import BUDGET, ESTIMATE, press, request
from tests.processes import processes
from tests.studio.conftest import until

PROMPT = "a red bicycle"
SEVERAL = ("a red bicycle", "a blue kettle", "a green door")
DAY_S = 86_400


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with mounted(tmp_path / "disk") as disk:
        if disk is None:
            pytest.skip("only root may mount a disk to fill")
        yield disk


def test_a_disk_that_is_full_when_the_answer_comes_loses_neither_the_id_nor_the_image(
    disk: Disk, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    simulator.fault("submit", "slow", seconds=1)
    with opened(f"sqlite:///{disk.folder / 'studio.db'}", disk.folder / "images", simulator) as studio:
        with studio.engine() as engine:
            press(engine, PROMPT)
            until(lambda: simulator.count("POST", SUBMIT) == 1)
            disk.fill()
            until(lambda: "is not recorded yet" in caplog.text)
            disk.heal()
            until(lambda: not engine.in_flight())

        assert [one.state for one in studio.sound(made=1)] == [State.COMPLETED]
        assert simulator.count("POST", SUBMIT) == 1


@pytest.mark.parametrize("harm", [Disk.fill, Disk.forbid_writing])
def test_an_image_that_cannot_be_written_waits_at_the_provider_until_it_can(
    disk: Disk, simulator: Simulator, tmp_path: Path, harm: Callable[[Disk], None]
) -> None:
    simulator.fault("task", "slow-task", seconds=0.5)
    with opened(f"sqlite:///{tmp_path / 'studio.db'}", disk.folder / "images", simulator) as studio:
        with studio.engine() as engine:
            press(engine, PROMPT)
            until(lambda: simulator.count("POST", SUBMIT) == 1)
            harm(disk)
            until(lambda: not engine.in_flight())
            stalled = studio.sound(made=1)[0]
            assert stalled.state is State.STALLED
            assert "could not be saved" in stalled.problem
            disk.heal()
            engine.check_again(stalled)
            until(lambda: not engine.in_flight())

        assert [one.state for one in studio.sound(made=1)] == [State.COMPLETED]
        assert simulator.count("POST", SUBMIT) == 1


def test_on_a_disk_that_is_nearly_full_nothing_is_sent(disk: Disk, simulator: Simulator, tmp_path: Path) -> None:
    disk.shrink(400_000_000)
    with opened(f"sqlite:///{tmp_path / 'studio.db'}", disk.folder / "images", simulator) as studio:
        with studio.engine() as engine:
            press(engine, PROMPT)
            until(lambda: not engine.in_flight())

        refused = studio.sound(made=1)[0]
        assert refused.state is State.FAILED
        assert "nothing was sent. Free at least 500 MB" in refused.problem
        assert simulator.count("POST", SUBMIT) == 0


def test_a_database_on_a_disk_that_is_read_only_or_full_says_so_and_loses_nothing(disk: Disk) -> None:
    url = f"sqlite:///{disk.folder / 'studio.db'}"
    database = open_database(url)
    store = Store(database)
    kept = store.add(request(PROMPT), Slot(run="first"), provider="p")
    disk.fill()
    with pytest.raises(DatabaseProblem):
        fill(store)
    assert store.get(kept.id) == kept
    disk.heal()
    database.dispose()

    disk.forbid_writing()
    with pytest.raises(DatabaseProblem, match="may be written, then start again"):
        open_database(url)
    disk.heal()

    database = open_database(url)
    assert Store(database).get(kept.id) == kept
    database.dispose()


def fill(store: Store) -> None:
    with answering():
        for number in range(1, 100):
            store.add(request(PROMPT), Slot(run="second", number=number), provider="p")


def hold(database_url: str, seconds: float) -> None:
    """A process that keeps everybody else from writing for a while."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(urlsplit(database_url).path[1:], timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
        return
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        connection.execute("LOCK TABLE generations IN ACCESS EXCLUSIVE MODE")
        time.sleep(seconds)


def test_a_database_that_another_process_locks_for_seconds_is_only_a_delay(studio: Studio) -> None:
    studio.simulator.fault("submit", "slow", seconds=0.3, times=3)
    with studio.engine(lease_s=15) as engine:
        for prompt in SEVERAL:
            press(engine, prompt)
        until(lambda: studio.simulator.count("POST", SUBMIT) == 3)
        holder = processes.Process(target=hold, args=(studio.database_url, 2.0))
        holder.start()
        until(lambda: not engine.in_flight(), within_s=30)
        holder.join()

    assert [one.state for one in studio.sound(made=3)] == [State.COMPLETED] * 3
    assert studio.simulator.count("POST", SUBMIT) == 3


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("where", ["submit", "task", "file"])
def test_a_postgresql_that_crashes_and_recovers_in_the_middle_of_work_is_only_a_delay(
    studio: Studio, where: str
) -> None:
    struck = {"submit": SUBMIT, "task": "/api/v1/model/prediction", "file": "/files"}[where]
    studio.simulator.fault(where, "slow-task" if where == "task" else "slow", seconds=0.7, times=3)
    with studio.engine(lease_s=2) as engine:
        for prompt in SEVERAL:
            press(engine, prompt)
        until(lambda: studio.simulator.count("POST" if where == "submit" else "GET", struck) >= 3)
        crash(studio.database_url)
        until(lambda: all_ended(studio), within_s=30)

    assert [one.state for one in studio.sound(made=3)] == [State.COMPLETED] * 3
    assert studio.simulator.count("POST", SUBMIT) == 3


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_that_breaks_while_a_row_is_written_does_not_end_the_job(studio: Studio) -> None:
    studio.simulator.fault("task", "slow-task", seconds=0.7)
    with studio.engine(lease_s=2) as engine:
        press(engine, PROMPT)
        until(lambda: [one.state for one in studio.store.latest()] == [State.RUNNING])
        with psycopg.connect(studio.database_url.replace("+psycopg", "")) as connection:
            connection.execute("LOCK TABLE generations IN EXCLUSIVE MODE")
            until(lambda: cut_off(studio.database_url) > 0)
        until(lambda: all_ended(studio), within_s=30)

    assert [one.state for one in studio.sound(made=1)] == [State.COMPLETED]
    assert studio.simulator.count("POST", SUBMIT) == 1


def cut_off(database_url: str) -> int:
    """How many connections were broken that waited to write how far a job is."""
    waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    waiting += " AND wait_event_type = 'Lock' AND query LIKE 'UPDATE generations SET state%'"
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        return len(connection.execute(waiting.encode()).fetchall())


def crash(database_url: str) -> None:
    """One backend dies, so the server throws everybody out, and recovers from its log."""
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        os.kill(connection.info.backend_pid, signal.SIGKILL)


def all_ended(studio: Studio) -> bool:
    try:
        with answering():
            return not studio.store.in_flight(provider=studio.provider)
    except DatabaseProblem:
        return False


class Clock:
    """Stands still until it is set."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("days", "state", "says"), [(13, State.COMPLETED, ""), (15, State.FAILED, "keeps results for 14 days at most")]
)
def test_away_for_days_results_are_fetched_while_the_provider_keeps_them_and_named_as_gone_after_that(
    tmp_path: Path, days: int, state: State, says: str
) -> None:
    clock = Clock(time.time() - days * DAY_S)
    with (
        Simulator(latency=1, control=True, clock=clock) as simulator,
        opened(f"sqlite:///{tmp_path / 'studio.db'}", tmp_path / "images", simulator) as studio,
    ):
        away = studio.worker(prompts=SEVERAL)
        until(lambda: [one.state for one in studio.store.latest()] == [State.RUNNING] * 3, within_s=30)
        away.kill()
        away.join()
        with studio.database.begin() as connection:  # they were sent when the provider's clock says
            ago = generations.c.submitted - days * DAY_S * 1000
            connection.execute(update(generations).values(submitted=ago))
        clock.now = time.time()

        ended = studio.recovered()

        assert [one.state for one in ended] == [state] * 3
        assert all(says in one.problem for one in ended)
        assert simulator.count("POST", SUBMIT) == 3
        if state is State.FAILED:
            assert studio.store.budget(cap=BUDGET).spent == 3 * ESTIMATE, "it was paid for, for all that is known"


@pytest.mark.parametrize("is_listed", [True, False])
def test_an_answer_that_comes_after_the_lease_was_lost_is_recorded_all_the_same(
    studio: Studio, *, is_listed: bool
) -> None:
    studio.simulator.fault("submit", "slow", seconds=0.5)
    studio.simulator.fault("history", "500", times=0 if is_listed else 99)
    held_up = studio.worker(prompts=(PROMPT,), lease_s=1)
    until(lambda: studio.simulator.count("POST", SUBMIT) == 1, within_s=30)
    hold_up(held_up.pid or 0, studio.database_url)
    try:
        with studio.engine(look_up_s=0.5) as engine:
            until(lambda: not engine.in_flight())
            met = studio.store.latest()[0]
            assert met.state is (State.COMPLETED if is_listed else State.UNKNOWN)
            studio.simulator.forget_faults()
            os.kill(held_up.pid or 0, signal.SIGCONT)
            until(lambda: studio.store.latest()[0].state is State.COMPLETED)
            held_up.join(10)
    finally:
        held_up.kill()
        held_up.join()

    assert studio.sound(made=1)[0].prediction_id
    assert studio.simulator.count("POST", SUBMIT) == 1


def hold_up(pid: int, database_url: str) -> None:
    """Stop a process where it is, but not within a transaction, for then all others would wait for it."""
    os.kill(pid, signal.SIGSTOP)
    while is_writing(database_url):
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.02)
        os.kill(pid, signal.SIGSTOP)


def is_writing(database_url: str) -> bool:
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(urlsplit(database_url).path[1:], timeout=0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            return False
    busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as connection:
        row = connection.execute(busy).fetchone()
        return row is not None and row[0] > 1  # one is this question
