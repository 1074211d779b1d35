"""Looking for images in History: words, filters with their counts, and what is set, each to be taken off again."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import streamlit as st

from atlas.language import later, tr
from atlas.text import excerpt
from studio.curation import Folder
from studio.experiments import Experiment
from studio.facets import Counts
from studio.generations import State
from studio.search import MOST_STARS, NO_FOLDER, Search, Sort
from ui import cards, models, services, session
from ui.gallery import Density
from ui.notices import in_words
from ui.text import plain

SORTS = {
    Sort.NEWEST: later("Newest first"),
    Sort.OLDEST: later("Oldest first"),
    Sort.RATING: later("Best rated first"),
    Sort.COSTLY: later("Most expensive first"),
    Sort.CHEAP: later("Cheapest first"),
    Sort.SLOW: later("Slowest first"),
    Sort.FAST: later("Fastest first"),
}
_NAMES = {
    "model": later("Model"),
    "size": later("Size"),
    "quality": later("Quality"),
    "state": later("State"),
    "tag": later("Tags"),
    "folder": later("Folder"),
    "experiment": later("Comparison"),
    "since": later("From"),
    "until": later("Until"),
    "least": later("From, USD"),
    "most": later("To, USD"),
    "rating": later("Rating"),
    "starred": later("Starred"),
    "prompt": later("One prompt"),
}
VIEWS = {
    session.IMAGES: later(":material/photo_library: Images"),
    session.PROMPTS: later(":material/notes: Prompts"),
    session.NUMBERS: later(":material/monitoring: Numbers"),
    session.BIN: later(":material/delete: Bin"),
    session.BACKUP: later(":material/inventory_2: Export and backup"),
}
_DENSITIES = {
    Density.COMFORTABLE: later(":material/grid_view: Large"),
    Density.COMPACT: later(":material/apps: Small"),
}
_SEVERAL = ("model", "size", "quality", "state", "tag")


def view() -> str:
    """Which part of History is shown, also in the address; changing it leaves the image that was looked at."""
    key = session.view_field(list(VIEWS))
    chosen = st.segmented_control(
        tr("Show"),
        list(VIEWS),
        required=True,
        format_func=lambda view: tr(VIEWS[view]),
        key=key,
        label_visibility="collapsed",
        on_change=session.change_view,
    )
    return chosen or session.IMAGES


def bar(search: Search, counts: Counts, *, ordered: bool = True) -> Density:
    """The line above the images; answers with how densely they are shown."""
    words, rest = st.columns(2, vertical_alignment="bottom")
    with words:
        st.text_input(
            tr("Search"),
            placeholder=tr('Words in the prompt, "a phrase", -without'),
            icon=":material/search:",
            **_field("words", search.words),
        )
    with rest, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if ordered:
            st.selectbox(
                tr("Order"),
                list(SORTS),
                format_func=lambda order: tr(SORTS[order]),
                width=200,
                **_field("sort", search.sort),
            )
        with st.popover(
            tr("Filters ({filters})").format(filters=search.filters) if search.filters else tr("Filters"),
            icon=":material/tune:",
        ):
            _filters(search, counts)
        chosen = st.segmented_control(
            tr("Density"),
            list(Density),
            default=Density.COMFORTABLE,
            required=True,
            format_func=lambda density: tr(_DENSITIES[density]),
            key="density",
            label_visibility="collapsed",
            persist_state="session",
            help=tr("How large the images are."),
        )
    if search.filters:
        _taken(search)
    return Density(chosen or Density.COMFORTABLE)


def _filters(search: Search, counts: Counts) -> None:
    left, right = st.columns(2)
    with left:
        for name in ("model", "size", "quality", "state"):
            _several(name, search, counts)
        st.pills(
            tr("Rating at least"),
            list(range(1, MOST_STARS + 1)),
            wrap=True,
            format_func=lambda stars: f"{'★' * stars} {counts.by['rating'].get(str(stars), 0):,}",
            **_field("rating", search.rating or None),
        )
        st.toggle(
            tr("Starred ({get:,})").format(get=counts.by["starred"].get("1", 0)), **_field("starred", search.starred)
        )
    with right:
        _several("tag", search, counts)
        _folder(search, counts)
        _experiment(search)
        _between(search)


def _between(search: Search) -> None:
    """From and to: days, and costs."""
    for name, place in zip(("since", "until"), st.columns(2), strict=True):
        place.date_input(tr(_NAMES[name]), **_field(name, getattr(search, name)))
    for name, place in zip(("least", "most"), st.columns(2), strict=True):
        amount = getattr(search, name)
        shown = None if amount is None else float(amount)
        place.number_input(tr(_NAMES[name]), min_value=0.0, step=0.01, format="%.3f", **_field(name, shown))


def _several(name: str, search: Search, counts: Counts) -> None:
    chosen = [str(value) for value in getattr(search, name)]
    found = counts.by[name]
    st.multiselect(
        tr(_NAMES[name]),
        list(dict.fromkeys([*found, *chosen])),
        format_func=lambda value: f"{_word(name, value)} ({found.get(value, 0):,})",
        placeholder=tr("Any"),
        **_field(name, chosen),
    )


def _folder(search: Search, counts: Counts) -> None:
    gone = tr("A folder that is gone")
    names = {NO_FOLDER: tr("In no folder"), **{folder.id: folder.name for folder in _folders()}}
    st.selectbox(
        tr(_NAMES["folder"]),
        list(names) if search.folder in {"", *names} else [*names, search.folder],
        format_func=lambda folder: f"{names.get(folder, gone)} ({counts.by['folder'].get(folder, 0):,})",
        index=None,
        placeholder=tr("Any"),
        **_field("folder", search.folder or None),
    )


def _experiment(search: Search) -> None:
    names = {experiment.id: experiment.name for experiment in _experiments()}
    st.selectbox(
        tr(_NAMES["experiment"]),
        list(names) if search.experiment in {"", *names} else [*names, search.experiment],
        format_func=lambda name: excerpt(names.get(name, tr("An older comparison")), 60),
        index=None,
        placeholder=tr("Any"),
        **_field("experiment", search.experiment or None),
    )


def _taken(search: Search) -> None:
    """Every filter that is set, as a button that takes it off."""
    with st.container(horizontal=True, gap="small"):
        for name, label in _NAMES.items():
            value = getattr(search, name)
            if value or isinstance(value, Decimal):
                st.button(
                    plain(f"{tr(label)}: {_shown(name, value)}"),
                    icon=":material/close:",
                    key=f"without_{name}",
                    help=tr("Take this filter off."),
                    on_click=_without,
                    args=(name,),
                )
        if any(folder.id == search.folder for folder in _folders()):
            _this_folder(search.folder)
        st.button(tr("Clear all filters"), type="tertiary", key="without_all", on_click=_clear)


def _this_folder(folder_id: str) -> None:
    with st.popover(tr("This folder"), icon=":material/folder:", key="this_folder"):
        name = next(folder.name for folder in _folders() if folder.id == folder_id)
        key = session.detail_field(folder_id, "folder", name)
        st.text_input(tr("Name"), max_chars=60, key=key, on_change=_rename, args=(folder_id,))
        st.write(tr("Its images stay when the folder goes, in no folder."))
        sure = st.checkbox(tr("Yes, delete this folder"), key=f"sure_{folder_id}")
        st.button(
            tr("Delete the folder"),
            icon=":material/folder_delete:",
            disabled=not sure,
            on_click=_delete_folder,
            args=(folder_id,),
        )


def _rename(folder_id: str) -> None:
    with in_words():
        services.curation().rename_folder(folder_id, str(session.detail_value(folder_id, "folder")))


def _delete_folder(folder_id: str) -> None:
    services.curation().delete_folder(folder_id)
    session.look_for(session.search().without("folder"))


def _shown(name: str, value: Any) -> str:
    if name in _SEVERAL:
        return ", ".join(_word(name, str(one)) for one in value)
    if name == "folder":
        return next((folder.name for folder in _folders() if folder.id == value), _gone(value))
    if name == "experiment":
        return next((excerpt(one.name, 40) for one in _experiments() if one.id == value), tr("an older one"))
    return {"starred": "yes", "prompt": tr("all its images"), "rating": tr("{value} or more").format(value=value)}.get(
        name, str(value)
    )


def _gone(folder: str) -> str:
    return tr("none") if folder == NO_FOLDER else tr("one that is gone")


def _word(name: str, value: str) -> str:
    if name == "model":
        return models.name_of(value)
    return tr(cards.WORDS[State(value)]) if name == "state" else value


def _field(name: str, value: object) -> dict[str, Any]:
    return {"key": session.find_field(name, value), "on_change": _changed, "args": (name,)}


def _changed(name: str) -> None:
    session.look_for(replace(session.search(), **{name: _wanted(name, session.found_field(name))}))


def _wanted(name: str, typed: Any) -> Any:
    """What stands in a field, as the search has it."""
    if name in _SEVERAL:
        return tuple(State(value) if name == "state" else value for value in typed or ())
    if name in {"least", "most"}:
        return None if typed is None else Decimal(str(round(typed, 6)))
    return getattr(Search(), name) if typed is None else typed


def _without(name: str) -> None:
    session.look_for(session.search().without(name))


def _clear() -> None:
    search = session.search()
    session.look_for(Search(words=search.words, sort=search.sort, bin=search.bin))


def _folders() -> list[Folder]:
    return services.curation().folders()


def _experiments() -> list[Experiment]:
    return services.experiments().listed(limit=200)
