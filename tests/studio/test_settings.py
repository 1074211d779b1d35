"""Every setting: its default, and one plain sentence for each value that cannot be used."""

from decimal import Decimal
from pathlib import Path

import pytest

from studio.settings import BadSetting, read

KEY = "apikey-0123456789"


def test_without_settings_it_is_the_simulator_and_the_data_folder_of_the_checkout() -> None:
    settings = read({})

    assert settings.key is None
    assert settings.data_dir == Path(__file__).resolve().parents[2] / "data"
    assert settings.database_url == f"sqlite:///{settings.data_dir}/studio.db"
    assert (settings.max_in_flight, settings.wait_limit_s) == (4, 600)


def test_a_day_may_cost_what_one_likes_unless_a_budget_is_set() -> None:
    assert read({}).daily_budget is None
    assert read({"STUDIO_DAILY_BUDGET_USD": " "}).daily_budget is None
    assert read({"STUDIO_DAILY_BUDGET_USD": " 2.50 "}).daily_budget == Decimal("2.50")


def test_with_a_key_it_is_the_real_service() -> None:
    settings = read({"ATLASCLOUD_API_KEY": f" {KEY}\n"})

    assert settings.key is not None
    assert settings.base_url == "https://api.atlascloud.ai"
    assert KEY not in repr(settings)


@pytest.mark.parametrize("url", ["postgresql://u:w@h/d", "postgres://u:w@h/d", "postgresql+psycopg://u:w@h/d"])
def test_every_way_to_write_a_postgresql_address_is_understood(url: str) -> None:
    assert read({"STUDIO_DATABASE_URL": url}).database_url == "postgresql+psycopg://u:w@h/d"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"ATLASCLOUD_API_KEY": "short"}, "does not look like a key"),
        ({"ATLASCLOUD_API_KEY": "two words here"}, "does not look like a key"),
        ({"ATLASCLOUD_BASE_URL": "https://api.example"}, "needs a key"),
        ({"ATLASCLOUD_API_KEY": KEY, "ATLASCLOUD_BASE_URL": "api.example"}, "must be a host"),
        ({"ATLASCLOUD_API_KEY": KEY, "ATLASCLOUD_BASE_URL": "https://api.example/api/v1"}, "without a path"),
        ({"ATLASCLOUD_API_KEY": KEY, "ATLASCLOUD_BASE_URL": "http://api.example"}, "must begin with https"),
        ({"ATLASCLOUD_API_KEY": KEY, "ATLASCLOUD_BASE_URL": "https://["}, "must be a host"),
        ({"ATLASCLOUD_API_KEY": KEY, "ATLASCLOUD_BASE_URL": "https://api.example:99999"}, "must be a host"),
        ({"ATLASCLOUD_API_KEY": KEY, "ATLASCLOUD_BASE_URL": "https://api.example#v1"}, "must be a host"),
        ({"ATLASCLOUD_API_KEY": KEY, "ATLASCLOUD_BASE_URL": "https://:word@api.example"}, "must be a host"),
        ({"ATLASCLOUD_API_KEY": KEY, "ATLASCLOUD_BASE_URL": "https://api example"}, "must be a host"),
        ({"STUDIO_DATA_DIR": "~nobody-of-this-name/studio"}, "write the whole path"),
        ({"STUDIO_DATABASE_URL": "mysql://x"}, "must begin with postgresql"),
        ({"STUDIO_MAX_IN_FLIGHT": "0"}, "a whole number from 1 to 64"),
        ({"STUDIO_MAX_IN_FLIGHT": "2.5"}, "a whole number from 1 to 64"),
        ({"STUDIO_WAIT_LIMIT_S": "soon"}, "a number from 1 to 86400"),
        ({"STUDIO_WAIT_LIMIT_S": "nan"}, "a number from 1 to 86400"),
        ({"STUDIO_LEASE_S": "-1"}, "a number from 1 to 600"),
        ({"STUDIO_SIMULATOR_LATENCY_S": "inf"}, "a number from 0 to 600"),
        ({"STUDIO_LOG": "xml"}, "one of text, json"),
        ({"STUDIO_LOG_LEVEL": "loud"}, "one of debug, info, warning, error"),
        ({"STUDIO_DAILY_BUDGET_USD": "$5"}, "an amount from 0.01"),
        ({"STUDIO_DAILY_BUDGET_USD": "5,00"}, "an amount from 0.01"),
        ({"STUDIO_DAILY_BUDGET_USD": "0"}, "an amount from 0.01"),
        ({"STUDIO_DAILY_BUDGET_USD": "-1"}, "an amount from 0.01"),
        ({"STUDIO_DAILY_BUDGET_USD": "nan"}, "an amount from 0.01"),
        ({"STUDIO_DAILY_BUDGET_USD": "1e9"}, "an amount from 0.01"),
    ],
)
def test_a_bad_value_is_refused_in_one_sentence_that_names_it(values: dict[str, str], says: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read(values)

    assert says in str(refused.value)
    assert next(reversed(values)) in str(refused.value)
    assert KEY not in str(refused.value)
    assert "\n" not in str(refused.value)
