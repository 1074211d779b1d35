"""Compare with pictures to start from and with prices: what is sent, held, shown, and found in the form again."""

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from atlas import ImageRequest, Prediction, Status
from atlas.models import DEFAULT_MODEL, Value
from atlas.simulator import Simulator
from studio.experiments import Experiment
from studio.generations import Generation, State
from studio.references import hashes, mask_of, name_of
from studio.store import UPLOADED
from tests.ui.conftest import Studio
from tests.ui.test_compare import BLUE, COMPARE, RED, fill, prompts
from tests.ui.test_pages import press, written
from ui import services, session

EDIT = "openai/gpt-image-1.5/edit"
MASKED = "openai/gpt-image-1/edit"
ONE_PICTURE = "atlascloud/qwen-image/edit"
HISTORY = "../pages/history.py"


def png(colour: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(content, "PNG")
    return content.getvalue()


def add(tab: AppTest, key: str, *colours: str) -> AppTest:
    files = [(f"{colour}.png", png(colour), "image/png") for colour in colours]
    return tab.file_uploader(key=session.reference_files(key)).set_value(files).run()


def names(*colours: str) -> list[str]:
    return [name_of(services.files().keep(png(colour))) for colour in colours]


def form(tab: AppTest, key: str) -> list[str]:
    """The pictures that a form starts from."""
    return list(tab.session_state[f"references_{key}"])


def compared(studio: Studio, *requests: ImageRequest, draws: int = 1) -> Experiment:
    """A comparison that ran already."""
    studio.made += 1
    made = services.experiments().start(
        f"e{studio.made}", "Earlier", requests, draws=draws, provider=services.engine().provider
    )
    services.engine().look()
    studio.until_idle()
    return made


def request(prompt: str, model: str = EDIT, **parameters: Value) -> ImageRequest:
    return ImageRequest(prompt=prompt, model=model, parameters=parameters)


def sent() -> list[tuple[str, str, list[str]]]:
    """Prompt, model and pictures of everything that was queued, oldest first."""
    made = [one for one in services.store().latest(limit=100) if one.provider != UPLOADED]
    return [(one.prompt, one.model, hashes(one.parameters)) for one in reversed(made)]


def pictures(tab: AppTest) -> list[str]:
    """The alt texts of the reference pictures on the screen."""
    alts = [image.proto.imgs[0].alt for image in tab.image]
    return [alt for alt in alts if alt.startswith("Reference")]


def test_all_arms_start_from_the_pictures_they_share(studio: Studio) -> None:
    tab = add(fill(studio.open(COMPARE), RED, BLUE, draws=1), "arms", "red", "green")
    assert "starts from words alone" in written(tab)
    press(tab, "Run comparison")
    assert "Choose one that changes pictures" in written(tab)
    assert sent() == []

    press(tab, "Use GPT Image 1\\.5 Edit")
    press(tab, "Run comparison")
    studio.until_idle()
    tab.run()

    both = [name.removeprefix("studio:") for name in names("red", "green")]
    assert sent() == [(RED, EDIT, both), (BLUE, EDIT, both)]
    assert {one.state for one in services.store().latest(limit=2)} == {State.COMPLETED}
    assert pictures(tab) == ["Reference image 1", "Reference image 2"] * 2
    assert "studio:" not in written(tab)


def test_with_settings_of_its_own_an_arm_has_pictures_of_its_own(studio: Studio) -> None:
    tab = add(fill(studio.open(COMPARE), RED, RED, draws=1), "arms", "red")
    press(tab, "Use GPT Image 1\\.5 Edit")
    tab.toggle(key=session.APART).set_value(True).run()
    assert form(tab, "arm_A") == form(tab, "arm_B") == names("red")

    without = names("red")[0]
    tab.button(key=f"without_arm_B_{without}").click().run()
    press(add(tab, "arm_B", "green"), "Run comparison")
    studio.until_idle()
    tab.run()

    red, green = (name.removeprefix("studio:") for name in names("red", "green"))
    assert sent() == [(RED, EDIT, [red]), (RED, EDIT, [green])]
    assert pictures(tab) == ["Reference image 1"] * 2


def test_an_arm_with_more_pictures_than_its_model_takes_is_named_and_nothing_is_sent(studio: Studio) -> None:
    tab = fill(studio.open(COMPARE), RED, BLUE, draws=1)
    tab.toggle(key=session.APART).set_value(True).run()
    for label, model in (("A", EDIT), ("B", ONE_PICTURE)):
        tab.selectbox(key=f"arm_{label}_model").set_value(model).run()
        add(tab, f"arm_{label}", "red", "green")

    press(tab, "Run comparison")

    assert "Prompt B" in tab.warning[0].value
    assert sent() == []


def test_arms_take_their_pictures_along_when_they_are_swapped_copied_and_added(studio: Studio) -> None:
    tab = fill(studio.open(COMPARE), RED, BLUE)
    tab.toggle(key=session.APART).set_value(True).run()
    add(tab, "arm_A", "red")

    press(tab, "Swap A and B")
    assert (form(tab, "arm_A"), form(tab, "arm_B")) == ([], names("red"))
    press(tab, "Add C")
    assert form(tab, "arm_C") == names("red")
    press(tab, "Start B from A")
    assert form(tab, "arm_B") == []


def test_what_stands_on_generate_is_one_press_away(studio: Studio) -> None:
    made = studio.make(RED)[0]
    tab = press(studio.open(HISTORY, image=made.id), "As reference image")

    press(tab.switch_page(COMPARE).run(), "Take those of Generate")

    assert form(tab, "arms") == [name_of(made.pictures[0])]


def test_a_fork_has_the_pictures_of_each_arm(studio: Studio) -> None:
    studio.open()
    red, green = names("red", "green")
    same = compared(studio, request(RED, images=(red,)), request(BLUE, images=(red,)))
    tab = press(studio.open(COMPARE, experiment=same.id), "Change and run again")
    assert (form(tab, "arms"), tab.session_state[session.APART]) == ([red], False)

    different = compared(studio, request(RED, images=(red, green)), request(RED, model=DEFAULT_MODEL))
    tab = press(studio.open(COMPARE, experiment=different.id), "Change and run again")
    assert (form(tab, "arm_A"), form(tab, "arm_B")) == ([red, green], [])
    press(tab, "Run comparison")

    assert services.experiments().listed()[0].forked_from == different.id
    assert [hashes(arm.parameters) for arm in services.experiments().listed()[0].arms] == [
        hashes(arm.parameters) for arm in different.arms
    ]


def test_a_mask_of_one_arm_is_sent_with_it_shown_and_forked(studio: Studio) -> None:
    tab = fill(studio.open(COMPARE), RED, BLUE, draws=1)
    tab.toggle(key=session.APART).set_value(True).run()
    for label in "AB":
        tab.selectbox(key=f"arm_{label}_model").set_value(MASKED).run()
        add(tab, f"arm_{label}", "red")
    tab.file_uploader(key=session.mask_file("arm_A")).set_value(("mask.png", png("white"), "image/png")).run()

    press(tab, "Run comparison")
    studio.until_idle()
    tab.run()

    mask = names("white")[0]
    arms = services.experiments().listed()[0].arms
    assert [mask_of(arm.parameters) for arm in arms] == [mask.removeprefix("studio:"), None]
    assert "Mask" in [image.proto.imgs[0].alt for image in tab.image]
    press(tab, "Change and run again")
    assert (session_mask(tab, "arm_A"), session_mask(tab, "arm_B")) == (mask, "")
    press(tab, "Swap A and B")
    assert (session_mask(tab, "arm_A"), session_mask(tab, "arm_B")) == ("", mask)


def session_mask(tab: AppTest, key: str) -> str:
    return str(tab.session_state[f"mask_{key}"])


def test_images_of_history_become_arms_with_the_pictures_each_was_made_from(studio: Studio) -> None:
    studio.open()
    red, green = names("red", "green")
    compared(studio, request(RED, images=(red,)), request(BLUE, images=(green,)))
    first, second = (one for one in reversed(services.store().latest(limit=2)))

    tab = press(studio.open(HISTORY, image=first.id), "As prompt A")
    assert (form(tab, "arms"), tab.session_state[session.APART]) == ([red], False)
    tab.switch_page(HISTORY)
    tab.query_params["image"] = second.id
    press(tab.run(), "As prompt B")

    assert prompts(tab) == [RED, BLUE]
    assert (form(tab, "arm_A"), form(tab, "arm_B")) == ([red], [green])
    assert tab.session_state["arm_A_model"] == tab.session_state["arm_B_model"] == EDIT


def test_a_picture_that_is_gone_is_said_to_be_gone(studio: Studio) -> None:
    studio.open()
    named = (*names("red"), "studio:" + "ab" * 32, "studio:../x")
    made = compared(studio, request(RED, images=named), request(BLUE, images=named))

    tab = studio.open(COMPARE, experiment=made.id)

    assert pictures(tab) == ["Reference image 1"] * 2
    assert written(tab).count("Reference image 2 is not in the studio any more") == 2
    assert written(tab).count("Reference image 3 is not in the studio any more") == 2


def test_a_comparison_carries_its_estimates_and_so_do_further_draws(studio: Studio, provided: Simulator) -> None:
    provided.fault("task", "moderation", times=100)  # nothing is billed that could stand in for an estimate
    tab = add(fill(studio.open(COMPARE), RED, BLUE, draws=1), "arms", "red")
    press(tab, "Use GPT Image 1\\.5 Edit")
    press(tab, "Run comparison")
    studio.until_idle()

    more = next(button for button in tab.run().button if button.label == "Draw one more of each")
    assert "2 images, about $" in more.help.replace("\\", "")
    more.click().run()
    studio.until_idle()

    made = [one for one in services.store().latest(limit=10) if one.provider != UPLOADED]
    assert len(made) == 4
    told = services.start().pricing.estimate(made[0].request)
    assert told
    assert {one.estimate for one in made} == {told.price}
    assert provided.count("POST", "/api/v1/model/calculate") == 2  # from words alone, and from the picture


def test_a_comparison_stays_below_the_daily_budget_and_says_what_is_left(
    studio: Studio, provided: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_DAILY_BUDGET_USD", "0.04")
    tab = fill(studio.open(COMPARE), RED, BLUE, draws=1)
    assert "Left of today's budget: $0.04 of $0.04." in written(tab).replace("\\", "")
    press(tab, "Run comparison")
    studio.until_idle()

    assert sorted(one.state for one in services.store().latest()) == [State.COMPLETED, State.FAILED]
    assert "budget" in written(tab.run())
    assert provided.count("POST", "/api/v1/model/generateImage") == 1


def test_what_nobody_billed_is_an_estimate_in_history(studio: Studio) -> None:
    studio.open()
    experiment = services.experiments().start(
        "e1",
        "Cups",
        [request(RED, model=DEFAULT_MODEL), request(BLUE, model=DEFAULT_MODEL)],
        draws=1,
        provider="elsewhere",
        estimate=lambda _request: Decimal("0.034"),
    )
    row = services.experiments().rows(experiment)[0]

    made = unbilled(next(one for one in row.generations if one))

    assert "$0.034, an estimate" in written(studio.open(HISTORY, image=made.id)).replace("\\", "")
    assert "billed" not in written(studio.open(HISTORY, image=made.id))


def unbilled(generation: Generation) -> Generation:
    """As another process carries it to its end, at a provider that does not say what it charged."""
    store = services.store()
    claimed = store.claim("another", provider="elsewhere", lease_s=60, max_in_flight=9)
    assert claimed
    assert claimed.id == generation.id
    store.submitting(claimed, "another")
    done = Prediction(id="p1", status=Status.SUCCEEDED)
    store.accept(claimed, done)
    store.fetching(replace(claimed, prediction_id="p1"), "another")
    assert store.complete(claimed, "another", [services.files().keep(png("red"))], done)
    return store.get(generation.id)
