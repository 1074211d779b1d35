"""Around the prompt of a form: help with its words, many prompts from one, and what is sent in the end.

A form of the key ``generate`` has its prompt in the field ``generate_prompt``; all other fields here are named by
``beside.field``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from atlas.chatting import DEFAULT_TEXT_MODEL, Completion, Message, Role
from atlas.client import AtlasClient
from atlas.errors import NoHelp
from atlas.language import tr
from studio import prompts
from studio.errands import Cancelled, Errand, Progress
from studio.prompts import Listing
from ui import differences, services, session
from ui.beside import field, held, put
from ui.text import one_line, plain

_TICK_S = 0.5
_SHOWN = 300  # characters of a prompt in a list of prompts
_WHOLE = 30_000  # characters of all prompts in such a list together, while each keeps that many
_FEW = 3  # prompts that are shown as they are sent
_COMPARED = 4000  # characters that a word diff shows
_TALL = 320  # pixels of such a list
_LONG = 1500  # characters of a prompt that is scrolled
_QUOTES = ('""', "“”", "''", "``")


class Suggestion(NamedTuple):
    """A prompt in better words; ``was_cut`` when the text model had more to say."""

    words: str
    was_cut: bool


def help_with(prompt: str, key: str) -> None:
    """Better words for the prompt from a text model: what it changes is shown before it replaces anything."""
    with st.popover(tr("Improve prompt"), icon=":material/auto_fix_high:", key=field(key, "help"), on_change="rerun"):
        st.write(tr("A text model words the prompt anew. You see what it changes, and accept or reject it."))
        model = st.selectbox(tr("Text model"), *_text_models(), key=field(key, "text_model"), persist_state="session")
        st.button(
            tr("Improve"),
            type="primary",
            disabled=not prompt.strip(),
            key=field(key, "improve"),
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
    put(key, "help", False)
    under_way = _asked(key)
    if under_way and not under_way.ended:
        return
    client = services.client()

    def work(_progress: Progress, _cancelled: Cancelled) -> Suggestion:
        return _suggestion(client, prompt, model)

    put(key, "errand", services.errands().begin(tr("Improve prompt"), work, expected=(NoHelp,)).id)


def _suggestion(client: AtlasClient, prompt: str, model: str) -> Suggestion:
    """Raises NoHelp."""
    turns = [Message(role=Role.SYSTEM, text=prompts.BETTER_WORDS), Message(role=Role.USER, text=prompt)]
    completion: Completion = client.complete(turns, model=model)
    return Suggestion(_unquoted(completion.text), completion.was_cut)


def _unquoted(text: str) -> str:
    """Without the quotation marks that text models put around an answer."""
    inside = text[1:-1].strip()
    is_quoted = text[:1] + text[-1:] in _QUOTES and not {text[0], text[-1]} & set(inside)
    return inside if is_quoted and inside else text


def _asked(key: str) -> Errand | None:
    return services.errands().get(str(held(key, "errand") or ""))


def _forget(key: str) -> None:
    put(key, "errand", "")


@st.fragment(run_every=_TICK_S)
def _asking(errand_id: str, key: str) -> None:
    found = services.errands().get(errand_id)
    if found is None or found.ended:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            tr("The text model is at work, {seconds:.0f} s. Your prompt can be used meanwhile.").format(
                seconds=found.seconds
            )
        )
        st.button(tr("Stop waiting"), type="tertiary", key=field(key, "stop"), on_click=_forget, args=(key,))


def _answered(found: Errand, prompt: str, key: str) -> None:
    with st.container(border=True, key=field(key, "answer")):
        if not isinstance(found.result, Suggestion):
            st.warning(plain(f"{tr(NoHelp.advice)} {found.problem}"), icon=":material/error:")
            st.button(tr("Dismiss"), key=field(key, "dismiss"), on_click=_forget, args=(key,))
        elif found.result.words == prompt:
            st.caption(tr("The text model would not change a word."))
            st.button(tr("Dismiss"), key=field(key, "dismiss"), on_click=_forget, args=(key,))
        else:
            _decision(found.result, prompt, key)


def _decision(better: Suggestion, prompt: str, key: str) -> None:
    differences.rewritten(prompt, better.words)
    if max(len(prompt), len(better.words)) > _COMPARED:
        st.caption(tr("Only the beginning is shown. Accept takes all of it."))
    if better.was_cut:
        st.caption(tr("The answer was cut off at its end. Read it before you accept it."))
    with st.container(horizontal=True):
        st.button(
            tr("Accept"),
            type="primary",
            icon=":material/check:",
            key=field(key, "accept"),
            on_click=_accept,
            args=(better.words, key),
        )
        st.button(tr("Reject"), icon=":material/close:", key=field(key, "reject"), on_click=_forget, args=(key,))


def _accept(words: str, key: str) -> None:
    session.set_prompt(key, words)
    _forget(key)


def many(prompt: str, key: str) -> list[str]:
    """Every prompt that the variables make, or the list that was pasted or uploaded; none where something is wrong."""
    with st.expander(tr("Several prompts"), icon=":material/format_list_numbered:", key=field(key, "several")):
        st.write(
            plain(
                tr(
                    "Write {red|blue} in the prompt for each in turn. Or give a list: one prompt on each line, or a "
                    "CSV file with the column “prompt”. Other columns, such as colour, go where the prompt has "
                    "{colour}."
                )
            )
        )
        found = _listing(prompt, key)
    if found is None:
        try:
            return prompts.expand(prompt)
        except ValueError as trouble:
            st.warning(plain(str(trouble)), icon=":material/edit:")
            return []
    _told(found)
    return list(found.prompts)


def _listing(prompt: str, key: str) -> Listing | None:
    """The list that was given, if one was; a file before what was pasted."""
    pasted = st.text_area(tr("Paste a list"), height=136, key=field(key, "list"), persist_state="session")
    file = st.file_uploader(
        tr("Or upload one"), type=["txt", "csv", "tsv"], key=field(key, "list_file"), max_upload_size=1
    )
    if file:
        return prompts.listed(file.getvalue(), file.name, template=prompt)
    return prompts.listed(pasted, template=prompt) if pasted and pasted.strip() else None


def _told(found: Listing) -> None:
    """What came of a list, outside of the expander: it takes the place of the prompt."""
    if found.filled:
        st.caption(
            plain(
                tr("Each row of the list fills {join} in the prompt.").format(
                    join=", ".join(f"{{{name}}}" for name in found.filled)
                )
            )
        )
    else:
        st.caption(tr("The list is used instead of the prompt."))
    if found.problems:
        st.warning("  \n".join(one_line(sentence, _SHOWN) for sentence in found.problems), icon=":material/warning:")


def sent(prompt: str, texts: Sequence[str]) -> None:
    """The final text of the prompt where it is another than the person wrote; of many, that of the first few."""
    if len(texts) == 1 and texts[0] != prompt:
        st.caption(tr("Sent as"))
    elif len(texts) > 1:
        st.caption(tr("Sent as, the first {min} of {count}").format(min=min(_FEW, len(texts)), count=len(texts)))
    for text in texts[:_FEW] if list(texts) != [prompt] else ():
        st.code(text, language=None, wrap_lines=True, height=_TALL if len(text) > _LONG else "content")


def numbered(texts: Sequence[str], key: str) -> None:
    """Many prompts as they are sent, by number."""
    if len(texts) < 2:
        return
    each = min(_COMPARED, max(_SHOWN, _WHOLE // len(texts)))
    with (
        st.expander(tr("{count} prompts").format(count=len(texts)), key=field(key, "made")),
        st.container(height=_TALL if len(texts) > 8 else "content"),
    ):
        if any(len(text) > each for text in texts):
            st.caption(tr("Long ones are shown by their beginning. All of each is sent."))
        st.markdown("\n".join(f"{number}. {one_line(one, each) or '(empty)'}" for number, one in enumerate(texts, 1)))
