"""Texts in more than one language: what people are told, dates, numbers, and who chooses."""

from decimal import Decimal

import pytest

from atlas import language
from atlas.prices import dollars
from studio import formats

WINTER = 1_767_225_600_000  # 1 January 2026, 00:00 UTC


@pytest.mark.parametrize(
    ("locale", "spoken"),
    [("zh-Hant-TW", "zh_TW"), ("zh_TW", "zh_TW"), ("zh", "zh_TW"), ("en-GB", "en"), ("de-DE", "en"), ("", "en")],
)
def test_the_browsers_locale_chooses_the_language(locale: str, spoken: str) -> None:
    assert language.best_of(locale) == spoken


def test_without_anybody_to_ask_it_is_english() -> None:
    assert language.current() == "en"
    assert language.tr("a text that no catalogue knows") == "a text that no catalogue knows"


def test_what_is_spoken_ends_with_its_block() -> None:
    with language.speaking("zh-TW"):
        assert language.current() == "zh_TW"

    assert language.current() == "en"


@pytest.mark.parametrize(
    ("locale", "day", "number", "price"),
    [
        ("en-US", "Jan 1, 2026", "1,234.5", "$0.008"),
        ("en-GB", "1 Jan 2026", "1,234.5", "$0.008"),
        ("zh-TW", "2026年1月1日", "1,234.5", "US$0.008"),
        ("xx-XX", "Jan 1, 2026", "1,234.5", "$0.008"),
    ],
)
def test_dates_numbers_and_money_are_written_as_their_reader_does(
    locale: str, day: str, number: str, price: str
) -> None:
    with language.speaking(locale):
        told = formats.day(WINTER, "UTC"), formats.number(1234.5, 1), dollars(Decimal("0.008"))

    assert told == (day, number, price)


def test_times_are_those_of_the_readers_zone() -> None:
    with language.speaking("zh-TW"):
        assert formats.moment(WINTER, "Asia/Taipei") == "2026年1月1日 08:00"
        assert formats.moment(WINTER, "Asia/Taipei", seconds=True) == "08:00:00"
