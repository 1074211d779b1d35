"""Many prompts from variables, and from lists that people paste and upload."""

import csv
import io
import random
import time
from itertools import product

import pytest

from atlas.models import PROMPT_LIMIT
from studio.prompts import MOST_BYTES, MOST_PROMPTS, Listing, expand, listed, literal


def of(*prompts: str) -> Listing:
    return Listing(prompts=prompts)


def test_two_variables_of_two_make_four_prompts_in_reading_order() -> None:
    assert expand("{red|blue} {cup|mug}") == ["red cup", "red mug", "blue cup", "blue mug"]


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("a red cup", ["a red cup"]),
        ("", [""]),
        ("a | b", ["a | b"]),
        ("a{, at dusk|} b", ["a, at dusk b", "a b"]),
        ("{|}", ["", ""]),
        ("{a|{b|c} d|e}!", ["a!", "b d!", "c d!", "e!"]),
        ("{{a|b}|c}{1|2}", ["a1", "a2", "b1", "b2", "c1", "c2"]),
        ("{紅色|藍色}杯子 🌅", ["紅色杯子 🌅", "藍色杯子 🌅"]),
        ("one\n{two|three}", ["one\ntwo", "one\nthree"]),
    ],
)
def test_variables_may_be_nested_empty_or_absent(text: str, prompts: list[str]) -> None:
    assert expand(text) == prompts


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        (r"\{a\|b\}", ["{a|b}"]),
        (r"{a\|b|c\}}", ["a|b", "c}"]),
        (r"a \n and \\ stay", [r"a \n and \\ stay"]),
    ],
)
def test_a_backslash_makes_the_signs_literal(text: str, prompts: list[str]) -> None:
    assert expand(text) == prompts


@pytest.mark.parametrize("text", ["a {colour} cup", '{"scene": {"light": "dusk"}}', "{}"])
def test_braces_around_no_choice_are_text(text: str) -> None:
    assert expand(text) == [text]


def test_a_choice_inside_braces_that_are_text_is_a_choice() -> None:
    assert expand('{"light": "{dusk|noon}"}') == ['{"light": "dusk"}', '{"light": "noon"}']


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("a bowl and a {red|blue cup", "a bowl and a { red|blue cup"),
        ("a red} cup", "a red } cup"),
        ("{a|{b|c}", "“ { a|{b|c}”"),
        ("{", "“ { ”"),
    ],
)
def test_a_brace_without_its_partner_is_shown_in_its_place(text: str, shows: str) -> None:
    with pytest.raises(ValueError, match="for the sign itself") as caught:
        expand(text)

    assert shows in str(caught.value)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("{a|b}" * 9, "512"),
        ("{" + "|" * 500 + "}", "501"),
        ("{a|b}" * 6000, "more than 1,000,000,000,000"),
    ],
)
def test_too_many_prompts_are_counted_without_being_made(text: str, count: str) -> None:
    begun = time.monotonic()
    with pytest.raises(ValueError, match=f"make {count} prompts and the limit is 500"):
        expand(text)

    assert time.monotonic() - begun < 1


def test_as_many_prompts_as_the_limit_are_made() -> None:
    assert len(expand("{" + "|" * 499 + "}")) == MOST_PROMPTS
    assert len(expand("{|" * 499 + "}" * 499)) == MOST_PROMPTS


def test_long_text_is_left_alone_without_variables_and_refused_with_them() -> None:
    assert expand("x" * 100_000) == ["x" * 100_000]
    with pytest.raises(ValueError, match="Shorten it by 68,005"):
        expand("x" * 100_000 + "{a|b}")


def test_the_prompts_are_the_product_of_the_alternatives() -> None:
    dice = random.Random(5)
    for _ in range(100):
        groups = [[f"w{dice.randrange(9)}" for _ in range(dice.randint(2, 4))] for _ in range(dice.randint(1, 4))]
        text = "-".join("{" + "|".join(group) + "}" for group in groups)
        assert expand(text) == ["-".join(words) for words in product(*groups)]


def test_a_text_list_has_a_prompt_a_line() -> None:
    assert listed("a red cup, on a table\r\n\r\n# later: {x}\r\n  a {red|blue} mug  ", "list.txt") == of(
        "a red cup, on a table", "a {red|blue} mug"
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["list.csv", "LIST.CSV", ""])
def test_a_table_is_read_whatever_its_delimiter(delimiter: str, name: str) -> None:
    buffer = io.StringIO()
    rows = [["note", "Prompt "], ["one", "a cup; red, big\nand old"], ["", 'a "good" mug']]
    csv.writer(buffer, delimiter=delimiter).writerows(rows)

    assert listed(buffer.getvalue(), name) == of("a cup; red, big\nand old", 'a "good" mug')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_list_is_read_whatever_its_encoding(encoding: str) -> None:
    assert listed("prompt\nein blaues Café\n".encode(encoding), "list.csv") == of("ein blaues Café")


def test_chinese_lists_are_read() -> None:
    for encoding in ("utf-8", "utf-16"):
        assert listed("prompt\n一隻紅色杯子,在桌上\n".encode(encoding), "list.csv") == of("一隻紅色杯子,在桌上")


def test_the_only_column_is_the_column_whatever_its_name() -> None:
    assert listed("Idea\na cup, red\n", "list.csv") == of("a cup, red")


def test_twenty_rows_are_twenty_prompts_and_a_bad_one_is_named() -> None:
    rows = [f"cup {number},red" for number in range(1, 21)]
    rows[6] = ",red"
    found = listed("\n".join(["prompt,colour", *rows]), "list.csv")

    assert len(found.prompts) == 19
    assert found.problems == ("Line 8 has no prompt, so it was left out.",)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("a cup,red,big", "Line 4 has 3 cells instead of 2, so"),
        ("a cup", "Line 4 has 1 cell instead of 2, so"),
        ("x" * 33_000 + ",red", "Line 4 has 33,000 characters and the limit is 32,000, so"),
        ('"a cup" red,big', "Line 4 has a quotation mark without its partner"),
    ],
)
def test_a_bad_row_is_named_by_its_line_and_left_out(row: str, says: str) -> None:
    found = listed(f'prompt,note\n"one\ntwo",x\n{row}\nthree,x\n', "list.csv")

    assert found.prompts == ("one\ntwo", "three")
    assert len(found.problems) == 1
    assert found.problems[0].startswith(says)


def test_a_quotation_that_never_ends_costs_one_line_and_not_the_rest() -> None:
    found = listed('prompt\none\n"two\nthree\nfour\n', "list.csv")

    assert found.prompts == ("one", "three", "four")
    assert found.problems[0].startswith("Line 3 has a quotation mark without its partner")


def test_rows_that_are_blank_are_no_rows() -> None:
    assert listed("\n\nprompt,note\n,\na cup,x\n\n,\n", "list.csv") == of("a cup")


def test_a_table_without_the_column_says_which_there_are() -> None:
    found = listed("text,note\na cup,x\n", "list.csv")

    assert found.prompts == ()
    assert "No column is called “prompt”. The columns are: text, note." in found.problems[0]


def test_cells_fill_the_places_of_a_template() -> None:
    table = "Colour,thing\nred,cup\nblue,mug\n"

    assert listed(table, template="a { colour } {THING}, {colour}") == Listing(
        prompts=("a red cup, red", "a blue mug, blue"), filled=("Colour", "thing")
    )
    assert listed(table, "list.csv", template="{small|big} {thing}").prompts == (
        "small cup",
        "big cup",
        "small mug",
        "big mug",
    )


def test_a_template_that_names_no_column_is_not_used() -> None:
    assert listed("prompt,note\na cup,x\n", template="a {colour} bicycle") == of("a cup")


def test_braces_in_cells_and_escaped_places_stay_what_they_are() -> None:
    table = "x,y\n{a|b}\\,{y}\n"

    assert listed(table, template=r"{x}{y} \{x\}").prompts == (r"{a|b}\{y} {x}",)
    assert listed("x,y\na,{\n", template="{x}|{y}").prompts == ("a|{",)


@pytest.mark.parametrize(("template", "says"), [("{x} {a|b", "never ends"), ("{x}" + "{a|b}" * 9, "make 512 prompts")])
def test_a_template_that_cannot_be_expanded_says_why(template: str, says: str) -> None:
    found = listed("x,y\n1,2\n", template=template)

    assert found.prompts == ()
    assert len(found.problems) == 1
    assert says in found.problems[0]


def test_a_list_ends_at_the_limit_and_says_so() -> None:
    found = listed("\n".join(f"cup {number}" for number in range(1, 600)))
    assert len(found.prompts) == MOST_PROMPTS
    assert found.problems == ("The limit is 500 prompts: from line 501 on they were left out.",)

    table = "x,y\n" + "1,2\n" * 200
    found = listed(table, template="{x} {a|b|c}")
    assert len(found.prompts) == 498
    assert found.problems == ("The limit is 500 prompts: from line 168 on they were left out.",)


def test_a_list_that_is_too_large_or_empty_says_so() -> None:
    assert "has 1.5 MB and the limit is 1 MB" in listed("x" * (MOST_BYTES * 3 // 2)).problems[0]
    for nothing in ("", " \n\n", b"", b"\xef\xbb\xbf", b"\xff\xfe"):
        assert "The list is empty" in listed(nothing, "list.csv").problems[0]


NOISE = random.Random(7)


@pytest.mark.parametrize(
    "content",
    [
        NOISE.randbytes(200_000),
        b"\x00" * 5000,
        b'"' * 200_000,
        b'"\n' * 200_000,
        b",\n" * 400_000,
        b",,\n,,",
        b'prompt\n"x' * 100_000,
        b"prompt\n" + b'"x"y\n' * 100_000,
        b"{" * 300_000,
        b"prompt,x\n" + b"y" * 400_000 + b",z",
        b"\xff\xfe\x00",
        b"\xed\xa0\x80 prompt\n\xf0\x9f",
    ],
    ids=range(12),
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt", ""])
def test_hostile_content_neither_raises_nor_takes_long(content: bytes, name: str) -> None:
    begun = time.monotonic()
    found = listed(content, name, template="{a|b} {x} {prompt}")

    assert time.monotonic() - begun < 5
    assert len(found.prompts) <= MOST_PROMPTS
    assert len(found.problems) <= MOST_PROMPTS + 1
    assert all(0 < len(prompt) <= PROMPT_LIMIT for prompt in found.prompts)


def test_random_tables_come_back_as_they_were_written() -> None:
    dice = random.Random(11)
    signs = 'ab ,;\t"\n{|}\\#é杯'
    for _ in range(200):
        cells = ["".join(dice.choices(signs, k=dice.randint(1, 12))).strip() or "x" for _ in range(4)]
        buffer = io.StringIO()
        csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["prompt", "n"], *([cell, "1"] for cell in cells)])
        assert listed(buffer.getvalue(), "list.csv") == of(*cells)


def test_many_places_for_a_long_cell_are_refused_before_they_are_filled() -> None:
    found = listed("x,y\n" + "z" * 30_000 + ",1\n", template="{x}" * 10_000)

    assert found.problems[0].startswith("Line 2 has 300,000,000 characters")


@pytest.mark.parametrize("prompt", ["a cup", "Logo {x|y}", "a {", "{colour} {a|b} \\|", "}|{"])
def test_a_literal_prompt_is_left_as_it_is(prompt: str) -> None:
    assert len(expand(literal(prompt))) == 1


def test_a_literal_prompt_reads_as_it_was() -> None:
    assert expand(literal("Logo {x|y}")) == ["Logo {x|y}"]
