"""A generation as people see it: its image, or why there is none yet, and what can be done about it."""

from decimal import Decimal
from typing import Literal

import streamlit as st

from atlas.language import later, retold, tr, trn
from atlas.models import ImageRequest
from atlas.prices import dollars
from studio.generations import SIMULATOR, Generation, State, latest_attempts
from studio.images import GRID, VIEW
from studio.references import FIELDS, mask_of, starting
from ui import clock, forms, lost, models, notices, routes, services, session
from ui.text import one_line, plain

WORDS = {
    State.QUEUED: later("Waiting for its turn"),
    State.SUBMITTING: later("Being sent"),
    State.RUNNING: later("Being made"),
    State.FETCHING: later("Being fetched"),
    State.COMPLETED: later("Completed"),
    State.FAILED: later("Failed"),
    State.UNKNOWN: later("Outcome unknown"),
    State.STALLED: later("Needs another look"),
}
_LARGE = 8  # images of a run that are shown large
_AGAIN = {State.FAILED: later("Retry"), State.STALLED: later("Check again")}


@st.fragment(key=session.RUN)
def run(name: str) -> None:
    """Every image of a run, each as far as it is; a fragment, so that an image that arrives is drawn without the page.

    What a press of a button here changes elsewhere on the page has its callback end with ``st.rerun()``.
    """
    notices.answered(lambda: _run(name))


def _run(name: str) -> None:
    generations = latest_attempts(services.store().run(name))
    if not generations:
        return
    done = sum(generation.state is State.COMPLETED for generation in generations)
    prompts = len({generation.prompt for generation in generations})
    title = one_line(generations[0].prompt, 90) if prompts == 1 else f"{prompts} prompts"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header(title, anchor=False)
        if len(generations) > 1:
            st.markdown(tr("**{done} of {count}**").format(done=done, count=len(generations)), width="content")
    columns = 1 if len(generations) == 1 else 2 if len(generations) in {2, 4} else 3
    side = VIEW if len(generations) <= _LARGE else GRID
    with st.container(width=720 if columns == 1 else "stretch"):
        grid = st.grid(columns, gap="medium", key=f"run_{name}")
        for generation in generations:
            with grid.cell():
                show(generation, side=side, with_prompt=prompts > 1)


def show(generation: Generation, *, side: int, with_prompt: bool) -> None:
    """One card; ``side`` is the preview's long side in pixels."""
    with st.container(border=True, key=f"card_{generation.id}"):
        picture(generation, side=side)
        if with_prompt:
            st.markdown(one_line(generation.prompt, 140))
        st.caption(plain(facts(generation)))
        with st.container(horizontal=True, gap="small"):
            _actions(generation)


def picture(generation: Generation, *, side: int, width: int | Literal["stretch"] = "stretch") -> None:
    """Its images, or why there is none yet."""
    for found in generation.pictures:
        st.image(routes.preview_url(found, side), alt=generation.alternative, width=width)
    if not generation.pictures:
        _without_image(generation, width)


def _without_image(generation: Generation, width: int | Literal["stretch"]) -> None:
    if not generation.is_terminal and generation.provider == services.engine().provider:
        size = str(generation.parameters.get("size", ""))
        st.image(routes.placeholder_url(size), alt=f"{tr(WORDS[generation.state])}: {generation.prompt}", width=width)
    elif not generation.is_terminal:
        st.info(
            tr("Waits until the app runs with {provider} again.").format(provider=plain(generation.provider)),
            icon=":material/pause_circle:",
        )
    elif generation.state is State.FAILED:
        st.error(plain(retold(generation.problem)), icon=":material/error:")
    else:
        st.warning(plain(retold(generation.problem)), icon=":material/help:")


def _actions(generation: Generation) -> None:
    for picture in generation.pictures:
        st.link_button(
            tr("Download"),
            routes.download_url(generation, picture),
            icon=":material/download:",
            key=f"download_{generation.id}_{picture.sha256}",
        )
    again(generation)
    if generation.pictures:
        compare(generation)
    if st.button(tr("Details"), icon=":material/info:", key=f"details_{generation.id}"):
        st.switch_page("../pages/history.py", query_params={"image": generation.id})


def compare(generation: Generation) -> None:
    """Pick it for a comparison, or let it go again."""
    picked = generation.id in session.chosen()
    st.button(
        tr("Picked to compare") if picked else tr("Compare"),
        icon=":material/check:" if picked else ":material/compare:",
        key=f"compare_{generation.id}",
        on_click=_choose,
        args=(generation.id,),
        help=tr("Pick two images, from any page, to see them side by side."),
    )


def _choose(generation_id: str) -> None:
    session.choose(generation_id)
    st.rerun()


def again(generation: Generation) -> None:
    """What can be done about one that ended without an image."""
    if generation.provider != services.engine().provider:
        return
    if generation.state is State.UNKNOWN:
        lost.choices(generation)
    elif generation.state in _AGAIN:
        st.button(
            tr(_AGAIN[generation.state]),
            icon=":material/refresh:",
            key=f"again_{generation.id}_{generation.ended}",
            on_click=_again,
            args=(generation,),
        )


def _again(generation: Generation) -> None:
    engine = services.engine()
    stalled = generation.state is State.STALLED
    session.predictions().watch(engine.check_again(generation) if stalled else engine.retry(generation))
    st.rerun()


def facts(generation: Generation) -> str:
    """In one line, as it is: model, settings, time taken and price; what is not known is left out."""
    took = (
        [tr("{seconds:.1f} s").format(seconds=generation.seconds)]
        if generation.state is State.COMPLETED and generation.seconds
        else []
    )
    simulated = generation.provider == SIMULATOR
    price = [tr("simulated")] if simulated else _price(generation)
    state = [] if generation.state is State.COMPLETED else [tr(WORDS[generation.state]).lower()]
    return " · ".join([settings_of(generation.request), *state, *took, *price, clock.when(generation.created)])


def _price(generation: Generation) -> list[str]:
    """What was billed, or what it was expected to cost and nobody has billed yet."""
    if generation.price is not None:
        return [tr("{money} billed").format(money=dollars(generation.price))]
    known = generation.estimate is not None and generation.state is State.COMPLETED
    return [tr("about {value} (estimate)").format(value=dollars(generation.estimate or Decimal(0)))] if known else []


def settings_of(request: ImageRequest) -> str:
    """Model and parameters in one line, the size first."""
    parameters = sorted(request.parameters.items(), key=lambda parameter: parameter[0] != "size")
    told = (_asked(name, value) for name, value in parameters if name not in FIELDS)
    count = len(starting(request.parameters))
    from_ = [trn("from {count} image", "from {count} images", count)] if count else []
    from_ += [tr("with a mask")] if mask_of(request.parameters) else []
    return " · ".join([models.name_of(request.model), *told, *from_])


def _asked(name: str, value: object) -> str:
    if name == "size":
        return forms.shape(str(value))
    return f"{_listed(value)} {name.replace('_', ' ')}"


def _listed(value: object) -> str:
    """A list by what is in it, or by how long it is where that takes more than a word."""
    if not isinstance(value, list | tuple):
        return str(value)
    return ", ".join(value) if all(isinstance(part, str) for part in value) else str(len(value))
