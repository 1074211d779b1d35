"""Compare as a script: arms, draws, picks, and whose image is whose."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from atlas.simulator import Simulator
from studio.generations import State
from tests.ui.conftest import Studio
from tests.ui.test_pages import HOSTILE, mounted, press, written
from ui import services

COMPARE = "../pages/compare.py"
RED, BLUE = "a red cup on a table", "a blue cup on a table"


def fill(tab: AppTest, first: str, second: str, *, draws: int = 2) -> AppTest:
    tab.text_area(key="arm_A_prompt").set_value(first)
    tab.text_area(key="arm_B_prompt").set_value(second)
    tab.number_input(key="arms_draws").set_value(draws)
    return tab.run()


def run(studio: Studio, first: str = RED, second: str = BLUE, *, draws: int = 2) -> AppTest:
    tab = press(fill(studio.open(COMPARE), first, second, draws=draws), "Run comparison")
    studio.until_idle()
    tab.run()
    assert not tab.exception
    return tab


def drawn(tab: AppTest) -> list[str]:
    """The alt texts of the gallery, arm by arm."""
    alts = [image.proto.imgs[0].alt for image in tab.image]
    return [alt for alt in alts if not alt.startswith("Palette")]


def test_two_prompts_are_drawn_side_by_side_each_image_under_its_own(studio: Studio) -> None:
    tab = run(studio)

    assert drawn(tab) == [RED, RED, BLUE, BLUE]
    assert "**4 of 4**" in written(tab)
    assert mounted(tab, "atlas_viewer")
    slides = json.loads(mounted(tab, "atlas_presenter")["show"])["slides"]
    assert [sorted(image["label"] for image in slide["images"]) for slide in slides] == [["A", "B"]] * 2
    assert slides == json.loads(mounted(tab.run(), "atlas_presenter")["show"])["slides"]


def test_before_the_run_its_count_price_and_differences_are_shown(studio: Studio) -> None:
    tab = fill(studio.open(COMPARE), RED, BLUE, draws=3)

    assert "2 prompts × 3 = 6 images" in written(tab).replace("\\", "")
    assert "**A → B:** a :red-background[−~~red~~]:green-background[+**blue**] cup on a table" in written(tab)
    assert services.store().count() == 0


def test_an_arm_without_a_prompt_is_named_and_nothing_runs(studio: Studio) -> None:
    tab = press(fill(studio.open(COMPARE), RED, ""), "Run comparison")

    assert "Prompt B\\: The prompt is empty" in written(tab)
    assert services.store().count() == 0


def test_arms_can_be_swapped_copied_added_and_removed(studio: Studio) -> None:
    tab = fill(studio.open(COMPARE), RED, BLUE)

    press(tab, "Swap A and B")
    assert prompts(tab) == [BLUE, RED]
    press(tab, "Start B from A")
    assert prompts(tab) == [BLUE, BLUE]
    press(tab, "Add C")
    press(tab, "Add D")
    assert prompts(tab) == [BLUE] * 4
    assert "Add E" not in [button.label for button in tab.button]
    press(tab, "Remove D")
    assert prompts(tab) == [BLUE] * 3


def prompts(tab: AppTest) -> list[str | None]:
    return [area.value for area in tab.text_area]


def test_settings_are_shared_unless_they_are_unlocked(studio: Studio) -> None:
    tab = fill(studio.open(COMPARE), RED, RED, draws=1)
    tab.toggle(key="arms_apart").set_value(True).run()
    tab.selectbox(key="arm_B_size").set_value("1536x1024").run()

    press(tab, "Run comparison")
    studio.until_idle()
    tab.run()

    sizes = [generation.parameters["size"] for generation in services.store().latest()]
    assert sorted(map(str, sizes)) == ["1024x1024", "1536x1024"]
    assert "**Size:** A 1024 × 1024, square · B 1536 × 1024, landscape" in written(tab).replace("\\", "")
    assert "Quality:" not in written(tab)


def test_one_arm_that_fails_leaves_the_other_and_can_be_retried(studio: Studio, provided: Simulator) -> None:
    provided.fault("task", "moderation", matching="red")
    tab = run(studio, draws=1)
    assert drawn(tab) == [BLUE]
    assert "content check" in written(tab)

    press(tab, "Retry")
    studio.until_idle()
    tab.run()

    assert drawn(tab) == [RED, BLUE]


def test_the_address_opens_the_same_comparison_in_a_new_tab(studio: Studio) -> None:
    run(studio)
    experiment = services.experiments().listed()[0]

    other = studio.open(COMPARE, experiment=experiment.id, draw="2", mode="wipe")

    assert drawn(other) == [RED, RED, BLUE, BLUE]
    assert other.query_params["experiment"] == experiment.id


@pytest.mark.parametrize("query", [{"draw": "99"}, {"draw": "-1"}, {"mode": "?"}, {"pick": "9.9"}, {"pick": "x"}])
def test_nonsense_in_the_address_does_no_harm(studio: Studio, query: dict[str, str]) -> None:
    run(studio, draws=1)
    experiment = services.experiments().listed()[0]

    assert drawn(studio.open(COMPARE, experiment=experiment.id, **query)) == [RED, BLUE]


def test_an_unknown_comparison_is_said_to_be_unknown(studio: Studio) -> None:
    assert "There is no such comparison" in written(studio.open(COMPARE, experiment="nobody"))


def test_more_draws_can_be_added(studio: Studio) -> None:
    tab = run(studio, draws=1)

    press(tab, "Draw one more of each")
    studio.until_idle()
    tab.run()

    assert drawn(tab) == [RED, RED, BLUE, BLUE]


def test_pressing_more_twice_at_once_draws_one_more(studio: Studio) -> None:
    tab = run(studio, draws=1)
    key = next(button.key for button in tab.button if button.label == "Draw one more of each")

    press(tab, "Draw one more of each")

    assert key not in [button.key for button in tab.button]


def test_single_images_can_be_picked_and_are_labelled_so(studio: Studio) -> None:
    tab = run(studio)

    [button for button in tab.button if button.label == "Pick"][3].click().run()

    assert "A draw 1, B draw 2" in badges(tab)
    press(tab, "Back to pairs by draw")
    assert "A draw 1, B draw 2" not in badges(tab)


def badges(tab: AppTest) -> str:
    return written(tab).replace("\\", "")


def test_a_fork_starts_from_what_was_compared(studio: Studio) -> None:
    tab = run(studio)
    original = services.experiments().listed()[0]

    press(tab, "Change and run again")
    assert prompts(tab) == [RED, BLUE]
    tab.text_area(key="arm_B_prompt").set_value("a green cup on a table").run()
    press(tab, "Run comparison")

    assert services.experiments().listed()[0].forked_from == original.id
    assert services.experiments().get(original.id).arms[1].prompt == BLUE


def test_deleted_it_can_be_undone(studio: Studio) -> None:
    tab = run(studio, draws=1)

    press(tab, "Delete")
    assert "was deleted" in written(tab)
    assert services.store().count() == 2
    press(tab, "Undo")

    assert drawn(tab) == [RED, BLUE]


def test_any_two_images_of_history_open_in_compare(studio: Studio) -> None:
    made = [studio.make(prompt)[0] for prompt in (RED, BLUE)]
    history = studio.open("../pages/history.py", image=made[0].id)
    press(history, "Compare")
    history.query_params["image"] = made[1].id
    press(history.run(), "Compare")

    press(history, "Compare the two")

    assert services.experiments().listed()[0].picked
    assert set(drawn(history)) == {RED, BLUE}


def test_a_run_opens_beside_the_one_before(studio: Studio) -> None:
    studio.make(RED, count=2)
    studio.make(BLUE, count=2)

    tab = press(studio.open(), "Compare with the one before")

    assert drawn(tab) == [RED, RED, BLUE, BLUE]


def test_two_images_of_ones_own_can_be_compared(studio: Studio) -> None:
    content = services.files().original(studio.make(RED)[0].pictures[0]).read_bytes()
    tab = studio.open(COMPARE)
    for label in "AB":
        tab.file_uploader(key=f"upload_{label}").set_value((f"{label}.jpg", content, "image/jpeg"))
    tab.run()

    tab.button(key="compare_uploads").click().run()

    assert drawn(tab) == ["A.jpg", "B.jpg"]
    assert [it.state for it in services.store().latest(limit=2)] == [State.COMPLETED] * 2


def test_an_upload_that_is_no_image_is_refused_in_words(studio: Studio) -> None:
    tab = studio.open(COMPARE)
    for label in "AB":
        tab.file_uploader(key=f"upload_{label}").set_value((f"{label}.png", b"<svg/>", "image/png"))
    tab.run()

    tab.button(key="compare_uploads").click().run()

    assert "is no usable image" in written(tab)
    assert services.experiments().listed() == []


def test_hostile_prompts_are_shown_literally(studio: Studio) -> None:
    tab = run(studio, HOSTILE, HOSTILE + " more", draws=1)

    assert drawn(tab) == [HOSTILE, HOSTILE + " more"]
    assert "](http" not in written(tab)
    assert "<script>" not in written(tab)
