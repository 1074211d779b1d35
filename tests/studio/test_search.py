"""What somebody looks for, as a value and as part of an address."""

from datetime import date
from decimal import Decimal

import pytest

from studio.generations import State
from studio.search import Search, Sort, fold, size_of


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("CAFE", "ein Café"),
        ("strasse", "Große Straße"),
        ("istanbul", "İstanbul"),
        ("ﬁne", "a fine day"),
        ("紅色", "一輛紅色腳踏車"),
        ("ＡＢＣ", "abc"),
        ("tokyo", "Tōkyō"),
        ("привет", "ПРИВЕТ"),
        ("two  words", "Two\nWords"),
    ],
)
def test_words_are_found_however_they_are_written(typed: str, written: str) -> None:
    assert fold(typed) in fold(written)


def test_marks_that_make_another_letter_are_kept() -> None:
    assert fold("が") != fold("か")
    assert fold("한국") == "한국"


def test_words_phrases_and_words_that_must_not_be_there() -> None:
    assert Search(words='Red "Big Cup" -blue -"dark sky"').wanted == (("red", "big cup"), ("blue", "dark sky"))
    assert Search(words='" - "" -""').wanted[1] == ()


def test_a_search_and_its_address_are_the_same() -> None:
    search = Search(
        words="cup & saucer=1",
        model=("openai/gpt-image-1.5/text-to-image", "z/y"),
        size=("1024x1024",),
        quality=("high",),
        state=(State.FAILED, State.COMPLETED),
        starred=True,
        rating=4,
        tag=("Q4, final", "紅"),
        folder="-",
        experiment="abc",
        since=date(2026, 1, 2),
        until=date(2026, 3, 4),
        least=Decimal(0),
        most=Decimal("0.25"),
        prompt="0123456789abcdef",
        sort=Sort.CHEAP,
        zone="Asia/Taipei",
    )
    query = {name: [value] if isinstance(value, str) else value for name, value in search.query().items()}

    assert Search.parse(query, zone="Asia/Taipei") == search
    assert Search().query() == {}
    assert search.filters == 14


def test_what_makes_no_sense_in_an_address_is_left_out() -> None:
    nonsense = ["", "nan", "-1", "1e999", "9", "2026-13-40", "\x00", "x" * 10_000]
    names = [*Search.__dataclass_fields__, "unknown"]
    for value in nonsense:
        found = Search.parse({name: [value] for name in names})
        assert found.sort is Sort.NEWEST
        assert found.rating == 0
        assert found.since is None
        assert found.state == ()
        assert found.zone == "UTC"
        assert len(found.words) <= 500


def test_days_begin_where_the_viewer_is() -> None:
    begin, end = Search(since=date(2026, 1, 2), until=date(2026, 1, 2), zone="Asia/Taipei").period

    assert begin == 1_767_283_200_000
    assert end == begin + 86_400_000


def test_a_time_zone_that_nobody_knows_is_utc() -> None:
    assert Search(since=date(2026, 1, 1), zone="../etc").period[0] == 1_767_225_600_000


def test_sizes_have_one_spelling() -> None:
    assert (
        size_of({"size": "1024*1536"}) == size_of({"size": "1024 × 1536"}) == size_of({"width": 1024, "height": 1536})
    )
    assert size_of({"aspect_ratio": "16:9"}) == "16:9"
    assert size_of({}) == ""
