"""From a model's OpenAPI file to its fields (atlas-api.md §7).

Written for files that nobody vouches for: what is not understood becomes a text field, or is left out
with a note. Nothing in a file raises.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from atlas import sizes
from atlas.fields import Field, Kind, Scalar
from atlas.reading import Json, items, line, mapping, number, whole
from atlas.schema import MASKS, PROMPT, PROMPT_FIELD, REFERENCES, UNKNOWN, Schema

_MOST_FIELDS: Final = 100
_MOST_CHOICES: Final = 200
_DEEPEST: Final = 6  # what leads to itself ends here; a branch counts for three, or they would multiply
_MOST_BRANCHES: Final = 8
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
_HIDDEN = frozenset({"enable_sync_mode", "enable_base64_output", "webhook_url"})  # ours to decide (§3.3)
_MOST_PARTS: Final = 12
_PLAIN = frozenset({Kind.TEXT, Kind.CHOICE, Kind.WHOLE, Kind.NUMBER, Kind.SWITCH})
_KINDS = {"boolean": Kind.SWITCH, "integer": Kind.WHOLE, "number": Kind.NUMBER, "string": Kind.TEXT}

Node = Mapping[str, Json]


def schema_of(document: Json) -> Schema:
    """The form of the model that this file describes; a prompt alone where it describes none."""
    root = mapping(document)
    form = _input(root)
    if not mapping(form.get("properties")):
        return UNKNOWN
    fields, notes = [], []
    for name in _ordered(form):
        field, note = _field(name, form, root)
        fields += [field] if field else []
        notes += [note] if note else []
    if not any(field.name == PROMPT for field in fields):
        fields.insert(0, PROMPT_FIELD)
    return Schema(fields=tuple(fields), notes=tuple(notes))


def _input(root: Node) -> Node:
    """The schema called Input, or the one that the submit refers to."""
    schemas = mapping(mapping(root.get("components")).get("schemas"))
    named, _ = _resolved(schemas.get("Input"), root)
    if mapping(named.get("properties")):
        return named
    for path in mapping(root.get("paths")).values():
        content = mapping(mapping(mapping(mapping(path).get("post")).get("requestBody")).get("content"))
        found, _ = _resolved(mapping(content.get("application/json")).get("schema"), root)
        if mapping(found.get("properties")):
            return found
    return {}


def _ordered(form: Node) -> list[str]:
    """The names in form order, then those the order forgot; the model itself is never drawn."""
    properties = mapping(form["properties"])
    first = [name for name in items(form.get("x-order-properties")) if isinstance(name, str) and name in properties]
    names = dict.fromkeys([*first, *(name for name in properties if isinstance(name, str))])
    return [name for name in names if name != "model"][:_MOST_FIELDS]


def _field(name: str, form: Node, root: Node) -> tuple[Field | None, str]:
    """The field of one property, or why there is none."""
    if not _NAME.fullmatch(name):
        return None, "One setting of this model has a name that cannot be sent, so it is left out."
    told, is_open = _resolved(mapping(form["properties"]).get(name), root)
    title = line(told.get("title"), 60) or name.replace("_", " ").capitalize()
    kind, parts = _kind(name, told, root), _entries(told, root)
    if kind is None and not parts:
        return None, f"{title} is left out: this program does not know how to fill it in."
    is_required = _is_required(name, form, told)
    return _built(name, title, kind or Kind.RECORDS, told, is_required=is_required, is_open=is_open, parts=parts), ""


def _built(
    name: str, title: str, kind: Kind, told: Node, *, is_required: bool, is_open: bool, parts: tuple[Field, ...] = ()
) -> Field:
    choices = _choices(told) if kind in {Kind.CHOICE, Kind.SIZE} else ()
    low, high = (None, None) if is_open else (number(told.get("minimum")), number(told.get("maximum")))
    step = number(told.get("step")) or number(told.get("multipleOf"))
    single = kind is Kind.IMAGES and _type(told) != "array"
    examples = (told.get("default"), *choices, told.get("example"), told.get("x-placeholder"))
    field = Field(
        name=name,
        title=title,
        kind=kind,
        help=line(told.get("description"), 500),
        placeholder=line(told.get("x-placeholder"), 200),
        required=is_required,
        hidden=name in _HIDDEN or any(told.get(word) is True for word in ("hidden", "x-hidden", "disabled")),
        choices=choices,
        open=is_open,
        minimum=None if _crossed(low, high) else low,
        maximum=None if _crossed(low, high) else high,
        step=step if step is not None and step > 0 else None,
        min_items=_count(told.get("minItems")),
        max_items=1 if single else _count(told.get("maxItems")),
        max_length=_count(told.get("maxLength")),
        separator=sizes.separator(examples),
        single=single,
        most_mb=number(told.get("x-max-size-mb")),
        parts=parts,
    )
    return _with_default(field, told.get("default"))


def _entries(told: Node, root: Node) -> tuple[Field, ...]:
    """What each entry of a list of objects can hold; nothing where that is more than plain values."""
    inner, _ = _resolved(told.get("items"), root)
    properties = mapping(inner.get("properties"))
    if _type(told) != "array" or _type(inner) != "object" or len(properties) > _MOST_PARTS:
        return ()
    found = []
    for name in properties:
        part, is_open = _resolved(properties[name], root)
        kind = _kind(name, part, root) if _type(part) in _KINDS and _NAME.fullmatch(name) else None
        if kind not in _PLAIN:
            return ()
        title = line(part.get("title"), 60) or name
        is_required = _is_required(name, inner, part)
        found.append(_built(name, title, kind, part, is_required=is_required, is_open=is_open))
    return tuple(found)


def _with_default(field: Field, told: Json) -> Field:
    """The field with its default in the field's own form; a default that does not fit is none."""
    try:
        value = field.fitted(tuple(told) if isinstance(told, list) else told)
    except ValueError:
        return field
    changed: dict[str, Any] = {**vars(field), "default": value}
    return Field(**changed)


def _kind(name: str, told: Node, root: Node) -> Kind | None:
    """How the field is filled in; None where this program cannot."""
    word = _type(told)
    if _is_picture(name, told):
        return Kind.IMAGES if word == "string" or (word == "array" and _of_texts(told, root)) else None
    if word == "array":
        colours = re.search(r"colou?r", name + str(told.get("x-ui-component"))) is not None
        return (Kind.COLOURS if colours else Kind.TEXTS) if _of_texts(told, root) else None
    if word == "object":
        return None
    if _choices(told) and word != "boolean":
        return Kind.SIZE if name == "size" and any(map(sizes.pair, _choices(told))) else Kind.CHOICE
    if name == "size" and word == "string" and _is_free_size(told):
        return Kind.SIZE
    return _KINDS.get(word, Kind.TEXT)


def _type(told: Node) -> str:
    """The declared type, else what the rest of the property speaks for."""
    declared = told.get("type")
    words = [word for word in (declared if isinstance(declared, list) else [declared]) if isinstance(word, str)]
    word = next((word for word in words if word != "null"), "")
    if word:
        return word
    if "items" in told:
        return "array"
    return "object" if "properties" in told else "string"


def _is_picture(name: str, told: Node) -> bool:
    if name in REFERENCES or name in MASKS:
        return True
    accepted = str(told.get("x-accept", "image/"))
    return told.get("x-ui-component") == "uploader" and ("image/" in accepted or "*" in accepted)


def _of_texts(told: Node, root: Node) -> bool:
    inner, _ = _resolved(told.get("items", {"type": "string"}), root)
    return _type(inner) == "string"


def _is_free_size(told: Node) -> bool:
    default = told.get("default")
    return default in (None, "") or sizes.pair(default) is not None


def _choices(told: Node) -> tuple[Scalar, ...]:
    """The values of an enum in the declared type: an integer may be listed as text (§7)."""
    listed = items(told.get("enum")) or items(told.get("x-enum"))
    values = [*listed, *([told["const"]] if "const" in told else [])]
    found: dict[Scalar, None] = {}
    for value in values[:_MOST_CHOICES]:
        choice = _typed(value, _type(told))
        if choice is not None:
            found[choice] = None
    return tuple(found)


def _typed(value: Json, word: str) -> Scalar | None:
    if word == "integer":
        return whole(value)
    if word == "number":
        return number(value)
    if isinstance(value, str):
        return line(value, 200) or None
    return value if isinstance(value, int) else number(value)


def _is_required(name: str, form: Node, told: Node) -> bool:
    return name in items(form.get("required")) or told.get("required") is True


def _crossed(low: float | None, high: float | None) -> bool:
    return low is not None and high is not None and low > high


def _count(told: Json) -> int | None:
    count = whole(told)
    return count if count is not None and 0 < count < 1_000_000 else None


def _resolved(node: Json, root: Node, depth: int = 0) -> tuple[dict[str, Json], bool]:
    """A property with its references and branches written out, and whether other branches leave it open."""
    told = dict(mapping(node))
    if depth > _DEEPEST:
        return told, False
    for part in _parts(told, root):
        inner, _ = _resolved(part, root, depth + 2)
        told = {**inner, **told}
    branches = [branch for word in ("anyOf", "oneOf") for branch in items(told.get(word))]
    written = [_resolved(branch, root, depth + 3)[0] for branch in branches[:_MOST_BRANCHES]]
    real = [branch for branch in written if _type(branch) != "null" and branch.get("type") != "null"]
    if not real:
        return told, False
    return {**_one_of(real), **told}, len(real) > 1


def _parts(told: Node, root: Node) -> Iterator[Json]:
    """What a node is made of: the target of its reference, and everything it says it is all of."""
    reference = told.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        target: Json = root
        for step in reference[2:].split("/"):
            target = mapping(target).get(step.replace("~1", "/").replace("~0", "~"))
        yield target
    yield from items(told.get("allOf"))[:_MOST_BRANCHES]


def _one_of(branches: list[dict[str, Json]]) -> dict[str, Json]:
    """Of several branches the most telling: a list before a choice before the first; their choices are joined."""
    if len(branches) == 1:
        return branches[0]
    lists = [branch for branch in branches if _type(branch) == "array"]
    if lists:
        return lists[0]
    choices = [choice for branch in branches for choice in _choices(branch)]
    if {_type(branch) for branch in branches} == {"string"} or not choices:
        chosen = {"enum": choices} if choices else {}
        return {**branches[0], **chosen}
    return {"type": "string", "enum": choices}
