"""When the model changes: what is said beside the prompt, and what the model has a field for, is said once."""

from streamlit.testing.v1 import AppTest

from atlas.models import DEFAULT_MODEL
from studio.store import UPLOADED
from tests.ui.conftest import Studio
from tests.ui.test_forms import choose
from tests.ui.test_pages import press, written
from tests.ui.test_prompting import field
from ui import models, services

GPT = DEFAULT_MODEL  # sizes, no negative prompt
QWEN = "alibaba/qwen-image/text-to-image-plus"  # sizes, and a negative prompt
FREE = "atlascloud/qwen-image/text-to-image"  # free sizes
WAN = "alibaba/wan-2.7/text-to-image"  # tiers alone


def opened(studio: Studio, model: str) -> AppTest:
    tab = choose(studio.open(), model)
    return tab.text_area(key="generate_prompt").set_value("a red cup").run()


def avoiding(tab: AppTest, words: str) -> AppTest:
    return tab.text_input(key=field("avoid")).set_value(words).run()


def composed(tab: AppTest, ratio: str) -> AppTest:
    return tab.selectbox(key=field("ratio")).set_value(ratio).run()


def told(tab: AppTest) -> str:
    assert not tab.exception
    return written(tab).replace("\\", "")


def sent(studio: Studio, tab: AppTest) -> tuple[str, dict[str, object]]:
    """Prompt and parameters as they were queued."""
    press(tab, "Generate")
    studio.until_idle()
    newest = next(one for one in services.store().latest() if one.provider != UPLOADED)
    return newest.prompt, dict(newest.parameters)


def test_what_to_avoid_moves_into_the_negative_prompt_and_is_said_once(studio: Studio) -> None:
    tab = avoiding(opened(studio, GPT), "text, watermark")
    assert tab.code[0].value == "a red cup\nAvoid: text, watermark."

    choose(tab, QWEN)

    assert "Carried over: “text, watermark” is in Negative prompt now." in told(tab)
    assert not tab.code
    prompt, parameters = sent(studio, tab)
    assert (prompt, parameters["negative_prompt"]) == ("a red cup", "text, watermark")


def test_a_negative_prompt_moves_into_words_where_the_model_has_none_and_back(studio: Studio) -> None:
    tab = opened(studio, QWEN)
    tab.text_input(key="generate_negative_prompt").set_value("blur, text").run()

    choose(tab, GPT)
    assert tab.text_input(key=field("avoid")).value == "blur, text"
    assert "“blur, text” is in Things to avoid now" in told(tab)
    assert "Left out" not in told(tab)
    assert tab.code[0].value == "a red cup\nAvoid: blur, text."

    avoiding(tab, "blur, text, frames")
    choose(tab, QWEN)
    assert tab.text_input(key="generate_negative_prompt").value == "blur, text, frames"

    choose(tab, GPT)
    assert sent(studio, tab)[0] == "a red cup\nAvoid: blur, text, frames."


def test_a_negative_prompt_longer_than_any_words_beside_the_prompt_moves_whole(studio: Studio) -> None:
    tab = opened(studio, QWEN)
    long = ", ".join(f"thing {number}" for number in range(200))
    tab.text_input(key="generate_negative_prompt").set_value(long).run()
    choose(tab, GPT)

    assert tab.text_input(key=field("avoid")).value == long
    assert len(told(choose(tab, QWEN)).split("Carried over")[1]) < 3000
    assert tab.text_input(key="generate_negative_prompt").value == long


def test_a_composition_moves_into_a_size_of_its_shape(studio: Studio) -> None:
    tab = composed(opened(studio, WAN), "2:3")
    assert tab.code[0].value == "a red cup\nComposition: portrait, 2:3."

    choose(tab, GPT)

    assert tab.session_state["generate_size"] == "1024x1536"
    assert "Carried over: The composition Portrait 2:3 is in Size now." in told(tab)
    assert "Left out" not in told(tab)
    assert not tab.code
    assert sent(studio, tab) == (
        "a red cup",
        {"size": "1024x1536", "quality": "medium", "output_format": "jpeg"},
    )


def test_a_composition_moves_into_an_aspect_and_into_a_free_size(studio: Studio) -> None:
    tab = composed(opened(studio, WAN), "16:9")
    choose(tab, "google/nano-banana-2/text-to-image")
    assert tab.session_state["generate_aspect_ratio"] == "16:9"

    choose(choose(tab, WAN), FREE)
    assert tab.session_state["generate_size"] == "1280*720"
    assert sent(studio, tab)[1]["size"] == "1280*720"


def test_a_size_moves_into_the_composition_where_the_model_has_none(studio: Studio) -> None:
    tab = opened(studio, GPT)
    tab.selectbox(key="generate_size").set_value("1536x1024").run()

    choose(tab, WAN)

    assert tab.selectbox(key=field("ratio")).value == "3:2"
    assert "1536 × 1024, landscape 3:2 is in Composition now" in told(tab)
    assert "Left out" not in told(tab)
    assert tab.code[0].value == "a red cup\nComposition: landscape, 3:2."
    assert tab.session_state["generate_size"] == "2K"


def test_a_composition_that_fits_no_size_is_named_and_comes_back(studio: Studio) -> None:
    tab = composed(opened(studio, WAN), "21:9")

    choose(tab, GPT)
    assert "Left out, because this form has no place for it: composition 21:9." in told(tab)
    assert not tab.code

    choose(tab, WAN)
    assert tab.selectbox(key=field("ratio")).value == "21:9"
    choose(tab, "google/nano-banana-2/text-to-image")
    assert tab.session_state["generate_aspect_ratio"] == "21:9"


def test_a_composition_that_the_model_has_by_itself_is_not_forgotten(studio: Studio) -> None:
    tab = choose(composed(opened(studio, WAN), "1:1"), GPT)
    assert tab.session_state["generate_size"] == "1024x1024"

    choose(tab, WAN)
    assert tab.selectbox(key=field("ratio")).value == "1:1"


def test_what_was_chosen_last_counts(studio: Studio) -> None:
    tab = choose(composed(opened(studio, WAN), "1:1"), GPT)
    tab.selectbox(key="generate_size").set_value("1024x1536").run()

    choose(tab, WAN)

    assert tab.selectbox(key=field("ratio")).value == "2:3"
    assert "2:3" not in told(choose(tab, "google/nano-banana-2/text-to-image")).split("Carried over")[0]
    assert tab.session_state["generate_aspect_ratio"] == "2:3"


def test_a_model_nobody_knows_the_form_of_is_told_in_words(studio: Studio) -> None:
    studio.open()
    raw = next(model.id for model in models.offered() if models.schema(model.id).raw)
    tab = opened(studio, QWEN)
    tab.text_input(key="generate_negative_prompt").set_value("text").run()
    tab.selectbox(key="generate_size").set_value("1664*928").run()

    choose(tab, raw)

    assert "Avoid: text." in tab.code[0].value
    assert "Composition: landscape, 16:9." in tab.code[0].value
    assert "Left out" not in told(tab)


def test_nothing_moves_in_a_form_that_has_no_such_place(studio: Studio) -> None:
    tab = studio.open("../pages/compare.py")
    tab.selectbox(key="arms_model").set_value(QWEN).run()
    tab.text_input(key="arms_negative_prompt").set_value("text").run()
    tab.selectbox(key="arms_model").set_value(GPT).run()

    assert "Left out, because this form has no place for it: negative prompt." in told(tab)
    assert "Carried over" not in told(tab)
