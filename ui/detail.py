"""One image alone: large, with everything known about it, what people made of it, and what can be done with it."""

from collections.abc import Sequence

import streamlit as st

from atlas.language import retold, tr
from atlas.prices import dollars
from atlas.text import excerpt
from studio import snippets
from studio.generations import SIMULATOR, Generation, Picture, State
from studio.images import VIEW
from studio.library import Item
from studio.references import FIELDS
from studio.search import MOST_STARS, Search, quality_of, size_of
from studio.store import UPLOADED
from ui import cards, clock, differences, forms, models, references, reuse, routes, services, session, shelves
from ui.notices import in_words
from ui.text import one_line, plain

_VARIATIONS = 4
_MOST_TAGS = 200


def show(generation_id: str, search: Search) -> None:
    """The image, between those before and after it in what was looked for."""
    try:
        item = services.library().get(generation_id)
    except KeyError:
        st.warning(tr("This image is not here any more. It may have been erased from the bin."), icon=":material/help:")
        st.button(tr("Back to all images"), on_click=session.close_image)
        return
    _way(item, search)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _large(item.generation)
    with right:
        _reuse(item.generation)
        _made_of_it(item)
        _about(item)


def _way(item: Item, search: Search) -> None:
    before, after = services.library().neighbours(search, item.id)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(tr("Back to all images"), icon=":material/arrow_back:", key="back", on_click=session.close_image)
        for label, other, key, icon in (
            (tr("Previous image"), before, "Left", ":material/chevron_left:"),
            (tr("Next image"), after, "Right", ":material/chevron_right:"),
        ):
            st.button(
                label,
                icon=icon,
                shortcut=key,
                disabled=other is None,
                key=label,
                on_click=session.open_image,
                args=(other,),
            )


def _large(generation: Generation) -> None:
    cards.picture(generation, side=VIEW)
    with st.container(horizontal=True, gap="small"):
        for picture in generation.pictures:
            st.link_button(tr("Download"), routes.download_url(generation, picture), icon=":material/download:")
            st.link_button(
                tr("With settings inside"),
                routes.described_url(generation, picture),
                help=tr("Prompt and settings, and the mark of AI images."),
            )
            st.link_button(tr("Without any text inside"), routes.stripped_url(generation, picture))
        newest = services.store().slots({generation.slot.place}).get(generation.slot.place, generation)
        if newest.id == generation.id:
            cards.again(generation)
    for picture in generation.pictures:
        _badges(generation, picture)


def _badges(generation: Generation, picture: Picture) -> None:
    """What came otherwise than it was asked for."""
    for what, asked, got in _differences(generation, picture):
        st.badge(
            plain(tr("{what}: asked for {asked}, got {got}").format(what=what, asked=asked, got=got)),
            icon=":material/warning:",
            color="orange",
        )


def _differences(generation: Generation, picture: Picture) -> list[tuple[str, str, str]]:
    size, form = size_of(generation.parameters), str(generation.parameters.get("output_format", ""))
    got = f"{picture.width}x{picture.height}"
    found = []
    if "x" in size and size != got:
        found.append(("Size", forms.shape(size), forms.shape(got)))
    if form and form.lower().replace("jpg", "jpeg") != picture.format:
        found.append(("Format", form, picture.format))
    return found


def _reuse(generation: Generation) -> None:
    with st.container(horizontal=True, gap="small"):
        if generation.provider == UPLOADED:
            _as_reference(generation)
            cards.compare(generation)
            return
        if st.button(tr("Use again"), icon=":material/replay:", key="use_all", help=tr("Prompt and all settings.")):
            _to_generate(generation)
        if st.button(tr("Prompt only"), key="use_prompt", help=tr("The settings stay as they are on Generate.")):
            _to_generate(generation, prompt_only=True)
        if st.button(
            tr("Make variations"),
            key="use_variations",
            help=tr("{variations} more of the same, ready to send.").format(variations=_VARIATIONS),
        ):
            _to_generate(generation, count=_VARIATIONS)
        _as_reference(generation)
        for label in "AB":
            if st.button(
                tr("As prompt {label}").format(label=label), key=f"use_{label}", help=tr("Into the form of Compare.")
            ):
                reuse.as_arm(label, generation.request)
                st.switch_page("../pages/compare.py")
        if generation.pictures:
            cards.compare(generation)


def _as_reference(generation: Generation) -> None:
    if generation.pictures and st.button(
        tr("As reference image"), key="use_reference", help=tr("A new one starts from it.")
    ):
        references.take(generation.pictures[0])
        st.switch_page("../pages/generate.py")


def _to_generate(generation: Generation, *, prompt_only: bool = False, count: int | None = None) -> None:
    reuse.again(generation.request, prompt_only=prompt_only, count=count)
    st.switch_page("../pages/generate.py")


def _made_of_it(item: Item) -> None:
    """Rating, star, tags, folder, note, bin."""
    if item.deleted:
        st.info(
            tr("In the bin since {when}; erased 30 days later.").format(when=clock.when(item.deleted)),
            icon=":material/delete:",
        )
        st.button(tr("Put back"), icon=":material/restore_from_trash:", on_click=_restore, args=([item.id],))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.pills(
            tr("Rating"),
            list(range(1, MOST_STARS + 1)),
            format_func=lambda stars: "★" * stars,
            key=session.detail_field(item.id, "rating", item.rating or None),
            on_change=_rate,
            args=(item.id,),
        )
        st.toggle(
            tr("Starred"), key=session.detail_field(item.id, "starred", item.starred), on_change=_star, args=(item.id,)
        )
    known = services.library().tags()[:_MOST_TAGS]
    st.multiselect(
        tr("Tags"),
        list(dict.fromkeys([*item.tags, *known])),
        accept_new_options=True,
        placeholder=tr("Choose, or type a new one"),
        key=session.detail_field(item.id, "tags", list(item.tags)),
        on_change=_tag,
        args=(item,),
    )
    folders = [folder.name for folder in services.curation().folders()]
    st.selectbox(
        tr("Folder"),
        folders,
        index=None,
        accept_new_options=True,
        placeholder=tr("In no folder; choose, or type a new one"),
        key=session.detail_field(item.id, "folder", item.folder),
        on_change=_move,
        args=(item.id,),
    )
    st.text_area(
        tr("Note"),
        height=80,
        max_chars=4000,
        key=session.detail_field(item.id, "note", item.note),
        on_change=_note,
        args=(item.id,),
    )
    if item.generation.pictures:
        st.text_area(
            tr("Alt text"),
            height=80,
            max_chars=1000,
            placeholder=excerpt(item.generation.prompt, 200),
            help=tr("Read in place of the image, here and in what is exported. Without it, the prompt is."),
            key=session.detail_field(item.id, "alt", item.generation.alt),
            on_change=_describe,
            args=(item.id,),
        )
    if item.generation.is_terminal:
        st.button(tr("Delete"), icon=":material/delete:", key=f"delete_{item.id}", on_click=_delete, args=(item.id,))


def _rate(generation_id: str) -> None:
    services.curation().rate([generation_id], int(str(session.detail_value(generation_id, "rating") or 0)))


def _star(generation_id: str) -> None:
    services.curation().star([generation_id], bool(session.detail_value(generation_id, "starred")))


def _tag(item: Item) -> None:
    chosen = session.detail_value(item.id, "tags")
    wanted = [str(tag) for tag in chosen] if isinstance(chosen, Sequence) else []
    for tag in set(item.tags) - set(wanted):
        services.curation().untag([item.id], tag)
    for tag in set(wanted) - set(item.tags):
        with in_words():
            services.curation().tag([item.id], tag)


def _move(generation_id: str) -> None:
    name = session.detail_value(generation_id, "folder")
    curation = services.curation()
    with in_words():
        curation.move([generation_id], curation.add_folder(str(name)).id if name else None)


def _note(generation_id: str) -> None:
    services.curation().write_note(generation_id, str(session.detail_value(generation_id, "note") or ""))


def _describe(generation_id: str) -> None:
    services.curation().write_alt(generation_id, str(session.detail_value(generation_id, "alt") or ""))


def _restore(ids: Sequence[str]) -> None:
    services.curation().restore(ids)


def _delete(generation_id: str) -> None:
    shelves.delete([generation_id])


def _about(item: Item) -> None:
    """Asked for and got, times, price, ids, what happened, and the request as code."""
    generation = item.generation
    st.markdown(tr("**Prompt**"))
    st.code(generation.prompt, language=None, wrap_lines=True)
    if generation.rewritten:
        st.markdown(tr("**Rewritten by the provider**"))
        differences.rewritten(generation.prompt, generation.rewritten)
    for name, value in _facts(generation).items():
        st.markdown(f"**{plain(name)}:** {plain(value)}")
    for experiment in services.library().experiments_of(item.id)[:10]:
        st.page_link("../pages/compare.py", label=_named(experiment), query_params={"experiment": experiment})
    with st.expander(tr("What happened"), icon=":material/history:"):
        for event in services.store().events(generation.id):
            st.caption(f"{clock.when(event.at, seconds=True)} {one_line(event.what, 300)}")
    if generation.provider != UPLOADED:
        with st.expander(tr("Copy as code"), icon=":material/code:"):
            st.caption(tr("The key stays in the environment variable ATLASCLOUD\\_API\\_KEY."))
            base = services.start().settings.base_url
            for label, code, language in (
                ("Python", snippets.python(generation, base), "python"),
                ("curl", snippets.curl(generation, base), "bash"),
            ):
                st.markdown(f"**{label}**")
                st.code(code, language=language, wrap_lines=True)


def _named(experiment: str) -> str:
    return tr("Comparison: {name}").format(name=plain(services.experiments().get(experiment).name))


def _facts(generation: Generation) -> dict[str, str]:
    """Only what is known; a price that nobody told is not zero."""
    real = generation.provider != SIMULATOR
    estimate = (
        tr("about {estimate}, an estimate").format(estimate=dollars(generation.estimate))
        if generation.estimate is not None
        else tr("not told")
    )
    price = (
        tr("{price}, as billed").format(price=dollars(generation.price)) if generation.price is not None else estimate
    )
    asked = {name: value for name, value in generation.parameters.items() if name not in {"size", "quality", *FIELDS}}
    found = {
        tr("Model"): f"{models.name_of(generation.model)} ({generation.model})",
        tr("Provider"): generation.provider if real else tr("simulator: drawn on this machine"),
        tr("Size"): _asked_and_got(
            size_of(generation.parameters), [f"{it.width}x{it.height}" for it in generation.pictures]
        ),
        tr("Quality"): quality_of(generation.parameters),
        tr("Format"): _asked_and_got(
            str(generation.parameters.get("output_format", "")),
            [f"{it.format.upper()}, {it.bytes / 1000:,.0f} kB" for it in generation.pictures],
        ),
        **{name.replace("_", " ").capitalize(): str(value) for name, value in asked.items() if name != "output_format"},
        tr("State"): tr(cards.WORDS[generation.state]),
        tr("Problem"): retold(generation.problem),
        tr("Made"): clock.when(generation.created),
        tr("Took"): tr("{seconds:.1f} s from sent to stored").format(seconds=generation.seconds)
        if generation.seconds
        else "",
        tr("At the model"): f"{generation.predict_seconds:.1f} s" if generation.predict_seconds else "",
        tr("Price"): (price if real else tr("simulated, nothing was charged")) if _was_charged(generation) else "",
        tr("Prediction"): generation.prediction_id or "",
        tr("Request"): generation.request_id or "",
    }
    return {name: value for name, value in found.items() if value}


def _was_charged(generation: Generation) -> bool:
    return generation.state is State.COMPLETED and generation.provider != UPLOADED


def _asked_and_got(asked: str, got: Sequence[str]) -> str:
    told = ", ".join(forms.shape(one) for one in got)
    return (
        tr("asked for {shape}, got {told}").format(shape=forms.shape(asked), told=told)
        if asked and told
        else told or forms.shape(asked)
    )
