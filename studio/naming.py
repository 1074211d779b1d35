"""File names by a rule such as ``{campaign}_{arm}_{size}_v{number}``, safe on every system they may land on.

Letters and digits of all scripts stay. Everything else (separators, quotes, control, bidirectional and
zero-width characters, emoji) becomes a hyphen or goes. A name has at most 80 bytes with its ending.
"""

import re
import string
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

from atlas.language import tr
from atlas.text import clean
from studio.generations import Generation, Picture

FIELDS = ("campaign", "prompt", "model", "size", "quality", "arm", "number", "date", "id")
FOR_CAMPAIGN = "{campaign}_{arm}_{size}_v{number}"
FOR_OTHERS = "{number}_{prompt}"

_LIMIT = 80  # bytes of a whole name
_VALUE_LIMIT = 40  # bytes of one field, so that a long prompt leaves room for what follows
_READ_LIMIT = 400  # characters of one field; a prompt can have 32,000
_ENDINGS = {"png": ".png", "jpeg": ".jpg", "webp": ".webp"}
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789"}
)
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")  # letters to Unicode, nothing to the eye


def checked(rule: str) -> str:
    """The rule. Raises ValueError with a sentence when it names a field that does not exist."""
    try:
        parts = list(string.Formatter().parse(rule))
    except ValueError:
        raise ValueError(
            tr("The rule for file names has a brace without its partner. Write fields like {prompt}.")
        ) from None
    for _, name, form, conversion in parts:
        if name is not None and (name not in FIELDS or form or conversion):
            fields = ", ".join(f"{{{field}}}" for field in FIELDS)
            raise ValueError(
                tr("The rule for file names has an unknown field. Use only these: {fields}.").format(fields=fields)
            )
    return rule


class Names:
    """Names for the files of one export; no two are equal, also not to systems that ignore case."""

    def __init__(self, rule: str = "", *, campaign: str = "") -> None:
        """An empty rule is the usual one. Raises ValueError as ``checked`` does."""
        self._rule = checked(rule.strip() or (FOR_CAMPAIGN if campaign else FOR_OTHERS))
        self._campaign = campaign
        self._taken: dict[str, int] = {}
        self._given = 0

    def name(self, generation: Generation, picture: Picture) -> str:
        """The name of this file, and of no other.

        ``{number}`` is the draw in a campaign, else the place in the list.
        """
        self._given += 1
        number = f"{generation.slot.number}" if self._campaign else f"{self._given:04}"
        values = _values(generation, picture, campaign=self._campaign, number=number)
        return self._only(_filled(self._rule, values), _ENDINGS.get(picture.format, f".{safe(picture.format)}"))

    def _only(self, stem: str, ending: str) -> str:
        """With a number from 2 on where the name is taken."""
        wanted = _cut(stem, _LIMIT - len(ending)) + ending
        count = self._taken.get(_folded(wanted), 0) + 1
        name = wanted
        while count > 1 and _folded(name := _numbered(stem, count, ending)) in self._taken:
            count += 1
        self._taken[_folded(wanted)] = count
        self._taken.setdefault(_folded(name), 1)
        return name


def safe(text: str) -> str:
    """The text with nothing in it that any file system minds; can be empty."""
    kept = "".join(_kept(character) for character in clean(text))
    return re.sub(r"\.{2,}", ".", re.sub(r"-{2,}", "-", kept)).strip("-. ")


def _values(generation: Generation, picture: Picture, *, campaign: str, number: str) -> Mapping[str, str]:
    return {
        "campaign": campaign,
        "prompt": generation.prompt,
        "model": generation.model,
        "size": f"{picture.width}x{picture.height}",
        "quality": str(generation.parameters.get("quality", "")),
        "arm": generation.slot.run.partition("-")[2],
        "number": number,
        "date": datetime.fromtimestamp(generation.created / 1000, UTC).strftime("%Y-%m-%d"),
        "id": generation.id,
    }


def _filled(rule: str, values: Mapping[str, str]) -> str:
    """The rule with its fields; an empty field leaves no doubled underscore. Never empty."""
    short = {name: _cut(safe(value[:_READ_LIMIT]), _VALUE_LIMIT) for name, value in values.items()}
    stem = safe(re.sub(r"_{2,}", "_", rule.format_map(short))).strip("_-. ")
    is_device = unicodedata.normalize("NFKC", stem).partition(".")[0].strip().upper() in _DEVICES
    return f"_{stem}" if is_device else stem or "image"


def _numbered(stem: str, count: int, ending: str) -> str:
    suffix = f"_{count}{ending}"
    return _cut(stem, _LIMIT - len(suffix)) + suffix


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if (category[0] == "C" and not character.isspace()) or character in _BLANK_LETTERS:
        return ""
    return character if category[0] in "LMN" or character in "._-$" else "-"


def _cut(text: str, limit: int) -> str:
    """At most so many bytes of UTF-8, without half a letter or a letter robbed of its accents."""
    kept = text.encode()[:limit].decode(errors="ignore")
    if len(kept) < len(text) and _is_mark(text[len(kept)]):
        while kept and _is_mark(kept[-1]):
            kept = kept[:-1]
        kept = kept[:-1]
    return kept.rstrip("-. ")


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
