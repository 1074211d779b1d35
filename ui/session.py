"""Everything one browser tab remembers; the only file that names session keys.

The truth is in the store and in the address of the page: a reload is a new session.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import streamlit as st

from atlas.models import ImageRequest
from atlas.session import Pace, Predictions
from atlas.text import clean, excerpt
from studio.errands import Errand
from studio.experiments import LABELS, MOST_DRAWS
from studio.generations import Generation, Slot, new_run
from studio.library import Cursor
from studio.lookup import Sighting
from studio.search import SEARCH_NAMES, Search
from ui import services

_EVERY_TICK = Pace(first=0, ceiling=0)  # the engine answers from memory


def predictions() -> Predictions[Generation]:
    """What this tab watches."""
    state = st.session_state.setdefault("predictions", {})
    return Predictions(state, services.engine(), pace=_EVERY_TICK)


def tab() -> str:
    """A name for this tab, as long as it is open."""
    return cast(str, st.session_state.setdefault("tab", secrets.token_hex(8)))


def intent() -> str:
    """The name of the run that the next press of Generate starts.

    Buttons carry it in their key, so that the second half of a double click finds no button any more.
    """
    return cast(str, st.session_state.setdefault("intent", new_run()))


def use_intent() -> str:
    """The intent, for the one thing it is for; the form has a new one from now on.

    To be called before anything is queued: Streamlit may end a script wherever it touches the session.
    """
    used = intent()
    st.session_state["intent"] = new_run()
    return used


def start_run(
    requests: Sequence[ImageRequest], count: int, *, estimate: Callable[[ImageRequest], Decimal | None]
) -> None:
    """Queue ``count`` images of each request, and show them on this page, also after a reload.

    ``estimate`` is what one image was said to cost, in USD.
    """
    prices = [estimate(request) for request in requests]
    watched, run, engine = predictions(), use_intent(), services.engine()
    priced = ((request, price) for request, price in zip(requests, prices, strict=True) for _ in range(count))
    for number, (request, price) in enumerate(priced, 1):
        watched.watch(engine.submit(request, key=Slot(run=run, number=number).key, estimate=price))
    show_run(run)


def show_run(run: str) -> None:
    st.query_params["run"] = run
    st.session_state["run"] = run


def shown_run() -> str | None:
    """The run in the address, else the one this tab showed last, else the newest there is."""
    return _named("run") or st.session_state.get("run") or services.store().latest_run()


def _named(name: str) -> str | None:
    """What the address names: as fit for a database as what is typed."""
    value = st.query_params.get(name)
    return None if value is None else clean(value)


def watch_unfinished() -> None:
    """Follow everything that is unfinished, whichever tab began it.

    Before the page is drawn: what ends while it is drawn must not be missed.
    """
    watched = predictions()
    for generation in services.engine().in_flight():
        watched.watch(generation)


def begin_linking(generation_id: str) -> None:
    """Ask which job of the provider this lost submit became; the provider's list is asked for anew."""
    st.session_state["linking"] = generation_id
    st.session_state.pop("sighting", None)


def linking() -> str | None:
    return st.session_state.get("linking")


def sighting(look: Callable[[], Sighting]) -> Sighting:
    """What the provider listed when linking began: a rerun does not ask again. Raises what ``look`` raises."""
    if "sighting" not in st.session_state:
        st.session_state["sighting"] = look()
    return cast(Sighting, st.session_state["sighting"])


LANGUAGE = "language"


def chosen_language() -> str:
    """The one that was chosen in this tab; empty when none was."""
    return str(st.session_state.get(LANGUAGE) or "")


def speak(locale: str) -> None:
    """Everything in this tab is told to somebody with this locale."""
    st.session_state["spoken"] = locale


def spoken() -> str:
    return str(st.session_state.get("spoken") or "en")


APART = "arms_apart"


def arm_count() -> int:
    return int(st.session_state.get("arm_count", 2))


def settings_apart() -> bool:
    """Whether every arm has a model, size and quality of its own."""
    return bool(st.session_state.get(APART, False))


def part_settings() -> None:
    """From now on every arm has its own."""
    st.session_state[APART] = True


def prompt_key(label: str) -> str:
    return f"arm_{label}_prompt"


def swap_prompts() -> None:
    first, second = prompt_key("A"), prompt_key("B")
    state = st.session_state
    state[first], state[second] = state.get(second, ""), state.get(first, "")


def copy_prompt(source: str, target: str) -> None:
    st.session_state[prompt_key(target)] = st.session_state.get(prompt_key(source), "")


def add_arm() -> None:
    """One more arm, which starts from the last one."""
    count = arm_count()
    copy_prompt(LABELS[count - 1], LABELS[count])
    st.session_state["arm_count"] = count + 1


def remove_arm() -> None:
    st.session_state["arm_count"] = arm_count() - 1


def set_arms(prompts: Sequence[str], *, apart: bool) -> None:
    """The prompts of a comparison's form, and whether each has settings of its own."""
    st.session_state["arm_count"] = len(prompts)
    st.session_state[APART] = apart
    for label, prompt in zip(LABELS, prompts, strict=False):
        st.session_state[prompt_key(label)] = prompt


def form_model(key: str, otherwise: str) -> str:
    """The model that a form has, remembered so that a change of it is noticed."""
    known = str(st.session_state.get(f"{key}_model") or otherwise)
    st.session_state[f"{key}_model_was"] = known
    return known


def is_set(key: str) -> bool:
    """Whether a field has a value already, so that it needs no other to begin with."""
    return key in st.session_state


def form_models(key: str, otherwise: str) -> tuple[str, str]:
    """The model that a form had, and the one it has now."""
    was = str(st.session_state.get(f"{key}_model_was") or otherwise)
    return was, str(st.session_state.get(f"{key}_model") or otherwise)


def set_model(key: str, model: str) -> None:
    """Before the form is drawn, or in a callback."""
    st.session_state[f"{key}_model"] = model


def form_values(key: str, names: Iterable[str]) -> dict[str, object]:
    """What stands in these fields of a form."""
    return {name: st.session_state[f"{key}_{name}"] for name in names if f"{key}_{name}" in st.session_state}


def fill_form(key: str, model: str, values: Mapping[str, object]) -> None:
    """A form with this model and these values; before it is drawn, or in a callback."""
    st.session_state[f"{key}_model"] = model
    st.session_state[f"{key}_dropped"] = []
    st.session_state[f"{key}_moved"] = []
    for name, value in values.items():
        st.session_state[f"{key}_{name}"] = value


def tell_dropped(key: str, names: Sequence[str]) -> None:
    st.session_state[f"{key}_dropped"] = list(names)


def dropped(key: str) -> list[str]:
    """What the last change of the model left out."""
    return cast(list[str], st.session_state.get(f"{key}_dropped", []))


def tell_moved(key: str, sentences: Sequence[str]) -> None:
    st.session_state[f"{key}_moved"] = list(sentences)


def moved(key: str) -> list[str]:
    """What the last change of the model put in another place, as sentences."""
    return cast(list[str], st.session_state.get(f"{key}_moved", []))


def start_experiment(
    requests: Sequence[ImageRequest], draws: int, *, estimate: Callable[[ImageRequest], Decimal | None]
) -> str:
    """Queue a comparison under the intent of the form; its id, also when it was pressed twice.

    ``estimate`` is what one image was said to cost, in USD.
    """
    name = " / ".join(excerpt(request.prompt, 50) for request in requests)
    origin = st.session_state.get("forking")
    started = services.experiments().start(
        use_intent(),
        name,
        requests,
        draws=draws,
        provider=services.engine().provider,
        forked_from=origin,
        estimate=estimate,
    )
    services.engine().look()
    st.session_state["forking"] = None
    return started.id


def forking(experiment_id: str) -> None:
    """The next comparison is a fork of this one."""
    st.session_state["forking"] = experiment_id
    st.query_params.clear()


def chosen() -> list[str]:
    """Ids of the images picked for a comparison so far."""
    return cast(list[str], st.session_state.setdefault("chosen", []))


def choose(generation_id: str) -> None:
    """Pick an image for a comparison, or let it go again."""
    picked = chosen()
    st.session_state["chosen"] = (
        [i for i in picked if i != generation_id]
        if generation_id in picked
        else [
            *picked,
            generation_id,
        ][-2:]
    )


def choose_none() -> None:
    st.session_state["chosen"] = []


def experiment_id() -> str | None:
    return _named("experiment")


def mode(known: Sequence[str]) -> str:
    """The mode of the viewer that the address names, else the first."""
    named = st.query_params.get("mode", "")
    return named if named in known else known[0]


def draw(count: int) -> int:
    """The number of the draw that the address names, within 1 to ``count``."""
    named = st.query_params.get("draw", "")
    return min(max(int(named[:9]), 1), count) if named.isascii() and named.isdecimal() else 1


def look_at(mode: str, draw: int) -> None:
    """Keep what the viewer shows in the address."""
    if (st.query_params.get("mode"), st.query_params.get("draw")) != (mode, str(draw)):
        st.query_params["mode"] = mode
        st.query_params["draw"] = str(draw)


def open_draw(number: int) -> None:
    pick_none()
    st.query_params["draw"] = str(number)


def picks(arms: int) -> list[int]:
    """The draw picked by hand for each arm; empty when pairs go by draw."""
    named = st.query_params.get("pick", "").split(".")
    return [int(number[:9]) for number in named] if len(named) == arms and all(map(str.isdecimal, named)) else []


def pick(arm: int, number: int, arms: int) -> None:
    """Show this draw of one arm beside what the others show now."""
    now = picks(arms) or [draw(MOST_DRAWS)] * arms
    now[arm] = number
    st.query_params["pick"] = ".".join(map(str, now))
    st.query_params["draw"] = "1"


def pick_none() -> None:
    if "pick" in st.query_params:
        del st.query_params["pick"]


def typed(key: str) -> str:
    """What stands in a text field, or was chosen in one of several."""
    return str(st.session_state.get(key) or "")


def compare_images(columns: Sequence[Sequence[Generation]]) -> str:
    """A picked experiment of images that exist; its id."""
    name = " / ".join(excerpt(column[0].prompt, 50) for column in columns)
    made = services.experiments().of_images(use_intent(), name, columns)
    choose_none()
    return made.id


def search() -> Search:
    """What this tab looks for in History: what the address says, else what was looked for last."""
    known = cast(Search, st.session_state.get("search", Search()))
    named = {name: st.query_params.get_all(name) for name in SEARCH_NAMES if name in st.query_params}
    known = replace(known, bin=False)
    if named and named != _listed(known):
        known = Search.parse(named)
    elif not named:
        _write_address(known)
    known = replace(known, bin=st.query_params.get("view") == BIN, zone=st.context.timezone or "UTC")
    st.session_state["search"] = known
    return known


def look_for(wanted: Search) -> None:
    """Look for something else, from the first page on, with nothing selected."""
    st.session_state["search"] = wanted
    select(())
    for name in (*SEARCH_NAMES, "after", "before", "image"):
        if name in st.query_params:
            del st.query_params[name]
    _write_address(wanted)


def find_field(name: str, value: object) -> str:
    """The key of a field of the search, which shows ``value`` unless the person has just changed it."""
    return _shown_field(f"find_{name}", value)


def _shown_field(key: str, value: object) -> str:
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def found_field(name: str) -> object:
    """What stands in a field of the search."""
    return st.session_state.get(f"find_{name}")


def _listed(wanted: Search) -> dict[str, list[str]]:
    return {name: [value] if isinstance(value, str) else value for name, value in wanted.query().items()}


def _write_address(wanted: Search) -> None:
    for name, value in wanted.query().items():
        st.query_params[name] = value


def cursors() -> tuple[Cursor | None, Cursor | None]:
    """Behind which place, or before which, this page of History is."""
    return Cursor.parse(st.query_params.get("after", "")), Cursor.parse(st.query_params.get("before", ""))


def turn_page(*, after: Cursor | None = None, before: Cursor | None = None) -> None:
    for name, cursor in (("after", after), ("before", before)):
        if cursor:
            st.query_params[name] = str(cursor)
        elif name in st.query_params:
            del st.query_params[name]
    st.session_state["focus"] = TOP
    st.session_state["arrival"] = arrival() + 1


def arrival() -> int:
    """Counts the pages of images that this tab has come to."""
    return int(st.session_state.get("arrival", 0))


IMAGES, PROMPTS, NUMBERS, BIN, BACKUP = "images", "prompts", "numbers", "bin", "backup"


def view_field(known: Sequence[str]) -> str:
    """The key of the field that chooses a part of History; the address says which."""
    named = st.query_params.get("view", IMAGES)
    return _shown_field("history_view", named if named in known else IMAGES)


def change_view() -> None:
    """To the part that was chosen, from its first page; the bin is a search of its own."""
    chosen = str(st.session_state.get("history_view") or IMAGES)
    look_for(search().without("prompt"))
    show_view(chosen)


def show_view(name: str) -> None:
    if name != IMAGES:
        st.query_params["view"] = name
    elif "view" in st.query_params:
        del st.query_params["view"]


TOP = "top"  # the first image of the page


def opened_image() -> str | None:
    """The image that is looked at alone."""
    return _named("image")


def open_image(generation_id: str) -> None:
    st.query_params["image"] = generation_id


def close_image() -> None:
    """Back to the page of images, at the one that was looked at."""
    st.session_state["focus"] = st.query_params.get("image", "")
    if "image" in st.query_params:
        del st.query_params["image"]


def focus() -> str:
    """The image that has the keyboard when the page of images is drawn next."""
    return str(st.session_state.get("focus", ""))


def detail_field(generation_id: str, name: str, value: object) -> str:
    """The key of a field about one image, which shows ``value`` unless the person has just changed it."""
    return _shown_field(f"{name}_{generation_id}", value)


def detail_value(generation_id: str, name: str) -> object:
    """What stands in a field about one image."""
    return st.session_state.get(f"{name}_{generation_id}")


def selection() -> frozenset[str]:
    """Ids of the images that are selected in History, on whichever page."""
    return cast(frozenset[str], st.session_state.get("selection", frozenset()))


def select(ids: Iterable[str]) -> None:
    st.session_state["selection"] = frozenset(ids)


def can_undo() -> list[str]:
    """Ids of what this tab put in the bin last."""
    return cast(list[str], st.session_state.get("binned", []))


def remember_binned(ids: list[str]) -> None:
    st.session_state["binned"] = ids


def run_errand(errand: Errand) -> None:
    """Show how far this errand is in History, also after a reload."""
    st.query_params["errand"] = [*errand_ids(), errand.id]
    st.session_state["errands"] = errand_ids()
    await_errand(errand.id)


def await_errand(errand_id: str) -> None:
    """Somebody at this tab waits for it."""
    st.session_state["awaited"] = awaited_errands() | {errand_id}


def awaited_errands() -> frozenset[str]:
    return cast(frozenset[str], st.session_state.get("awaited", frozenset()))


def told_of_errand(errand_id: str) -> None:
    st.session_state["awaited"] = awaited_errands() - {errand_id}


def errand_ids() -> list[str]:
    """What this tab has set going and not dismissed, the oldest first."""
    known = cast(list[str], st.session_state.get("errands", []))
    return list(dict.fromkeys([*known, *st.query_params.get_all("errand")]))


def dismiss_errand(errand_id: str) -> None:
    left = [one for one in errand_ids() if one != errand_id]
    st.session_state["errands"] = left
    st.query_params["errand"] = left


def set_prompt(key: str, prompt: str, *, count: int | None = None) -> None:
    """Fill the prompt of a form, and how many images it asks for."""
    st.session_state[f"{key}_prompt"] = prompt
    if count:
        st.session_state[f"{key}_count"] = count


def reference_files(key: str) -> str:
    """The key of the uploader of reference images of a form."""
    return f"reference_files_{key}"


def references(key: str) -> list[str]:
    """The names of the pictures that a form starts from."""
    return cast(list[str], st.session_state.setdefault(f"references_{key}", []))


def new_reference_files(key: str) -> list[tuple[str, bytes]]:
    """Names and contents of the files that came into the uploader of reference images since the last time."""
    files = st.session_state.get(reference_files(key)) or []
    known = cast(set[str], st.session_state.setdefault("reference_files_known", set()))
    new = [file for file in files if file.file_id not in known]
    known.update(file.file_id for file in new)
    return [(file.name, file.getvalue()) for file in new]


def set_references(key: str, names: Sequence[str]) -> None:
    st.session_state[f"references_{key}"] = list(names)


def add_reference(key: str, name: str, *, most: int) -> bool:
    """False when there are as many as there can be."""
    names = list(dict.fromkeys([*references(key), name]))
    set_references(key, names[:most])
    return len(names) <= most


def remove_reference(key: str, name: str) -> None:
    set_references(key, [other for other in references(key) if other != name])


def mask_file(key: str) -> str:
    """The key of the uploader of the mask of a form."""
    return f"mask_file_{key}"


def new_mask(key: str) -> tuple[str, bytes] | None:
    """Name and content of the file that came into that uploader."""
    file = st.session_state.get(mask_file(key))
    return (file.name, file.getvalue()) if file else None


def mask(key: str) -> str:
    """The name of the mask of a form; empty where there is none."""
    return str(st.session_state.get(f"mask_{key}") or "")


def set_mask(key: str, name: str) -> None:
    st.session_state[f"mask_{key}"] = name


def dropped_file() -> tuple[str, bytes] | None:
    """Name and content of the image file whose settings are wanted."""
    file = st.session_state.get(DROPPED)
    return (file.name, file.getvalue()) if file else None


DROPPED = "dropped_image"


def tell_of_dropped(words: str) -> None:
    st.session_state["dropped_told"] = words


def told_of_dropped() -> str:
    """What came of the image file that was dropped last, as Markdown."""
    return str(st.session_state.get("dropped_told", ""))


def ears() -> dict[str, Any]:
    """What the galleries of this tab have heard so far, by their key."""
    return cast(dict[str, Any], st.session_state.setdefault("ears", {}))


def told(key: str) -> Mapping[str, Any]:
    """What the component mounted under this key says at present."""
    return cast(Mapping[str, Any], st.session_state.get(key) or {})


# Parts of a page that can be drawn anew without the rest of it.
VOICE, PROGRESS, RUN = "voice", "progress", "run_shown"


def say(words: str) -> None:
    """Have this read aloud, once, to whoever cannot see it."""
    st.session_state["said"] = (said()[0] + 1, words)


def said() -> tuple[int, str]:
    """What was said last, and its number in this tab."""
    return cast("tuple[int, str]", st.session_state.get("said", (0, "")))


def guest() -> str:
    """A secret of this tab, for a browser that keeps no cookies."""
    return str(st.session_state.setdefault("guest", secrets.token_hex(16)))


def came_to_vote() -> bool:
    """Whether the address is that of a ballot, which is no place for a menu."""
    return urlsplit(st.context.url or "").path.endswith("/vote")


def review_id() -> str | None:
    return _named("review")


ROOM_CODE = "room_code"


def enter_room() -> None:
    """With the code that was typed; in a callback."""
    st.query_params["room"] = typed(ROOM_CODE)


def take_room_code() -> str:
    """The code in the address, once: asked for again it is gone, so that a wrong one is one guess."""
    code = st.query_params.get("room", "")
    if code:
        del st.query_params["room"]
    return code


def show_review(review_id: str) -> None:
    st.query_params.from_dict({"review": review_id})


def ballot_place(review_id: str) -> int | None:
    """Which of their ballots the reviewer looks at, from 0; None before they have moved."""
    return cast("int | None", st.session_state.get(f"ballot_place_{review_id}"))


def move_to_ballot(review_id: str, place: int) -> None:
    st.session_state[f"ballot_place_{review_id}"] = place


def address(path: str, **query: str) -> str:
    """The whole address of another page, as this browser would type it."""
    here = urlsplit(st.context.url or "http://localhost:8501/")
    return f"{here.scheme}://{here.netloc}{path}?{urlencode(query)}"
