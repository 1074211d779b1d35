"""What differs between prompts, word by word, and between settings, name by name."""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from atlas.language import later, tr

NOT_SET = later("not set")
_FIRST_NAMES = ("model", "size", "quality")
_CELL_LIMIT: Final = 200_000_000  # pairs of words, one bit each while searching: 25 MB
_SENTENCE_ENDS = frozenset(".!?;,。！？；，、…")

_Pair: TypeAlias = tuple[int, int]  # a place in the old text and its place in the new


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


_Raw: TypeAlias = tuple[Change, str]  # a piece before it is joined with its neighbours


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Neighbouring words with the same fate."""

    change: Change
    text: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A setting that is not the same everywhere: one shown value per arm, in their order."""

    name: str
    values: tuple[str, ...]


def words(text: str) -> list[str]:
    """The words, marks and gaps of a text; joined they are the text again.

    Han characters stand alone, since nothing but a dictionary could join them. Numbers keep their
    unit, ratio or hex code ("35mm", "16:9", "#FF6F61"), and an emoji is one however many code points it has.
    """
    return [text[match.start() : match.end()] for match in _WORD.finditer(text.translate(_SHAPES))]


def compare(before: str, after: str) -> list[Piece]:
    """The fewest words to take out and put in. SAME and REMOVED pieces join to ``before``, SAME and ADDED to ``after``.

    Between two changed pieces there is always a word that stayed, never just a gap. Two texts of more than 14,000
    differing words are first compared by sentence, which may mark a little more than has changed.
    """
    old, new = _parts(before), _parts(after)
    pieces = _pieces(old, new, _matches([part.word for part in old], [part.word for part in new]))
    return [
        Piece(change=change, text="".join(text for _, text in run))
        for change, run in groupby(filter(itemgetter(1), pieces), key=itemgetter(0))
    ]


def settings(arms: Sequence[Mapping[str, object]]) -> list[Difference]:
    """The settings that differ between arms as they would be shown: model, size and quality first, then by name."""
    names = sorted(set().union(*arms), key=lambda name: (_rank(name), name))
    rows = [Difference(name=name, values=tuple(_shown(arm.get(name)) for arm in arms)) for name in names]
    return [row for row in rows if len(set(row.values)) > 1]


def _rank(name: str) -> int:
    return _FIRST_NAMES.index(name) if name in _FIRST_NAMES else len(_FIRST_NAMES)


def _shown(value: object) -> str:
    match value:
        case None:
            return tr(NOT_SET)
        case "":
            return "empty"
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
    return str(value)


class _Part(NamedTuple):
    """A word and the gap after it: gaps alone would match everywhere and drown the words."""

    word: str
    gap: str


def _parts(text: str) -> list[_Part]:
    """The first part has no word, only the gap that the text begins with."""
    tokens = ["", *words(text), ""]
    return [
        _Part(word=token, gap=following if following.isspace() else "")
        for place, (token, following) in enumerate(pairwise(tokens))
        if place == 0 or not token.isspace()
    ]


def _pieces(old: list[_Part], new: list[_Part], matches: Iterable[_Pair]) -> Iterator[_Raw]:
    """Per word that stayed what changed before it, and the word; a gap that changed belongs to what follows it."""
    here, there, gap, other_gap = 0, 0, "", ""
    for one, other in matches:
        if here < one or there < other or gap != other_gap:
            yield from _changed(gap + _text(old[here:one]), other_gap + _text(new[there:other]))
        same_gap = old[one].gap == new[other].gap
        yield Change.SAME, old[one].word + old[one].gap * same_gap
        gap, other_gap = ("", "") if same_gap else (old[one].gap, new[other].gap)
        here, there = one + 1, other + 1
    yield from _changed(gap + _text(old[here:]), other_gap + _text(new[there:]))


def _text(parts: Iterable[_Part]) -> str:
    return "".join(part.word + part.gap for part in parts)


def _changed(removed: str, added: str) -> Iterator[_Raw]:
    """What went and what came; the gap at the end of both stays."""
    shared = 0
    for one, other in zip(reversed(removed), reversed(added), strict=False):
        if one != other or not one.isspace():
            break
        shared += 1
    yield Change.REMOVED, removed[: len(removed) - shared]
    yield Change.ADDED, added[: len(added) - shared]
    yield Change.SAME, removed[len(removed) - shared :]


def _matches(old: Sequence[str], new: Sequence[str]) -> list[_Pair]:
    """Places of words that stayed, in order; what is the same at both ends is set aside before searching."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    middle = _search(old[head : len(old) - tail], new[head : len(new) - tail])
    return [
        *_run(0, 0, head),
        *((one + head, other + head) for one, other in middle),
        *_run(len(old) - tail, len(new) - tail, tail),
    ]


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words the two begin with in common."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(old), len(new)))


def _run(one: int, other: int, length: int) -> Iterator[_Pair]:
    return zip(range(one, one + length), range(other, other + length), strict=True)


def _search(old: Sequence[str], new: Sequence[str]) -> list[_Pair]:
    """Word by word when that is quick; very long texts first by sentence, then by word between those that stayed."""
    if len(old) * len(new) <= _CELL_LIMIT:
        return _common(old, new)
    lines, others = _sentences(old), _sentences(new)
    pairs: list[_Pair] = []
    here, there = 0, 0
    for one, other in [*_common(lines, others), (len(lines) - 1, len(others) - 1)]:
        start, begin = lines[one].start, others[other].start
        pairs += ((here + left, there + right) for left, right in _common(old[here:start], new[there:begin]))
        pairs += _run(start, begin, len(lines[one].words))
        here, there = start + len(lines[one].words), begin + len(others[other].words)
    return pairs


@dataclass(frozen=True)
class _Sentence:
    """Equal to another one of the same words, wherever it stands."""

    words: tuple[str, ...]
    start: int = field(compare=False)


def _sentences(text: Sequence[str]) -> list[_Sentence]:
    """The sentences and clauses of a list of words, and an empty one at its end."""
    ends = [place + 1 for place, word in enumerate(text) if word in _SENTENCE_ENDS]
    edges = [0, *ends, len(text), len(text)]
    return [_Sentence(tuple(text[start:end]), start) for start, end in pairwise(edges)]


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[_Pair]:
    """A longest common subsequence, as pairs of places; none when the two are too long to search.

    Bit-parallel after Hyyrö (2004): a row is one integer with a bit per old word, 0 where the longest common
    subsequence grows. Unlike difflib it takes the same time whatever the words are, and never misses one.
    """
    if len(old) * len(new) > _CELL_LIMIT:
        return []
    rows = _rows(old, new)
    pairs, one, other = [], len(old), len(new)
    while one and other:
        if rows[other] >> (one - 1) & 1:
            one -= 1
        else:
            other -= 1
            if rows[other] >> (one - 1) & 1:
                one -= 1
                pairs.append((one, other))
    return pairs[::-1]


def _rows(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[int]:
    """Row ``n`` knows the first ``n`` new words; all bits are 1 before the first."""
    where: dict[Hashable, int] = {}
    for place, word in enumerate(old):
        where[word] = where.get(word, 0) | 1 << place
    full = (1 << len(old)) - 1
    rows = [full]
    for word in new:
        hits = rows[-1] & where.get(word, 0)
        rows.append((rows[-1] + hits | rows[-1] ^ hits) & full)
    return rows


class _Shapes(dict[int, str]):
    """Per code point one letter for what it is in a word; ASCII marks stand for themselves."""

    def __missing__(self, point: int) -> str:
        self[point] = shape = _shape(chr(point))
        return shape


_SHAPES = _Shapes()
_RANGES = (
    ("H", "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"),  # Han
    ("h", "\u3041-\u3096\u309d-\u309f"),  # Hiragana
    ("K", "\u30a1-\u30fa\u30fd-\u30ff\u31f0-\u31ff\uff66-\uff6f\uff71-\uff9d"),  # Katakana
    ("l", "\u30fc\uff70"),  # the long vowel of both
    ("G", "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb"),  # Hangul
    ("R", "\U0001f1e6-\U0001f1ff"),  # halves of flags
    ("T", "\U0001f3fb-\U0001f3ff"),  # skin tones
    ("t", "\U000e0020-\U000e007f"),  # tags of regional flags
    ("E", "\u2194-\u21aa\u231a-\u23ff\u25aa-\u25fe\u2600-\u27bf\u2b05-\u2b55\U0001f000-\U0001faff"),  # emoji
    ("k", "\u20e3"),  # keycap
    ("Z", "\u200d"),  # joiner
    ("m", "\u200c"),  # non-joiner, inside Persian words
    ("f", "A-Fa-f"),  # letters of hex codes
)
_KINDS = tuple((shape, re.compile(f"[{characters}]")) for shape, characters in _RANGES)
_EMOJI = "E[mT]*t*"
_WORD = re.compile(
    "|".join(
        (
            " +",
            "[1#*]m?k",
            "#(?:[f1]{8}|[f1]{6}|[f1]{3,4})(?![af1])",
            f"{_EMOJI}(?:Z{_EMOJI})*",
            "RR",
            "Hm*",
            "h[hlm]*",
            "K[Klm]*",
            "G[Gm]*",
            r"[af1](?:[af1mZ]|['’_‐‑-](?=[af1])|(?<=1)[.:/*×](?=1)|(?<=1),(?=111(?!1)))*",
            ".m*",
        )
    ),
    re.DOTALL,
)


def _shape(character: str) -> str:
    if character.isspace():
        return " "
    for shape, kind in _KINDS:
        if kind.match(character):
            return shape
    return {"L": "a", "M": "m", "N": "1"}.get(unicodedata.category(character)[0], character)
