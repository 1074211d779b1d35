"""Around the prompt: help with its words, style and colours, and many prompts, on a page with nothing else."""

import time
from functools import cache

import pytest
from streamlit.testing.v1 import AppTest

from atlas.simulator import Simulator
from studio.database import open_database
from studio.presets import Presets
from tests.studio.conftest import until
from tests.ui.conftest import Studio
from tests.ui.test_pages import HOSTILE, press, written
from ui import services
from ui.text import plain

PROMPT = "a red bicycle"
NAVY = "#1b2a4a"


@cache
def presets_at(url: str) -> Presets:
    return Presets(open_database(url))


def presets() -> Presets:
    return presets_at(services.start().settings.database_url)


def page() -> None:
    """The script of the page."""
    import streamlit as st

    from atlas.schema import UNKNOWN
    from tests.ui.test_prompting import presets
    from ui import forms, models, prompting, styling

    model = str(st.query_params.get("model", ""))
    prompt = forms.prompt("generate")
    prompting.help_with(prompt, "generate")
    made = prompting.many(prompt, "generate")
    style = styling.styles("generate", presets(), schema=models.schema(model) if model else UNKNOWN)
    texts = [style.on(each) for each in made]
    prompting.sent(prompt, texts)
    prompting.numbered(texts, "generate")
    st.text("made: " + "|".join(texts))


def opened(prompt: str = "", model: str = "") -> AppTest:
    tab = AppTest.from_function(page, default_timeout=20)
    if model:
        tab.query_params["model"] = model
    tab.run()
    return typed(tab, prompt) if prompt else tab


def typed(tab: AppTest, prompt: str) -> AppTest:
    tab.text_area(key="generate_prompt").set_value(prompt).run()
    assert not tab.exception
    return tab


def prompt_of(tab: AppTest) -> str:
    return str(tab.text_area(key="generate_prompt").value)


def made(tab: AppTest) -> list[str]:
    assert not tab.exception
    shown = next(text.value for text in tab.text if text.value.startswith("made:"))
    return str(shown).removeprefix("made:").strip().split("|")


def labels(tab: AppTest) -> list[str]:
    return [button.label for button in tab.button]


def headings(tab: AppTest) -> list[str]:
    return [expander.label for expander in tab.expander]


def toasts(tab: AppTest) -> str:
    return "\n".join(toast.value for toast in tab.toast)


def field(name: str) -> str:
    return f"prompting_generate_{name}"


def answered(tab: AppTest) -> AppTest:
    """When the text model has said what it has to say."""
    until(lambda: not any("at work" in caption.value for caption in tab.run().caption), within_s=15)
    assert not tab.exception
    return tab


def test_a_better_prompt_is_shown_word_by_word_and_accepted(studio: Studio) -> None:
    assert studio.made == 0
    tab = press(opened(PROMPT), "Improve")
    assert prompt_of(tab) == PROMPT

    answered(tab)
    assert "a red bicycle" in written(tab)
    assert ":green-background[+**" in written(tab)
    assert prompt_of(tab) == PROMPT

    press(tab, "Accept")
    assert prompt_of(tab).startswith(f"{PROMPT}, ")
    assert "Accept" not in labels(tab)


def test_a_better_prompt_that_is_rejected_changes_nothing(studio: Studio) -> None:
    assert studio.made == 0
    tab = press(answered(press(opened(PROMPT), "Improve")), "Reject")

    assert prompt_of(tab) == PROMPT
    assert not {"Accept", "Reject"} & set(labels(tab))


def test_the_prompt_alone_is_sent_to_the_chosen_text_model(provided: Simulator) -> None:
    tab = opened(PROMPT)
    box = tab.selectbox(key=field("text_model"))
    other = next(option for option in box.options if option != box.value)
    box.set_value(other).run()
    answered(press(tab, "Improve"))

    assert provided.count("POST", "/v1/chat/completions") == 1
    assert "Accept" in labels(tab)


@pytest.mark.parametrize("fault", ["401", "429", "500", "empty-content", "malformed-json", "reset", "html-200"])
def test_when_there_is_no_help_the_prompt_stands_and_it_says_why(provided: Simulator, fault: str) -> None:
    provided.fault("chat", fault)
    tab = answered(press(opened(PROMPT), "Improve"))

    assert plain("Your prompt is unchanged.") in tab.warning[0].value
    assert len(tab.warning[0].value) > 60
    assert prompt_of(tab) == PROMPT
    assert "Accept" not in labels(tab)

    press(tab, "Dismiss")
    assert not tab.warning
    assert "Accept" in labels(answered(press(tab, "Improve")))


def test_nobody_waits_for_the_text_model(provided: Simulator) -> None:
    provided.fault("chat", "slow", seconds=3)
    tab = opened(PROMPT)
    begun = time.monotonic()
    press(tab, "Improve")
    typed(tab, "a blue bicycle")

    assert time.monotonic() - begun < 2.5
    assert "at work" in written(tab)
    press(tab, "Improve")
    answered(tab)
    assert provided.count("POST", "/v1/chat/completions") == 1
    assert ":red-background[−~~blue~~]" in written(tab), "the change is shown against what stands there now"


def test_waiting_can_be_given_up(provided: Simulator) -> None:
    provided.fault("chat", "slow", seconds=2)
    tab = press(press(opened(PROMPT), "Improve"), "Stop waiting")

    assert "at work" not in written(tab)
    time.sleep(2.5)
    tab.run()
    assert "Accept" not in labels(tab)
    assert prompt_of(tab) == PROMPT


def test_an_empty_prompt_cannot_be_improved(studio: Studio) -> None:
    assert studio.made == 0
    assert next(button for button in opened().button if button.label == "Improve").disabled


def test_an_answer_that_is_hostile_is_shown_literally(studio: Studio) -> None:
    assert studio.made == 0
    tab = answered(press(opened(HOSTILE), "Improve"))

    assert "](http" not in written(tab)
    assert r"\<script\>" in written(tab)
    assert "<script>" in prompt_of(press(tab, "Accept"))


def test_a_preset_fills_the_fields_and_what_is_sent_is_shown(studio: Studio) -> None:
    assert studio.made == 0
    tab = opened(PROMPT)
    assert not tab.code

    box = tab.selectbox(key=field("preset"))
    assert box.options[:2] == ["None", "Photograph"]
    box.set_value("built-in-night").run()

    assert [picker.value for picker in tab.color_picker] == ["#0b1026", "#f2b84b"]
    assert tab.code[0].value == (
        f"{PROMPT}, at night, deep shadows, pools of warm light, reflections\n"
        "Colour palette: navy #0b1026, orange #f2b84b."
    )
    assert made(tab) == [tab.code[0].value]

    tab.selectbox(key=field("preset")).set_value("").run()
    assert made(tab) == [PROMPT]
    assert not tab.color_picker


def test_colours_are_added_up_to_five_and_removed(studio: Studio) -> None:
    assert studio.made == 0
    tab = opened(PROMPT)
    for _ in range(5):
        press(tab, "Add a colour")
    assert len(tab.color_picker) == 5
    assert "Add a colour" not in labels(tab)

    tab.color_picker(key=field("colour_0")).set_value("#ff0000").run()
    for _ in range(4):
        press(tab, "Remove the last")
    assert made(tab) == [f"{PROMPT}\nColour palette: red #ff0000."]
    press(tab, "Remove the last")
    assert made(tab) == [PROMPT]


def test_a_preset_is_saved_edited_renamed_and_deleted(studio: Studio) -> None:
    assert studio.made == 0
    tab = opened(PROMPT)
    tab.text_input(key=field("words")).set_value("soft light")
    press(tab, "Add a colour")
    tab.text_input(key=field("preset_name")).set_value(HOSTILE[:40])
    press(tab, "Save preset")
    saved = presets().all()[-1]
    assert (saved.name, saved.words, saved.colours) == (HOSTILE[:40], "soft light", (NAVY,))
    assert "](http" not in toasts(tab)
    assert tab.selectbox(key=field("preset")).value == saved.id

    tab.text_input(key=field("words")).set_value("hard light")
    press(tab, "Save preset")
    assert presets().all()[-1].words == "hard light"
    assert presets().all()[-1].id == saved.id

    tab.text_input(key=field("preset_name")).set_value("Spring")
    press(tab, "Rename")
    assert presets().all()[-1].name == "Spring"
    assert "Spring" in tab.selectbox(key=field("preset")).options

    press(tab, "Delete")
    assert presets().all()[-1].is_built_in
    assert made(tab) == [f"{PROMPT}, hard light\nColour palette: navy #1b2a4a."]
    press(tab, "Save preset")
    assert presets().all()[-1].name == "Spring"


def test_a_built_in_preset_is_neither_renamed_deleted_nor_replaced(studio: Studio) -> None:
    assert studio.made == 0
    tab = opened(PROMPT)
    tab.selectbox(key=field("preset")).set_value("built-in-isometric").run()
    assert not {"Delete", "Rename"} & set(labels(tab))

    tab.text_input(key=field("preset_name")).set_value("isometric")
    press(tab, "Save preset")
    assert "is built in" in toasts(tab)

    tab.text_input(key=field("preset_name")).set_value("My isometric")
    press(tab, "Save preset")
    assert presets().all()[-1].name == "My isometric"


def test_a_preset_that_was_deleted_elsewhere_is_chosen_no_more(studio: Studio) -> None:
    assert studio.made == 0
    tab = opened(PROMPT)
    kept = presets().save("Spring", "soft", [])
    tab.run()
    tab.selectbox(key=field("preset")).set_value(kept.id).run()
    presets().delete(kept.id)
    tab.run()

    assert not tab.exception
    assert tab.selectbox(key=field("preset")).value == ""
    assert made(tab) == [f"{PROMPT}, soft"]


def test_what_the_model_has_a_field_for_is_not_asked_twice(studio: Studio) -> None:
    assert studio.made == 0
    services.start()
    schemas = {model.id: services.catalogue().schema(model.id) for model in services.catalogue().models()}
    without = next(
        one for one, schema in schemas.items() if schema.field("size") and not schema.field("negative_prompt")
    )
    having = next(one for one, schema in schemas.items() if schema.field("negative_prompt"))

    tab = opened(PROMPT)
    tab.text_input(key=field("avoid")).set_value("text").run()
    tab.selectbox(key=field("ratio")).set_value("2:3").run()
    assert made(tab) == [f"{PROMPT}\nAvoid: text.\nComposition: portrait, 2:3."]

    keys = {each.key for each in [*opened(PROMPT, without).text_input, *opened(PROMPT, without).selectbox]}
    assert field("avoid") in keys
    assert field("ratio") not in keys
    assert field("avoid") not in {each.key for each in opened(PROMPT, having).text_input}


def test_variables_are_listed_with_their_count_before_anything_runs(studio: Studio) -> None:
    assert studio.made == 0
    tab = opened("{red|blue} {cup|mug}")

    assert made(tab) == ["red cup", "red mug", "blue cup", "blue mug"]
    assert "4 prompts" in headings(tab)
    assert "1. red cup\n2. red mug\n3. blue cup\n4. blue mug" in written(tab)
    assert "prompts" not in headings(typed(tab, "one cup"))[-1]


@pytest.mark.parametrize(
    ("prompt", "says"),
    [("a {red|blue cup", "never ends"), ("{a|b}" * 9, "make 512 prompts"), ("a} cup", "never began")],
)
def test_variables_that_cannot_be_read_make_no_prompt_and_say_why(studio: Studio, prompt: str, says: str) -> None:
    assert studio.made == 0
    tab = opened(prompt)

    assert made(tab) == [""]
    assert says in tab.warning[0].value


def test_a_file_of_twenty_rows_is_twenty_prompts_and_a_bad_row_is_named(studio: Studio) -> None:
    assert studio.made == 0
    rows = [f"cup {number},x" for number in range(1, 21)]
    content = "\r\n".join(["Prompt,note", *rows]).encode("utf-16")
    tab = opened(PROMPT)
    tab.file_uploader(key=field("list_file")).set_value(("cups.csv", content, "text/csv")).run()
    assert made(tab) == [f"cup {number}" for number in range(1, 21)]
    assert "used instead of the prompt" in written(tab)
    assert "20 prompts" in headings(tab)

    content = "\n".join(["Prompt,note", *rows[:4], ",x", *rows[5:]]).encode()
    tab.file_uploader(key=field("list_file")).set_value(("cups.csv", content, "text/csv")).run()
    assert len(made(tab)) == 19
    assert plain("Line 6 has no prompt") in tab.warning[0].value


def test_a_pasted_list_fills_the_places_in_the_prompt(studio: Studio) -> None:
    assert studio.made == 0
    tab = opened("a {colour} bicycle")
    tab.text_area(key=field("list")).set_value("colour,size\nred,big\nblue,small").run()

    assert made(tab) == ["a red bicycle", "a blue bicycle"]
    assert plain("fills {colour} in the prompt") in written(tab)
    tab.text_area(key=field("list")).set_value("").run()
    assert made(tab) == ["a {colour} bicycle"]


def test_a_hostile_list_is_shown_literally(studio: Studio) -> None:
    assert studio.made == 0
    tab = opened(PROMPT)
    tab.text_area(key=field("list")).set_value(f"{HOSTILE}\n- ![a](http://evil.example)\n1. <img src=x>").run()

    assert len(made(tab)) >= 3
    assert "](http" not in written(tab)
    assert r"2. \- \!\[a\]\(http" in written(tab)
    assert r"3. 1\. \<img src" in written(tab)


def test_every_prompt_of_a_list_has_the_style(studio: Studio) -> None:
    assert studio.made == 0
    tab = opened("{a|b} cup")
    tab.text_input(key=field("words")).set_value("watercolour").run()

    assert made(tab) == ["a cup, watercolour", "b cup, watercolour"]
    assert "1. a cup, watercolour\n2. b cup, watercolour" in written(tab).replace("\\", "")


def test_of_many_prompts_the_first_few_are_shown_as_they_are_sent(studio: Studio) -> None:
    assert studio.made == 0
    tab = opened("a {red|blue|green|grey} cup")
    press(tab, "Add a colour")

    shown = [code.value for code in tab.code]
    assert shown == made(tab)[:3]
    assert shown[0] == "a red cup\nColour palette: navy #1b2a4a."
    assert "the first 3 of 4" in written(tab)
    assert "{red" not in "".join(shown)

    tab.text_area(key=field("list")).set_value("one tree\ntwo trees").run()
    assert (
        [code.value for code in tab.code]
        == made(tab)
        == [f"{words}\nColour palette: navy #1b2a4a." for words in ("one tree", "two trees")]
    )


def test_a_prompt_that_is_sent_as_it_was_written_is_not_shown_again(studio: Studio) -> None:
    assert studio.made == 0
    assert not opened(PROMPT).code
    assert [code.value for code in opened(r"a \{cup\}").code] == ["a {cup}"]
    assert not opened("a {cup").code


def test_of_long_prompts_in_a_list_it_says_that_only_the_beginning_is_shown(studio: Studio) -> None:
    assert studio.made == 0
    tab = opened(PROMPT)
    tab.text_area(key=field("list")).set_value("\n".join(f"{number} {'word ' * 900}" for number in (1, 2))).run()
    assert "shown by their beginning" in written(tab)

    tab.text_area(key=field("list")).set_value("a cup\na mug").run()
    assert "shown by their beginning" not in written(tab)
