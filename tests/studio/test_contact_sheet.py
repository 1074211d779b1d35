"""Contact sheets: nothing cut, nothing guessed, nothing from outside."""

import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from studio.contact_sheet import Cell, Column, Sheet, as_html, as_png

HOSTILE = "</p><script src=x>alert(1)</script>\"'&{title}"


def picture(colour: str = "#d02020", size: tuple[int, int] = (64, 64), kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind, quality=95)
    return buffer.getvalue()


def column(label: str = "A", *, prompt: str = "a red bicycle", facts: str = "1024x1024") -> Column:
    return Column(label=label, prompt=prompt, facts=facts)


def sheet(*columns: Column, draws: int = 1, content: bytes | None = None, note: str = "4.2 s") -> Sheet:
    arms = columns or (column(),)
    row = tuple(Cell(picture=content, note=note) for _ in arms)
    return Sheet(title="Bicycles", subtitle="one arm", columns=arms, rows=(row,) * draws)


def drawn(made: Sheet, cell_px: int = 240) -> NDArray[np.int16]:
    with Image.open(io.BytesIO(as_png(made, cell_px=cell_px)), formats=["PNG"]) as image:
        assert image.mode == "RGB"
        return np.asarray(image).astype(np.int16)


def lone(prompt: str) -> NDArray[np.int16]:
    """A sheet with nothing on it but a prompt and a rule."""
    return drawn(Sheet(title="", subtitle="", columns=(column("", prompt=prompt, facts=""),), rows=()))


def dark(pixels: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Where there is ink of letters, darker than rules and empty cells."""
    return np.asarray(pixels.max(axis=2) < 160)


def red(pixels: NDArray[np.int16]) -> tuple[int, int]:
    """Width and height of what is red."""
    places = np.argwhere((pixels[..., 0] > 180) & (pixels[..., 1] < 60))
    height, width = places.max(axis=0) - places.min(axis=0) + 1
    return int(width), int(height)


class Page(HTMLParser):
    """What a browser would find in the page."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_another_arm_makes_the_sheet_wider_and_another_draw_higher() -> None:
    one = drawn(sheet(content=picture()))
    two_arms = drawn(sheet(column(), column(), content=picture()))
    two_draws = drawn(sheet(content=picture(), draws=2))
    three_draws = drawn(sheet(content=picture(), draws=3))

    assert one.shape[0] == two_arms.shape[0]
    assert 240 < two_arms.shape[1] - one.shape[1] < 300
    assert one.shape[1] == two_draws.shape[1]
    assert 240 < two_draws.shape[0] - one.shape[0] == three_draws.shape[0] - two_draws.shape[0] < 340


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "shown"), [((64, 64), (240, 240)), ((900, 300), (240, 80)), ((300, 900), (80, 240)), ((1, 1), (240, 240))]
)
def test_pictures_of_any_shape_are_shown_whole(size: tuple[int, int], shown: tuple[int, int], kind: str) -> None:
    assert red(drawn(sheet(content=picture(size=size, kind=kind)))) == shown


def test_the_size_of_a_cell_can_be_chosen() -> None:
    assert red(drawn(sheet(content=picture()), cell_px=333)) == (333, 333)


def test_a_long_prompt_makes_the_header_grow() -> None:
    heights = [lone("a quiet street " * times).shape[0] for times in (1, 10, 40)]

    assert heights[0] < heights[1] < heights[2]


@pytest.mark.parametrize("label", ["a long label of many words " * 4, "一个很长的中文标签" * 6])
def test_long_labels_wrap_and_are_never_cut(label: str) -> None:
    assert drawn(sheet(column(label))).shape[0] > drawn(sheet(column("A"))).shape[0]


def test_two_chinese_words_are_two_drawings() -> None:
    assert dark(lone("红色")).sum() > dark(lone("红")).sum() > 20
    assert not np.array_equal(lone("红色"), lone("蓝色"))
    assert not np.array_equal(lone("カメラ"), lone("자전거"))


@pytest.mark.parametrize("prompt", ["a quiet street after the rain, " * 12, "雨后的街道，" * 30, "x" * 200, "Ж" * 200])
def test_all_ink_is_within_the_margins(prompt: str) -> None:
    ink = np.argwhere(dark(lone(prompt)))
    height, width = lone(prompt).shape[:2]

    assert ink.min() >= 30
    assert ink[:, 0].max() < height - 30
    assert ink[:, 1].max() < width - 30


def test_every_line_of_a_prompt_is_drawn() -> None:
    lines = dark(lone("\n".join(["HHH"] * 40))).any(axis=1)

    assert np.count_nonzero(np.diff(lines.astype(int)) == 1) == 40


def test_a_prompt_beyond_forty_lines_says_how_much_more_there_is() -> None:
    shown = lone("\n".join(["HHH"] * 40 + ["more"]))
    many, same_end, other_end = (lone("a cat " * 5000 + end) for end in ("", "and me", "and mine"))

    assert np.count_nonzero(np.diff(dark(shown).any(axis=1).astype(int)) == 1) > 40
    assert many.shape == same_end.shape
    assert not np.array_equal(same_end, other_end)  # for the number of characters


def test_a_line_of_chinese_never_begins_with_a_full_stop() -> None:
    full = next(length for length in range(10, 40) if lone("雨" * (length + 1)).shape != lone("雨").shape)
    wrapped = dark(lone("雨" * full + "。"))

    last_line = wrapped[np.flatnonzero(wrapped.any(axis=1))[-1] - 10 :]

    assert np.ptp(np.flatnonzero(last_line.any(axis=0))) > 10  # a stop alone is 3 pixels wide


def test_what_the_font_lacks_is_a_small_mark_that_is_explained() -> None:
    plain, emoji, family = lone("a cat"), lone("a 🐱 cat"), lone("a 👨‍👩‍👧‍👦 cat")

    assert np.array_equal(emoji, family)
    assert emoji.shape[0] > plain.shape[0]
    assert dark(emoji)[: plain.shape[0] - 40].sum() - dark(plain).sum() < 15


def test_invisible_characters_leave_nothing() -> None:
    assert np.array_equal(lone("a\u200b cat\ufe0f\x07"), lone("a cat"))
    assert np.array_equal(lone("cafe\u0301"), lone("café"))


def test_a_missing_picture_is_its_reason() -> None:
    made, other = drawn(sheet(note="The provider refused.")), drawn(sheet(note="未绘制"))

    assert not np.array_equal(made, other)
    assert np.any(np.all(made == 0xF4, axis=2) | np.all(made == (0xF4, 0xF4, 0xF6), axis=2))


def test_a_long_reason_is_shown_to_its_end() -> None:
    assert drawn(sheet(note="it was refused because of a word " * 9)).shape[0] > drawn(sheet(note="no")).shape[0]


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\x89PNG\r\n\x1a\ncut"])
def test_bytes_that_are_no_picture_do_not_spoil_the_sheet(content: bytes) -> None:
    made = replace(sheet(), rows=((Cell(picture=content, note="3 s"),),))

    assert np.array_equal(drawn(made), drawn(sheet(note="The picture cannot be read, 3 s")))


def test_a_picture_is_told_by_its_alt_text_and_by_its_prompt_without_one() -> None:
    column = Column(label="A", prompt="a red bicycle", facts="")
    cells = (Cell(picture=picture(), note="", alt="A bicycle <by> a wall"), Cell(picture=picture(), note=""))
    page = Page(as_html(Sheet(title="", subtitle="", columns=(column, column), rows=(cells,))))

    assert [each["alt"] for each in page.all("img")] == ["A bicycle <by> a wall", "a red bicycle"]


def test_transparent_pictures_are_shown_on_white() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(buffer, "PNG")

    assert dark(drawn(sheet(content=buffer.getvalue()))).sum() == dark(drawn(sheet(content=picture("white")))).sum()


def test_an_empty_sheet_is_still_a_picture_and_a_page() -> None:
    nothing = Sheet(title="", subtitle="", columns=(), rows=())

    assert drawn(nothing).size > 0
    assert Page(as_html(nothing)).all("img") == []


def test_a_row_that_does_not_match_the_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="one cell per column"):
        replace(sheet(), rows=((),))


def test_the_same_sheet_is_the_same_bytes() -> None:
    made = sheet(column("中文"), column(), content=picture(), draws=2)

    assert as_png(made, cell_px=120) == as_png(made, cell_px=120)
    assert as_html(made) == as_html(made)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_page_holds_the_given_bytes_and_says_what_they_show(kind: str) -> None:
    content = picture(kind=kind)

    (image,) = Page(as_html(sheet(content=content))).all("img")

    start, _, data = str(image["src"]).partition(",")
    assert start == f"data:image/{kind.lower()};base64"
    assert base64.b64decode(data) == content
    assert image["alt"] == "a red bicycle"


def test_hostile_texts_stay_texts() -> None:
    row = (Cell(picture=picture(), note=HOSTILE), Cell(picture=None, note=HOSTILE))
    arm = column(HOSTILE, prompt=HOSTILE, facts=HOSTILE)
    page = Page(as_html(Sheet(title=HOSTILE, subtitle=HOSTILE, columns=(arm, arm), rows=(row,))))

    assert page.all("script") == []
    assert page.text.count(HOSTILE) == 3 + 2 * 3 + 2
    assert page.all("img")[0]["alt"] == HOSTILE


def test_the_page_asks_nothing_from_outside() -> None:
    content = as_html(sheet(content=picture())).decode()
    page = Page(content.encode())

    assert not re.search(r"https?:|//|url\(|@import", re.sub(r"base64,[^\"]*", "", content))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "link", "iframe", "a", "object"})
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    assert {"http-equiv": "Content-Security-Policy", "content": policy} in page.all("meta")
    assert any(meta.get("name") == "viewport" for meta in page.all("meta"))


def test_the_page_is_a_table_whose_rows_and_columns_have_names() -> None:
    page = Page(as_html(sheet(column("A"), column("B"), draws=3, note="refused")))

    assert [head["scope"] for head in page.all("th")] == ["col"] * 3 + ["row"] * 3
    assert len(page.all("td")) == 6
    assert page.text.count("refused") == 6


def test_the_longest_prompt_is_whole_on_the_page() -> None:
    prompt = "雨后的 street,\n" * 2600

    assert prompt in Page(as_html(sheet(column(prompt=prompt)))).text


def test_half_a_character_does_not_stop_a_sheet() -> None:
    broken = sheet(column("\ud83d", prompt="\udc31 \x00"))

    assert as_html(broken)
    assert as_png(broken)
