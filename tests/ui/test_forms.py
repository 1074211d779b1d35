"""The form of every model: its own fields, nothing else sent, and what is kept when the model changes."""

import pytest
from streamlit.testing.v1 import AppTest

from atlas.models import DEFAULT_MODEL
from atlas.simulator import Simulator
from studio import references
from studio.generations import State
from studio.store import UPLOADED
from tests.ui.conftest import A_DOT, Studio
from tests.ui.test_pages import press, written
from ui import models, services, session
from ui.text import plain

GPT, FLUX = DEFAULT_MODEL, "black-forest-labs/flux-schnell"
EDIT = "openai/gpt-image-1.5/edit"
HISTORY = "../pages/history.py"


def choose(tab: AppTest, model: str) -> AppTest:
    return tab.selectbox(key="generate_model").set_value(model).run()


def sent() -> dict[str, object]:
    """Model and parameters of what was queued last."""
    newest = next(it for it in services.store().latest() if it.provider != UPLOADED)
    return {"model": newest.model, **newest.parameters}


def test_models_are_chosen_by_name_vendor_price_and_speed(studio: Studio) -> None:
    labels = studio.open().selectbox(key="generate_model").options

    assert len(labels) > 60
    assert any(
        "GPT Image 1.5" in label and "OpenAI" in label and "from $0.008" in label and "~18 s" in label
        for label in labels
    )
    assert any("changes pictures" in label for label in labels)


def test_every_model_is_drawn_as_its_schema_says_and_is_sent_nothing_else(
    studio: Studio, provided: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_MAX_IN_FLIGHT", "16")
    provided.fault("task", "moderation", times=1000)  # what is sent is the matter here, not what is painted
    tab = studio.open()
    tab.text_area(key="generate_prompt").set_value("a red cup").run()
    offered = models.offered()
    words_only = [model.id for model in offered if not models.schema(model.id).reference]
    with_picture = [model.id for model in offered if models.schema(model.id).reference]
    assert len(words_only) > 30
    assert len(with_picture) > 20

    _walk(tab, words_only)
    tab.file_uploader(key=session.reference_files("generate")).set_value(("mine.png", A_DOT, "image/png")).run()
    _walk(tab, with_picture)
    studio.until_idle()

    bodies = [request["body"] for request in provided.requests() if request["path"].endswith("/generateImage")]
    assert sorted(body["model"] for body in bodies) == sorted([*words_only, *with_picture])
    for body in bodies:
        known = {field.name for field in models.schema(body["model"]).fields}
        assert set(body) <= known | {"model", "prompt"}, body


def _walk(tab: AppTest, ids: list[str]) -> None:
    """Choose each model and send what the form says."""
    for model in ids:
        choose(tab, model)
        assert not tab.exception, model
        for field in models.schema(model).settings:
            drawn = f"generate_{field.name}" in tab.session_state
            assert drawn or field.name in {"n", "num_images", "max_images"} or field.kind == "images", (model, field)
        press(tab, "Generate")


def test_a_model_that_is_not_served_leaves_the_list_and_the_form_says_why(studio: Studio, provided: Simulator) -> None:
    ghost = "baidu/ERNIE-Image-Turbo/text-to-image"
    tab = choose(studio.open(), ghost)
    tab.text_area(key="generate_prompt").set_value("a red cup").run()
    assert "not available" not in written(tab)
    press(tab, "Generate")
    studio.until_idle()
    tab.run()

    assert provided.count("POST", "/api/v1/model/generateImage") == 1
    assert plain("it is not available to this account. Choose another model.") in written(tab)
    options = tab.selectbox(key="generate_model").options
    assert [option for option in options if option.endswith("not available to this account")] == options[:1]
    assert ghost not in {model.id for model in models.offered()}

    choose(tab, GPT)
    assert "not available" not in written(tab)
    assert services.catalogue().refresh()
    assert ghost in {model.id for model in models.offered()}, "until the list is fetched anew"


def test_the_price_of_the_cheapest_image_and_how_many_ten_dollars_buy_are_told_beside_the_model(
    studio: Studio,
) -> None:
    tab = studio.open()
    box = tab.selectbox(key="generate_model")
    assert box.help == plain("From $0.008 per image (list price $0.009, 10 % off). $10.00 buys at most 1,250.")

    assert choose(tab, "baidu/ERNIE-Image-Turbo").selectbox(key="generate_model").help == plain("Free.")
    priceless = next(model.id for model in models.offered() if model.price.actual is None)
    assert choose(tab, priceless).selectbox(key="generate_model").help == ""


def test_what_fits_stays_and_what_does_not_is_named(studio: Studio) -> None:
    tab = studio.open()
    tab.selectbox(key="generate_size").set_value("1024x1536").run()
    tab.button_group(key="generate_quality").set_value("high").run()

    choose(tab, FLUX)
    assert "no place for it: quality" in written(tab)
    assert tab.session_state["generate_size"] == "1024*1536"

    choose(tab, GPT)
    assert tab.session_state["generate_size"] == "1024x1536"
    assert "no place" not in written(tab)


def test_what_a_model_has_by_itself_is_not_carried_to_the_next(studio: Studio) -> None:
    tab = choose(studio.open(), "google/nano-banana-pro/text-to-image-ultra")
    assert tab.session_state["generate_resolution"] == "4k"

    choose(tab, "google/nano-banana-2/text-to-image")

    assert tab.session_state["generate_resolution"] == "1k"


def test_the_settings_of_the_form_are_what_is_sent(studio: Studio) -> None:
    tab = studio.open()
    tab.text_area(key="generate_prompt").set_value("a red cup").run()
    choose(tab, FLUX)
    tab.number_input(key="generate_seed").set_value(7).run()
    press(tab, "Generate")
    studio.until_idle()

    body = sent()
    assert body["model"] == FLUX
    assert body["seed"] == 7
    assert services.store().latest()[0].state is State.COMPLETED


def test_the_price_is_said_before_anything_is_sent(studio: Studio) -> None:
    tab = studio.open()
    tab.text_area(key="generate_prompt").set_value("a red cup")
    tab.number_input(key="generate_count").set_value(3).run()

    words = written(tab).replace("\\", "")
    assert "3 images, simulated: nothing to pay (at Atlas Cloud about $" in words
    assert services.store().count() == 0


def test_a_reference_image_leads_to_a_model_that_takes_it(studio: Studio) -> None:
    tab = studio.open()
    tab.text_area(key="generate_prompt").set_value("the same in blue").run()
    tab.file_uploader(key=session.reference_files("generate")).set_value(("mine.png", A_DOT, "image/png")).run()
    assert "starts from words alone" in written(tab)
    press(tab, "Generate")
    assert "This model starts from words alone" in written(tab)

    press(tab, "Use GPT Image 1\\.5 Edit")
    press(tab, "Generate")
    studio.until_idle()

    body = sent()
    assert body["model"] == EDIT
    assert references.hashes({"images": body["images"]})  # type: ignore[dict-item]
    newest = next(it for it in services.store().latest() if it.provider != UPLOADED)
    assert newest.state is State.COMPLETED, newest.problem


def test_an_image_of_history_becomes_the_reference(studio: Studio) -> None:
    made = studio.make("a red bicycle")[0]
    tab = press(studio.open(HISTORY, image=made.id), "As reference image")

    assert tab.session_state["generate_model"] == EDIT
    assert [image.proto.imgs[0].alt for image in tab.image][:1] == ["Reference image 1"]
    press(tab, "Take out")
    assert tab.session_state["references_generate"] == []


def test_a_model_without_a_schema_takes_a_prompt_and_json(studio: Studio) -> None:
    raw = next(model.id for model in models.offered() if models.schema(model.id).raw) if studio.open() else ""
    tab = choose(studio.open(), raw)
    tab.text_area(key="generate_prompt").set_value("a red cup")
    tab.text_area(key="generate_raw").set_value("no json").run()
    press(tab, "Generate")
    assert "no JSON" in written(tab)

    tab.text_area(key="generate_raw").set_value('{"aspect_ratio": "1:1"}').run()
    press(tab, "Generate")
    studio.until_idle()
    assert sent() == {"model": raw, "aspect_ratio": "1:1"}


@pytest.mark.parametrize(
    "written_json",
    ['["a"]', '{"model": "x"}', '{"prompt": "x"}', "NaN", '{"x": NaN}', '{"x": [1]}', '{"n": 4}', "[" * 9000],
)
def test_json_that_would_change_the_request_is_refused(studio: Studio, written_json: str) -> None:
    tab = studio.open()
    raw = next(model.id for model in models.offered() if models.schema(model.id).raw)
    choose(tab, raw)
    tab.text_area(key="generate_prompt").set_value("a red cup")
    tab.text_area(key="generate_raw").set_value(written_json).run()
    press(tab, "Generate")

    assert not tab.exception
    assert "arameters" in tab.warning[0].value
    assert services.store().count() == 0


def test_loras_are_written_as_json_checked_and_used_again(studio: Studio) -> None:
    tab = choose(studio.open(), "black-forest-labs/flux-kontext-dev-lora")
    tab.text_area(key="generate_prompt").set_value("a hat").run()
    tab.file_uploader(key=session.reference_files("generate")).set_value(("mine.png", A_DOT, "image/png")).run()
    box = tab.text_area(key="generate_loras")
    assert box.label == "LoRAs (JSON)"
    assert box.placeholder == '[{"path": "…", "scale": 1.0}]'
    box.set_value('[{"path": "owner/style", "weight": 1}]').run()
    press(tab, "Generate")
    assert "there is no weight" in tab.warning[0].value
    assert services.store().count() == 1, "the picture alone"

    tab.text_area(key="generate_loras").set_value('[{"path": "owner/style", "scale": 0.8}]').run()
    press(tab, "Generate")
    studio.until_idle()
    made = next(it for it in services.store().latest() if it.provider != UPLOADED)
    assert made.state is State.COMPLETED, made.problem
    assert made.request.parameters["loras"] == ({"path": "owner/style", "scale": 0.8},)
    assert "1 loras" in written(tab.run())

    again = press(studio.open(HISTORY, image=made.id), "Use again")
    assert again.session_state["generate_loras"] == '[{"path": "owner/style", "scale": 0.8}]'
    assert "no place" not in written(again)


def test_what_was_made_with_a_picture_is_used_again_with_it(studio: Studio) -> None:
    tab = choose(studio.open(), EDIT)
    tab.text_area(key="generate_prompt").set_value("the same {in blue}").run()
    tab.file_uploader(key=session.reference_files("generate")).set_value(("mine.png", A_DOT, "image/png")).run()
    press(tab, "Generate")
    studio.until_idle()
    made = next(it for it in services.store().latest() if it.provider != UPLOADED)

    again = press(studio.open(HISTORY, image=made.id), "Use again")

    assert again.session_state["references_generate"] == list(made.parameters["images"])  # type: ignore[arg-type]
    assert "no place" not in written(again)
    words_only = studio.make("a red bicycle")[0]
    again = press(studio.open(HISTORY, image=words_only.id), "Use again")
    assert again.session_state["references_generate"] == []


def test_a_picture_is_added_once_however_often_the_uploader_changes(studio: Studio) -> None:
    tab = studio.open()
    tab.file_uploader(key=session.reference_files("generate")).set_value(("mine.png", A_DOT, "image/png")).run()
    press(tab, "Take out")
    tab.file_uploader(key=session.reference_files("generate")).set_value(
        [("other.png", A_DOT + b" ", "image/png")]
    ).run()

    assert len(tab.session_state["references_generate"]) <= 1
    assert services.store().count() == 2


def test_own_settings_begin_with_what_all_arms_had(studio: Studio) -> None:
    tab = studio.open("../pages/compare.py")
    tab.selectbox(key="arms_model").set_value(FLUX).run()
    tab.toggle(key=session.APART).set_value(True).run()

    assert tab.session_state["arm_A_model"] == tab.session_state["arm_B_model"] == FLUX


def test_twenty_four_prompts_of_two_images_are_one_run_and_one_failure_is_retried_alone(
    studio: Studio, provided: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_MAX_IN_FLIGHT", "16")
    provided.fault("task", "moderation")
    tab = choose(studio.open(), FLUX)
    tab.text_input(key="generate_size").set_value("256*256")
    tab.text_area(key="generate_prompt").set_value("a {red|blue|green|grey} {cup|mug|bowl|jar|pan|box}")
    tab.number_input(key="generate_count").set_value(2).run()
    assert "48 images, about $" in written(tab).replace("\\", "")

    press(tab, "Generate")
    studio.until_idle()
    tab.run()

    assert "**47 of 48**" in written(tab)
    assert len({generation.prompt for generation in services.store().latest(limit=100)}) == 24
    press(tab, "Retry")
    studio.until_idle()
    assert "**48 of 48**" in written(tab.run())
    assert provided.count("POST", "/api/v1/model/generateImage") == 49
