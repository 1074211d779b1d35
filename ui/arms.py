"""The form of a comparison: two to four arms side by side, what they share, what the whole run costs, and its button.

It is a fragment: whoever fills it in waits for the form alone, and not for the list of comparisons below it.
"""

from dataclasses import replace

import streamlit as st

from atlas.language import later, together, tr
from atlas.models import ImageRequest
from studio.experiments import LABELS, MOST_DRAWS
from ui import costs, differences, forms, masks, notices, references, session
from ui.forms import Order, Settings
from ui.text import plain

DRAWS = 4
_ALL = "arms"  # the form that all arms share


@st.fragment(key="arms")
def form() -> None:
    """What a press of the button starts is shown by the whole page, which is drawn anew."""
    notices.answered(_form)


def _form() -> None:
    wanted = _order()
    differences.prompts(wanted.requests)
    _total(wanted)
    if st.button(
        tr("Run comparison"),
        type="primary",
        icon=":material/play_arrow:",
        shortcut="Mod+Enter",
        key=f"run_{session.intent()}",
    ):
        if wanted.problem:
            st.warning(plain(wanted.problem), icon=":material/edit:")
        else:
            st.query_params["experiment"] = session.start_experiment(
                wanted.requests, wanted.count, estimate=costs.estimate
            )
            st.rerun()


def _order() -> Order:
    """What a person filled in: one request per arm, and how many images of each."""
    labels = LABELS[: session.arm_count()]
    apart = session.settings_apart()
    columns = st.columns(len(labels))
    prompts = [_prompt(label, column) for label, column in zip(labels, columns, strict=True)]
    _moves(labels)
    if apart:
        columns = st.columns(len(labels))
        settings = []
        for label, column in zip(labels, columns, strict=True):
            with column:
                settings.append(_settings(f"arm_{label}", f" {label}", narrow=True))
    else:
        settings = [_settings(_ALL)] * len(labels)
    requests = tuple(
        ImageRequest(prompt=prompt, model=chosen.model, parameters=chosen.parameters)
        for prompt, chosen in zip(prompts, settings, strict=True)
    )
    named = [
        tr("Prompt {label}: {problem}").format(label=label, problem=problem) if apart else problem
        for label, chosen in zip(labels, settings, strict=True)
        for problem in chosen.problems
    ]
    return Order(requests=requests, count=_draws(), compared=True, problems=tuple(dict.fromkeys(named)))


def _total(wanted: Order) -> None:
    """How many images the run makes, and what they cost, before it starts."""
    images = len(wanted.requests) * wanted.count
    many = tr("{prompts} prompts × {draws} = {images} images").format(
        prompts=len(wanted.requests), draws=wanted.count, images=images
    )
    why = tr("Several images of each show whether a prompt is better, or was only luckier.")
    costs.line(wanted, lambda price: together(plain(costs.told(many, price)), why), key=_ALL)


def _settings(key: str, suffix: str = "", *, narrow: bool = False) -> Settings:
    """Model, settings and pictures to start from: of all arms, or of the one that has its own."""
    form = st.container()
    starting, mask = references.chosen(key, suffix), masks.chosen(key)
    with form:
        found = forms.settings(key, suffix, references=starting, narrow=narrow)
    return replace(found, parameters={**found.parameters, **mask})


def _prompt(label: str, column: st.delta_generator.DeltaGenerator) -> str:
    text = column.text_area(
        tr("Prompt {label}").format(label=label),
        key=session.prompt_key(label),
        height=136,
        placeholder=tr(_EXAMPLES.get(label, _ANOTHER)),
        persist_state="session",
    )
    return text or ""


_ANOTHER = later("Another version of the prompt")
_EXAMPLES = {
    "A": later("A red bicycle leaning against a white wall, Mediterranean noon light"),
    "B": later("A blue bicycle leaning against a white wall, Mediterranean noon light"),
}


def _moves(labels: str) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(tr("Swap A and B"), icon=":material/swap_horiz:", on_click=_swap)
        st.button(tr("Start B from A"), icon=":material/content_copy:", on_click=_copy, args=("A", "B"))
        if len(labels) < len(LABELS):
            label = LABELS[len(labels)]
            st.button(
                tr("Add {label}").format(label=label),
                icon=":material/add:",
                on_click=_add,
                help=tr("Starts from the last one."),
            )
        if len(labels) > 2:
            st.button(
                tr("Remove {labels}").format(labels=labels[-1]), icon=":material/remove:", on_click=session.remove_arm
            )
        st.toggle(tr("Own settings per prompt"), key=session.APART, persist_state="session", on_change=_part)


def _swap() -> None:
    session.swap_prompts()
    first, second = forms.taken("arm_A"), forms.taken("arm_B")
    forms.give("arm_A", second)
    forms.give("arm_B", first)
    references.swap("arm_A", "arm_B")


def _copy(source: str, target: str) -> None:
    session.copy_prompt(source, target)
    _begin_with(f"arm_{source}", target)


def _add() -> None:
    session.add_arm()
    count = session.arm_count()
    _begin_with(f"arm_{LABELS[count - 2]}", LABELS[count - 1])


def _part() -> None:
    """Every arm begins with what all of them had."""
    if session.settings_apart():
        for label in LABELS[: session.arm_count()]:
            _begin_with(_ALL, label)


def _begin_with(source: str, label: str) -> None:
    """An arm with the settings and pictures of another form."""
    forms.copy(source, f"arm_{label}")
    references.copy(source, f"arm_{label}")


def _draws() -> int:
    count = st.number_input(
        tr("Images per prompt"),
        min_value=1,
        max_value=MOST_DRAWS,
        value=DRAWS,
        key="arms_draws",
        width=160,
        persist_state="session",
    )
    return min(int(count or 1), MOST_DRAWS)
