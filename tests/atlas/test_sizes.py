"""One size, however it is written; and as people read it."""

import pytest

from atlas import sizes


@pytest.mark.parametrize(
    "text",
    ["1024x1536", "1024X1536", "1024×1536", "1024*1536", "1024 x 1536", " 1024 , 1536 ", "1024 1536", "1024x1536px"],
)
def test_a_size_is_read_whatever_stands_between(text: str) -> None:
    assert sizes.pair(text) == (1024, 1536)


@pytest.mark.parametrize(
    "text", ["", "auto", "2K", "16:9", "1024", "1024x", "x1024", "0x0", "1x1", "1024x1536x3", "-1024x1536", "9" * 9]
)
def test_what_is_no_size_is_none(text: str) -> None:
    assert sizes.pair(text) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("1024x1536", "1024 × 1536, portrait 2:3"),
        ("1536*1024", "1536 × 1024, landscape 3:2"),
        ("1024x1024", "1024 × 1024, square"),
        ("2560x1440", "2560 × 1440, landscape 16:9"),
        ("2848*1600", "2848 × 1600, landscape about 16:9"),
        ("1600*2848", "1600 × 2848, portrait about 9:16"),
        ("1000x1230", "1000 × 1230, portrait about 4:5"),
        ("1000x1418", "1000 × 1418, portrait 1:1.42"),
        ("16:9", "landscape 16:9"),
        ("9:19.5", "portrait 9:19.5"),
        ("1:1", "square 1:1"),
        ("auto", "auto"),
        ("2K", "2K"),
    ],
)
def test_a_size_is_shown_with_its_shape(value: str, told: str) -> None:
    assert sizes.described(value) == told


@pytest.mark.parametrize(
    ("examples", "sign"),
    [(("1024x1024",), "x"), (("2048*2048",), "*"), ((None, "auto", "512x512"), "x"), ((), "*"), (("1024", 7), "*")],
)
def test_the_separator_is_the_models_own(examples: tuple[object, ...], sign: str) -> None:
    assert sizes.separator(examples) == sign


def test_of_several_of_one_shape_the_nearest_in_pixels_is_taken() -> None:
    choices = ("2048*2048", "4096*4096", "2304*1728", "auto")

    assert sizes.nearest("1024x1024", choices) == "2048*2048"
    assert sizes.nearest("3500x3500", choices) == "4096*4096"
    assert sizes.nearest("1376x768", ("1:1", "16:9")) == "16:9"
    assert sizes.nearest("1024x3000", choices) is None
    assert sizes.nearest("auto", choices) is None


@pytest.mark.parametrize(
    "value", ["1:1", "16:9", "9:16", "3:2", "4:5", "21:9", "19.5:9", "1376x768", "3840x2160", "640*480"]
)
@pytest.mark.parametrize(("low", "high"), [(256, 2048), (512, 2048), (1024, 4096), (64, 8192)])
def test_a_free_size_has_the_shape_and_keeps_to_the_ends(value: str, low: int, high: int) -> None:
    found = sizes.shaped(value, like="1024*1024", low=low, high=high)
    wanted = sizes.ratio(value)

    assert found is not None
    assert wanted is not None
    assert all(low <= side <= high and side % 16 == 0 for side in found)
    assert sizes.alike(found[0] / found[1], wanted)


def test_a_free_size_is_as_large_as_it_was() -> None:
    assert sizes.shaped("16:9", like="1024*1024", low=256, high=2048) == (1280, 720)
    assert sizes.shaped("2:3", like=None, low=256, high=2048) == (832, 1248)
    assert sizes.shaped("512x512", like="2048*2048", low=256, high=2048) == (512, 512)
    assert sizes.shaped("21:9", like=None, low=768, high=1360) is None
    assert sizes.shaped("2K", like=None, low=1, high=4096) is None
