"""The simulator's pictures: the same for the same words, and different where a word is."""

import hashlib
import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from atlas.simulator.painting import paint
from atlas.simulator.painting.colours import hexed, lab_of_rgb
from atlas.simulator.painting.composition import scene_of
from atlas.simulator.painting.lettering import legible, settable
from atlas.simulator.painting.marks import sign
from atlas.simulator.painting.words import Brief, read

MODEL = "openai/gpt-image-1.5/text-to-image"
BICYCLE = "a {} bicycle leaning against a white wall, Mediterranean noon light"
MARKETING = (
    "a perfume bottle on black marble, soft studio light, gold accents",
    "a street food market at night with paper lanterns",
    "a mountain lake at sunrise in teal and #FF6F61",
    'a minimal poster with the words "SALE", bold red on cream',
    "a red bicycle leaning against a white wall, Mediterranean noon light",
    "a cup of coffee on a wooden table, morning light, cosy",
    "white sneakers floating over pastel pink background, product shot",
    "a cat in a spacesuit among the stars, retro poster",
    "a cosy cabin in a snowy forest at night, warm windows",
    "watercolor bouquet of roses in a glass vase",
)
STYLES = (
    "minimal",
    "flat design",
    "watercolor",
    "oil painting",
    "pixel art",
    "line art",
    "isometric",
    "vintage",
    "cyberpunk",
    "pastel",
    "black and white",
    "photorealistic",
    "low poly",
    "pop art",
)


def painted(
    prompt: str, *, draw: int = 1, size: tuple[int, int] = (384, 384), quality: str = "medium", model: str = MODEL
) -> Image.Image:
    return paint(prompt, model=model, draw=draw, width=size[0], height=size[1], quality=quality)


def lab(image: Image.Image) -> NDArray[np.float64]:
    return lab_of_rgb(np.asarray(image, dtype=np.float64))


def thumbnail(image: Image.Image, cells: int = 16) -> NDArray[np.float64]:
    return lab(image.resize((cells, cells), Image.Resampling.BOX))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean ΔE between two pictures seen from far away."""
    return float(np.linalg.norm(thumbnail(one) - thumbnail(other), axis=-1).mean())


def share_near(image: Image.Image, code: str, tolerance: float) -> float:
    """The share of pixels whose colour is within a ΔE of a hex code."""
    return float((np.linalg.norm(lab(image) - np.array(hexed(code)), axis=-1) < tolerance).mean())


def unmarked(image: Image.Image) -> Image.Image:
    """The picture without the strip its marks lie in."""
    return image.crop((0, 0, image.width, round(image.height * 0.93)))


def energy(image: Image.Image) -> float:
    """How much there is to see close up: the mean absolute difference from a blurred copy."""
    grey = unmarked(image).convert("L")
    fine = ImageChops.difference(grey, grey.filter(ImageFilter.GaussianBlur(1.2)))
    return float(np.asarray(fine, dtype=np.float64).mean())


def test_the_same_request_gives_the_same_pixels_in_every_process() -> None:
    prompt = "三個 red balloons over a lake at sunset"
    here = hashlib.sha256(painted(prompt, size=(256, 256)).tobytes()).hexdigest()
    script = (
        "import hashlib; from atlas.simulator.painting import paint; "
        f"image = paint({prompt!r}, model={MODEL!r}, draw=1, width=256, height=256); "
        "print(hashlib.sha256(image.tobytes()).hexdigest())"
    )

    for seed in ("1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        there = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
        )
        assert there.stdout.strip() == here


@pytest.mark.parametrize("size", [(256, 256), (257, 771), (768, 256), (1024, 640), (1920, 1080)])
def test_a_picture_has_exactly_the_size_asked_for(size: tuple[int, int]) -> None:
    image = painted("a sailing boat on the sea", size=size)

    assert image.size == size
    assert image.mode == "RGB"


def test_ten_marketing_prompts_give_ten_clearly_different_pictures() -> None:
    pictures = [painted(prompt) for prompt in MARKETING]

    for one, other in itertools.combinations(range(len(pictures)), 2):
        assert difference(pictures[one], pictures[other]) > 0.07, (MARKETING[one], MARKETING[other])


def test_a_changed_colour_word_changes_that_colour_and_nothing_else() -> None:
    red, blue = painted(BICYCLE.format("red"), size=(512, 512)), painted(BICYCLE.format("blue"), size=(512, 512))
    changed = np.linalg.norm(lab(red) - lab(blue), axis=-1) > 0.03

    assert 0.003 < changed.mean() < 0.12
    red_inside, blue_inside = lab(red)[changed].mean(axis=0), lab(blue)[changed].mean(axis=0)
    assert red_inside[1] > 0.05
    assert blue_inside[2] < -0.04
    assert blue_inside[1] < red_inside[1] - 0.08


def test_a_changed_accent_leaves_the_subject_alone() -> None:
    prompt = "a perfume bottle on black marble, soft studio light, {} accents"
    gold, silver = painted(prompt.format("gold")), painted(prompt.format("silver"))
    changed = np.linalg.norm(lab(gold) - lab(silver), axis=-1) > 0.03

    assert 0.01 < changed.mean() < 0.5


@pytest.mark.parametrize(
    ("prompt", "code", "tolerance", "share"),
    [
        ("a #19A7CE car on a street", "#19A7CE", 0.1, 0.02),
        ("a cat on a #E8B4B8 background", "#E8B4B8", 0.1, 0.2),
        ("a mountain lake at sunrise in #FF6F61", "#FF6F61", 0.1, 0.1),
        ("a poster in #0F6F5F on #F4EAD5", "#F4EAD5", 0.08, 0.2),
    ],
)
def test_a_hex_code_is_seen_in_the_picture(prompt: str, code: str, tolerance: float, share: float) -> None:
    assert share_near(painted(prompt), code, tolerance) > share


def test_another_noun_is_another_subject_in_the_same_colour() -> None:
    bicycle, car = painted("a red bicycle by a white wall"), painted("a red car by a white wall")

    assert difference(bicycle, car) > 0.03
    assert [thing.kind for thing in read("a red bicycle by a white wall").things] == ["bicycle"]
    assert read("a red car").things[0].colours == read("a red bicycle").things[0].colours


@pytest.mark.parametrize("prompt", [MARKETING[0], MARKETING[2], MARKETING[5]])
def test_another_draw_is_another_arrangement(prompt: str) -> None:
    pictures = [painted(prompt, draw=draw) for draw in (1, 2, 3)]

    for one, other in itertools.combinations(pictures, 2):
        assert difference(one, other) > 0.015


def test_a_seed_is_part_of_the_request() -> None:
    first, second = (paint("a cat", model=MODEL, draw=1, width=256, height=256, seed=seed) for seed in (1, 2))

    assert difference(first, second) > 0.01


def test_another_model_has_another_hand() -> None:
    models = (MODEL, "google/imagen4/text-to-image", "black-forest-labs/flux-dev", "bytedance/seedream-v4")
    pictures = [painted("a sailing boat on the sea at sunset", model=model) for model in models]

    for one, other in itertools.combinations(pictures, 2):
        assert difference(one, other) > 0.02


def test_qualities_share_a_composition_and_differ_in_detail() -> None:
    low, medium, high = (
        painted("a meadow in spring with a house", size=(768, 768), quality=quality)
        for quality in ("low", "medium", "high")
    )

    for one, other in ((low, medium), (medium, high)):
        together = np.corrcoef(thumbnail(one)[..., 0].ravel(), thumbnail(other)[..., 0].ravel())[0, 1]
        assert together > 0.95
    assert energy(low) * 1.1 < energy(medium)
    assert energy(medium) * 1.1 < energy(high)


def test_boasting_about_quality_in_the_prompt_changes_nothing() -> None:
    plain, boasting = painted("a cat"), painted("a cat, masterpiece, 4k, highly detailed")

    assert plain.tobytes() == boasting.tobytes()


@pytest.mark.parametrize("style", STYLES)
def test_a_style_word_changes_the_rendering(style: str) -> None:
    plain, styled = painted("a cat in a room"), painted(f"a cat in a room, {style}")
    changed = np.linalg.norm(lab(plain) - lab(styled), axis=-1) > 0.02

    assert changed.mean() > 0.08


def test_black_and_white_has_no_colour() -> None:
    grey = lab(unmarked(painted("a meadow with red flowers, black and white")))

    assert float(np.hypot(grey[..., 1], grey[..., 2]).mean()) < 0.03


@pytest.mark.parametrize("size", [(256, 256), (1024, 1024), (768, 256), (256, 768)])
def test_the_mark_is_in_the_bottom_right_corner_of_every_picture(size: tuple[int, int]) -> None:
    for ground in ((255, 255, 255), (0, 0, 0), (200, 40, 40)):
        image = Image.new("RGB", size, ground)
        sign(image)
        corner = np.asarray(image.crop((size[0] - 90, size[1] - 30, size[0], size[1])), dtype=np.float64).mean(axis=-1)

        assert corner.max() > 230
        assert corner.min() < 130
        *_, right, bottom = ImageChops.difference(image, Image.new("RGB", size, ground)).getbbox() or (
            0,
            0,
            0,
            0,
        )
        assert right < size[0]
        assert bottom < size[1]


def test_the_mark_is_all_that_is_written_on_a_picture() -> None:
    ground = Image.new("RGB", (1024, 1024), (120, 120, 120))
    image = ground.copy()

    sign(image)

    left, top, *_ = ImageChops.difference(image, ground).getbbox() or (0, 0, 0, 0)
    assert left > 850
    assert top > 980


def test_quoted_words_are_set_as_lettering() -> None:
    lettered = painted('a poster with the words "SALE", red on cream')
    blank = painted("a poster with the words , red on cream")
    red = np.array(hexed("#ed1c2e"))

    shares = [float((np.linalg.norm(lab(image) - red, axis=-1) < 0.15).mean()) for image in (lettered, blank)]
    assert shares[0] > shares[1] + 0.03


def test_letters_the_font_lacks_are_left_out() -> None:
    assert legible("SALE 50%")
    assert not legible("新品")
    assert settable("Café — 50%") == "Cafe - 50%"
    assert painted("「新品」海報").size == (384, 384)


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        " \n\t",
        "a cat " * 5400,
        "\x00\x01\x1b[31m a \x7f cat \ud83d",
        "🎉🎈🍰",
        "𝕱𝖆𝖓𝖈𝖞 العربية עברית ไทย",
        '"" \'\' 「」 "',
        "#12 #12345 #1234567 #FFF",
        "a " * 16_000,
        "9" * 32_000,
    ],
    ids=["empty", "blank", "long", "control", "emoji", "scripts", "quotes", "hashes", "articles", "digits"],
)
def test_any_text_becomes_a_picture(prompt: str) -> None:
    image = painted(prompt, size=(256, 256))

    assert image.size == (256, 256)
    assert np.asarray(image).std() > 8


def test_words_nobody_knows_still_give_each_prompt_its_own_picture() -> None:
    pictures = [painted(prompt) for prompt in ("asdf qwer", "zxcv hjkl", "🎉🎉", "未知詞語", "lorem ipsum")]

    for one, other in itertools.combinations(pictures, 2):
        assert difference(one, other) > 0.03


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("一隻黑色的貓", "a black cat"),
        ("两只黑色的猫", "two black cats"),
        ("紅色腳踏車靠在白色牆邊", "red bicycle by a white wall"),
        ("夜晚的城市", "a city at night"),
        ("海邊的日落", "a beach at sunset"),
        ("雪山", "snow on a mountain"),
        ("森林裡的小屋", "a cabin in a forest"),
        ("水彩花束", "watercolor bouquet"),
    ],
)
def test_chinese_is_read_like_english(chinese: str, english: str) -> None:
    def gist(brief: Brief) -> tuple[object, ...]:
        return brief.things, scene_of(brief), brief.hours, brief.weather, brief.styles, brief.bound

    assert gist(read(chinese)) == gist(read(english))


def test_an_orange_sky_in_chinese_is_orange() -> None:
    sky = painted("海邊的日落,橙色天空").crop((0, 0, 384, 120))
    lightness, green_red, blue_yellow = lab(sky).reshape(-1, 3).mean(axis=0).tolist()

    assert lightness > 0.5
    assert green_red > 0.05
    assert blue_yellow > 0.08


@pytest.mark.parametrize(
    ("prompt", "kinds", "counts"),
    [
        ("two cats and a dog", ["cat", "dog"], [2, 1]),
        ("three balloons in a blue sky", ["balloon"], [3]),
        ("watercolor bouquet of roses in a glass vase", ["bouquet"], [1]),
        ("an orange cat", ["cat"], [1]),
        ("a person with a red umbrella", ["person"], [1]),
        ("a portrait of a woman in a yellow raincoat", ["portrait"], [1]),
    ],
)
def test_things_are_counted_and_not_drawn_twice(prompt: str, kinds: list[str], counts: list[int]) -> None:
    things = read(prompt).things

    assert [thing.kind for thing in things] == kinds
    assert [thing.count for thing in things] == counts


def test_colours_belong_to_the_noun_that_follows() -> None:
    brief = read("white sneakers floating over pastel pink background, gold accents, in teal and #ff6f61")

    assert brief.things[0].colours == (hexed("#f8f7f4"),)
    assert brief.bound == {"background": hexed("#f7cdd6"), "accent": hexed("#d4a63c")}
    assert brief.palette == (hexed("#12858a"), hexed("#ff6f61"))


def test_colour_style_and_quality_words_do_not_move_anything() -> None:
    words = "a {} bicycle by a wall{}"
    geometries = {
        read(words.format(*pair)).geometry for pair in (("red", ""), ("#0af", ", watercolor"), ("sky blue", ", 4k"))
    }

    assert len(geometries) == 1
