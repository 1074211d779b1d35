"""Every setting, read once from a mapping: the environment, or the same names in secrets.toml."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from atlas.client import REAL_SERVICE, Key
from atlas.hosts import is_loopback
from atlas.reading import money
from studio import logs
from studio.people import Guests

LONGEST_LEASE_S: Final = 600

_CHECKOUT = Path(__file__).resolve().parent.parent
_SECRETS = _CHECKOUT / ".streamlit" / "secrets.toml"
_LEAST_BUDGET = Decimal("0.01")


class BadSetting(Exception):
    """A setting that cannot be used; the text is one plain sentence that says what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    key: Key | None  # None: the built-in simulator stands in for Atlas Cloud
    base_url: str
    data_dir: Path
    database_url: str
    max_in_flight: int
    wait_limit_s: float
    lease_s: float
    look_up_s: float
    simulator_latency_s: float | None
    daily_budget: Decimal | None = None  # USD that images may cost from 00:00 to 24:00 UTC
    guests: Guests = field(default_factory=Guests)
    open_to_network: bool = False  # without sign-in, to whoever reaches it
    log: logs.Form = logs.Form.TEXT
    log_level: str = "info"
    metrics_token: str = field(default="", repr=False)


def found() -> Settings:
    """From secrets.toml and the environment, which wins. Raises BadSetting."""
    try:
        secrets = tomllib.loads(_SECRETS.read_text(encoding="utf-8")) if _SECRETS.is_file() else {}
    except tomllib.TOMLDecodeError as trouble:
        raise BadSetting(f".streamlit/secrets.toml is no TOML ({trouble}): correct it, then start again.") from None
    return read({**{name: str(value) for name, value in secrets.items()}, **os.environ})


def read(values: Mapping[str, str]) -> Settings:
    """Raises BadSetting for the first value that cannot be used."""
    key = _key(values.get("ATLASCLOUD_API_KEY", ""))
    data_dir = _data_dir(values.get("STUDIO_DATA_DIR", "").strip())
    latency = values.get("STUDIO_SIMULATOR_LATENCY_S", "").strip()
    return Settings(
        key=key,
        base_url=_base_url(values.get("ATLASCLOUD_BASE_URL", "").strip(), has_key=key is not None),
        data_dir=data_dir,
        database_url=_database_url(values.get("STUDIO_DATABASE_URL", "").strip(), data_dir),
        max_in_flight=int(_number(values, "STUDIO_MAX_IN_FLIGHT", default=4, low=1, high=64, whole=True)),
        wait_limit_s=_number(values, "STUDIO_WAIT_LIMIT_S", default=600, low=1, high=86_400),
        lease_s=_number(values, "STUDIO_LEASE_S", default=15, low=1, high=LONGEST_LEASE_S),
        look_up_s=_number(values, "STUDIO_LOOK_UP_S", default=60, low=0.1, high=600),
        simulator_latency_s=_number(values, "STUDIO_SIMULATOR_LATENCY_S", default=0, low=0, high=600)
        if latency
        else None,
        daily_budget=_daily_budget(values.get("STUDIO_DAILY_BUDGET_USD", "").strip()),
        guests=Guests(hosts=_addresses(values, "STUDIO_HOSTS"), makers=_addresses(values, "STUDIO_MAKERS")),
        open_to_network=_is_open(values.get("STUDIO_OPEN_TO_NETWORK", "").strip()),
        log=logs.Form(_one_of(values, "STUDIO_LOG", tuple(logs.Form), default=logs.Form.TEXT)),
        metrics_token=_token(values.get("STUDIO_METRICS_TOKEN", "").strip()),
        log_level=_one_of(values, "STUDIO_LOG_LEVEL", logs.LEVELS, default="info"),
    )


def _data_dir(text: str) -> Path:
    try:
        return Path(text or _CHECKOUT / "data").expanduser().absolute()
    except RuntimeError:  # ~somebody who is not here
        raise BadSetting(
            "STUDIO_DATA_DIR begins with the home of a user who does not exist here: write the whole path."
        ) from None


def _key(text: str) -> Key | None:
    if not text.strip():
        return None
    try:
        return Key(text)
    except ValueError:
        raise BadSetting(
            "ATLASCLOUD_API_KEY does not look like a key (8 to 200 visible characters, no spaces): copy it again from "
            "the Atlas Cloud console, or unset it to use the simulator."
        ) from None


def _base_url(text: str, *, has_key: bool) -> str:
    if not text:
        return REAL_SERVICE
    host = _host(text)
    if host is None:
        raise BadSetting(f"ATLASCLOUD_BASE_URL must be a host such as {REAL_SERVICE}, without a path: change it.")
    if not text.lower().startswith("https:") and not is_loopback(host):
        raise BadSetting("ATLASCLOUD_BASE_URL must begin with https, or the key would travel unprotected: change it.")
    if not has_key:
        raise BadSetting(
            "ATLASCLOUD_BASE_URL needs a key: set ATLASCLOUD_API_KEY too, or unset both for the simulator."
        )
    return text.rstrip("/")


def _host(address: str) -> str | None:
    """The host of an address that is nothing but http or https, a host and perhaps a port; None of any other."""
    try:
        url = urlsplit(address)
        is_plain = address.rstrip("/").partition("://")[2] == url.netloc and url.port != 0
    except ValueError:
        return None
    is_host = re.fullmatch(r"[\w.:\[\]-]+", url.netloc) is not None
    return url.hostname if is_plain and is_host and url.scheme in {"http", "https"} else None


def _database_url(text: str, data_dir: Path) -> str:
    if not text:
        return f"sqlite:///{data_dir / 'studio.db'}"
    if text.startswith("sqlite:///"):
        return text
    if re.match(r"postgres(ql)?(\+psycopg)?://", text):
        return "postgresql+psycopg://" + text.split("://", 1)[1]
    raise BadSetting(
        "STUDIO_DATABASE_URL must begin with postgresql:// or sqlite:///: change it, or unset it to keep the "
        "database in the data folder."
    )


def _daily_budget(text: str) -> Decimal | None:
    amount = money(text)
    if text and (amount is None or amount < _LEAST_BUDGET):
        raise BadSetting(
            "STUDIO_DAILY_BUDGET_USD must be an amount from 0.01 to 999999, such as 5 or 2.50: change it, or unset it "
            "to spend without a limit."
        )
    return amount


def _addresses(values: Mapping[str, str], name: str) -> frozenset[str]:
    found = frozenset(part.strip().casefold() for part in values.get(name, "").split(",") if part.strip())
    if not all(re.fullmatch(r"[^@\s]*@[^@\s]+", part) for part in found):
        raise BadSetting(f"{name} must be e-mail addresses or @domains with commas between them: change it.")
    return found


def _is_open(text: str) -> bool:
    if text.casefold() not in {"", "yes", "no"}:
        raise BadSetting("STUDIO_OPEN_TO_NETWORK must be yes or no: change it, or unset it for no.")
    return text.casefold() == "yes"


def _token(text: str) -> str:
    if text and not re.fullmatch(r"[\x21-\x7e]{16,200}", text):
        raise BadSetting(
            "STUDIO_METRICS_TOKEN must have 16 to 200 visible characters and no spaces: change it, or unset it to "
            "tell numbers on this machine only."
        )
    return text


def _one_of(values: Mapping[str, str], name: str, words: Sequence[str], *, default: str) -> str:
    word = values.get(name, "").strip().lower() or default
    if word not in words:
        raise BadSetting(f"{name} must be one of {', '.join(words)}: change it, or unset it for {default}.")
    return word


def _number(
    values: Mapping[str, str], name: str, *, default: float, low: float, high: float, whole: bool = False
) -> float:
    text = values.get(name, "").strip()
    if not text:
        return default
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not low <= number <= high or (whole and number != int(number)):
        kind = "a whole number" if whole else "a number"
        raise BadSetting(f"{name} must be {kind} from {low:g} to {high:g}: change it, or unset it for {default:g}.")
    return number
