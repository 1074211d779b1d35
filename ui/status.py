"""How the studio is, as calm rows: a name, a word with an icon, the facts, and what to do when it is not well."""

import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from importlib.metadata import version
from typing import Literal

import streamlit as st

from atlas.client import USER_AGENT
from atlas.errors import AtlasError, InvalidKey, OutOfCredit, RateLimited, Refused, Unreachable
from atlas.prices import dollars
from studio.budget import COUNTED, Budget
from studio.database import DatabaseProblem, answering
from studio.generations import State
from studio.journey import ROOM_NEEDED
from studio.probing import Check, Jobs, Room, Seen, Shelf
from ui import cards, services
from ui.text import plain

_TICK_S = 0.5
_PARTS = ("Streamlit", "SQLAlchemy", "Pillow")
_BILLING = "www.atlascloud.ai/console/billing"


class Mark(StrEnum):
    """How a row is, as its icon."""

    WELL = ":material/check_circle:"
    NOTE = ":material/info:"
    ASKING = ":material/hourglass_top:"
    LOOK = ":material/visibility:"
    TROUBLE = ":material/error:"


_COLOURS: dict[Mark, Literal["green", "gray", "blue", "orange", "red"]] = {
    Mark.WELL: "green",
    Mark.NOTE: "gray",
    Mark.ASKING: "blue",
    Mark.LOOK: "orange",
    Mark.TROUBLE: "red",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the page; ``todo`` says what a person can do about it."""

    name: str
    mark: Mark
    word: str
    facts: str = ""
    todo: str = ""


def provider() -> None:
    """Who makes the images, and whether it answers; the page itself never asks it."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Provider", anchor=False, width="content")
        st.button("Ask again", icon=":material/refresh:", key="status_ask", on_click=services.probe().ask)
    with st.container(key="status_provider"):
        seen = services.probe().look()
        if seen.is_asking:
            _being_asked()
        else:
            _provider(seen)


@st.fragment(run_every=_TICK_S, key="status_asking")
def _being_asked() -> None:
    """Drawn again while a check is under way, and no longer."""
    seen = services.probe().look()
    if not seen.is_asking:
        st.rerun()
    _provider(seen)


def _provider(seen: Seen) -> None:
    _draw(_who())
    if seen.check is None:
        mark, word = (Mark.ASKING, "Being asked") if seen.is_asking else (Mark.LOOK, "Not known")
        _draw(Row(name="Answer", mark=mark, word=word, todo="" if seen.is_asking else "Press Ask again."))
        return
    _draw(_answer(seen.check, seen))
    _draw(_key(seen.check))
    _draw(_balance(seen.check))
    _draw(_catalogue(seen.check.shelf))


def _who() -> Row:
    if services.is_simulated():
        todo = "Set ATLASCLOUD_API_KEY and restart the app to use Atlas Cloud."
        return Row(
            name="Service", mark=Mark.NOTE, word="Simulator", facts="Images are drawn on this machine.", todo=todo
        )
    return Row(name="Service", mark=Mark.NOTE, word="Atlas Cloud", facts=f"At {services.engine().provider}.")


def _answer(check: Check, seen: Seen) -> Row:
    asked = "asked at " + cards.when(round((time.time() - seen.ago_s) * 1000), seconds=True)
    asked += ", being asked again" if seen.is_asking else ""
    took = f"after {check.seconds:.2f} s, {asked}."
    trouble = check.trouble
    if isinstance(trouble, RateLimited):
        return Row(name="Answer", mark=Mark.LOOK, word="Busy", facts=f"It answered {took}", todo=trouble.explanation)
    if trouble is None or isinstance(trouble, InvalidKey | OutOfCredit):
        return Row(name="Answer", mark=Mark.WELL, word="Reachable", facts=f"It answered {took}")
    silent = trouble.code is None and isinstance(trouble, Unreachable)
    facts = f"Nothing came {took}" if silent else f"{_sentence(trouble)} It came {took}"
    word = "No answer" if silent else "Out of order"
    return Row(name="Answer", mark=Mark.TROUBLE, word=word, facts=facts, todo=_todo(trouble))


def _key(check: Check) -> Row:
    if services.is_simulated():
        return Row(name="Key", mark=Mark.NOTE, word="None needed")
    if check.is_key_accepted:
        return Row(name="Key", mark=Mark.WELL, word="Accepted")
    if check.trouble and check.is_key_accepted is False:
        return Row(name="Key", mark=Mark.TROUBLE, word="Refused", todo=_todo(check.trouble))
    return Row(name="Key", mark=Mark.NOTE, word="Not known", facts="Nobody answered who would know it.")


def _balance(check: Check) -> Row:
    if check.is_out_of_credit:
        word = f"${check.balance.available:,.2f}" if check.balance else "Out of credit"
        return Row(name="Balance", mark=Mark.TROUBLE, word=word, todo=OutOfCredit.advice)
    if check.balance:
        facts = "Simulated money: nothing is ever charged." if services.is_simulated() else "Available."
        return Row(name="Balance", mark=Mark.WELL, word=f"${check.balance.available:,.2f}", facts=facts)
    if check.is_key_accepted and isinstance(check.no_balance, InvalidKey):
        facts = "This key may make images, and may not see the balance."
        return Row(name="Balance", mark=Mark.NOTE, word="Not told", facts=facts, todo=f"Look at {_BILLING}.")
    if check.is_key_accepted and check.no_balance:
        todo = _todo(check.no_balance)
        return Row(name="Balance", mark=Mark.LOOK, word="Not known", facts=_sentence(check.no_balance), todo=todo)
    return Row(name="Balance", mark=Mark.NOTE, word="Not known", facts="It is told to an accepted key only.")


def _catalogue(shelf: Shelf) -> Row:
    word = "1 model" if shelf.models == 1 else f"{shelf.models:,} models"
    todo = _todo(shelf.trouble) if shelf.trouble else ""
    if shelf.fetched is None:
        mark, facts = Mark.LOOK, "The list that is built in, until the provider's own has come."
        return Row(name="Catalogue", mark=mark, word=word, facts=facts, todo=todo or "Press Ask again in a moment.")
    age = _age(time.time() - shelf.fetched)
    if shelf.is_copy:
        mark = Mark.LOOK if shelf.trouble else Mark.NOTE
        return Row(name="Catalogue", mark=mark, word=word, facts=f"From the copy kept {age} ago.", todo=todo)
    return Row(name="Catalogue", mark=Mark.WELL, word=word, facts=f"Fetched {age} ago.")


def jobs() -> None:
    """What is under way, what needs a person, and what all of it cost."""
    st.subheader("Jobs", anchor=False)
    with _in_words("Jobs"):
        found = services.house().jobs(provider=services.engine().provider)
        _draw(_in_flight(found))
        _draw(_queued(found))
        _draw_open("Unknown outcome", found.unknown, State.UNKNOWN, "Sent, and maybe charged: decide about each.")
        _draw_open("Stalled", found.stalled, State.STALLED, "Accepted, and took too long: check each again.")
        _draw(_spent(found))
        budget = services.engine().budget()
        if budget and budget.cap is not None:
            _draw(_budget(budget))
            st.caption(COUNTED)


def _budget(budget: Budget) -> Row:
    left, cap = dollars(budget.left or Decimal(0)), dollars(budget.cap or Decimal(0))
    facts = f"left of {cap} for today (UTC): {dollars(budget.spent)} spent, {dollars(budget.held)} held."
    mark = Mark.WELL if budget.left else Mark.LOOK
    todo = "" if budget.left else "Nothing more is sent today. Raise STUDIO_DAILY_BUDGET_USD, or wait."
    return Row(name="Daily budget", mark=mark, word=left, facts=facts, todo=todo)


def _in_flight(found: Jobs) -> Row:
    open_ = {state: count for state, count in found.open.items() if count and state is not State.QUEUED}
    facts = ", ".join(f"{count:,} {cards.WORDS[state].lower()}" for state, count in open_.items())
    return Row(name="In flight", mark=Mark.NOTE, word=f"{sum(open_.values()):,}", facts=facts)


def _queued(found: Jobs) -> Row:
    at_once = services.start().settings.max_in_flight
    facts = f"At most {at_once:,} are made at a time."
    if found.elsewhere:
        facts += f" {found.elsewhere:,} of another provider wait until the app runs with it again."
    return Row(name="Queued", mark=Mark.NOTE, word=f"{found.open[State.QUEUED]:,}", facts=facts)


def _draw_open(name: str, count: int, state: State, todo: str) -> None:
    """Jobs that only a person can settle, with the way to them."""
    if not count:
        _draw(Row(name=name, mark=Mark.WELL, word="None"))
        return
    _draw(Row(name=name, mark=Mark.LOOK, word=f"{count:,}", todo=todo))
    st.page_link(
        "../pages/history.py",
        label="Show it in History" if count == 1 else f"Show all {count:,} in History",
        icon=":material/photo_library:",
        query_params={"state": str(state)},
    )


def _spent(found: Jobs) -> Row:
    unpriced = f" No price is known of {found.unpriced:,} more." if found.unpriced else ""
    facts = f"For all that was ever made; simulated images cost nothing.{unpriced}"
    return Row(name="Spent", mark=Mark.NOTE, word=f"${found.spent:,.2f}", facts=facts)


def house() -> None:
    """Where images and records are kept."""
    st.subheader("Storage", anchor=False)
    with _in_words("Data folder"):
        _draw_room(services.house().room())
    with _in_words("Database"):
        base = services.house().base()
        facts = f"{_bytes(base.bytes)}, schema {base.schema}."
        _draw(Row(name="Database", mark=Mark.WELL, word=f"{base.kind} {base.version}", facts=facts))


def _draw_room(room: Room) -> None:
    todo = ""
    if room.free < ROOM_NEEDED:
        todo = f"Nothing is sent below {_bytes(ROOM_NEEDED)}. Make room on the disk of the data folder."
    mark = Mark.TROUBLE if todo else Mark.WELL
    _draw(Row(name="Disk", mark=mark, word=f"{_bytes(room.free)} free", facts="Where the data folder is.", todo=todo))
    facts = f"{room.originals:,} {'original' if room.originals == 1 else 'originals'}, without previews."
    _draw(Row(name="Images", mark=Mark.NOTE, word=_bytes(room.bytes), facts=facts))


def program() -> None:
    """What runs, in which versions, since when."""
    st.subheader("Program", anchor=False)
    _draw(Row(name="Running for", mark=Mark.NOTE, word=_age(services.house().uptime_s)))
    parts = {"Python": platform.python_version(), **{name: version(name) for name in _PARTS}}
    facts = ", ".join(f"{name} {number}" for name, number in parts.items())
    own = USER_AGENT.rpartition("/")[2]
    _draw(Row(name="Version", mark=Mark.NOTE, word=f"Atlas Studio {own}", facts=f"On {facts}."))


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    """What of our own cannot be read is a row like others, and the rest of the page stands."""
    try:
        with answering():
            yield
    except DatabaseProblem as trouble:
        _draw(Row(name=name, mark=Mark.TROUBLE, word="Not readable", todo=str(trouble)))
    except OSError as trouble:
        todo = f"The data folder cannot be read ({trouble.strerror}). Check its disk, then reload this page."
        _draw(Row(name=name, mark=Mark.TROUBLE, word="Not readable", todo=todo))


def _draw(row: Row) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{row.name}**", width=150)
        st.badge(plain(row.word), icon=row.mark, color=_COLOURS[row.mark])
        if row.facts:
            st.markdown(plain(row.facts), width="content")
    if row.todo:
        st.caption(plain(row.todo))


def _todo(trouble: AtlasError) -> str:
    """The error's own advice, but for questions that nobody repeats while nobody looks."""
    if not isinstance(trouble, Unreachable):
        return trouble.explanation
    if services.is_simulated():
        return "The simulator is part of the app: restart the app."
    if trouble.code is None:
        return "Check the internet connection, and ATLASCLOUD_BASE_URL if you set it, then press Ask again."
    return "Nothing is lost. Wait a little, then press Ask again."


def _sentence(trouble: AtlasError) -> str:
    """What came, where the advice does not repeat it."""
    if isinstance(trouble, Refused):
        return "The question was refused."
    return f"The answer was no good ({trouble})."


def _age(seconds: float) -> str:
    """A length of time in its largest whole unit."""
    for unit, length in (("day", 86_400), ("hour", 3600), ("min", 60)):
        if seconds >= length:
            count = int(seconds // length)
            plural = "s" if count > 1 and unit != "min" else ""
            return f"{count:,} {unit}{plural}"
    return f"{max(0, int(seconds))} s"


def _bytes(count: int) -> str:
    """Decimal units, as disks are sold."""
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count} bytes"
