"""Style presets, and what a prompt says in words because a model has no field for it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import ImageColor
from sqlalchemy import Engine

from atlas.language import speaking
from studio.database import open_database
from studio.presets import BUILT_IN, Preset, Presets, hex_code, nearest_name, worded

NAVY = "#1b2a4a"


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def presets(database: Engine) -> Presets:
    return Presets(database)


def own(presets: Presets) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.name, one.words, one.colours) for one in presets.all() if not one.is_built_in]


def test_the_built_in_presets_are_always_there_first(presets: Presets) -> None:
    presets.save("Aquarelle", "pale", [])

    assert [one.name for one in presets.all()] == [
        "Photograph",
        "Watercolour",
        "Flat illustration",
        "Film still",
        "Product on white",
        "Line drawing",
        "Isometric",
        "Night",
        "Aquarelle",
    ]
    assert len({one.id for one in presets.all()}) == 9


def test_a_preset_is_kept_with_its_words_and_colours(presets: Presets, database: Engine) -> None:
    saved = presets.save("  Spring \n campaign ", "soft light,\n  pale", ["#1B2A4A", "fff", "#ffffff"])

    assert own(Presets(database)) == [("Spring campaign", "soft light, pale", (NAVY, "#ffffff"))]
    assert saved in presets.all()


def test_the_same_name_replaces_what_was_kept_under_it(presets: Presets) -> None:
    first = presets.save("Café", "old", [])
    second = presets.save("CAFE", "new", [NAVY])

    assert second.id == first.id
    assert own(presets) == [("CAFE", "new", (NAVY,))]


def test_two_who_save_at_once_keep_one_preset(presets: Presets) -> None:
    with ThreadPoolExecutor(8) as pool:
        saved = list(pool.map(lambda number: presets.save("Spring", f"words {number}", []), range(16)))

    assert len({one.id for one in saved}) == 1
    assert len(own(presets)) == 1


def test_presets_are_in_the_order_of_their_names(presets: Presets) -> None:
    for name in ("zebra", "Äpfel", "apricot", "水彩"):
        presets.save(name, "x", [])

    assert [name for name, _, _ in own(presets)][:2] == ["Äpfel", "apricot"]


def test_a_preset_is_renamed_and_deleted(presets: Presets) -> None:
    one, other = presets.save("one", "x", []), presets.save("other", "y", [])

    presets.rename(one.id, "One, again")
    presets.rename(one.id, "ONE, AGAIN")
    presets.delete(other.id)
    presets.delete(other.id)

    assert own(presets) == [("ONE, AGAIN", "x", ())]


def test_a_name_that_is_taken_is_refused_when_renaming(presets: Presets) -> None:
    one, _ = presets.save("one", "x", []), presets.save("other", "y", [])

    with pytest.raises(ValueError, match="There is a preset OTHER already"):
        presets.rename(one.id, "OTHER")
    with pytest.raises(ValueError, match="built in"):
        presets.rename(one.id, "night")


def test_built_in_presets_cannot_be_changed_but_copied_under_another_name(presets: Presets) -> None:
    night = next(one for one in presets.all() if one.name == "Night")

    with pytest.raises(ValueError, match="cannot be deleted"):
        presets.delete(night.id)
    with pytest.raises(ValueError, match="Save it under another name"):
        presets.rename(night.id, "Dark")
    with pytest.raises(ValueError, match="NIGHT is built in and stays as it is"):
        presets.save("NIGHT", "x", [])
    presets.save("My night", night.words, night.colours)

    assert own(presets) == [("My night", night.words, night.colours)]
    assert night in presets.all()


@pytest.mark.parametrize(
    ("name", "words", "colours", "says"),
    [
        ("", "x", [], "Give the preset a name"),
        (" \u200b\u3000", "x", [], "Give the preset a name"),
        ("a", " ", [], "nothing to save"),
        ("a", "x" * 1004, [], "Shorten them by 4"),
        ("a", "x", ["navy"], "navy is no colour. Write it as #1e90ff"),
        ("a", "x", [f"#00000{number}" for number in range(7)], "Remove 2"),
    ],
)
def test_what_cannot_be_kept_says_why(presets: Presets, name: str, words: str, colours: list[str], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        presets.save(name, words, colours)

    assert own(presets) == []


def test_hostile_names_and_words_are_kept_as_text(presets: Presets) -> None:
    presets.save("'; DROP TABLE presets; --\x00\u202e", "<b>\ud800\x1b[31m</b>", [])

    assert own(presets) == [("'; DROP TABLE presets; --", "<b>\ufffd[31m</b>", ())]


def test_a_prompt_says_what_the_model_has_no_field_for() -> None:
    assert worded(
        "a cup on a table", words="watercolour, soft edges", colours=[NAVY, "FFF"], avoid="text, people.", ratio="2:3"
    ) == (
        "a cup on a table, watercolour, soft edges\n"
        "Colour palette: navy #1b2a4a, white #ffffff.\n"
        "Avoid: text, people.\n"
        "Composition: portrait, 2:3."
    )


@pytest.mark.parametrize("prompt", ["a cup", "A cup. ", "a cup,", "水彩杯子。", "a cup\nColour palette: red #ff0000."])
@pytest.mark.parametrize("preset", BUILT_IN, ids=lambda preset: preset.name)
def test_nothing_is_said_twice(prompt: str, preset: Preset) -> None:
    def once(text: str) -> str:
        return worded(text, words=preset.words, colours=[*preset.colours, NAVY], avoid="text, glare", ratio="1536x1024")

    assert once(prompt) != prompt
    assert once(once(prompt)) == once(prompt)


@pytest.mark.parametrize(
    ("prompt", "added", "result"),
    [
        ("a cup", {}, "a cup"),
        ("  a cup \n", {}, "  a cup \n"),
        (" ", {"words": "watercolour", "ratio": "2:3"}, " "),
        ("a Watercolour cup", {"words": "watercolour, soft"}, "a Watercolour cup, soft"),
        ("a knight", {"words": "night"}, "a knight, night"),
        ("一幅水彩畫", {"words": "水彩, 柔和"}, "一幅水彩畫, 柔和"),
        ("A cup.", {"words": "soft light"}, "A cup. Soft light"),
        ("a cup", {"words": "soft, Soft,, ,soft"}, "a cup, soft"),
        ("a #1B2A4A cup", {"colours": [NAVY]}, "a #1B2A4A cup"),
        ("a poster with text", {"avoid": "text"}, "a poster with text\nAvoid: text."),
        ("a cup, in 16:9", {"ratio": "16:9"}, "a cup, in 16:9"),
        ("a cup", {"ratio": "1024x1024"}, "a cup\nComposition: square, 1:1."),
        ("a cup", {"ratio": "1376*768"}, "a cup\nComposition: landscape, about 16:9."),
        ("a cup", {"ratio": "auto"}, "a cup"),
        ("a cup", {"avoid": " .\n"}, "a cup"),
    ],
)
def test_only_what_is_missing_is_added(prompt: str, added: dict[str, Any], result: str) -> None:
    assert worded(prompt, **added) == result


def test_a_colour_is_a_hex_code() -> None:
    assert [hex_code(one) for one in ("#1B2A4A", "1b2a4a", " #abc ")] == [NAVY, NAVY, "#aabbcc"]
    for wrong in ("", "#12", "navy", "#12345g", "#1b2a4a\n#fff"):
        with pytest.raises(ValueError, match="is no colour"):
            hex_code(wrong)


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("#000", "black"),
        ("#222222", "black"),
        ("#999999", "gray"),
        ("#ffffff", "white"),
        (NAVY, "navy"),
        ("#7a1f2b", "maroon"),
        ("#f2b84b", "orange"),
        ("#00695c", "teal"),
        ("#81b29a", "dark sea green"),
        ("#f8c8dc", "pink"),
        ("#5c4033", "saddle brown"),
    ],
)
def test_a_colour_has_the_name_that_people_would_give_it(colour: str, name: str) -> None:
    assert nearest_name(colour) == name


@pytest.mark.parametrize("red", range(0, 256, 51))
def test_every_name_is_one_of_css_and_names_its_own_colour(red: int) -> None:
    for green in range(0, 256, 51):
        for blue in range(0, 256, 51):
            name = nearest_name(f"#{red:02x}{green:02x}{blue:02x}")
            exact = "#{:02x}{:02x}{:02x}".format(*ImageColor.getrgb(name.replace(" ", ""))[:3])
            assert nearest_name(exact) == name


def test_what_is_sent_does_not_depend_on_who_reads_it() -> None:
    def sent() -> str:
        return worded("a cup", words="soft light", colours=["#1b2a4a"], avoid="text", ratio="2:3")

    english = sent()
    with speaking("zh-TW"):
        assert sent() == english
