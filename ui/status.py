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
from atlas.language import listed, tr, trn
from atlas.prices import dollars
from studio import formats
from studio.budget import COUNTED, Budget
from studio.database import DatabaseProblem, answering
from studio.generations import State
from studio.journey import ROOM_NEEDED
from studio.probing import Check, Jobs, Room, Seen, Shelf
from ui import cards, clock, services
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
        st.header(tr("Provider"), anchor=False, width="content")
        st.button(tr("Ask again"), icon=":material/refresh:", key="status_ask", on_click=services.probe().ask)
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
        mark, word = (Mark.ASKING, tr("Being asked")) if seen.is_asking else (Mark.LOOK, tr("Not known"))
        _draw(Row(name=tr("Answer"), mark=mark, word=word, todo="" if seen.is_asking else tr("Press Ask again.")))
        return
    _draw(_answer(seen.check, seen))
    _draw(_key(seen.check))
    _draw(_balance(seen.check))
    _draw(_catalogue(seen.check.shelf))


def _who() -> Row:
    if services.is_simulated():
        todo = tr("Set ATLASCLOUD_API_KEY and restart the app to use Atlas Cloud.")
        return Row(
            name=tr("Service"),
            mark=Mark.NOTE,
            word=tr("Simulator"),
            facts=tr("Images are drawn on this machine."),
            todo=todo,
        )
    return Row(
        name=tr("Service"),
        mark=Mark.NOTE,
        word=tr("Atlas Cloud"),
        facts=tr("At {address}.").format(address=services.engine().provider),
    )


def _answer(check: Check, seen: Seen) -> Row:
    words = (
        tr("after {seconds:.2f} s, asked at {when}, being asked again.")
        if seen.is_asking
        else tr("after {seconds:.2f} s, asked at {when}.")
    )
    when = clock.when(round((time.time() - seen.ago_s) * 1000), seconds=True)
    took = words.format(seconds=check.seconds, when=when)
    trouble = check.trouble
    if isinstance(trouble, RateLimited):
        return Row(
            name=tr("Answer"),
            mark=Mark.LOOK,
            word=tr("Busy"),
            facts=tr("It answered {took}").format(took=took),
            todo=trouble.explanation,
        )
    if trouble is None or isinstance(trouble, InvalidKey | OutOfCredit):
        return Row(
            name=tr("Answer"), mark=Mark.WELL, word=tr("Reachable"), facts=tr("It answered {took}").format(took=took)
        )
    silent = trouble.code is None and isinstance(trouble, Unreachable)
    facts = (
        tr("Nothing came {took}").format(took=took)
        if silent
        else tr("{sentence} It came {took}").format(sentence=_sentence(trouble), took=took)
    )
    word = tr("No answer") if silent else tr("Out of order")
    return Row(name=tr("Answer"), mark=Mark.TROUBLE, word=word, facts=facts, todo=_todo(trouble))


def _key(check: Check) -> Row:
    if services.is_simulated():
        return Row(name=tr("Key"), mark=Mark.NOTE, word=tr("None needed"))
    if check.is_key_accepted:
        return Row(name=tr("Key"), mark=Mark.WELL, word=tr("Accepted"))
    if check.trouble and check.is_key_accepted is False:
        return Row(name=tr("Key"), mark=Mark.TROUBLE, word=tr("Refused"), todo=_todo(check.trouble))
    return Row(name=tr("Key"), mark=Mark.NOTE, word=tr("Not known"), facts=tr("Nobody answered who would know it."))


def _balance(check: Check) -> Row:
    if check.is_out_of_credit:
        word = formats.money(check.balance.available) if check.balance else tr("Out of credit")
        return Row(name=tr("Balance"), mark=Mark.TROUBLE, word=word, todo=tr(OutOfCredit.advice))
    if check.balance:
        facts = tr("Simulated money: nothing is ever charged.") if services.is_simulated() else tr("Available.")
        return Row(name=tr("Balance"), mark=Mark.WELL, word=formats.money(check.balance.available), facts=facts)
    if check.is_key_accepted and isinstance(check.no_balance, InvalidKey):
        facts = tr("This key may make images, and may not see the balance.")
        return Row(
            name=tr("Balance"),
            mark=Mark.NOTE,
            word=tr("Not told"),
            facts=facts,
            todo=tr("Look at {billing}.").format(billing=_BILLING),
        )
    if check.is_key_accepted and check.no_balance:
        todo = _todo(check.no_balance)
        return Row(
            name=tr("Balance"), mark=Mark.LOOK, word=tr("Not known"), facts=_sentence(check.no_balance), todo=todo
        )
    return Row(
        name=tr("Balance"), mark=Mark.NOTE, word=tr("Not known"), facts=tr("It is told to an accepted key only.")
    )


def _catalogue(shelf: Shelf) -> Row:
    word = trn("{count:,} model", "{count:,} models", shelf.models)
    todo = _todo(shelf.trouble) if shelf.trouble else ""
    if shelf.fetched is None:
        mark, facts = Mark.LOOK, tr("The list that is built in, until the provider's own has come.")
        return Row(
            name=tr("Catalogue"), mark=mark, word=word, facts=facts, todo=todo or tr("Press Ask again in a moment.")
        )
    age = _age(time.time() - shelf.fetched)
    if shelf.is_copy:
        mark = Mark.LOOK if shelf.trouble else Mark.NOTE
        return Row(
            name=tr("Catalogue"),
            mark=mark,
            word=word,
            facts=tr("From the copy kept {age} ago.").format(age=age),
            todo=todo,
        )
    return Row(name=tr("Catalogue"), mark=Mark.WELL, word=word, facts=tr("Fetched {age} ago.").format(age=age))


def jobs() -> None:
    """What is under way, what needs a person, and what all of it cost."""
    st.header(tr("Jobs"), anchor=False)
    with _in_words(tr("Jobs")):
        found = services.house().jobs(provider=services.engine().provider)
        _draw(_in_flight(found))
        _draw(_queued(found))
        _draw_open(
            tr("Unknown outcome"), found.unknown, State.UNKNOWN, tr("Sent, and maybe charged: decide about each.")
        )
        _draw_open(tr("Stalled"), found.stalled, State.STALLED, tr("Accepted, and took too long: check each again."))
        _draw(_spent(found))
        budget = services.engine().budget()
        if budget and budget.cap is not None:
            _draw(_budget(budget))
            st.caption(tr(COUNTED))


def _budget(budget: Budget) -> Row:
    left, cap = dollars(budget.left or Decimal(0)), dollars(budget.cap or Decimal(0))
    facts = tr("left of {cap} for today (UTC): {spent} spent, {held} held.").format(
        cap=cap, spent=dollars(budget.spent), held=dollars(budget.held)
    )
    mark = Mark.WELL if budget.left else Mark.LOOK
    todo = "" if budget.left else tr("Nothing more is sent today. Raise STUDIO_DAILY_BUDGET_USD, or wait.")
    return Row(name=tr("Daily budget"), mark=mark, word=left, facts=facts, todo=todo)


def _in_flight(found: Jobs) -> Row:
    open_ = {state: count for state, count in found.open.items() if count and state is not State.QUEUED}
    facts = listed(f"{count:,} {tr(cards.WORDS[state]).lower()}" for state, count in open_.items())
    return Row(name=tr("In flight"), mark=Mark.NOTE, word=f"{sum(open_.values()):,}", facts=facts)


def _queued(found: Jobs) -> Row:
    at_once = services.start().settings.max_in_flight
    facts = tr("At most {at_once:,} are made at a time.").format(at_once=at_once)
    if found.elsewhere:
        facts += tr(" {elsewhere:,} of another provider wait until the app runs with it again.").format(
            elsewhere=found.elsewhere
        )
    return Row(name=tr("Queued"), mark=Mark.NOTE, word=f"{found.open[State.QUEUED]:,}", facts=facts)


def _draw_open(name: str, count: int, state: State, todo: str) -> None:
    """Jobs that only a person can settle, with the way to them."""
    if not count:
        _draw(Row(name=name, mark=Mark.WELL, word=tr("None")))
        return
    _draw(Row(name=name, mark=Mark.LOOK, word=f"{count:,}", todo=todo))
    st.page_link(
        "../pages/history.py",
        label=tr("Show it in History") if count == 1 else tr("Show all {count:,} in History").format(count=count),
        icon=":material/photo_library:",
        query_params={"state": str(state)},
    )


def _spent(found: Jobs) -> Row:
    unpriced = tr(" No price is known of {unpriced:,} more.").format(unpriced=found.unpriced) if found.unpriced else ""
    facts = tr("For all that was ever made; simulated images cost nothing.{unpriced}").format(unpriced=unpriced)
    return Row(name=tr("Spent"), mark=Mark.NOTE, word=formats.money(found.spent), facts=facts)


def house() -> None:
    """Where images and records are kept."""
    st.header(tr("Storage"), anchor=False)
    with _in_words(tr("Data folder")):
        _draw_room(services.house().room())
    with _in_words(tr("Database")):
        base = services.house().base()
        facts = tr("{bytes}, schema {schema}.").format(bytes=_bytes(base.bytes), schema=base.schema)
        _draw(Row(name=tr("Database"), mark=Mark.WELL, word=f"{base.kind} {base.version}", facts=facts))


def _draw_room(room: Room) -> None:
    todo = ""
    if room.free < ROOM_NEEDED:
        todo = tr("Nothing is sent below {bytes}. Make room on the disk of the data folder.").format(
            bytes=_bytes(ROOM_NEEDED)
        )
    mark = Mark.TROUBLE if todo else Mark.WELL
    _draw(
        Row(
            name=tr("Disk"),
            mark=mark,
            word=tr("{bytes} free").format(bytes=_bytes(room.free)),
            facts=tr("Where the data folder is."),
            todo=todo,
        )
    )
    facts = trn("{count:,} original, without previews.", "{count:,} originals, without previews.", room.originals)
    _draw(Row(name=tr("Images"), mark=Mark.NOTE, word=_bytes(room.bytes), facts=facts))


def program() -> None:
    """What runs, in which versions, since when."""
    st.header(tr("Program"), anchor=False)
    _draw(Row(name=tr("Running for"), mark=Mark.NOTE, word=_age(services.house().uptime_s)))
    parts = {"Python": platform.python_version(), **{name: version(name) for name in _PARTS}}
    facts = listed(f"{name} {number}" for name, number in parts.items())
    own = USER_AGENT.rpartition("/")[2]
    _draw(
        Row(
            name=tr("Version"),
            mark=Mark.NOTE,
            word=tr("Atlas Studio {own}").format(own=own),
            facts=tr("On {parts}.").format(parts=facts),
        )
    )


@contextmanager
def _in_words(name: str) -> Iterator[None]:
    """What of our own cannot be read is a row like others, and the rest of the page stands."""
    try:
        with answering():
            yield
    except DatabaseProblem as trouble:
        _draw(Row(name=name, mark=Mark.TROUBLE, word=tr("Not readable"), todo=str(trouble)))
    except OSError as trouble:
        todo = tr("The data folder cannot be read ({strerror}). Check its disk, then reload this page.").format(
            strerror=trouble.strerror
        )
        _draw(Row(name=name, mark=Mark.TROUBLE, word=tr("Not readable"), todo=todo))


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
        return tr("The simulator is part of the app: restart the app.")
    if trouble.code is None:
        return tr("Check the internet connection, and ATLASCLOUD_BASE_URL if you set it, then press Ask again.")
    return tr("Nothing is lost. Wait a little, then press Ask again.")


def _sentence(trouble: AtlasError) -> str:
    """What came, where the advice does not repeat it."""
    if isinstance(trouble, Refused):
        return tr("The question was refused.")
    return tr("The answer was no good ({trouble}).").format(trouble=trouble)


def _age(seconds: float) -> str:
    """A length of time in its largest whole unit."""
    days, hours, minutes = (int(seconds // length) for length in (86_400, 3600, 60))
    if days:
        return trn("{count:,} day", "{count:,} days", days)
    if hours:
        return trn("{count} hour", "{count} hours", hours)
    return tr("{count} min").format(count=minutes) if minutes else tr("{count} s").format(count=max(0, int(seconds)))


def _bytes(count: int) -> str:
    """Decimal units, as disks are sold."""
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count} bytes"
