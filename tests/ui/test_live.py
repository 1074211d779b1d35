"""A live room through its pages: in by the code, the tally held back, revealed by the host."""

import pytest
from streamlit.testing.v1 import AppTest

from studio.reviews.ballots import State
from studio.reviews.panel import Panel, Taste
from studio.reviews.rooms import WRONG_ALL, Room
from tests.studio.reviewing import SEED, a_plan
from tests.ui.conftest import Studio
from tests.ui.test_pages import press, written
from ui import services

RESULTS, VOTE, REVIEW = "../pages/results.py", "../pages/vote.py", "r1"


@pytest.fixture
def host(studio: Studio) -> AppTest:
    """The page of a host whose review is open."""
    services.start()
    services.reviews().make(REVIEW, a_plan(simulated=True), seed=SEED)
    services.reviews().open(REVIEW)
    return studio.open(RESULTS, review=REVIEW)


def _room() -> Room:
    room = services.rooms().of(REVIEW)
    assert room
    return room


def _typed(studio: Studio, code: str) -> AppTest:
    tab = studio.open(VOTE)
    return tab.text_input(key="room_code").set_value(code).run()


def test_a_guest_types_the_code_and_stands_before_the_door_and_the_address_keeps_no_code(
    studio: Studio, host: AppTest
) -> None:
    press(host, "Open a live room")
    tab = _typed(studio, _room().spelled.lower())
    assert "4 pairs of images" in written(tab)
    assert tab.query_params == {"review": REVIEW}
    scanned = studio.open(VOTE, room=_room().code)
    assert "4 pairs of images" in written(scanned)
    assert _room().spelled in written(host)


def test_a_code_of_a_closed_room_leads_nowhere_and_guessing_ends(studio: Studio, host: AppTest) -> None:
    press(host, "Open a live room")
    code = _room().code
    press(host, "Close the room")
    tab = _typed(studio, code)
    assert "No room is open under this code" in written(tab)
    tab.run()
    assert "No room is open under this code" not in written(tab)

    press(host, "Open a live room")
    for number in range(WRONG_ALL - 1):
        services.rooms().find("wrong", address=f"192.0.2.{number}")
    assert "Too many wrong codes" in written(_typed(studio, _room().code))


def test_the_tally_is_held_back_until_the_host_reveals_it_even_when_the_plan_has_closed_the_review(
    studio: Studio, host: AppTest
) -> None:
    press(host, "Open a live room")
    Panel(taste=Taste(liking=(0, 3), luck=0)).vote(services.reviews(), services.reviews().get(REVIEW), people=3)
    services.reviews().close(REVIEW)
    for tab in (host.run(), studio.open(RESULTS, review=REVIEW)):
        assert "until the host of the live room reveals it" in written(tab)
        assert "SIMULATED" not in written(tab)
        assert "3 people here" in written(tab)

    press(host, "Reveal the result")
    assert "SIMULATED" in written(host)
    assert services.rooms().of(REVIEW) is None


def test_revealing_an_open_review_closes_it(host: AppTest) -> None:
    press(press(host, "Open a live room"), "Reveal the result")
    assert services.reviews().get(REVIEW).state is State.CLOSED
    assert "Open a live room" not in [button.label for button in host.button]


def test_a_host_on_a_machine_that_phones_cannot_reach_is_told_what_to_start(host: AppTest) -> None:
    assert "make room" in written(press(host, "Open a live room"))
