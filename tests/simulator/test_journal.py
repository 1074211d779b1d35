"""Nothing that was accepted is forgotten: restarts, kills, torn lines, and pictures that come back the same."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from atlas.simulator import Simulator
from tests.simulator.calling import SMALL, Caller, Clock

ROOT = Path(__file__).parents[2]


@contextmanager
def command(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """``python -m atlas.simulator`` as a process of its own, killed at the end if it is still there."""
    line = [sys.executable, "-m", "atlas.simulator", *arguments]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def caller_of(process: subprocess.Popen[str]) -> Caller:
    assert process.stdout is not None
    greeting = process.stdout.readline()
    assert greeting.startswith("Atlas Cloud simulator: http://127.0.0.1:")
    return Caller(url=greeting.split()[-1])


def fetched(caller: Caller, job: str) -> bytes:
    """The picture of a job, which must lie on the simulator that is asked."""
    address = caller.ended(job)["outputs"][0]
    assert address.startswith(caller.url)
    reply = requests.get(address, timeout=10)
    assert reply.status_code == 200
    return reply.content


def test_a_killed_simulator_answers_for_its_jobs_when_it_is_back(tmp_path: Path) -> None:
    arguments = ("--port", "0", "--latency", "0.3", "--journal", str(tmp_path / "jobs.jsonl"))
    with command(*arguments) as process:
        caller = caller_of(process)
        done, running = caller.submit(), caller.submit(prompt="a blue bicycle")
        before, created = fetched(caller, done), caller.data(running)["created_at"]
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=5)

    with command(*arguments) as process:
        caller = caller_of(process)
        assert fetched(caller, done) == before
        assert caller.ended(running)["status"] == "completed"
        assert caller.data(running)["created_at"] == created


def test_the_clock_of_a_job_runs_on_while_the_simulator_is_down(tmp_path: Path) -> None:
    clock = Clock()
    with Simulator(latency=60, clock=clock, journal=tmp_path / "jobs") as simulator:
        job = Caller(url=simulator.url).submit()
    clock.now += 30
    with Simulator(latency=0, clock=clock, journal=tmp_path / "jobs") as simulator:
        assert Caller(url=simulator.url).data(job)["status"] == "processing"
        clock.now += 30
        assert Caller(url=simulator.url).data(job)["status"] == "completed"


def test_a_job_is_in_the_journal_before_its_submit_is_answered(tmp_path: Path) -> None:
    journal = tmp_path / "deep" / "jobs.jsonl"
    with Simulator(latency=1.5, journal=journal) as simulator:
        job = Caller(url=simulator.url).submit()

        line = json.loads(journal.read_text())

    assert (line["id"], line["body"], line["draw"], line["latency"]) == (job, SMALL, 1, 1.5)


def test_a_torn_last_line_is_passed_over_and_the_next_one_is_whole(tmp_path: Path) -> None:
    journal = tmp_path / "jobs.jsonl"
    with Simulator(latency=0, journal=journal) as simulator:
        first = Caller(url=simulator.url).submit()
    with journal.open("a") as file:
        file.write('{"id":"abc","accepted_at":17')

    jobs = [first]
    for _ in range(2):
        with Simulator(latency=0, journal=journal) as simulator:
            caller = Caller(url=simulator.url)
            assert all(caller.poll(job).status_code == 200 for job in jobs)
            jobs.append(caller.submit())

    assert [json.loads(line)["id"] for line in journal.read_text().splitlines()] == jobs


def test_a_line_from_before_owners_and_source_images_is_read(tmp_path: Path) -> None:
    journal = tmp_path / "jobs.jsonl"
    with Simulator(latency=0, journal=journal) as simulator:
        job = Caller(url=simulator.url).submit()
    line = json.loads(journal.read_text())
    del line["owner"], line["references"]
    journal.write_text(json.dumps(line) + "\n")

    with Simulator(latency=0, journal=journal) as simulator:
        caller = Caller(url=simulator.url)
        assert fetched(caller, job)
        assert caller.get("/api/v1/model/history").json()["data"]["items"] == []


def test_jobs_older_than_fourteen_days_are_dropped_on_start(tmp_path: Path) -> None:
    clock, journal = Clock(), tmp_path / "jobs.jsonl"
    with Simulator(latency=0, clock=clock, journal=journal) as simulator:
        Caller(url=simulator.url).submit()
        clock.now += 13 * 24 * 3600
        younger = Caller(url=simulator.url).submit()
    clock.now += 2 * 24 * 3600

    with Simulator(latency=0, clock=clock, journal=journal) as simulator:
        assert Caller(url=simulator.url).poll(younger).status_code == 200

    assert [json.loads(line)["id"] for line in journal.read_text().splitlines()] == [younger]


def test_repeats_differ_and_a_fresh_journal_replays_them(tmp_path: Path) -> None:
    def replay(journal: Path) -> list[bytes]:
        pictures = []
        for _ in range(2):
            with Simulator(latency=0, journal=journal) as simulator:
                caller = Caller(url=simulator.url)
                pictures.append(fetched(caller, caller.submit()))
        return pictures

    first = replay(tmp_path / "first")

    assert len(set(first)) == 2
    assert replay(tmp_path / "second") == first


def test_an_inlined_picture_is_not_written_down(tmp_path: Path) -> None:
    journal = tmp_path / "jobs.jsonl"
    with Simulator(latency=0, journal=journal) as simulator:
        caller = Caller(url=simulator.url)
        caller.submit(image="data:image/png;base64," + "A" * 100_000)
        caller.submit(image="data:image/png;base64," + "B" * 100_000)

    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [line["draw"] for line in lines] == [1, 1]
    assert lines[0]["body"]["image"].startswith("data:;sha256=")


def test_the_command_stops_cleanly_on_either_signal(tmp_path: Path) -> None:
    for told in (signal.SIGINT, signal.SIGTERM):
        with command("--port", "0", "--latency", "0", "--journal", str(tmp_path / "jobs")) as process:
            assert caller_of(process).submit()
            process.send_signal(told)

            rest, trouble = process.communicate(timeout=5)

        assert (process.returncode, rest, trouble) == (0, "", "")


def test_the_command_says_in_one_sentence_that_the_port_is_taken() -> None:
    with Simulator() as simulator, command("--port", simulator.url.rpartition(":")[2]) as process:
        said, trouble = process.communicate(timeout=5)

    assert (process.returncode, said) == (1, "")
    assert trouble.endswith("is taken; stop what uses it or choose another port.\n")
    assert trouble.count("\n") == 1


def test_the_command_offers_its_desk_to_this_machine_only() -> None:
    with command("--port", "0", "--control") as process:
        caller = caller_of(process)
        assert caller.get("/_sim/requests").json() == []
    with command("--port", "0", "--control", "--host", "0.0.0.0") as process:  # noqa: S104 - it must refuse
        trouble = process.communicate(timeout=5)[1]

    assert process.returncode == 2
    assert "--control is for this machine only" in trouble
