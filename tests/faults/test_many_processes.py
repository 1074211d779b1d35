"""Four servers share one database, and one is killed every few seconds: each job is paid for once, none is lost."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from studio.generations import Slot, State
from tests.faults.conftest import SUBMIT, Studio
from tests.faults.worker import ESTIMATE, request
from tests.serving import App

JOBS = 400
PAINTED_EVERY = 8  # the other jobs fail at the provider: to paint is the dearest part of a simulated job
SERVERS = 4
AT_ONCE = 32
TAKES_S = 3.0  # a job, so that there is time to kill
EVERY_S = 3.0  # one of them is killed
LOOKS_S = 0.5  # between two looks at all that is under way: what the servers need, the test must not take
LIMIT_S = 500


def test_with_servers_that_die_all_the_time_every_job_is_paid_for_once(
    studio: Studio, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    dice = random.Random(17)
    studio = replace(studio, provider=urlsplit(studio.simulator.url).netloc)
    studio.simulator.fault("task", "failed", matching="nothing", times=JOBS, seconds=TAKES_S)
    for number in range(JOBS):
        prompt = f"{'bicycle' if number % PAINTED_EVERY == 0 else 'nothing'} {number}"
        studio.store.add(request(prompt), Slot(run="many", number=number), provider=studio.provider, estimate=ESTIMATE)
    servers = [serving(studio, tmp_path) for _ in range(SERVERS)]
    kills, began = 0, time.monotonic()
    try:
        for server in servers:
            server.start()
        killed_at = time.monotonic()
        while studio.store.in_flight(provider=studio.provider):
            assert time.monotonic() - began < LIMIT_S, "it takes too long"
            due = time.monotonic() - killed_at > EVERY_S
            standing = [each for each in servers if each.answers()] if due else []
            if standing:
                unlucky = dice.choice(standing)
                unlucky.kill()
                unlucky.begin()
                killed_at, kills = time.monotonic(), kills + 1
            time.sleep(LOOKS_S)
        took = time.monotonic() - began
    finally:
        for server in servers:
            server.stop()

    ended = studio.sound(made=JOBS)
    sent = studio.simulator.count("POST", SUBMIT)
    never_sent = [one for one in ended if one.state is State.UNKNOWN]
    assert kills > SERVERS
    assert {one.state for one in ended} <= {State.COMPLETED, State.FAILED, State.UNKNOWN}
    assert sent == JOBS - len(never_sent), "what is unknown was killed before its POST"
    assert len(never_sent) <= kills * AT_ONCE / SERVERS, "only what a killed server was about to send"
    record_property("jobs", JOBS)
    record_property("kills", kills)
    record_property("unknown", len(never_sent))
    record_property("seconds", round(took, 1))


def serving(studio: Studio, folder: Path) -> App:
    """One more server of this studio: the same database, the same folder, the same key."""
    return App(
        data_dir=folder,
        STUDIO_DATABASE_URL=studio.database_url.replace("+psycopg", ""),
        STUDIO_MAX_IN_FLIGHT=str(AT_ONCE),
        STUDIO_LEASE_S="2",
        STUDIO_LOOK_UP_S="1",
        ATLASCLOUD_API_KEY=studio.key,
        ATLASCLOUD_BASE_URL=studio.simulator.url,
    )
