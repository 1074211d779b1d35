"""Forms that become image requests: what a model's schema has, as fields; what it has not is never sent.

Every setting is kept under a key of its own. When the model changes, what still fits stays, and what does not
is named.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import streamlit as st

from atlas import sizes
from atlas.fields import Field, Kind
from atlas.language import later, tr
from atlas.models import DEFAULT_MODEL, ImageRequest, Parameters
from atlas.schema import Schema
from studio.experiments import LABELS
from studio.references import FIELDS
from ui import models, session, styling
from ui.text import plain

MOST_IMAGES = 8
MOST_IN_RUN = 200
_OURS = {"n", "num_images", "max_images"}  # every image is a job of its own here
_FIRST = ("size", "aspect_ratio", "resolution", "quality")  # the rest waits behind one press
_FEW = 4  # choices that stand side by side
_STEPS = 100  # of a slider
_WORDS_ALONE = later("This model starts from words alone. Choose one that changes pictures, or take them out.")


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person filled in: one request or more, and how many images of each; ``problems`` of the settings.

    ``compared``: the requests are the arms A, B, … of a comparison.
    """

    requests: tuple[ImageRequest, ...]
    count: int
    compared: bool = False
    problems: tuple[str, ...] = ()

    @property
    def images(self) -> int:
        return len(self.requests) * self.count

    @property
    def problem(self) -> str | None:
        """Why this cannot be run, as a sentence; None when it can."""
        if not self.requests:
            return tr("There is no prompt to send. Correct the list or the variables.")
        for place, request in enumerate(self.requests):
            if request.problem:
                return (
                    tr("Prompt {labels}: {problem}").format(labels=LABELS[place], problem=request.problem)
                    if self.compared
                    else request.problem
                )
        if self.images > MOST_IN_RUN:
            return tr(
                "That would be {images:,} images, and a run has at most {most_in_run}. Take fewer prompts."
            ).format(images=self.images, most_in_run=MOST_IN_RUN)
        return next(iter(self.problems), None)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A model and its parameters, as a form has them."""

    model: str
    parameters: Parameters
    problems: tuple[str, ...] = ()


def prompt(key: str) -> str:
    """The prompt of a form; kept across pages."""
    text = st.text_area(
        tr("Prompt"),
        key=f"{key}_prompt",
        height=136,
        placeholder=tr("A perfume bottle on black marble, soft studio light, gold accents"),
        persist_state="session",
    )
    return text or ""


def settings(
    key: str,
    suffix: str = "",
    *,
    references: Sequence[str] = (),
    narrow: bool = False,
) -> Settings:
    """The model and its settings; ``suffix`` tells the labels of several such forms apart.

    ``references`` are the names of the pictures to start from. ``narrow``: one field below the other.
    """
    model = _model(key, suffix)
    schema = models.schema(model)
    _dropped(key)
    if schema.raw:
        return _raw(key, suffix, model, references)
    fields = [field for field in schema.settings if field.name not in _OURS and field.kind is not Kind.IMAGES]
    first = [field for field in fields if field.name in _FIRST]
    rest = [field for field in fields if field.name not in _FIRST]
    values = _drawn(first, key, suffix, columns=1 if narrow else 3)
    if rest:
        with st.expander(
            tr("More settings{suffix} ({count})").format(suffix=suffix, count=len(rest)), key=f"{key}_more"
        ):
            values |= _drawn(rest, key, suffix, columns=1 if narrow else 3)
    for note in schema.notes:
        st.caption(plain(note))
    return _fitted(model, schema, values, references)


def many(key: str) -> int:
    """How many images of each prompt."""
    count = st.number_input(
        tr("Images"), min_value=1, max_value=MOST_IMAGES, value=1, key=f"{key}_count", persist_state="session"
    )
    return min(int(count or 1), MOST_IMAGES)


def shape(size: str) -> str:
    """A size as people read it: 1024x1536 is “1024 × 1536, portrait 2:3”."""
    return sizes.described(size)


def fill(key: str, request: ImageRequest) -> list[str]:
    """Put a request's model and settings into a form, before it is drawn; the names of what has no place in it.

    Reference images and the mask are no part of it: they have a place of their own.
    """
    known = models.find(request.model)
    model = request.model if known else DEFAULT_MODEL
    own = {name: value for name, value in request.parameters.items() if name not in FIELDS}
    schema = models.schema(model)
    kept, dropped = (own, ()) if schema.raw else schema.keep(own)
    _put(key, model, kept)
    lost = [*([] if known else ["model"]), *dropped]
    session.tell_dropped(key, lost)
    return lost


def copy(source: str, target: str) -> None:
    """Model and settings of one form into another, in a callback."""
    give(target, taken(source))


def taken(key: str) -> tuple[str, Parameters]:
    """Model and settings of a form, as far as they fit."""
    model = session.form_model(key, DEFAULT_MODEL)
    schema = models.schema(model)
    if schema.raw:
        return model, _parsed(str(session.form_values(key, ["raw"]).get("raw", "")))[0]
    return model, schema.keep(_chosen(key, model))[0]


def give(key: str, settings: tuple[str, Parameters]) -> None:
    model, parameters = settings
    _put(key, model, parameters)


def _chosen(key: str, model: str) -> dict[str, object]:
    """What a person chose, and not what the model has by itself: only that is carried to another model."""
    fields = {field.name: field for field in models.schema(model).settings}
    values = session.form_values(key, fields)
    return {
        name: value
        for name, value in values.items()
        if value not in ("", None) and value != _as_shown(fields[name], fields[name].default)
    }


def _put(key: str, model: str, kept: Parameters) -> None:
    """Every field of this model, as it is kept or as the model has it."""
    schema = models.schema(model)
    if schema.raw:
        plainly = {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}
        session.fill_form(key, model, {"raw": json.dumps(plainly, ensure_ascii=False) if plainly else ""})
        return
    shown = {
        field.name: _as_shown(field, kept.get(field.name, field.default))
        for field in schema.settings
        if field.kind is not Kind.IMAGES
    }
    session.fill_form(key, model, shown)


def _as_shown(field: Field, value: object) -> object:
    """A value as its field in the form has it."""
    if field.kind in {Kind.COLOURS, Kind.TEXTS}:
        return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
    if field.kind is Kind.RECORDS:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, list | tuple) else str(value or "")
    if field.kind is Kind.SWITCH:
        return bool(value)
    is_text = field.kind is Kind.TEXT or (field.kind is Kind.SIZE and not field.choices)
    return str(value or "") if is_text else value


def _model(key: str, suffix: str) -> str:
    labels = models.labels()
    ids, known = list(labels), session.form_model(key, DEFAULT_MODEL)
    why_not = models.why_not(known)
    absent = tr("not available to this account") if why_not else tr("not in the catalogue any more")
    chosen = st.selectbox(
        tr("Model{suffix}").format(suffix=suffix),
        ids if known in ids else [known, *ids],
        index=0 if known not in ids or session.is_set(f"{key}_model") else ids.index(known),
        format_func=lambda model: labels[model] if model in labels else f"{models.name_of(model)} · {absent}",
        help=plain(models.price(known)) or None,
        key=f"{key}_model",
        persist_state="session",
        on_change=_changed,
        args=(key,),
    )
    if why_not:
        st.warning(plain(f"{models.name_of(known)}: {why_not}"), icon=":material/block:")
    return str(chosen or DEFAULT_MODEL)


def choose_model(key: str, model: str) -> None:
    """Another model, as if the person had chosen it."""
    session.set_model(key, model)
    _changed(key)


def _changed(key: str) -> None:
    """To another model: what was chosen and fits it stays, the rest is named, and so is what has another place now."""
    before, after = session.form_models(key, DEFAULT_MODEL)
    written = session.form_values(key, ["raw"]).get("raw") if models.schema(before).raw else ""
    schema = models.schema(after)
    chosen, moved, left = styling.carried(key, _chosen(key, before), schema)
    kept, dropped = schema.keep(chosen)
    _put(key, after, kept)
    session.tell_dropped(key, [*dropped, *left, *([tr("the parameters in JSON")] if written else [])])
    session.tell_moved(key, moved)


def _dropped(key: str) -> None:
    moved = session.moved(key)
    if moved:
        st.caption(tr("Carried over: {join}").format(join=plain(" ".join(moved))))
    names = session.dropped(key)
    if names:
        told = plain(", ".join(_spoken(name) for name in names))
        st.caption(tr("Left out, because this form has no place for it: {told}.").format(told=told))


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def _drawn(fields: Sequence[Field], key: str, suffix: str, *, columns: int) -> dict[str, object]:
    """The fields in rows, in the order of the schema."""
    values: dict[str, object] = {}
    for start in range(0, len(fields), columns):
        places = st.columns(columns) if columns > 1 else [st.container()]
        for place, field in zip(places, fields[start : start + columns], strict=False):
            with place:
                values[field.name] = _field(field, f"{key}_{field.name}", suffix)
    return values


def _field(field: Field, key: str, suffix: str) -> object:
    """One field, as what it is."""
    common: dict[str, Any] = {"key": key, "help": plain(field.help) or None, "persist_state": "session"}
    label = plain(f"{field.title}{suffix}" + ("" if not field.required or field.default is not None else " (required)"))
    match field.kind:
        case Kind.SWITCH:
            return st.toggle(label, value=bool(field.default), **common)
        case Kind.WHOLE | Kind.NUMBER:
            return _number(field, label, common)
        case Kind.CHOICE | Kind.SIZE if field.choices:
            return _choice(field, label, common)
        case Kind.COLOURS | Kind.TEXTS:
            return st.text_area(label, placeholder=tr("One on each line"), height=80, **common)
        case Kind.RECORDS:
            return st.text_area(
                tr("{label} (JSON)").format(label=label), placeholder=field.example, height=80, **common
            )
        case _:
            return st.text_input(
                label, value=str(field.default or ""), placeholder=field.placeholder or _example(field), **common
            )


def _example(field: Field) -> str:
    return (
        tr("Width{separator}height, such as 1024{separator}1536").format(separator=field.separator)
        if field.kind is Kind.SIZE
        else ""
    )


def _choice(field: Field, label: str, common: dict[str, Any]) -> object:
    choices = list(field.choices)
    if len(choices) <= _FEW and field.default in choices and field.kind is Kind.CHOICE and not field.open:
        return st.segmented_control(
            label,
            choices,
            default=cast(Any, field.default),
            required=True,
            format_func=lambda choice: plain(field.label(choice)).capitalize(),
            **common,
        )
    return st.selectbox(
        label,
        choices,
        index=choices.index(cast(Any, field.default)) if field.default in choices else None,
        format_func=lambda choice: field.label(choice),
        placeholder=tr("As the model decides"),
        accept_new_options=cast(Any, field.open),
        **common,
    )


def _number(field: Field, label: str, common: dict[str, Any]) -> object:
    low, high, default = field.minimum, field.maximum, cast(float | None, field.default)
    as_it_is = int if field.kind is Kind.WHOLE else float
    step = as_it_is(field.step or (1 if field.kind is Kind.WHOLE else 0.1))
    if None not in (low, high, default) and (cast(float, high) - cast(float, low)) / step <= _STEPS:
        ends = (as_it_is(cast(float, low)), as_it_is(cast(float, high)))
        return st.slider(label, *ends, value=as_it_is(cast(float, default)), step=step, **common)
    return st.number_input(
        label,
        min_value=_end(low, as_it_is),
        max_value=_end(high, as_it_is),
        value=None if default is None else as_it_is(default),
        step=step,
        placeholder=tr("As the model decides"),
        **common,
    )


def _end(end: float | None, as_it_is: type[int] | type[float]) -> int | float | None:
    """What a browser can count exactly; a longer seed is checked by the schema."""
    return None if end is None or abs(end) > 2**53 - 1 else as_it_is(end)


def _fitted(model: str, schema: Schema, values: dict[str, object], references: Sequence[str]) -> Settings:
    reference = schema.reference
    without = [field.name for field in schema.fields if reference and field.name == reference.name]
    problems = [] if references and reference else schema.problems(values)
    if references and reference:
        stand_in: object = ["https://a.picture"] * len(references)
        problems = schema.problems({**values, reference.name: stand_in})
    elif references:
        problems.append(tr(_WORDS_ALONE))
    if problems:
        return Settings(model=model, parameters={}, problems=tuple(problems))
    parameters = {name: value for name, value in schema.body(values).items() if name not in without}
    if references and reference:
        parameters[reference.name] = references[0] if _is_single(schema) else tuple(references)
    return Settings(model=model, parameters=parameters)


def _is_single(schema: Schema) -> bool:
    field = schema.field(schema.reference.name) if schema.reference else None
    return bool(field and field.single)


def _raw(key: str, suffix: str, model: str, references: Sequence[str]) -> Settings:
    """A model whose schema nobody knows: a prompt, and whatever the person writes."""
    st.caption(tr("Atlas Cloud tells no form for this model. The prompt is sent, and the parameters you write here."))
    written = st.text_area(
        tr("Parameters{suffix} (JSON)").format(suffix=suffix),
        placeholder=tr('{"size": "1024x1024"}'),
        key=f"{key}_raw",
        persist_state="session",
    )
    parameters, problem = _parsed(written or "")
    problem = problem or (tr(_WORDS_ALONE) if references else "")
    return Settings(model=model, parameters=parameters, problems=(problem,) if problem else ())


def _parsed(written: str) -> tuple[Parameters, str]:
    """The parameters in a text, or why there are none, as a sentence."""
    try:
        found = json.loads(written.strip() or "{}", parse_constant=_refused)
    except (ValueError, RecursionError):
        return {}, tr("The parameters are no JSON. Correct them, or leave the box empty.")
    if not isinstance(found, dict):
        return {}, tr("Write the parameters as a JSON object, such as {…}.")
    ours = sorted({"model", "prompt", *_OURS} & set(found))
    if ours:
        return {}, tr("Leave {join} out of the parameters: the form has a place for it.").format(join=", ".join(ours))
    if not all(isinstance(value, str | int | float) or _is_list(value) for value in found.values()):
        return {}, tr("Parameters can be text, numbers, true or false, and lists of text.")
    return found, ""


def _refused(constant: str) -> None:
    raise ValueError(tr("{constant} is no JSON").format(constant=constant))


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)
