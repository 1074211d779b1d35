"""Values that nobody vouches for: texts, JSON, and known replies with something wrong in them."""

import math
import random
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from atlas.reading import Json
from tests.conftest import CANARY

NASTY: Final = (
    "",
    " ",
    "\0",
    "\ud800",
    "\udfff\ud800",
    "\ufeff",
    "\u202egnp.exe",
    "e\u0301\u0327",
    "👨\u200d👩\u200d👧",
    "９９",
    "٣",
    "²",
    "1_000",
    "1e999",
    "-1",
    "NaN",
    "sNaN",
    "9" * 4301,
    "2026-02-30",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "https://[",
    "https://host:port/x",
    "http://127.0.0.1/",
    "data:image/png;base64,",
    "=HYPERLINK(1)",
    "＝1",
    "\u00a0@x",
    "../../etc/passwd",
    "CON.txt",
    "![x](http://elsewhere.example/y)",
    "$a$ :red[b] <script>",
    "{prompt}",
    "\r\nX-Other: 1",
    "Negative prompt: no",
    CANARY,
)

texts: Final[SearchStrategy[str]] = st.one_of(
    st.text(st.characters(exclude_categories=())),
    st.text(st.sampled_from("aA1 .,:;=-_/\\'\"\n\r\t\0{}[]()<>&%$#@!é\u0301\u200d\u202e紅\ud800")),
    st.sampled_from(NASTY),
    st.lists(st.sampled_from(NASTY) | st.text(max_size=5), max_size=4).map("".join),
)
"""Any text, also with half characters."""

storable: Final[SearchStrategy[str]] = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from([text for text in NASTY if text.isprintable() or text == "\ufeff"]) | st.text(max_size=5),
        max_size=4,
    ).map("".join),
)
"""Any text of whole characters."""

_ODD: Final = (None, True, False, 0, -1, 2**31, 2**63, 10**400, 0.1, 1e308, -0.0, math.nan, math.inf, -math.inf)
_numbers: SearchStrategy[Json] = st.one_of(st.integers(), st.floats(), st.sampled_from(_ODD))
_plain: SearchStrategy[Json] = st.one_of(st.none(), st.booleans(), _numbers, texts)

anything: Final[SearchStrategy[Json]] = st.recursive(
    _plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)
"""Any JSON, also what only Python's reader takes for some: NaN, and whole numbers of any length."""


def shaken(*samples: Json) -> SearchStrategy[Json]:
    """One of the samples with parts of it left out, repeated, or replaced by anything.

    Thrown from one number: a strategy for every part would take a hundred times as long.
    """
    return st.integers(0, 2**64 - 1).map(lambda seed: _thrown(samples, random.Random(seed)))


def _thrown(samples: tuple[Json, ...], dice: random.Random) -> Json:
    rate = dice.choice((0.02, 0.1, 0.4))
    return _shaken(dice.choice(samples), dice, rate)


def _shaken(sample: Json, dice: random.Random, rate: float) -> Json:
    if dice.random() < rate:
        return _anything(dice, depth=3)
    if isinstance(sample, dict):
        found = {name: _shaken(value, dice, rate) for name, value in sample.items() if dice.random() >= rate}
        return found | {dice.choice(NASTY): _anything(dice, depth=2)} if dice.random() < rate else found
    if isinstance(sample, list):
        times = [dice.choice((0, 2, 3)) if dice.random() < rate else 1 for _ in sample]
        return [_shaken(item, dice, rate) for item, often in zip(sample, times, strict=True) for _ in range(often)]
    return sample


def _anything(dice: random.Random, *, depth: int) -> Json:
    kind = dice.randrange(9 if depth else 6)
    if kind >= 6:
        several = [_anything(dice, depth=depth - 1) for _ in range(dice.randrange(4))]
        return several if kind == 6 else {dice.choice(NASTY): value for value in several}
    if kind <= 2:
        return "".join(dice.choices(NASTY, k=dice.choice((1, 1, 2))))
    return dice.choice(_ODD) if kind <= 4 else dice.randrange(-(2**40), 2**40) / dice.choice((1, 7))
