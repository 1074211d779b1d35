"""A key finds its own jobs again, newest first, page by page, also after a restart."""

import json
from pathlib import Path
from typing import Any

import pytest

from atlas.simulator import Simulator
from tests.simulator.calling import GPT_IMAGE, SMALL, Caller, Clock, refusal

PATH = "/api/v1/model/history"


def listed(caller: Caller, query: str = "") -> dict[str, Any]:
    reply = caller.get(PATH + query)
    assert reply.json()["code"] == 200
    data: dict[str, Any] = reply.json()["data"]
    return data


def ids(caller: Caller, query: str = "") -> list[str]:
    return [item["ID"] for item in listed(caller, query)["items"]]


@pytest.fixture
def caller(simulator: Simulator, request: pytest.FixtureRequest) -> Caller:
    """A key of this test alone, with an empty history."""
    return Caller(url=simulator.url, key=f"apikey-{request.node.name}")


def test_a_job_is_listed_with_what_was_asked_and_what_came_of_it(caller: Caller) -> None:
    job = caller.submit(seed=4)

    item = listed(caller)["items"][0]

    assert set(item) == {"ID", "createdAt", "model", "requestBody", "result", "status"}
    assert (item["ID"], item["model"], item["status"]) == (job, SMALL["model"], "completed")
    assert isinstance(item["createdAt"], int)
    assert json.loads(item["requestBody"]) == {**SMALL, "seed": 4}
    assert item["result"] == caller.data(job)


def test_pages_are_newest_first_and_say_how_many_there_are(caller: Caller) -> None:
    jobs = [caller.submit() for _ in range(5)][::-1]

    assert ids(caller) == jobs
    assert ids(caller, "?no=1&size=2") == jobs[:2]
    assert ids(caller, "?no=3&size=2") == jobs[4:]
    assert ids(caller, "?no=4&size=2") == []
    page = listed(caller, "?no=2&size=2")
    assert (page["pageNo"], page["pageSize"], page["total"]) == (2, 2, 5)


def test_filters_are_for_the_id_the_model_and_the_status(simulator: Simulator, caller: Caller) -> None:
    small = caller.submit()
    other = caller.post({"model": GPT_IMAGE, "prompt": "x"}).json()["id"]
    simulator.fault("task", "failed")
    failed = caller.submit()

    assert ids(caller, f"?sessionID={small}") == [small]
    assert ids(caller, f"?model={GPT_IMAGE}") == [other]
    assert ids(caller, "?status=failed") == [failed]
    assert ids(caller, f"?status=completed&model={SMALL['model']}") == [small]
    assert ids(caller, "?status=&model=&sessionID=") == [failed, other, small]
    assert ids(caller, "?sessionID=none") == []


@pytest.mark.parametrize("query", ["no=0", "no=x", "size=0", "size=51", "size=-1", "size=1.5", "status=done"])
def test_a_query_that_makes_no_sense_is_refused(caller: Caller, query: str) -> None:
    assert query.partition("=")[0] in refusal(caller.get(f"{PATH}?{query}"), 400)


def test_each_key_sees_its_own_jobs_only(simulator: Simulator, caller: Caller) -> None:
    job = caller.submit()

    assert ids(Caller(url=simulator.url, key="apikey-stranger")) == []
    assert ids(caller) == [job]


def test_a_job_whose_reply_was_lost_is_found(simulator: Simulator, caller: Caller) -> None:
    simulator.fault("submit", "504")

    assert refusal(caller.post(SMALL), 504)

    assert caller.data(ids(caller)[0])["status"] == "completed"


def test_history_survives_a_restart_and_holds_no_key(tmp_path: Path) -> None:
    with Simulator(latency=0, journal=tmp_path / "jobs") as simulator:
        job = Caller(url=simulator.url, key="apikey-secret").submit()
    with Simulator(latency=0, journal=tmp_path / "jobs") as simulator:
        assert ids(Caller(url=simulator.url, key="apikey-secret")) == [job]
        assert ids(Caller(url=simulator.url, key="apikey-other")) == []

    assert "apikey-secret" not in (tmp_path / "jobs").read_text()


def test_what_is_no_longer_recorded_is_not_listed() -> None:
    clock = Clock()
    with Simulator(latency=0, clock=clock) as simulator:
        caller = Caller(url=simulator.url)
        caller.post(SMALL, headers={"X-AtlasCloud-Request-Retention-Hours": "0"})
        hour = caller.post(SMALL, headers={"X-AtlasCloud-Request-Retention-Hours": "1"}).json()["id"]
        assert ids(caller) == [hour]
        clock.now += 3600
        assert ids(caller) == []


def test_a_list_of_base64_jobs_names_addresses(caller: Caller) -> None:
    job = caller.submit(enable_base64_output=True)

    assert listed(caller)["items"][0]["result"]["outputs"] == [f"{caller.url}/files/{job}-1.png"]


def test_history_may_go_wrong(simulator: Simulator, caller: Caller) -> None:
    simulator.fault("history", "503")

    assert refusal(caller.get(PATH), 503)
    assert caller.get(PATH).ok
