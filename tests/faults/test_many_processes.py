"""Several processes share one database, and one is killed again and again: each job is paid for once, none is lost."""

import os
import random
import signal
import time
from collections.abc import Callable

from studio.generations import Slot, State
from tests.faults.conftest import SUBMIT, Studio
from tests.faults.worker import ESTIMATE, request

JOBS = int(os.environ.get("STUDIO_TEST_JOBS", "48"))
PAINTED_EVERY = 8  # the other jobs fail at the provider: to paint is the dearest part of a simulated job
PROCESSES = 4
EVERY_S = 1.5  # one of them is killed
LIMIT_S = 60 + JOBS


def test_with_processes_that_die_all_the_time_every_job_is_paid_for_once(
    studio: Studio, record_property: Callable[[str, object], None]
) -> None:
    dice = random.Random(17)
    studio.simulator.fault("task", "failed", matching="nothing", times=JOBS)
    for number in range(JOBS):
        prompt = f"{'bicycle' if number % PAINTED_EVERY == 0 else 'nothing'} {number}"
        studio.store.add(request(prompt), Slot(run="many", number=number), provider=studio.provider, estimate=ESTIMATE)
    working = [studio.worker(max_in_flight=16, lease_s=2) for _ in range(PROCESSES)]
    kills, began, killed_at = 0, time.monotonic(), time.monotonic()
    try:
        while studio.store.in_flight(provider=studio.provider):
            assert time.monotonic() - began < LIMIT_S, "it takes too long"
            if time.monotonic() - killed_at > EVERY_S:
                killed_at, kills = time.monotonic(), kills + 1
                unlucky = dice.randrange(PROCESSES)
                working[unlucky].kill()
                working[unlucky].join()
                assert working[unlucky].exitcode in {-signal.SIGKILL, 0}
                working[unlucky] = studio.worker(max_in_flight=16, lease_s=2)
            time.sleep(0.1)
        for process in working:
            process.join(20)
        assert [process.exitcode for process in working] == [0] * PROCESSES
    finally:
        for process in working:
            process.kill()
            process.join()

    ended = studio.sound(made=JOBS)
    sent = studio.simulator.count("POST", SUBMIT)
    never_sent = [one for one in ended if one.state is State.UNKNOWN]
    assert kills > 0
    assert {one.state for one in ended} <= {State.COMPLETED, State.FAILED, State.UNKNOWN}
    assert sent == JOBS - len(never_sent), "what is unknown was killed before its POST"
    assert len(never_sent) <= kills * 4, "only what a killed process was about to send"
    record_property("jobs", JOBS)
    record_property("kills", kills)
    record_property("unknown", len(never_sent))
    record_property("seconds", round(time.monotonic() - began, 1))
