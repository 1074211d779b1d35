"""A submit whose answer was lost, as the person sees it who has to decide what became of it."""

import pytest
from streamlit.testing.v1 import AppTest

from atlas import AtlasClient
from atlas.simulator import Simulator
from studio.generations import Generation, State
from tests.ui.conftest import Studio
from tests.ui.test_pages import alts, generate, press, written
from ui import services

SUBMIT = "/api/v1/model/generateImage"


@pytest.fixture
def lost(studio: Studio, provided: Simulator, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """A tab with one image of which nobody knows whether it was made."""
    monkeypatch.setenv("STUDIO_LOOK_UP_S", "0.2")
    provided.fault("submit", "reset-before-accept")
    tab = generate(studio.open(), "a red bicycle")
    studio.until_idle()
    return tab.run()


def only() -> Generation:
    return services.store().latest()[0]


def test_it_says_what_each_choice_means(lost: AppTest) -> None:
    assert "very probably it was not made" in written(lost)
    assert {"It was not charged", "Link it", "Send again"} <= {button.label for button in lost.button}
    assert "may be paid a second time" in written(lost)


def test_not_charged_ends_it_and_offers_retry(lost: AppTest, studio: Studio) -> None:
    press(lost, "It was not charged")
    assert only().state is State.FAILED

    press(lost, "Retry")
    studio.until_idle()

    assert alts(lost.run()) == ["a red bicycle"]


def test_what_the_console_shows_is_linked_by_its_number(lost: AppTest, studio: Studio, provided: Simulator) -> None:
    found = AtlasClient(services.start().settings.key, provided.url).submit(only().request)
    posts = provided.count("POST", SUBMIT)

    press(lost, "Link it")
    listed = next(radio for radio in lost.radio if radio.label == "Request")
    assert len(listed.options) == 1
    listed.set_value(listed.options[0])
    press(lost, "Link this one")
    studio.until_idle()

    assert only().prediction_id == found.id
    assert alts(lost.run()) == ["a red bicycle"]
    assert provided.count("POST", SUBMIT) == posts


def test_a_number_nobody_knows_says_what_to_do(lost: AppTest) -> None:
    press(lost, "Link it")
    lost.text_input(key=f"link_typed_{only().id}").input("mistyped")
    press(lost, "Link this one")

    assert "Copy it from your Atlas Cloud console" in written(lost)
    assert only().state is State.UNKNOWN
