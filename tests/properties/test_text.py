"""Texts of any kind: made fit once and for all, cut where they may be, and never code, markup or a path."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from atlas.prices import dollars
from atlas.text import clean, excerpt
from studio import naming, presets, spreadsheets, wording
from studio.generations import State
from studio.naming import Names
from studio.reviews import strict
from studio.reviews.chain import linked
from studio.reviews.plan import canonical
from studio.search import Search, Sort, fold, known_zone
from studio.settings import BadSetting, Settings, read
from tests.properties.trying import tries
from tests.properties.values import anything, storable, texts
from tests.studio.shelves import PICTURE, item
from ui.text import one_line, plain

_ESCAPED: Final = re.compile(r"\\[!-/:-@\[-`{-~]")
_MARKUP: Final = re.compile(r"[!-/:-@\[-`{-~]")
_NAMES: Final = st.sampled_from(
    [
        "",
        "{prompt}",
        "{model}_{id}",
        "{prompt}{prompt}",
        "{campaign}_{arm}_{number}",
        "{date} {quality}",
        "x",
        "CON",
        "..",
    ]
)
_SETTINGS: Final = (
    "ATLASCLOUD_API_KEY",
    "ATLASCLOUD_BASE_URL",
    "STUDIO_DATA_DIR",
    "STUDIO_DATABASE_URL",
    "STUDIO_MAX_IN_FLIGHT",
    "STUDIO_WAIT_LIMIT_S",
    "STUDIO_LEASE_S",
    "STUDIO_SIMULATOR_LATENCY_S",
    "STUDIO_DAILY_BUDGET_USD",
)
_SET_TO: Final = st.one_of(
    texts,
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from(["apikey-0123456789", "~", "~nobody/x", "sqlite:///x", "postgres://[", "http://localhost:1"]),
    st.builds("{}://{}".format, st.sampled_from(["http", "https", "HTTPS"]), st.text("[]:@/?#%. ax1é\t", max_size=8)),
)
_sentences = st.lists(st.sampled_from(["red", "fox", " ", "  ", "\n", ", ", "紅", "👩\u200d", "a-b"]), max_size=8).map(
    "".join
)
_cleaned = storable.map(lambda text: clean(clean(text)[:100]))  # an address is cut at 200
_several = st.lists(_cleaned.filter(bool), max_size=3, unique=True).map(tuple)
searches = st.builds(
    Search,
    words=_cleaned,
    model=_several,
    size=_several,
    quality=_several,
    state=st.lists(st.sampled_from(State), unique=True).map(tuple),
    starred=st.booleans(),
    rating=st.integers(0, 5),
    tag=_several,
    folder=_cleaned,
    experiment=_cleaned,
    since=st.none() | st.dates(date(1970, 1, 1), date(2200, 12, 31)),
    until=st.none() | st.dates(date(1970, 1, 1), date(2200, 12, 31)),
    least=st.none() | st.decimals(0, 999_999, allow_nan=False),
    most=st.none() | st.decimals(0, 999_999, allow_nan=False),
    prompt=_cleaned,
    sort=st.sampled_from(Sort),
)


@tries(250)
@given(texts)
def test_clean_text_is_whole_stays_clean_and_can_be_stored(text: str) -> None:
    found = clean(text)

    assert clean(found) == found
    assert unicodedata.is_normalized("NFC", found)
    assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", found)
    assert found.encode().decode() == found


@tries(250)
@given(texts, st.integers(1, 60))
def test_an_excerpt_is_one_line_no_longer_than_allowed(text: str, limit: int) -> None:
    found = excerpt(text, limit)

    assert len(found) <= limit
    assert len(found.splitlines()) <= 1
    assert found == " ".join(found.split())
    assert excerpt(found, limit) == found


@tries(250)
@given(texts, st.integers(1, 60))
def test_plain_text_holds_nothing_that_markdown_would_read(text: str, limit: int) -> None:
    shown = plain(text, limit)

    assert not _MARKUP.search(_ESCAPED.sub("", shown))
    assert all(line == line.strip() for line in shown.split("\n"))
    assert re.sub(r"\\(.)", r"\1", plain(text, 10**6)) == "\n".join(line.strip() for line in clean(text).split("\n"))
    assert "\n" not in one_line(text)


@tries(150)
@given(st.lists(storable, min_size=1, max_size=6), _NAMES, texts, st.sampled_from(["png", "jpeg", "webp", "../x"]))
def test_names_of_files_are_safe_on_every_system_and_all_different(
    prompts: list[str], rule: str, campaign: str, kind: str
) -> None:
    names = Names(rule, campaign=campaign)
    picture = type(PICTURE)(**{**vars(PICTURE), "format": kind})
    given_names = [names.name(item(1, prompt, id="x").generation, picture) for prompt in prompts]

    folded = [unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()) for name in given_names]
    assert len(set(folded)) == len(prompts)
    for name in given_names:
        assert len(name.encode()) <= 80
        assert not re.search(r'[\0-\x1f<>:"/\\|?*\x7f\u200b\u202e]', name)
        assert name not in {".", ".."}
        assert not name.startswith((".", " ", "-"))
        assert not name.endswith((".", " "))
        assert name.partition(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}


@tries(150)
@given(texts)
def test_a_rule_for_names_is_taken_or_refused_in_a_sentence(rule: str) -> None:
    refused = refusal(lambda: naming.checked(rule))

    assert refused.endswith(".") if refused else Names(rule).name(item(1).generation, PICTURE)


@tries(250)
@given(texts)
def test_no_cell_of_a_spreadsheet_begins_a_formula(text: str) -> None:
    cell = spreadsheets.guarded(text)
    seen = "".join(sign for sign in cell if unicodedata.category(sign) not in {"Zs", "Zl", "Zp", "Cc", "Cf"})

    assert cell in {text, f"'{text}"}
    assert not unicodedata.normalize("NFKC", seen[:1]).startswith(("=", "+", "-", "@", "|", "%"))
    assert not cell.startswith(("\t", "\r", "\n"))


@tries(150)
@given(*[texts | _sentences] * 2)
def test_the_pieces_of_a_comparison_join_to_both_texts(before: str, after: str) -> None:
    pieces = wording.compare(before, after)

    assert "".join(piece.text for piece in pieces if piece.change != wording.Change.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.change != wording.Change.REMOVED) == after
    assert "".join(wording.words(before)) == before
    assert wording.compare(before, before) == ([piece for piece in wording.compare(before, before) if piece.text])
    assert all(piece.change is wording.Change.SAME for piece in wording.compare(before, before))


@tries(150)
@given(searches)
def test_a_search_comes_back_out_of_its_address(search: Search) -> None:
    address = {name: [value] if isinstance(value, str) else value for name, value in search.query().items()}

    assert Search.parse(address) == search
    assert all(piece == fold(piece) for pieces in search.wanted for piece in pieces)
    assert search.period is not None


@tries(150)
@given(
    st.dictionaries(st.sampled_from([*Search().query(), *vars(Search()), "other"]), st.lists(texts, max_size=3)), texts
)
def test_any_address_is_a_search(query: dict[str, list[str]], zone: str) -> None:
    found = Search.parse(query, zone=zone)

    assert found.period is not None
    assert found.filters >= 0
    assert known_zone(zone).key
    assert fold(found.words) == fold(fold(found.words))


@tries(250)
@given(st.dictionaries(st.sampled_from(_SETTINGS), _SET_TO))
def test_any_settings_are_taken_or_refused_in_a_sentence_that_names_one(values: dict[str, str]) -> None:
    try:
        found: Settings | str = read(values)
    except BadSetting as refused:
        found = str(refused)
    if isinstance(found, str):
        assert found.endswith(".")
        assert any(name in found for name in values)
        assert "apikey-0123456789" not in found
    else:
        assert 1 <= found.max_in_flight <= 64
        assert found.data_dir.is_absolute()
        assert found.base_url.lower().startswith(("https://", "http://localhost", "http://127", "http://[::1]"))
        assert "apikey-0123456789" not in repr(found)


@tries(150)
@given(st.dictionaries(st.text(), anything, max_size=5), st.integers(0, 10**6))
def test_canonical_json_is_one_text_for_one_value_and_any_bit_of_a_chain_counts(
    told: dict[str, object], bit: int
) -> None:
    try:
        body = canonical(told)
        body.encode()
    except ValueError:  # NaN, half a character: not for a record
        return
    turned = dict(reversed(told.items()))
    assert canonical(turned) == body
    assert canonical(strict.parsed(body)) == body

    previous = hashlib.sha256(b"plan").hexdigest()
    raw = bytearray(body.encode())
    raw[bit // 8 % len(raw)] ^= 1 << bit % 8
    assert hashlib.sha256(f"{previous}\n".encode() + raw).hexdigest() != linked(previous, body)


@tries(150)
@given(st.decimals(0, 1_000_000, allow_nan=False, places=6))
def test_dollars_lose_no_digit_of_a_micro_dollar(amount: Decimal) -> None:
    written = dollars(amount)

    assert re.fullmatch(r"\$[\d,]+\.\d{2,6}", written)
    assert Decimal(written[1:].replace(",", "")) == amount


@tries(100)
@given(texts, texts, texts)
def test_what_is_added_to_a_prompt_stands_behind_it(prompt: str, words: str, avoid: str) -> None:
    worded = presets.worded(prompt, words=words, avoid=avoid)

    body = prompt.rstrip().rstrip(",;、，")
    assert worded.startswith(body)
    assert worded == prompt or prompt.strip()


@tries(150)
@given(texts)
def test_a_colour_is_a_hex_code_or_refused(text: str) -> None:
    refused = refusal(lambda: presets.hex_code(text))

    assert "is no colour" in refused if refused else re.fullmatch("#[0-9a-f]{6}", presets.hex_code(text))


def refusal(doing: Callable[[], object]) -> str:
    """The sentence of a ValueError; empty where there was none."""
    try:
        doing()
    except ValueError as refused:
        return str(refused)
    return ""
