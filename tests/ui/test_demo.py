"""The demo set at a press: where pages are empty, and on Status."""

import json

from atlas.simulator import Simulator
from tests.ui.conftest import Studio
from tests.ui.test_pages import mounted, press, written
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


def test_on_results_an_image_is_read_as_somebody_wrote_it_and_else_as_its_prompt(studio: Studio) -> None:
    services.demo().load()
    plan = services.reviews().get("demoreview").plan
    before = _read_on_results(studio)
    made = services.experiments().rows(services.experiments().get(plan.experiment))[0].generations[0]
    assert made
    services.curation().write_alt(made.id, "A dark bag with a lantern")

    assert before == plan.arms[0].prompt
    assert _read_on_results(studio) == "A dark bag with a lantern"


def _read_on_results(studio: Studio) -> str:
    return str(json.loads(mounted(studio.open(RESULTS, review="demoreview"), "atlas_pinboard")["pinboard"])["alt"])


def test_where_images_are_real_there_is_no_demo_set(studio: Studio, provided: Simulator) -> None:
    assert LOAD not in [button.label for button in studio.open(HISTORY).button]
    assert LOAD not in [button.label for button in studio.open(STATUS).button]
    assert provided.url
