"""Spreadsheets: one row per image, nothing that runs, and numbers that stay numbers."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from studio import spreadsheets
from studio.generations import Generation, Picture, Slot, State
from studio.library import Item
from studio.spreadsheets import COLUMNS, guarded

PICTURE = Picture(sha256="ab" * 32, format="png", width=1024, height=768, bytes=5)


def made(prompt: str = "a red bicycle", **values: object) -> Generation:
    generation = Generation(
        id="0123",
        slot=Slot(run="r"),
        provider="api.atlascloud.ai",
        model="openai/gpt-image-1.5/text-to-image",
        prompt=prompt,
        parameters={"size": "1024x768", "quality": "low", "seed": 7, "style": "=1+1"},
        state=State.COMPLETED,
        created=1_767_323_045_678,
        submitted=1_767_323_046_000,
        ended=1_767_323_054_250,
        request_id="req-1",
        price=Decimal("0.011"),
        pictures=(PICTURE,),
    )
    return replace(generation, **values)  # type: ignore[arg-type]


def rows(items: Iterable[Item]) -> list[dict[str, str]]:
    text = b"".join(spreadsheets.sheet(items)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_says_everything_about_an_image() -> None:
    seen = made(alt="A bicycle by a wall")
    item = Item(generation=seen, rating=4, starred=True, tags=("red", "Mütze"), folder="Spring", note="good")

    assert rows([item]) == [
        {
            "id": "0123",
            "created": "2026-01-02T03:04:05Z",
            "model": "openai/gpt-image-1.5/text-to-image",
            "prompt": "a red bicycle",
            "size": "1024x768",
            "quality": "low",
            "parameters": '{"seed": 7, "style": "=1+1"}',
            "state": "completed",
            "seconds": "8.25",
            "price_usd": "0.011",
            "rating": "4",
            "starred": "yes",
            "tags": "red, Mütze",
            "folder": "Spring",
            "note": "good",
            "alt": "A bicycle by a wall",
            "file": "0001_a-red-bicycle.png",
            "sha256": "ab" * 32,
            "width": "1024",
            "height": "768",
            "format": "png",
            "provider": "api.atlascloud.ai",
            "request_id": "req-1",
        }
    ]


def test_what_is_unknown_is_empty_and_never_zero() -> None:
    failed = made(
        state=State.FAILED, price=None, submitted=None, ended=None, request_id=None, pictures=(), parameters={}
    )

    row = rows([Item(generation=failed)])[0]

    assert row["state"] == "failed"
    unknown = (
        "price_usd",
        "seconds",
        "rating",
        "file",
        "sha256",
        "width",
        "height",
        "format",
        "request_id",
        "parameters",
    )
    assert {row[name] for name in unknown} == {""}
    assert rows([Item(generation=made(price=Decimal(0)))])[0]["price_usd"] == "0"


def test_a_tiny_price_is_written_without_an_exponent() -> None:
    assert rows([Item(generation=made(price=Decimal("0.000001")))])[0]["price_usd"] == "0.000001"
    assert rows([Item(generation=made(price=Decimal(100)))])[0]["price_usd"] == "100"


def test_two_images_of_a_generation_are_two_rows_and_a_simulated_one_says_so() -> None:
    found = rows([Item(generation=made(provider="simulator", pictures=(PICTURE, PICTURE)))])

    assert [row["file"] for row in found] == ["0001_a-red-bicycle.png", "0002_a-red-bicycle.png"]
    assert {row["provider"] for row in found} == {"simulator (simulated)"}


def test_every_cell_is_quoted_and_excel_knows_the_encoding() -> None:
    content = b"".join(spreadsheets.sheet([Item(generation=made('一辆\n"红色", 的'))]))

    assert content.startswith(b'\xef\xbb\xbf"id","created"')
    assert '"一辆\n""红色"", 的"'.encode() in content
    assert rows([Item(generation=made('一辆\n"红色", 的'))])[0]["prompt"] == '一辆\n"红色", 的'


DANGEROUS = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "|calc",
    "%0a",
    "\t=1",
    "\r=1",
    "\n=1",
    "\ttext",
    "\rtext",
    "\ntext",
    "   =1",
    "\u3000=1",
    "\u00a0=1",
    "\ufeff=1",
    "\u200b=1",
    "\u202e=1",
    "\x00=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "｜1",
    "％1",
    " ＝1",
    '=HYPERLINK("http://x","y")',
]


@pytest.mark.parametrize("text", DANGEROUS, ids=ascii)
def test_a_text_that_looks_like_a_formula_is_only_a_text(text: str) -> None:
    item = Item(generation=made(text, model=text, provider=text, request_id=text), note=text, folder=text, tags=(text,))

    row = rows([item])[0]

    assert guarded(text) == f"'{text}"
    for name in ("model", "prompt", "note", "folder", "tags", "provider", "request_id"):
        assert row[name].startswith("'")


@pytest.mark.parametrize("text", ["", " ", "a=b", "1-2", '{"a": "=1"}', "红", "'quoted", '"=1"', "5%", "\u00b11"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


def test_json_in_a_cell_is_not_spoilt() -> None:
    assert json.loads(rows([Item(generation=made())])[0]["parameters"]) == {"seed": 7, "style": "=1+1"}


def test_a_bad_rule_is_refused_before_anything_is_written() -> None:
    with pytest.raises(ValueError, match="unknown field"):
        spreadsheets.sheet([], rule="{colour}")


def test_an_empty_list_is_a_file_with_its_header() -> None:
    assert b"".join(spreadsheets.sheet([])).decode("utf-8-sig") == ",".join(f'"{name}"' for name in COLUMNS) + "\r\n"


def test_memory_does_not_grow_with_the_number_of_rows() -> None:
    def many(count: int) -> Iterator[Item]:
        return (Item(generation=made("a long prompt " * 100, id=str(number))) for number in range(count))

    def peak(count: int) -> int:
        tracemalloc.start()
        written = sum(map(len, spreadsheets.sheet(many(count), rule="{id}")))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert written > count * 1400
        return most

    assert peak(1000) < peak(100) + 500_000
