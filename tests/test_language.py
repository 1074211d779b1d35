"""Texts in more than one language: what people are told, dates, numbers, and who chooses."""

import re
from decimal import Decimal

import pytest

from atlas import errors, language
from atlas.prices import dollars
from studio import formats, journey

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


STORED = [
    *(text for name, text in vars(journey).items() if name.isupper() and isinstance(text, str)),
    *(kind.advice for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.AtlasError)),
]


@pytest.mark.parametrize("sentence", STORED, ids=lambda sentence: sentence[:40])
def test_what_was_stored_in_english_is_told_in_the_readers_language(sentence: str) -> None:
    filled = re.sub(r"\{\w+(:[^{}]*)?\}", "10", sentence)

    with language.speaking("zh-TW"):
        told = language.retold(filled)

    assert language.retold(filled) == filled, "in English it stays as it is"
    assert not re.search(r"[a-z]{2,} [a-z]{2,}", told), told
    assert ("10" in told) == ("10" in filled)


@pytest.mark.parametrize(
    "stored",
    [
        f"{journey.CUT_OFF} {journey.NOT_LISTED}",
        errors.InvalidRequest("42").explanation,
        journey.NOT_AN_IMAGE.format(reason="it is an animation"),
    ],
)
def test_sentences_inside_and_behind_each_other_are_all_told(stored: str) -> None:
    with language.speaking("zh-TW"):
        told = language.retold(stored)

    assert not re.search(r"[a-z]{2,} [a-z]{2,}", told), told


def test_what_no_catalogue_knows_stays_as_it_is() -> None:
    with language.speaking("zh-TW"):
        assert language.retold("Something {else} that the provider said.") == "Something {else} that the provider said."


def test_times_are_those_of_the_readers_zone() -> None:
    with language.speaking("zh-TW"):
        assert formats.moment(WINTER, "Asia/Taipei") == "2026年1月1日 08:00"
        assert formats.moment(WINTER, "Asia/Taipei", seconds=True) == "08:00:00"


def test_a_number_that_is_filled_in_elsewhere_has_a_form_for_one_and_one_for_several() -> None:
    forms = "{count} image starred", "{count} images starred"

    assert language.both(*forms) == forms
    with language.speaking("zh-TW"):
        one, several = language.both(*forms)
    assert one == several == "{count} 張圖片已加星號"


def test_sums_are_written_to_the_cent() -> None:
    assert formats.money(Decimal("1234.5")) == "$1,234.50"
    assert formats.money(Decimal("0.0671")) == "$0.07"
    with language.speaking("zh-TW"):
        assert formats.money(Decimal(100_000)) == "US$100,000.00"
