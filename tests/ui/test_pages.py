"""The pages as scripts: what a person sees and presses, without a browser."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from atlas.simulator import Simulator
from studio.generations import State
from tests.ui.conftest import Studio
from ui import services
from ui.text import plain

HOSTILE = "![x](http://evil.example/x.png) <script>alert(1)</script> **b** :red[r] $x$ `c` # h"


def written(tab: AppTest) -> str:
    """All words on the screen."""
    kinds = ("title", "subheader", "markdown", "caption", "warning", "error", "info")
    return "\n".join(str(element.value) for kind in kinds for element in getattr(tab, kind))


def press(tab: AppTest, label: str) -> AppTest:
    return next(button for button in tab.button if button.label == label).click().run()


def generate(tab: AppTest, prompt: str, count: int = 1) -> AppTest:
    tab.text_area(key="generate_prompt").set_value(prompt)
    tab.number_input(key="generate_count").set_value(count)
    return press(tab, "Generate")


def tiles(tab: AppTest) -> list[dict[str, Any]]:
    """What the gallery of History shows."""
    return list(json.loads(mounted(tab, "atlas_gallery")["gallery"])["tiles"])


def mounted(tab: AppTest, name: str) -> Any:
    """What the first component of this name was told."""
    return next(json.loads(one.proto.json) for one in tab.get("bidi_component") if one.proto.component_name == name)


def alts(tab: AppTest) -> list[str]:
    return [image.proto.imgs[0].alt for image in tab.image]


def test_a_prompt_becomes_an_image_and_a_line_of_history(studio: Studio) -> None:
    tab = generate(studio.open(), "a red bicycle")
    studio.until_idle()
    tab.run()

    assert alts(tab) == ["a red bicycle"]

    tile = tiles(studio.open("../pages/history.py"))[0]
    assert tile["alt"] == "a red bicycle"
    assert "GPT Image 1.5" in tile["caption"]


def test_an_empty_studio_says_what_to_do(studio: Studio) -> None:
    assert "Your images appear here" in written(studio.open())
    assert "Describe an image on Generate" in written(studio.open("../pages/history.py"))


def test_without_a_key_every_page_says_that_it_is_simulated(studio: Studio) -> None:
    for page in ("../pages/generate.py", "../pages/history.py"):
        assert "Simulated" in written(studio.open(page))


def test_several_images_are_several_generations_counted_as_they_come(studio: Studio) -> None:
    tab = generate(studio.open(), "three balloons", count=3)
    assert services.store().count() == 3

    studio.until_idle()
    tab.run()

    assert "**3 of 3**" in written(tab)
    assert alts(tab) == ["three balloons"] * 3


def test_what_is_under_way_is_seen_on_every_page_and_in_a_new_tab(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_SIMULATOR_LATENCY_S", "60")
    tab = generate(studio.open(), "a slow one", count=2)

    for elsewhere in (tab, tab.switch_page("../pages/history.py").run(), studio.open("../pages/history.py")):
        assert elsewhere.get("progress")[0].proto.text.startswith("**0 of 2**")


def test_a_new_tab_shows_the_newest_run(studio: Studio) -> None:
    studio.make("a red bicycle")

    assert alts(studio.open()) == ["a red bicycle"]


def test_the_address_names_the_run_so_that_a_reload_shows_it(studio: Studio) -> None:
    first, _second = studio.make("the first"), studio.make("the second")

    assert alts(studio.open(run=first[0].slot.run)) == ["the first"]


@pytest.mark.parametrize(
    ("prompt", "says"),
    [("", "The prompt is empty"), ("   ", "The prompt is empty"), ("x" * 33_000, "Shorten it by 1,000")],
)
def test_a_prompt_that_cannot_be_sent_says_why_and_is_kept(studio: Studio, prompt: str, says: str) -> None:
    tab = generate(studio.open(), prompt)

    assert plain(says) in written(tab)
    assert tab.text_area(key="generate_prompt").value == prompt
    assert services.store().count() == 0


@pytest.mark.parametrize("prompt", [HOSTILE, "海邊的日落 🌅 夕陽", "a\x00b\x1b[31m\u202ec", "👨‍👩‍👧‍👦" * 40])
def test_any_prompt_is_shown_literally(studio: Studio, prompt: str) -> None:
    tab = generate(studio.open(), prompt)
    studio.until_idle()
    tab.run()

    assert not tab.exception
    shown = services.store().latest()[0].prompt
    assert alts(tab) == [shown]
    assert "](http" not in written(tab)
    assert "<script>" not in written(tab)


def test_what_failed_says_why_and_can_be_retried(studio: Studio, provided: Simulator) -> None:
    provided.fault("task", "moderation")
    tab = generate(studio.open(), "a red bicycle")
    studio.until_idle()
    tab.run()
    assert "content check" in written(tab)

    press(tab, "Retry")
    studio.until_idle()
    tab.run()

    assert alts(tab) == ["a red bicycle"]
    failed = next(it for it in services.store().latest() if it.state is State.FAILED)
    alone = studio.open("../pages/history.py", image=failed.id)
    assert "content check" in written(alone)
    assert "Retry" not in [button.label for button in alone.button], "a later attempt is there already"
    assert sorted(generation.state for generation in services.store().latest()) == [State.COMPLETED, State.FAILED]


def test_the_form_is_kept_while_one_looks_elsewhere(studio: Studio) -> None:
    tab = studio.open()
    tab.text_area(key="generate_prompt").set_value("half a thought").run()

    tab.switch_page("../pages/history.py").run()
    tab.switch_page("../pages/generate.py").run()

    assert tab.text_area(key="generate_prompt").value == "half a thought"


def test_a_studio_that_cannot_start_says_why_on_the_page(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLASCLOUD_API_KEY", "no key")

    tab = studio.open()

    assert "does not look like a key" in written(tab).replace("\\", "")
    assert not tab.exception
