"""One simulator whose jobs end at once, shared by the tests of a file, with a clean desk for each of them."""

from collections.abc import Iterator

import pytest
import requests

from atlas.simulator import Simulator
from tests.simulator.calling import Caller


@pytest.fixture(scope="module")
def shared_simulator() -> Iterator[Simulator]:
    with Simulator(latency=0, control=True) as simulator:
        yield simulator


@pytest.fixture
def simulator(shared_simulator: Simulator) -> Simulator:
    for desk in ("requests", "faults"):
        assert requests.delete(f"{shared_simulator.url}/_sim/{desk}", timeout=5).ok
    return shared_simulator


@pytest.fixture
def caller(simulator: Simulator) -> Caller:
    return Caller(url=simulator.url)
