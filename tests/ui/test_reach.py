"""The address for phones: the one the host uses, else the machine's own, else what to do about it."""

import pytest

from ui.reach import Reach, reach

EVERYWHERE = "0.0.0.0"  # noqa: S104 - an answer that is asked about, nothing that is bound
HERE = "http://localhost:8501/results?review=r1"


def _reach(here: str = HERE, listens: str | None = EVERYWHERE, own: str | None = "192.168.1.7", *allowed: str) -> Reach:
    return reach(here, listens=listens, port=8501, allowed=allowed, own=own)


def test_a_host_who_came_by_the_networks_name_passes_that_on() -> None:
    assert _reach("https://studio.example/results", "127.0.0.1", None).base == "https://studio.example"
    assert not _reach("http://192.168.1.7:8501/", EVERYWHERE, None).problem


@pytest.mark.parametrize("here", [HERE, "http://127.0.0.1:8501/", "http://[::1]:8501/"])
@pytest.mark.parametrize("listens", [EVERYWHERE, None])
def test_from_this_machine_phones_get_its_address_on_the_network(here: str, listens: str | None) -> None:
    assert _reach(here, listens) == Reach(base="http://192.168.1.7:8501")
    assert not _reach(here, listens, "192.168.1.7", "localhost", "192.168.1.7").problem


def test_where_phones_cannot_come_in_it_is_said_what_to_start() -> None:
    assert "make room" in _reach(listens="127.0.0.1").problem
    assert "make room" in _reach(HERE, None, "192.168.1.7", "localhost").problem
    assert "Connect it" in _reach(own=None).problem
