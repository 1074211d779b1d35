"""One parameter of a model: what it may be, and how a value that a person gave is put into its form."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from atlas import sizes
from atlas.models import PROMPT_LIMIT, Record, Value
from atlas.reading import number, whole
from atlas.text import clean

Scalar: TypeAlias = str | int | float | bool

_PICTURE = re.compile(r"(https?://|data:image/|asset://)[\x21-\x7e]+", re.IGNORECASE)
_COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")
_YES_OR_NO = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    CHOICE = "choice"
    WHOLE = "whole number"
    NUMBER = "number"
    SWITCH = "switch"
    SIZE = "size"
    IMAGES = "images"
    COLOURS = "colours"
    TEXTS = "texts"
    RECORDS = "records"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One parameter. ``fitted`` makes a value what the model wants; what it refuses, it refuses as a sentence."""

    name: str
    title: str
    kind: Kind = Kind.TEXT
    help: str = ""
    placeholder: str = ""
    default: Value | None = None
    required: bool = False
    hidden: bool = False  # accepted, but not for people to see
    choices: tuple[Scalar, ...] = ()
    open: bool = False  # the choices are suggestions
    minimum: float | None = None  # of a number, or of each side of a size
    maximum: float | None = None
    step: float | None = None
    min_items: int | None = None
    max_items: int | None = None
    max_length: int | None = None
    separator: str = "x"  # of a size
    single: bool = False  # takes one picture, as text instead of a list
    most_mb: float | None = None  # of each picture
    parts: tuple["Field", ...] = ()  # of each record

    def label(self, choice: Scalar) -> str:
        """A choice as people read it: a size with its aspect, a word without underscores."""
        if isinstance(choice, str) and sizes.ratio(choice) is not None:
            return sizes.described(choice)
        return str(choice).replace("_", " ")

    def fitted(self, value: object) -> Value | None:
        """The value as the model wants it; None where it is empty. Raises ValueError, as a sentence for the person."""
        if value is None or (isinstance(value, str) and not value.strip()) or value in ([], ()):
            return None
        match self.kind:
            case Kind.SWITCH:
                return self._switch(value)
            case Kind.WHOLE | Kind.NUMBER:
                return self._number(value)
            case Kind.CHOICE:
                return self._choice(value)
            case Kind.SIZE:
                return self._size(value)
            case Kind.IMAGES:
                return self._images(value)
            case Kind.COLOURS | Kind.TEXTS:
                return self._several(value)
            case Kind.RECORDS:
                return self._records(value)
            case Kind.TEXT:
                return self._text(value)

    def _switch(self, value: object) -> bool:
        found = _YES_OR_NO.get(str(value).strip().lower())
        if found is None:
            raise ValueError(f"{self.title} is either on or off.")
        return found

    def _number(self, value: object) -> int | float:
        found = number(value)
        is_whole = self.kind is Kind.WHOLE
        in_range = found is not None and (
            (self.minimum is None or found >= self.minimum) and (self.maximum is None or found <= self.maximum)
        )
        if found is None or not in_range or (is_whole and not found.is_integer()):
            raise ValueError(f"{self.title} must be a {'whole ' if is_whole else ''}number{self._range()}.")
        if not is_whole:
            return found
        exact = whole(value)  # a float has too few digits for a long seed
        return int(found) if exact is None else exact

    def _choice(self, value: object) -> Value:
        wanted = _written(value)
        for choice in self.choices:
            if _written(choice) == wanted:
                return choice
        for choice in self.choices:
            if _written(choice).lower() == wanted.lower():
                return choice
        if self.open:
            return self._text(value)
        raise ValueError(f"{self.title} must be one of: {', '.join(map(str, self.choices))}.")

    def _size(self, value: object) -> Value:
        asked = sizes.pair(value)
        if asked is None:
            return self._choice(value)
        same = next((choice for choice in self.choices if sizes.pair(choice) == asked), None)
        if same is not None:
            return same
        if self.choices and not self.open:
            raise ValueError(f"{self.title} must be one of: {', '.join(map(str, self.choices))}.")
        low, high = self.minimum or 1, self.maximum or 99_999
        if not all(low <= side <= high for side in asked):
            raise ValueError(f"{self.title}: each side must be a number of pixels{self._range()}.")
        return f"{asked[0]}{self.separator}{asked[1]}"

    def _images(self, value: object) -> Value | None:
        texts = _texts(value)
        found = [text.strip() for text in texts or () if text.strip()]
        if texts is None or not all(map(_PICTURE.fullmatch, found)):
            raise ValueError(f"{self.title} must be pictures, given by a web address or their own data.")
        if not found:
            return None
        self._count(found, "picture")
        return found[0] if self.single else tuple(found)

    def _several(self, value: object) -> Value | None:
        lines = value.splitlines() if isinstance(value, str) else _texts(value)
        if lines is None:
            raise ValueError(f"{self.title} must be text, one entry on each line.")
        found = [clean(text).strip() for text in lines if text.strip()]
        if self.kind is Kind.COLOURS:
            matches = [_COLOUR.fullmatch(text) for text in found]
            found = [f"#{match[1].lower()}" for match in matches if match]
            if len(found) < len(matches):
                raise ValueError(f"{self.title} must be colours such as #1e90ff.")
        if not found:
            return None
        self._count(found, "entry")
        return tuple(found)

    @property
    def example(self) -> str:
        """A list of records as a person writes it; what it holds shows what can be in one."""
        plain = {Kind.SWITCH: False, Kind.WHOLE: 1, Kind.NUMBER: 1.0}
        shown = {part.name: plain.get(part.kind, "…") if part.default is None else part.default for part in self.parts}
        return json.dumps([shown], ensure_ascii=False)

    def _records(self, value: object) -> tuple[Record, ...] | None:
        told = _parsed(value) if isinstance(value, str) else value
        if not isinstance(told, list | tuple) or not all(isinstance(one, Mapping) for one in told):
            raise ValueError(f"{self.title} must be a list in JSON, such as {self.example}.")
        found = [self._record(one, number) for number, one in enumerate(told, 1)]
        if not found:
            return None
        self._count(found, "entry")
        return tuple(found)

    def _record(self, told: Mapping[str, object], number: int) -> Record:
        """One entry: what the schema names, in its form, and nothing else."""
        record: dict[str, str | int | float | bool] = {}
        strange = [name for name in told if name not in {part.name for part in self.parts}]
        if strange:
            known = ", ".join(part.name for part in self.parts)
            raise ValueError(f"{self.title}, entry {number}: there is no {strange[0][:60]}. It can have {known}.")
        for part in self.parts:
            try:
                value = part.fitted(told.get(part.name))
            except ValueError as wrong:
                raise ValueError(f"{self.title}, entry {number}: {wrong}") from None
            value = part.default if value is None and part.required else value
            if value is None and part.required:
                raise ValueError(f"{self.title}, entry {number}: {part.name} is missing. Write it.")
            if isinstance(value, str | int | float):
                record[part.name] = value
        if not record:
            raise ValueError(f"{self.title}, entry {number} is empty. Take it out, or fill it in.")
        return record

    def _count(self, found: Sequence[object], what: str) -> None:
        most, least = self.max_items, self.min_items or 0
        many = "entries" if what == "entry" else f"{what}s"
        if most is not None and len(found) > most:
            allowed = f"{most} {what if most == 1 else many}"
            raise ValueError(
                f"{self.title}: this model takes at most {allowed}, there are {len(found)}. Remove {len(found) - most}."
            )
        if len(found) < least:
            raise ValueError(f"{self.title}: at least {least} {what if least == 1 else many} needed. Add more.")

    def _text(self, value: object) -> str:
        if not isinstance(value, str | int | float):
            raise ValueError(f"{self.title} must be text.")  # noqa: TRY004 - a sentence for the person, like all here
        text = clean(_written(value))
        limit = self.max_length if self.max_length is not None else PROMPT_LIMIT
        if len(text) > limit:
            raise ValueError(f"{self.title} has {len(text):,} characters and the limit is {limit:,}. Shorten it.")
        return text

    def _range(self) -> str:
        low, high = (None if end is None else f"{end:,.10g}" for end in (self.minimum, self.maximum))
        if low is not None and high is not None:
            return f" from {low} to {high}"
        if low is not None:
            return f" of at least {low}"
        return "" if high is None else f" of at most {high}"


def _written(value: object) -> str:
    """A value as text; 2 and 2.0 are the same number, and true is no 1."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def _parsed(text: str) -> object:
    """What a JSON text holds; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _texts(value: object) -> list[str] | None:
    """One text or several; None where there is anything else among them, so that nothing is dropped in silence."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return list(value)
    return None
