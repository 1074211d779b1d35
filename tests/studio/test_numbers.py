"""What was made and what it cost: the sums are those of the ledger."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select

from studio.curation import Curation
from studio.database import open_database
from studio.generations import State
from studio.numbers import Ledger
from studio.schema import generations
from tests.studio.shelves import A_DAY, PICTURE, fill, item

MODEL = "openai/gpt-image-1.5/text-to-image"


@pytest.fixture
def database(database_url: str) -> Engine:
    return open_database(database_url)


def test_a_model_has_its_images_cost_success_and_times(database: Engine) -> None:
    fill(
        database,
        [
            *[item(n) for n in range(1, 11)],
            item(11, state=State.FAILED, price=None, pictures=()),
            item(12, state=State.UNKNOWN, price=None, pictures=(), ended=None),
            item(13, price=None, pictures=(PICTURE, PICTURE)),
            item(14, model="a/b", provider="simulator"),
        ],
    )

    line, other = Ledger(database).by_model()

    assert (line.model, line.provider, line.images, line.completed) == (MODEL, "atlas", 12, 11)
    assert (line.failed, line.open, line.unpriced) == (1, 1, 1)
    assert line.spent == Decimal("0.55")
    assert line.success == pytest.approx(11 / 12)
    assert line.median == 6
    assert line.p95 == pytest.approx(11.5)
    assert (other.model, other.provider, other.images) == ("a/b", "simulator", 1)


def test_days_are_those_of_the_viewer(database: Engine) -> None:
    late = item(1).generation.created + A_DAY - 3_600_000  # 23:00 UTC
    fill(database, [item(1, created=late), item(2)])
    ledger = Ledger(database)

    assert [line.day for line in ledger.by_day(zone="UTC")] == [date(2026, 1, 2), date(2026, 1, 3)]
    assert [(line.day, line.images) for line in ledger.by_day(zone="Asia/Taipei")] == [(date(2026, 1, 3), 2)]


def test_weeks_are_counted_from_their_images_not_from_their_days(database: Engine) -> None:
    fill(database, [item(n) for n in range(1, 15)])  # from Friday 2 January 2026 on
    ledger = Ledger(database)

    weeks = ledger.by_day(zone="UTC", weekly=True)

    assert [(line.day, line.images) for line in weeks] == [
        (date(2025, 12, 29), 3),
        (date(2026, 1, 5), 7),
        (date(2026, 1, 12), 4),
    ]
    assert [line.median for line in weeks] == [2, 7, 12.5]
    assert ledger.days() == 13


def test_the_sums_are_those_of_the_ledger_also_when_the_bin_was_swept(database: Engine) -> None:
    fill(database, [item(n) for n in range(1, 8)])
    curation = Curation(database)
    curation.delete([item(n).id for n in (1, 2)])
    curation.sweep(older_than_ms=-1000)
    with database.connect() as connection:
        micros = int(connection.execute(select(func.sum(generations.c.price_micros))).scalar_one())

    ledger = Ledger(database)

    for lines in (ledger.by_model(), ledger.by_day(zone="Asia/Taipei")):
        assert sum(line.spent for line in lines) == Decimal(micros) / 1_000_000 == Decimal("0.28")
        assert sum(line.images for line in lines) == 7


def test_an_empty_ledger_has_no_lines(database: Engine) -> None:
    assert Ledger(database).by_model() == []
    assert Ledger(database).by_day(zone="UTC") == []
