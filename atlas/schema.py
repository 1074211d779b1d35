"""What a model accepts: its fields in form order, and bodies that hold nothing else (atlas-api.md §7, §14)."""

from collections.abc import Mapping
from dataclasses import dataclass

from atlas import sizes
from atlas.fields import Field, Kind
from atlas.language import later, tr
from atlas.models import Parameters, Value

PROMPT = "prompt"
REFERENCES = ("images", "image", "image_urls")  # where a model wants the pictures it starts from (§14.9)

MASKS = ("mask", "mask_image")  # where it wants to know which part of them to change

_SHAPES = ("size", "aspect_ratio")
_FREE = (64, 8192)  # pixels of a side where a model names no ends


@dataclass(frozen=True, kw_only=True)
class Reference:
    """The field that reference images go into, and how many of them; ``required`` where there is no image without."""

    name: str
    most: int
    required: bool


@dataclass(frozen=True, kw_only=True)
class Schema:
    """The form of one model. ``raw`` is one we know nothing of: it takes a prompt, and perhaps more.

    ``notes`` say, as sentences, what the model has and this program does not offer.
    """

    fields: tuple[Field, ...]
    raw: bool = False
    notes: tuple[str, ...] = ()

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    @property
    def settings(self) -> tuple[Field, ...]:
        """What a form draws below the prompt and beside the reference images."""
        apart = {PROMPT, self.reference.name if self.reference else PROMPT}
        return tuple(field for field in self.fields if not field.hidden and field.name not in apart)

    @property
    def reference(self) -> Reference | None:
        """Where reference images go; None where this model starts from words alone."""
        found = (self.field(name) for name in REFERENCES)
        field = next((field for field in found if field and field.kind is Kind.IMAGES), None)
        if field is None:
            return None
        most = 1 if field.single else field.max_items
        return Reference(name=field.name, most=most if most is not None else 10, required=field.required)

    @property
    def mask(self) -> Field | None:
        """Where a mask goes; None where this model takes none."""
        found = (field for field in map(self.field, MASKS) if field and not field.hidden)
        return next((field for field in found if field.kind is Kind.IMAGES), None)

    @property
    def shape(self) -> Field | None:
        """The field that says how wide an image is by how high; None where only the prompt can say it."""
        found = (field for field in map(self.field, _SHAPES) if field and not field.hidden)
        return next(filter(_has_shapes, found), None)

    def body(self, values: Mapping[str, object]) -> Parameters:
        """The parameters of an ImageRequest: what this model has, in its own form, and never anything else.

        The prompt is not among them. A required field with a default fills itself in. Raises ValueError, as a
        sentence, for a value that does not fit; whether something is missing, only ``problems`` tells.
        """
        body: dict[str, Value] = {}
        for field in self._parameters():
            value = field.fitted(values.get(field.name))
            if value is None and field.required:
                value = field.default
            if value is not None:
                body[field.name] = value
        return body

    def problems(self, values: Mapping[str, object]) -> list[str]:
        """What is wrong or missing, in form order, as sentences; empty when the values can be sent."""
        found = []
        for field in self.fields:
            try:
                value = field.fitted(values.get(field.name))
            except ValueError as wrong:
                found.append(str(wrong))
                continue
            if value is None and field.required and field.default is None and field.name != PROMPT:
                found.append(self._missing(field))
        return found

    def unknown(self, values: Mapping[str, object]) -> tuple[str, ...]:
        """The names this model does not have; they are not sent."""
        known = {field.name for field in self.fields} | {"model", PROMPT}
        return tuple(name for name in values if name not in known)

    def keep(self, values: Mapping[str, object]) -> tuple[Parameters, tuple[str, ...]]:
        """What of another model's values can stay with this one, and the names of what cannot.

        A size becomes the nearest of the same shape, or one of that shape where sizes are free; reference images move
        to this model's field for them.
        """
        kept: dict[str, Value] = {}
        dropped = []
        for name, value in values.items():
            if name in {"model", PROMPT}:
                continue
            place, moved = self._moved(name, value)
            if moved is None:
                dropped.append(name)
            else:
                kept.setdefault(place, moved)
        return kept, tuple(dropped)

    def _moved(self, name: str, value: object) -> tuple[str, Value | None]:
        """Where a value goes here, and in which form; None where it does not go anywhere."""
        field = self.field(name)
        if name in REFERENCES and self.reference:
            field = self.field(self.reference.name)
        fitting = _fitting(field, value)
        if field is not None and fitting is not None:
            return field.name, fitting
        if name in _SHAPES:
            for shaped in filter(None, map(self.field, _SHAPES)):
                similar = _fitting(shaped, sizes.nearest(value, shaped.choices) or _freely(shaped, value))
                if similar is not None:
                    return shaped.name, similar
        return name, None

    def _parameters(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.name != PROMPT)

    def _missing(self, field: Field) -> str:
        if self.reference and field.name == self.reference.name:
            return tr("This model changes pictures. Add at least one.")
        return tr("{title} is missing. Fill it in.").format(title=field.title)


def _has_shapes(field: Field) -> bool:
    """A tier such as 2K is no shape."""
    is_free = field.kind is Kind.SIZE or (field.name == "aspect_ratio" and not field.choices)
    return is_free or any(sizes.ratio(choice) is not None for choice in field.choices)


def _freely(field: Field, value: object) -> str | None:
    """A size of the same shape for a field that takes any within its ends."""
    if field.kind is not Kind.SIZE or field.choices:
        return None
    low, high = field.minimum or _FREE[0], field.maximum or _FREE[1]
    found = sizes.shaped(value, like=field.default, low=low, high=high)
    return f"{found[0]}{field.separator}{found[1]}" if found else None


def _fitting(field: Field | None, value: object) -> Value | None:
    try:
        return field.fitted(value) if field else None
    except ValueError:
        return None


PROMPT_FIELD = Field(name=PROMPT, title=later("Prompt"), required=True)
UNKNOWN = Schema(fields=(PROMPT_FIELD,), raw=True)
