"""The images of History, a page at a time: looked through, selected, and treated many at once."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import streamlit as st

from atlas.language import tr
from studio.generations import State
from studio.images import GRID
from studio.library import PER_PAGE, Cursor, Item, Page, SamePrompt
from studio.search import MOST_STARS, Search, Sort
from ui import cards, clock, demo, gallery, keeping, routes, services, session
from ui.gallery import Density, Kind, Tile, Wish
from ui.notices import in_words

_SQUARE = (1024, 1024)  # the place of an image whose shape nobody knows
_ALL = 10_000  # the most that can be selected at once
_GALLERY = "gallery"


def images(search: Search, total: int, density: Density) -> None:
    """What is found: selected, starred and rated in place, opened to be looked at alone."""
    above = st.container(key="shelf_bar")
    after, before = session.cursors()
    page = services.library().page(search, after=after, before=before)
    if not page.entries and (after or before):  # what was there is gone
        session.turn_page()
        page = services.library().page(search)
    if not page.entries:
        _nothing(search)
    _fulfil(_gallery([_tile(item) for item in page.entries], density=density, curating=True), search)
    with above:
        _bar(search, total)
    _pages(page)


def prompts(search: Search, density: Density) -> None:
    """Every prompt once, with how often it was used; opening one shows all of its images."""
    after, before = session.cursors()
    page = services.library().prompts(search, after=after, before=before)
    if not page.entries:
        _nothing(search)
    wishes = _gallery([_prompt_tile(entry) for entry in page.entries], density=density, curating=False)
    opened = [wish.ids[0] for wish in wishes]
    keys = {entry.newest.id: entry.key for entry in page.entries}
    if opened and opened[-1] in keys:
        session.look_for(replace(search, prompt=keys[opened[-1]]))
        session.show_view(session.IMAGES)
        st.rerun()
    _pages(page)


def _gallery(tiles: list[Tile], *, density: Density, curating: bool) -> Iterator[Wish]:
    focus = session.focus()
    return gallery.show(
        tiles,
        selected=session.selection(),
        density=density,
        curating=curating,
        focus=tiles[0].id if focus == session.TOP and tiles else focus,
        arrival=session.arrival(),
        key=_GALLERY,
    )


def _tile(item: Item) -> Tile:
    generation = item.generation
    picture = generation.pictures[0] if generation.pictures else None
    width, height = (picture.width, picture.height) if picture else _SQUARE
    return Tile(
        id=item.id,
        url=routes.preview_url(picture, GRID) if picture else "",
        alt=generation.alternative,
        caption=cards.facts(generation),
        width=width,
        height=height,
        note="" if generation.state is State.COMPLETED else tr(cards.WORDS[generation.state]),
        starred=item.starred,
        rating=item.rating,
    )


def _prompt_tile(entry: SamePrompt) -> Tile:
    tile = _tile(entry.newest)
    used = tr("used once") if entry.count == 1 else tr("used {count:,} times").format(count=entry.count)
    values = {name: getattr(tile, name) for name in ("id", "url", "alt", "width", "height")}
    return Tile(
        **values,
        caption=tr("{used}, last {when}").format(used=used, when=clock.when(entry.newest.generation.created)),
        note=f"× {entry.count}",
    )


def _fulfil(wishes: Iterable[Wish], search: Search) -> None:
    kinds = set()
    for wish in wishes:
        kinds.add(wish.kind)
        _deal_with(wish)
    is_other = search.rating or search.starred or search.sort is Sort.RATING
    if Kind.OPEN in kinds or (is_other and kinds & {Kind.STAR, Kind.RATE}):
        st.rerun()


def _deal_with(wish: Wish) -> None:
    match wish.kind:
        case Kind.STAR:
            services.curation().star(wish.ids, bool(wish.value))
        case Kind.RATE:
            services.curation().rate(wish.ids, wish.value)
        case Kind.SELECT if wish.value:
            session.select(session.selection().union(wish.ids))
        case Kind.SELECT:
            session.select(session.selection().difference(wish.ids))
        case Kind.OPEN:
            session.open_image(wish.ids[0])


def _ticked() -> list[str]:
    """What is selected at the moment of a click, as the person sees it: the bar may be one run behind the ticks."""
    for wish in gallery.told(_GALLERY):
        _deal_with(wish)
    return sorted(session.selection())


def _bar(search: Search, total: int) -> None:
    """How many there are, or what can be done with those that are selected; as high either way, so nothing jumps."""
    st.html("<style>.st-key-shelf_bar { min-height: 3.5rem }</style>")
    selected = session.selection()
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if selected:
            st.markdown(tr("**{count:,} selected**").format(count=len(selected)), width="content")
            (_binned if search.bin else _selected)(sorted(selected))
        else:
            st.caption(
                tr("{total:,} found").format(total=total)
                + (tr(". Erased 30 days after they were deleted.") if search.bin else "")
            )
        if total > len(selected) and (selected or search.bin):
            st.button(
                tr("Select all {min:,}").format(min=min(total, _ALL)),
                key="select_all",
                on_click=_select_all,
                args=(search,),
            )
        if selected:
            st.button(tr("Clear selection"), type="tertiary", key="clear_selection", on_click=_select_none)
        if not search.bin:
            _undo()


def _selected(ids: list[str]) -> None:
    rating = st.menu_button(
        tr("Rate"),
        list(range(MOST_STARS, -1, -1)),
        format_func=lambda stars: "★" * stars or "No rating",
        icon=":material/star_half:",
        key="bulk_rate",
    )
    if rating is not None:
        services.curation().rate(ids, rating)
        st.rerun()
    starred = st.menu_button(tr("Star"), ["Star", tr("Take the star off")], icon=":material/star:", key="bulk_star")
    if starred:
        services.curation().star(ids, starred == "Star")
        st.rerun()
    _tag()
    _move()
    if len(ids) in {2, 3, 4} and st.button(tr("Compare"), icon=":material/compare:", key="bulk_compare"):
        _compare(ids)
    keeping.export_button(ids)
    st.button(tr("Delete"), icon=":material/delete:", key="bulk_delete", on_click=_delete)


def _binned(ids: list[str]) -> None:
    st.button(tr("Put back"), icon=":material/restore_from_trash:", key="bulk_restore", on_click=_put_back)
    with st.popover(tr("Erase"), icon=":material/delete_forever:"):
        st.write(
            tr("Erase {count:,} for good? What they cost stays in the numbers; nothing else does.").format(
                count=len(ids)
            )
        )
        st.button(tr("Erase for good"), type="primary", key="bulk_erase", on_click=_erase, args=(ids,))


def _tag() -> None:
    with st.popover(tr("Tag"), icon=":material/label:", key="bulk_tag"):
        known = services.library().tags()
        st.selectbox(
            tr("Tag"),
            known,
            index=None,
            accept_new_options=True,
            placeholder=tr("Choose one, or type a new one"),
            key="bulk_tag_name",
        )
        with st.container(horizontal=True):
            st.button(tr("Add the tag"), key="bulk_tag_add", on_click=_change_tag, args=(True,))
            st.button(tr("Take it off"), key="bulk_tag_off", on_click=_change_tag, args=(False,))


def _change_tag(add: bool) -> None:
    name = session.typed("bulk_tag_name")
    with in_words():
        (services.curation().tag if add else services.curation().untag)(_ticked(), name)


def _move() -> None:
    with st.popover(tr("Move"), icon=":material/folder:", key="bulk_move"):
        names = {folder.name: folder.id for folder in services.curation().folders()}
        st.selectbox(
            tr("Folder"),
            list(names),
            index=None,
            accept_new_options=True,
            placeholder=tr("Choose one, or type a new one"),
            key="bulk_folder",
        )
        with st.container(horizontal=True):
            st.button(tr("Move there"), key="bulk_move_in", on_click=_move_to)
            st.button(tr("Out of any folder"), key="bulk_move_out", on_click=_move_out)


def _move_to() -> None:
    name = session.typed("bulk_folder")
    with in_words():
        services.curation().move(_ticked(), services.curation().add_folder(name).id)


def _move_out() -> None:
    services.curation().move(_ticked(), None)


def _compare(ids: list[str]) -> None:
    chosen = [item.generation for item in services.library().items(ids) if item.generation.pictures]
    if len(chosen) < 2:
        st.toast(tr("A comparison needs two images, and fewer of these have one."), icon=":material/info:")
        return
    experiment = session.compare_images([[generation] for generation in chosen])
    session.select(())
    st.switch_page("../pages/compare.py", query_params={"experiment": experiment})


def _delete() -> None:
    delete(_ticked())


def delete(ids: list[str]) -> None:
    """Into the bin, with a way back in this tab; what cannot go there is said."""
    binned = services.curation().delete(ids)
    session.select(())
    if binned:
        session.remember_binned(binned)
    left = len(ids) - len(binned)
    if left:
        st.toast(
            tr("{left:,} not deleted: still under way, or not here any more.").format(left=left), icon=":material/info:"
        )


def _undo() -> None:
    binned = session.can_undo()
    if binned:
        what = tr("1 image is") if len(binned) == 1 else tr("{count:,} images are").format(count=len(binned))
        st.markdown(tr("{what} in the bin.").format(what=what), width="content")
        st.button(tr("Undo"), icon=":material/undo:", key=f"undo_{binned[0]}_{len(binned)}", on_click=_take_back)


def _take_back() -> None:
    _restore(session.can_undo())


def _put_back() -> None:
    _restore(_ticked())


def _restore(ids: Iterable[str]) -> None:
    services.curation().restore(list(ids))
    session.remember_binned([])
    session.select(())


def _erase(ids: list[str]) -> None:
    services.curation().erase(ids)
    services.start().chores.soon()
    session.remember_binned([])
    session.select(())


def _select_none() -> None:
    _ticked()
    session.select(())


def _select_all(search: Search) -> None:
    session.select(services.library().ids(search, limit=_ALL))


def _pages(page: Page[Item] | Page[SamePrompt]) -> None:
    if not (page.before or page.after):
        return
    with st.container(horizontal=True, horizontal_alignment="center"):
        _turn("Previous", page.before, before=True)
        _turn("Next", page.after, before=False)


def _turn(label: str, cursor: Cursor | None, *, before: bool) -> None:
    icon = ":material/chevron_left:" if before else ":material/chevron_right:"
    st.button(
        label,
        icon=icon,
        disabled=cursor is None,
        key=f"turn_{label}_{cursor}",
        help=tr("{per_page} images a page.").format(per_page=PER_PAGE),
        on_click=session.turn_page,
        kwargs={"before" if before else "after": cursor},
    )


def _nothing(search: Search) -> None:
    if search.bin and not search.filters and not search.words:
        st.info(tr("The bin is empty."), icon=":material/delete:")
    elif search.filters or search.words:
        st.info(tr("Nothing fits. Take a filter off, or use fewer words."), icon=":material/search_off:")
    else:
        st.info(tr("Nothing has been made yet. Describe an image on Generate, and it is kept here."))
        demo.offer("history")
        st.page_link("../pages/generate.py", label=tr("Go to Generate"), icon=":material/brush:")
