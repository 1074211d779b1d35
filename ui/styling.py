"""Style, colours and what a model has no field for, said beside the prompt and sent as part of it."""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from atlas import sizes
from atlas.language import tr
from atlas.models import PROMPT_LIMIT
from atlas.schema import Schema
from atlas.text import excerpt
from studio.presets import MOST_COLOURS, NAME_LIMIT, WORDS_LIMIT, Preset, Presets, worded
from studio.search import fold
from ui import notices
from ui.beside import field, held, put
from ui.text import one_line

_FORMS = {"generate"}  # where all of this has a place
_NEGATIVE = "negative_prompt"
_WIDTHS = ("image_size", "width")  # of models that are not in the catalogue
_QUOTED = 80  # characters of what has moved
_RATIOS = ("", "1:1", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16", "21:9")
_FIRST_COLOURS = ("#1b2a4a", "#e07a5f", "#f2cc8f", "#81b29a", "#fff1e6")


class Style(NamedTuple):
    """What is said beside the prompt; empty where nothing was chosen, or where the model has a field for it."""

    words: str = ""
    colours: tuple[str, ...] = ()
    avoid: str = ""
    ratio: str = ""

    def on(self, prompt: str) -> str:
        """The prompt as it is sent."""
        return worded(prompt, words=self.words, colours=self.colours, avoid=self.avoid, ratio=self.ratio)


def styles(key: str, presets: Presets, *, schema: Schema) -> Style:
    """Style words, palette, what to avoid and the composition, the last two only where the model has no field."""
    with st.expander(tr("Style and colours"), icon=":material/palette:", key=field(key, "style")):
        kept = {preset.id: preset for preset in presets.all()}
        chosen = _preset(key, kept)
        words = st.text_input(
            tr("Style words"),
            placeholder=tr("watercolour, soft edges"),
            max_chars=WORDS_LIMIT,
            key=field(key, "words"),
            persist_state="session",
        )
        colours = _palette(key)
        style = Style(words or "", colours, _avoided(key, schema), _ratio(key, schema))
        _keeping(key, presets, chosen)
    return style


def carried(key: str, chosen: Mapping[str, object], schema: Schema) -> tuple[dict[str, object], list[str], list[str]]:
    """What was chosen, for the form of another model, in a callback: what to avoid and the shape go where they belong.

    Into the model's own field where it has one, beside the prompt where it has none. Also what to tell the person:
    sentences for what has moved, and the names of what has found no place and is kept until it does.
    """
    values = dict(chosen)
    if key not in _FORMS:
        return values, [], []
    moved, left = zip(_carry_avoided(key, values, schema), _carry_shape(key, values, schema), strict=True)
    return values, [sentence for sentence in moved if sentence], [name for name in left if name]


def _carry_avoided(key: str, values: dict[str, object], schema: Schema) -> tuple[str, str]:
    """Changes the values; what has moved, and what stays behind."""
    words, negative = str(held(key, "avoid") or ""), str(values.get(_NEGATIVE) or "")
    place = schema.field(_NEGATIVE)
    if place is None:
        if not values.pop(_NEGATIVE, None):
            return "", ""
        put(key, "avoid", _joined(words, negative))
        return tr("“{negative}” is in Things to avoid now, and said in the prompt.").format(
            negative=excerpt(negative, _QUOTED)
        ), ""
    if not words.strip():
        return "", ""
    together = _joined(negative or str(place.default or ""), words)
    if not schema.keep({_NEGATIVE: together})[0]:
        return "", tr("things to avoid")
    values[_NEGATIVE] = together
    put(key, "avoid", "")
    return tr("“{words}” is in {title} now.").format(words=excerpt(words, _QUOTED), title=place.title), ""


def _carry_shape(key: str, values: dict[str, object], schema: Schema) -> tuple[str, str]:
    """Changes the values; what has moved, and what stays behind."""
    ratio = str(held(key, "ratio") or "")
    shaped = next((name for name in ("aspect_ratio", "size") if sizes.ratio(values.get(name)) is not None), None)
    if shaped and _has_shape(schema):
        put(key, "ratio", "")  # what was chosen last counts
    elif shaped:
        nearest = sizes.nearest(values[shaped], _RATIOS)
        if nearest is not None:
            put(key, "ratio", nearest)
            return tr("{shape} is in Composition now, and said in the prompt.").format(
                shape=_shape(values.pop(shaped))
            ), ""
    elif ratio and schema.shape:
        return _into_field(key, ratio, values, schema)
    return "", ""


def _into_field(key: str, ratio: str, values: dict[str, object], schema: Schema) -> tuple[str, str]:
    kept, _ = schema.keep({"aspect_ratio": ratio})
    place = next((field for field in map(schema.field, kept) if field), None)
    if place is None:
        return "", f"composition {ratio}"
    values |= kept
    if kept[place.name] != place.default:  # what a model has by itself is not carried on: the wish would be lost
        put(key, "ratio", "")
    return tr("The composition {shape} is in {title} now.").format(shape=_shape(ratio), title=place.title), ""


def _shape(value: object) -> str:
    return sizes.described(value).capitalize()


def _joined(first: str, second: str) -> str:
    """Both, each phrase once."""
    if not first.strip() or not second.strip():
        return first.strip() or second.strip()
    phrases = [phrase.strip() for phrase in f"{first},{second}".split(",")]
    return ", ".join({fold(phrase): phrase for phrase in phrases if phrase}.values())


def _has_shape(schema: Schema) -> bool:
    return schema.shape is not None or any(map(schema.field, _WIDTHS))


def _preset(key: str, kept: dict[str, Preset]) -> Preset | None:
    if held(key, "preset") not in kept:  # deleted in another tab
        put(key, "preset", "")
    chosen = st.selectbox(
        tr("Preset"),
        ["", *kept],
        format_func=lambda one: kept[one].name if one else tr("None"),
        key=field(key, "preset"),
        persist_state="session",
        on_change=_apply,
        args=(key, kept),
    )
    return kept.get(chosen or "")


def _apply(key: str, kept: dict[str, Preset]) -> None:
    """The fields as the preset has them; empty where none is chosen."""
    preset = kept.get(str(held(key, "preset")))
    put(key, "words", preset.words if preset else "")
    put(key, "preset_name", preset.name if preset and not preset.is_built_in else "")
    colours = preset.colours if preset else ()
    put(key, "colours", len(colours))
    for place, colour in enumerate(colours):
        put(key, f"colour_{place}", colour)


def _palette(key: str) -> tuple[str, ...]:
    count = _colour_count(key)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = [_picker(key, place) for place in range(count)]
        if count < MOST_COLOURS:
            st.button(
                tr("Add a colour"),
                icon=":material/add:",
                key=field(key, "more_colours"),
                on_click=put,
                args=(key, "colours", count + 1),
            )
        if count:
            st.button(
                tr("Remove the last"),
                icon=":material/remove:",
                key=field(key, "fewer_colours"),
                on_click=put,
                args=(key, "colours", count - 1),
            )
    return tuple(dict.fromkeys(picked))


def _colour_count(key: str) -> int:
    count = held(key, "colours")
    return count if isinstance(count, int) else 0


def _picker(key: str, place: int) -> str:
    if not held(key, f"colour_{place}"):
        put(key, f"colour_{place}", _FIRST_COLOURS[place])
    return st.color_picker(
        tr("Colour {place}").format(place=place + 1), key=field(key, f"colour_{place}"), persist_state="session"
    )


def _avoided(key: str, schema: Schema) -> str:
    if schema.field(_NEGATIVE):
        return ""
    avoid = st.text_input(
        tr("Things to avoid"),
        placeholder=tr("text, watermark"),
        max_chars=PROMPT_LIMIT,  # a negative prompt may come here from another model, whole
        key=field(key, "avoid"),
        help=tr("This model has no negative prompt, so the prompt says it in words."),
        persist_state="session",
    )
    return avoid or ""


def _ratio(key: str, schema: Schema) -> str:
    if _has_shape(schema):
        return ""
    ratio = st.selectbox(
        tr("Composition"),
        _RATIOS,
        format_func=lambda one: sizes.described(one).capitalize() if one else tr("As the model decides"),
        key=field(key, "ratio"),
        help=tr("This model has no size, so the prompt says it in words. Not every model follows them."),
        persist_state="session",
    )
    return ratio or ""


def _keeping(key: str, presets: Presets, chosen: Preset | None) -> None:
    """Save under a name; what is chosen and not built in can be renamed and deleted."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            tr("Name of the preset"),
            placeholder=tr("Autumn campaign"),
            max_chars=NAME_LIMIT,
            key=field(key, "preset_name"),
            persist_state="session",
        )
        st.button(
            tr("Save preset"),
            icon=":material/save:",
            key=field(key, "save"),
            help=tr("Words and colours, for everybody here. The same name replaces what was saved under it."),
            on_click=_save,
            args=(key, presets),
        )
        if chosen and not chosen.is_built_in:
            st.button(tr("Rename"), key=field(key, "rename"), on_click=_rename, args=(key, presets, chosen))
            st.button(
                tr("Delete"),
                icon=":material/delete:",
                key=field(key, "delete"),
                on_click=_delete,
                args=(key, presets, chosen),
            )


def _save(key: str, presets: Presets) -> None:
    with notices.in_words():
        colours = [str(held(key, f"colour_{place}")) for place in range(_colour_count(key))]
        kept = presets.save(str(held(key, "preset_name") or ""), str(held(key, "words") or ""), colours)
        put(key, "preset", kept.id)
        put(key, "preset_name", kept.name)
        st.toast(tr("Saved: {name}").format(name=one_line(kept.name)), icon=":material/check:")


def _rename(key: str, presets: Presets, preset: Preset) -> None:
    with notices.in_words():
        presets.rename(preset.id, str(held(key, "preset_name") or ""))


def _delete(key: str, presets: Presets, preset: Preset) -> None:
    """The fields keep what it was, so that saving brings it back."""
    presets.delete(preset.id)
    put(key, "preset", "")
    put(key, "preset_name", preset.name)
    st.toast(
        tr("Deleted: {name}. Save preset brings it back.").format(name=one_line(preset.name)), icon=":material/delete:"
    )
