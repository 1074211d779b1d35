"""An experiment on the screen: its arms, the viewer, the numbers that describe it, all of its images."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache, partial
from statistics import median

import streamlit as st

from atlas.language import tr
from atlas.models import ImageRequest
from studio import contact_sheet, likeness
from studio.contact_sheet import Cell, Column, Sheet
from studio.experiments import MOST_DRAWS, Drawn, Experiment
from studio.generations import SIMULATOR, Generation, Picture, State
from studio.images import GRID, VIEW
from studio.likeness import Likeness, Swatch
from studio.references import FIELDS
from ui import cards, clock, costs, demo, differences, presenting, references, reuse, routes, services, session, viewer
from ui.forms import Order
from ui.text import one_line, plain
from ui.viewer import Draw, Mode, Shown, View


def show(experiment: Experiment) -> None:
    """Everything about one experiment, from top to bottom."""
    rows = services.experiments().rows(experiment)
    _heading(experiment, rows)
    presenting.comparison(experiment, rows)
    _arms(experiment)
    differences.prompts(experiment.arms)
    differences.settings([_without_pictures(arm) for arm in experiment.arms])
    shown = _viewed(experiment, rows)
    _numbers(experiment, rows, shown)
    _gallery(experiment, rows)
    _actions(experiment, rows)


def find(experiment_id: str | None) -> Experiment | None:
    """The experiment of the address; a sentence on the screen when there is none of that name."""
    if experiment_id is None:
        return None
    try:
        return services.experiments().get(experiment_id)
    except KeyError:
        st.warning(tr("There is no such comparison. Start a new one, or open one of those below."))
        return None


def deleted(experiment: Experiment) -> None:
    st.info(tr("This comparison was deleted. Its images are still in History."), icon=":material/delete:")
    st.button(tr("Undo"), icon=":material/undo:", on_click=services.experiments().restore, args=(experiment.id,))


def listed() -> None:
    """Earlier comparisons, newest first."""
    earlier = services.experiments().listed()
    if earlier:
        st.header(tr("Earlier comparisons"), anchor=False)
    else:
        demo.offer("compare")
    for experiment in earlier:
        with st.container(horizontal=True, vertical_alignment="center", key=f"listed_{experiment.id}"):
            st.page_link(
                "../pages/compare.py",
                label=one_line(experiment.name, 100),
                icon=":material/compare:",
                query_params={"experiment": experiment.id},
            )
            st.caption(
                tr("{count} × {draws} images, {when}").format(
                    count=len(experiment.arms), draws=experiment.draws, when=clock.when(experiment.created)
                )
            )


def _heading(experiment: Experiment, rows: Sequence[Drawn]) -> None:
    all_images = [generation for row in rows for generation in row.generations if generation]
    done = sum(generation.state is State.COMPLETED for generation in all_images)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.header(one_line(experiment.name, 120), anchor=False)
        with st.container(horizontal=True, width="content", vertical_alignment="center"):
            if experiment.picked:
                st.badge(
                    tr("Picked"), icon=":material/touch_app:", color="violet", help=tr("Chosen by hand, not by draw.")
                )
            st.markdown(tr("**{done} of {count}**").format(done=done, count=len(all_images)), width="content")


def _arms(experiment: Experiment) -> None:
    """What each arm asked for, side by side."""
    for label, arm, column in zip(experiment.labels, experiment.arms, st.columns(len(experiment.arms)), strict=True):
        with column:
            st.markdown(f"**{label}** {plain(arm.prompt, 1000)}")
            st.caption(plain(cards.settings_of(arm)))
            references.of(arm)


def _without_pictures(arm: ImageRequest) -> ImageRequest:
    """The pictures it starts from are shown, not spelled out."""
    return replace(arm, parameters={name: value for name, value in arm.parameters.items() if name not in FIELDS})


def _viewed(experiment: Experiment, rows: Sequence[Drawn]) -> tuple[Generation | None, ...]:
    """The viewer; the generations it shows now, one per arm."""
    picks = session.picks(len(experiment.arms))
    if picks:
        by_number = {row.number: row.generations for row in rows}
        generations = tuple(by_number[number][arm] if number in by_number else None for arm, number in enumerate(picks))
        names = ", ".join(
            tr("{label} draw {number}").format(label=label, number=number)
            for label, number in zip(experiment.labels, picks, strict=True)
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(tr("Picked: {names}").format(names=names), icon=":material/touch_app:", color="violet")
            st.button(tr("Back to pairs by draw"), icon=":material/undo:", on_click=session.pick_none)
        rows = [Drawn(number=1, generations=generations)]
    draws = [Draw(number=row.number, images=tuple(map(_image, row.generations))) for row in rows]
    asked = View(mode=Mode(session.mode(list(Mode))), draw=session.draw(len(draws)))
    now = viewer.show(experiment.labels, draws, view=asked, key=f"viewer_{experiment.id}_{bool(picks)}")
    session.look_at(now.mode, now.draw)
    return next((row.generations for row in rows if row.number == now.draw), rows[0].generations)


def _image(generation: Generation | None) -> Shown | str:
    if generation is None:
        return tr("Not drawn")
    if not generation.pictures:
        return tr(cards.WORDS[generation.state])
    picture = generation.pictures[0]
    return Shown(
        url=routes.preview_url(picture),
        original=routes.download_url(generation, picture),
        width=picture.width,
        height=picture.height,
        alt=generation.alternative,
    )


def _numbers(experiment: Experiment, rows: Sequence[Drawn], shown: Sequence[Generation | None]) -> None:
    pictures = [generation.pictures[0] if generation and generation.pictures else None for generation in shown]
    columns = st.columns(len(experiment.arms))
    for arm, (column, picture) in enumerate(zip(columns, pictures, strict=True)):
        with column:
            st.markdown(f"**{experiment.labels[arm]}** · {_spent([row.generations[arm] for row in rows])}")
            if picture:
                swatches = _palette(picture)
                named = ", ".join(f"{swatch.hex} {swatch.share:.0%}" for swatch in swatches)
                st.image(
                    routes.palette_url((each.hex, each.share) for each in swatches),
                    alt=tr("Palette of {labels}: {named}").format(labels=experiment.labels[arm], named=named),
                    width=240,
                )
    for label, other in zip(experiment.labels[1:], pictures[1:], strict=True):
        if pictures[0] and other:
            alike = _likeness(pictures[0].sha256, other.sha256)
            st.caption(
                tr(
                    "A and {label}: SSIM {ssim:.3f}, pHash distance {phash_distance} of 64. "
                    "How alike they are, not quality."
                ).format(label=label, ssim=alike.ssim, phash_distance=alike.phash_distance)
            )
    _quickest(experiment, rows)


def _spent(generations: Sequence[Generation | None]) -> str:
    seconds = [generation.seconds for generation in generations if generation and generation.seconds]
    real = [generation for generation in generations if generation and generation.provider != SIMULATOR]
    prices = [generation.price for generation in real if generation.price]
    typical = tr("{median:.1f} s an image").format(median=median(seconds)) if seconds else tr("no times yet")
    return (
        tr("{typical}, ${sum:.3f} in all").format(typical=typical, sum=sum(prices, Decimal(0))) if prices else typical
    )


def _quickest(experiment: Experiment, rows: Sequence[Drawn]) -> None:
    """One quiet line; arms within a tenth of each other are a tie, and ties are not crowned."""
    typical: dict[str, float] = {}
    for arm, label in enumerate(experiment.labels):
        seconds = [row.generations[arm] for row in rows]
        known = [generation.seconds for generation in seconds if generation and generation.seconds]
        if known:
            typical[label] = median(known)
    if len(typical) < 2:
        return
    first, second = sorted(typical, key=lambda label: typical[label])[:2]
    if typical[first] < 0.9 * typical[second]:
        st.caption(tr("{first} was the quickest.").format(first=first))


def _gallery(experiment: Experiment, rows: Sequence[Drawn]) -> None:
    """All draws of every arm; a press opens the pair, or picks a single image."""
    with st.expander(tr("All images"), expanded=True, icon=":material/grid_view:"):
        for arm, column in enumerate(st.columns(len(experiment.arms))):
            with column:
                st.markdown(f"**{experiment.labels[arm]}**")
                grid = st.grid("auto", min_column_width=150, key=f"gallery_{experiment.id}_{arm}")
                for row in rows:
                    with grid.cell():
                        _tile(experiment, arm, row)


def _tile(experiment: Experiment, arm: int, row: Drawn) -> None:
    generation = row.generations[arm]
    if generation is None:
        st.caption(tr("Draw {number}: not drawn").format(number=row.number))
        return
    cards.picture(generation, side=GRID)
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            tr("Draw {number}").format(number=row.number),
            key=f"open_{arm}_{row.number}",
            on_click=session.open_draw,
            args=(row.number,),
            help=tr("Show this draw of every arm above."),
        )
        st.button(
            tr("Pick"),
            key=f"pick_{arm}_{row.number}",
            on_click=session.pick,
            args=(arm, row.number, len(experiment.arms)),
            help=tr("Compare single images across draws; they are labelled as picked."),
        )
        cards.again(generation)


def _actions(experiment: Experiment, rows: Sequence[Drawn]) -> None:
    name = f"comparison-{experiment.id}"
    subtitle = f"{_origin(experiment, rows)}, {clock.when(experiment.created)}"
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        if _can_draw_more(experiment, rows):
            st.button(
                tr("Draw one more of each"),
                icon=":material/add:",
                key=f"more_{experiment.id}_{experiment.draws}",
                on_click=_draw_more,
                args=(experiment,),
                help=_price_of_more(experiment),
            )
        st.page_link(
            "../pages/results.py",
            label=tr("Ask colleagues"),
            icon=":material/how_to_vote:",
            query_params={"experiment": experiment.id},
            help=tr("A blind review: colleagues vote without knowing which prompt made which image."),
        )
        st.button(tr("Change and run again"), icon=":material/fork_right:", on_click=reuse.fork, args=(experiment,))
        st.download_button(
            tr("Contact sheet (PNG)"),
            partial(_sheet, experiment, rows, subtitle, png=True),
            f"{name}.png",
            "image/png",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            tr("Contact sheet (HTML)"),
            partial(_sheet, experiment, rows, subtitle, png=False),
            f"{name}.html",
            "text/html",
            icon=":material/download:",
            on_click="ignore",
        )
        with st.popover(tr("Rename"), icon=":material/edit:"):
            st.text_input(
                tr("Name"),
                value=experiment.name,
                key=f"name_{experiment.id}",
                max_chars=120,
                on_change=_rename,
                args=(experiment.id,),
            )
        st.button(tr("Delete"), icon=":material/delete:", on_click=services.experiments().delete, args=(experiment.id,))
        st.page_link("../pages/compare.py", label=tr("New comparison"), icon=":material/add_circle:")


def _can_draw_more(experiment: Experiment, rows: Sequence[Drawn]) -> bool:
    """Not where images were picked, and not from another provider than the ones that are there."""
    return not experiment.picked and experiment.draws < MOST_DRAWS and _providers(rows) <= {services.engine().provider}


def _price_of_more(experiment: Experiment) -> str:
    more = Order(requests=experiment.arms, count=1, compared=True)
    return plain(
        tr("{images} images, {in_words}.").format(images=more.images, in_words=costs.in_words(more, patience_s=0))
    )


def _providers(rows: Sequence[Drawn]) -> set[str]:
    return {generation.provider for row in rows for generation in row.generations if generation}


def _draw_more(experiment: Experiment) -> None:
    services.experiments().add_draws(experiment, 1, provider=services.engine().provider, estimate=costs.estimate)
    services.engine().look()


def _rename(experiment_id: str) -> None:
    services.experiments().rename(experiment_id, session.typed(f"name_{experiment_id}"))


def _origin(experiment: Experiment, rows: Sequence[Drawn]) -> str:
    """Where the images come from, as whoever gets the sheet has to know."""
    providers = _providers(rows)
    made = tr("Simulated images") if providers == {SIMULATOR} else "Atlas Studio"
    partly = tr(", partly simulated") if SIMULATOR in providers and len(providers) > 1 else ""
    return made + partly + (tr(", picked by hand") if experiment.picked else "")


def _sheet(experiment: Experiment, rows: Sequence[Drawn], subtitle: str, *, png: bool) -> bytes:
    """Made when it is asked for, outside of the script: nothing here may ask who is looking."""
    columns = tuple(
        Column(label=label, prompt=arm.prompt, facts=cards.settings_of(arm))
        for label, arm in zip(experiment.labels, experiment.arms, strict=True)
    )
    cells = tuple(tuple(map(_cell, row.generations)) for row in rows)
    sheet = Sheet(title=experiment.name, subtitle=subtitle, columns=columns, rows=cells)
    return contact_sheet.as_png(sheet) if png else contact_sheet.as_html(sheet)


def _cell(generation: Generation | None) -> Cell:
    if generation is None or not generation.pictures:
        return Cell(picture=None, note=tr(cards.WORDS[generation.state]) if generation else tr("Not drawn"))
    content = services.files().preview(generation.pictures[0].sha256, VIEW).read_bytes()
    took = f"{generation.seconds:.1f} s" if generation.seconds else ""
    return Cell(picture=content, note=took, alt=generation.alternative)


@lru_cache(maxsize=2000)
def _likeness(first: str, second: str) -> Likeness:
    files = services.files()
    return likeness.likeness(files.preview(first, GRID), files.preview(second, GRID))


@lru_cache(maxsize=2000)
def _palette(picture: Picture) -> tuple[Swatch, ...]:
    return likeness.palette_of(services.files().preview(picture.sha256, GRID))
