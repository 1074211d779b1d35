"""The demo set at a press: where pages are empty, and on Status."""

from atlas.simulator import Simulator
from tests.ui.conftest import Studio
from tests.ui.test_pages import press, written
from ui import services

STATUS, RESULTS, HISTORY = "../pages/status.py", "../pages/results.py", "../pages/history.py"
LOAD = "Load the demo set"


def test_an_empty_page_offers_the_demo_set_and_status_puts_it_back_and_takes_it_out(studio: Studio) -> None:
    for page in (HISTORY, "../pages/compare.py", "../pages/generate.py"):
        assert LOAD in [button.label for button in studio.open(page).button]
    tab = press(studio.open(RESULTS), LOAD)
    assert not tab.exception
    assert LOAD not in [button.label for button in tab.button]
    said = written(studio.open(RESULTS, review="demoreview"))
    assert "SIMULATED" in said
    assert "preferred" in said

    services.reviews().delete("demoreview")
    press(studio.open(STATUS), "Reset the demo set")
    assert [review.id for review in services.reviews().listed()] == ["demoreview"]
    tab = press(studio.open(STATUS), "Remove the demo set")
    assert not services.demo().is_loaded
    assert LOAD in [button.label for button in tab.button]


def test_where_images_are_real_there_is_no_demo_set(studio: Studio, provided: Simulator) -> None:
    assert LOAD not in [button.label for button in studio.open(HISTORY).button]
    assert LOAD not in [button.label for button in studio.open(STATUS).button]
    assert provided.url
