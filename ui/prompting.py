"""Around the prompt of a form: help with its words, style and colours, and many prompts from one.

A form of the key ``generate`` has its prompt in the field ``generate_prompt``; all other fields here are named by
``_field``.
"""

from typing import NamedTuple

import streamlit as st

from atlas import sizes
from atlas.chatting import DEFAULT_TEXT_MODEL, Completion, Message, Role
from atlas.client import AtlasClient
from atlas.errors import NoHelp
from atlas.schema import Schema
from studio import prompts
from studio.errands import Cancelled, Errand, Progress
from studio.presets import MOST_COLOURS, NAME_LIMIT, WORDS_LIMIT, Preset, Presets, worded
from studio.prompts import Listing
from ui import differences, notices, services, session
from ui.text import one_line, plain

_TICK_S = 0.5
_SHOWN = 300  # characters of a prompt in a list of prompts
_COMPARED = 4000  # characters that a word diff shows
_TALL = 320  # pixels of such a list
_LONG = 1500  # characters of a prompt that is scrolled
_QUOTES = ('""', "“”", "''", "``")
_SHAPES = ("size", "aspect_ratio", "image_size", "width")
_RATIOS = ("", "1:1", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16", "21:9")
_FIRST_COLOURS = ("#1b2a4a", "#e07a5f", "#f2cc8f", "#81b29a", "#fff1e6")

_TASK = (
    "You word prompts for image models. Answer with the better prompt alone: no preface, no quotation marks, "
    "no Markdown. Keep the language of the prompt and everything the person wants to see; keep names, numbers, "
    "quoted words, colour codes and anything in braces exactly as they are. Add what is missing of light, framing, "
    "material and mood. Use at most 120 words."
)


class Suggestion(NamedTuple):
    """A prompt in better words; ``was_cut`` when the text model had more to say."""

    words: str
    was_cut: bool


class Style(NamedTuple):
    """What is said beside the prompt; empty where nothing was chosen, or where the model has a field for it."""

    words: str = ""
    colours: tuple[str, ...] = ()
    avoid: str = ""
    ratio: str = ""

    def on(self, prompt: str) -> str:
        """The prompt as it is sent."""
        return worded(prompt, words=self.words, colours=self.colours, avoid=self.avoid, ratio=self.ratio)


def help_with(prompt: str, key: str) -> None:
    """Better words for the prompt from a text model: what it changes is shown before it replaces anything."""
    with st.popover("Improve prompt", icon=":material/auto_fix_high:", key=_field(key, "help"), on_change="rerun"):
        st.write("A text model words the prompt anew. You see what it changes, and accept or reject it.")
        model = st.selectbox("Text model", *_text_models(), key=_field(key, "text_model"), persist_state="session")
        st.button(
            "Improve",
            type="primary",
            disabled=not prompt.strip(),
            key=_field(key, "improve"),
            on_click=_ask,
            args=(prompt, model or DEFAULT_TEXT_MODEL, key),
        )
    found = _asked(key)
    if found and found.ended:
        _answered(found, prompt, key)
    elif found:
        _asking(found.id, key)


def _text_models() -> tuple[list[str], int]:
    """Their ids, and which comes first."""
    ids = [model.id for model in services.catalogue().text_models()] or [DEFAULT_TEXT_MODEL]
    return ids, ids.index(DEFAULT_TEXT_MODEL) if DEFAULT_TEXT_MODEL in ids else 0


def _ask(prompt: str, model: str, key: str) -> None:
    """Once, however often the button is pressed: an answer costs a little."""
    _put(key, "help", False)
    under_way = _asked(key)
    if under_way and not under_way.ended:
        return
    running = services.start()

    def work(_progress: Progress, _cancelled: Cancelled) -> Suggestion:
        return _suggestion(running.client, prompt, model)

    _put(key, "errand", running.errands.begin("Improve prompt", work, expected=(NoHelp,)).id)


def _suggestion(client: AtlasClient, prompt: str, model: str) -> Suggestion:
    """Raises NoHelp."""
    turns = [Message(role=Role.SYSTEM, text=_TASK), Message(role=Role.USER, text=prompt)]
    completion: Completion = client.complete(turns, model=model)
    return Suggestion(_unquoted(completion.text), completion.was_cut)


def _unquoted(text: str) -> str:
    """Without the quotation marks that text models put around an answer."""
    inside = text[1:-1].strip()
    is_quoted = text[:1] + text[-1:] in _QUOTES and not {text[0], text[-1]} & set(inside)
    return inside if is_quoted and inside else text


def _asked(key: str) -> Errand | None:
    return services.start().errands.get(str(_held(key, "errand") or ""))


def _forget(key: str) -> None:
    _put(key, "errand", "")


@st.fragment(run_every=_TICK_S)
def _asking(errand_id: str, key: str) -> None:
    found = services.start().errands.get(errand_id)
    if found is None or found.ended:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"The text model is at work, {found.seconds:.0f} s. Your prompt can be used meanwhile.")
        st.button("Stop waiting", type="tertiary", key=_field(key, "stop"), on_click=_forget, args=(key,))


def _answered(found: Errand, prompt: str, key: str) -> None:
    with st.container(border=True, key=_field(key, "answer")):
        if not isinstance(found.result, Suggestion):
            st.warning(plain(f"{NoHelp.advice} {found.problem}"), icon=":material/error:")
            st.button("Dismiss", key=_field(key, "dismiss"), on_click=_forget, args=(key,))
        elif found.result.words == prompt:
            st.caption("The text model would not change a word.")
            st.button("Dismiss", key=_field(key, "dismiss"), on_click=_forget, args=(key,))
        else:
            _decision(found.result, prompt, key)


def _decision(better: Suggestion, prompt: str, key: str) -> None:
    differences.rewritten(prompt, better.words)
    if max(len(prompt), len(better.words)) > _COMPARED:
        st.caption("Only the beginning is shown. Accept takes all of it.")
    if better.was_cut:
        st.caption("The answer was cut off at its end. Read it before you accept it.")
    with st.container(horizontal=True):
        st.button(
            "Accept",
            type="primary",
            icon=":material/check:",
            key=_field(key, "accept"),
            on_click=_accept,
            args=(better.words, key),
        )
        st.button("Reject", icon=":material/close:", key=_field(key, "reject"), on_click=_forget, args=(key,))


def _accept(words: str, key: str) -> None:
    session.set_prompt(key, words)
    _forget(key)


def styles(key: str, presets: Presets, *, prompt: str, schema: Schema) -> Style:
    """Style words, palette, what to avoid and the composition, the last two only where the model has no field."""
    with st.expander("Style and colours", icon=":material/palette:", key=_field(key, "style")):
        kept = {preset.id: preset for preset in presets.all()}
        chosen = _preset(key, kept)
        words = st.text_input(
            "Style words",
            placeholder="watercolour, soft edges",
            max_chars=WORDS_LIMIT,
            key=_field(key, "words"),
            persist_state="session",
        )
        colours = _palette(key)
        style = Style(words or "", colours, _avoided(key, schema), _ratio(key, schema))
        _keeping(key, presets, chosen)
    sent = style.on(prompt)
    if sent != prompt:
        st.caption("Sent as")
        st.code(sent, language=None, wrap_lines=True, height=_TALL if len(sent) > _LONG else "content")
    return style


def _preset(key: str, kept: dict[str, Preset]) -> Preset | None:
    if _held(key, "preset") not in kept:  # deleted in another tab
        _put(key, "preset", "")
    chosen = st.selectbox(
        "Preset",
        ["", *kept],
        format_func=lambda one: kept[one].name if one else "None",
        key=_field(key, "preset"),
        persist_state="session",
        on_change=_apply,
        args=(key, kept),
    )
    return kept.get(chosen or "")


def _apply(key: str, kept: dict[str, Preset]) -> None:
    """The fields as the preset has them; empty where none is chosen."""
    preset = kept.get(str(_held(key, "preset")))
    _put(key, "words", preset.words if preset else "")
    _put(key, "preset_name", preset.name if preset and not preset.is_built_in else "")
    colours = preset.colours if preset else ()
    _put(key, "colours", len(colours))
    for place, colour in enumerate(colours):
        _put(key, f"colour_{place}", colour)


def _palette(key: str) -> tuple[str, ...]:
    count = _colour_count(key)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = [_picker(key, place) for place in range(count)]
        if count < MOST_COLOURS:
            st.button(
                "Add a colour",
                icon=":material/add:",
                key=_field(key, "more_colours"),
                on_click=_put,
                args=(key, "colours", count + 1),
            )
        if count:
            st.button(
                "Remove the last",
                icon=":material/remove:",
                key=_field(key, "fewer_colours"),
                on_click=_put,
                args=(key, "colours", count - 1),
            )
    return tuple(dict.fromkeys(picked))


def _colour_count(key: str) -> int:
    count = _held(key, "colours")
    return count if isinstance(count, int) else 0


def _picker(key: str, place: int) -> str:
    if not _held(key, f"colour_{place}"):
        _put(key, f"colour_{place}", _FIRST_COLOURS[place])
    return st.color_picker(f"Colour {place + 1}", key=_field(key, f"colour_{place}"), persist_state="session")


def _avoided(key: str, schema: Schema) -> str:
    if schema.field("negative_prompt"):
        return ""
    avoid = st.text_input(
        "Things to avoid",
        placeholder="text, watermark",
        max_chars=WORDS_LIMIT,
        key=_field(key, "avoid"),
        help="This model has no negative prompt, so the prompt says it in words.",
        persist_state="session",
    )
    return avoid or ""


def _ratio(key: str, schema: Schema) -> str:
    if any(map(schema.field, _SHAPES)):
        return ""
    ratio = st.selectbox(
        "Composition",
        _RATIOS,
        format_func=lambda one: sizes.described(one).capitalize() if one else "As the model decides",
        key=_field(key, "ratio"),
        help="This model has no size, so the prompt says it in words. Not every model follows them.",
        persist_state="session",
    )
    return ratio or ""


def _keeping(key: str, presets: Presets, chosen: Preset | None) -> None:
    """Save under a name; what is chosen and not built in can be renamed and deleted."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Name of the preset",
            placeholder="Autumn campaign",
            max_chars=NAME_LIMIT,
            key=_field(key, "preset_name"),
            persist_state="session",
        )
        st.button(
            "Save preset",
            icon=":material/save:",
            key=_field(key, "save"),
            help="Words and colours, for everybody here. The same name replaces what was saved under it.",
            on_click=_save,
            args=(key, presets),
        )
        if chosen and not chosen.is_built_in:
            st.button("Rename", key=_field(key, "rename"), on_click=_rename, args=(key, presets, chosen))
            st.button(
                "Delete",
                icon=":material/delete:",
                key=_field(key, "delete"),
                on_click=_delete,
                args=(key, presets, chosen),
            )


def _save(key: str, presets: Presets) -> None:
    with notices.in_words():
        colours = [str(_held(key, f"colour_{place}")) for place in range(_colour_count(key))]
        kept = presets.save(str(_held(key, "preset_name") or ""), str(_held(key, "words") or ""), colours)
        _put(key, "preset", kept.id)
        _put(key, "preset_name", kept.name)
        st.toast(f"Saved: {one_line(kept.name)}", icon=":material/check:")


def _rename(key: str, presets: Presets, preset: Preset) -> None:
    with notices.in_words():
        presets.rename(preset.id, str(_held(key, "preset_name") or ""))


def _delete(key: str, presets: Presets, preset: Preset) -> None:
    """The fields keep what it was, so that saving brings it back."""
    presets.delete(preset.id)
    _put(key, "preset", "")
    _put(key, "preset_name", preset.name)
    st.toast(f"Deleted: {one_line(preset.name)}. Save preset brings it back.", icon=":material/delete:")


def many(prompt: str, key: str) -> list[str]:
    """Every prompt that the variables make, or the list that was pasted or uploaded; none where something is wrong."""
    with st.expander("Several prompts", icon=":material/format_list_numbered:", key=_field(key, "several")):
        st.write(
            plain(
                "Write {red|blue} in the prompt for each in turn. Or give a list: one prompt on each line, or a "
                "CSV file with the column “prompt”. Other columns, such as colour, go where the prompt has {colour}."
            )
        )
        found = _listing(prompt, key)
    if found is None:
        try:
            made = prompts.expand(prompt)
        except ValueError as trouble:
            st.warning(plain(str(trouble)), icon=":material/edit:")
            return []
    else:
        _told(found)
        made = list(found.prompts)
    if len(made) > 1:
        _numbered(made, key)
    return made


def _listing(prompt: str, key: str) -> Listing | None:
    """The list that was given, if one was; a file before what was pasted."""
    pasted = st.text_area("Paste a list", height=136, key=_field(key, "list"), persist_state="session")
    file = st.file_uploader(
        "Or upload one", type=["txt", "csv", "tsv"], key=_field(key, "list_file"), max_upload_size=1
    )
    if file:
        return prompts.listed(file.getvalue(), file.name, template=prompt)
    return prompts.listed(pasted, template=prompt) if pasted and pasted.strip() else None


def _told(found: Listing) -> None:
    """What came of a list, outside of the expander: it takes the place of the prompt."""
    if found.filled:
        st.caption(
            plain(f"Each row of the list fills {', '.join(f'{{{name}}}' for name in found.filled)} in the prompt.")
        )
    else:
        st.caption("The list is used instead of the prompt.")
    if found.problems:
        st.warning("  \n".join(one_line(sentence, _SHOWN) for sentence in found.problems), icon=":material/warning:")


def _numbered(made: list[str], key: str) -> None:
    with (
        st.expander(f"{len(made)} prompts", key=_field(key, "made")),
        st.container(height=_TALL if len(made) > 8 else "content"),
    ):
        st.markdown("\n".join(f"{number}. {one_line(one, _SHOWN) or '(empty)'}" for number, one in enumerate(made, 1)))


def _field(key: str, name: str) -> str:
    return f"prompting_{key}_{name}"


def _put(key: str, name: str, value: object) -> None:
    """Before the field is drawn, or in a callback."""
    session.detail_field(f"{key}_{name}", "prompting", value)


def _held(key: str, name: str) -> object:
    return session.detail_value(f"{key}_{name}", "prompting")
