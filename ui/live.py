"""A live room, as its host puts it on the wall: the way in, who has come, and the reveal."""

import segno
import streamlit as st

from atlas.hosts import is_loopback
from atlas.language import tr, trn
from studio.reviews.ballots import Review, State
from studio.reviews.rooms import Room
from ui import chart, reach, services
from ui.text import plain

_TICK_S = 1.0
_NAMES = 60
_ALLOWED = "server.allowedHosts"


def show(review: Review) -> None:
    """The room of a review, or the button that opens one while votes can be cast."""
    room = services.rooms().of(review.id)
    if room:
        _room(review, room)
    elif review.state is State.OPEN:
        st.button(
            tr("Open a live room"),
            icon=":material/qr_code_2:",
            key=f"room_{review.id}",
            on_click=_open,
            args=(review.id,),
            help=tr("For people in this room: a QR code and six letters, votes by phone, and you reveal the result."),
        )


def is_held_back(review: Review) -> bool:
    """While its room is open nobody sees the tally, also where the review has closed by its plan."""
    return services.rooms().of(review.id) is not None


def _room(review: Review, room: Room) -> None:
    found = _reach()
    link = f"{found.base}/vote?room={room.code}"
    with st.container(border=True, key="live_room"):
        if found.problem:
            st.warning(plain(found.problem), icon=":material/wifi_off:")
        code, people = st.columns([1, 2])
        with code:
            drawn = segno.make(link, error="m").svg_inline(
                scale=7, dark="#000", light="#fff", title=tr("QR code of {address}").format(address=link)
            )
            chart.show(drawn, key=f"qr_{room.code}")
        with people:
            st.markdown(tr("Scan the code, or open **{address}** and type").format(address=plain(f"{found.base}/vote")))
            st.title(room.spelled, anchor=False)
            st.fragment(_people, run_every=_TICK_S, key="live_people")(review.id)
        with st.container(horizontal=True):
            st.button(
                tr("Reveal the result"),
                type="primary",
                icon=":material/visibility:",
                key=f"reveal_{review.id}",
                on_click=_reveal,
                args=(review.id,),
                help=tr(
                    "Closes the review if its plan has not closed it yet; then only the peek-safe number can name a "
                    "winner."
                ),
            )
            st.button(
                tr("Close the room"),
                icon=":material/meeting_room:",
                key=f"leave_{review.id}",
                on_click=services.rooms().close,
                args=(review.id,),
                help=tr("The code ends. Whoever has come can go on voting, and the link of the review still works."),
            )


def _people(review_id: str) -> None:
    """Who has come and how many votes there are; nothing of what they say."""
    if services.rooms().of(review_id) is None:
        st.rerun()
    reviews = services.reviews()
    come = reviews.reviewers(review_id)
    done = sum(one.finished is not None for one in come)
    votes = reviews.turnout(review_id).votes
    here = trn("{count} person here", "{count} people here", len(come))
    cast = trn("{count} vote", "{count} votes", votes)
    finished = tr("{count} finished").format(count=done)
    st.markdown(f"**{here}** · {cast} · {finished}")
    names = [plain(one.name or one.label) for one in come[-_NAMES:]]
    st.caption(" · ".join(names) if names else tr("Nobody has come yet."))


def _open(review_id: str) -> None:
    services.rooms().open(review_id)


def _reveal(review_id: str) -> None:
    services.reviews().close(review_id)
    services.rooms().close(review_id)


def _reach() -> reach.Reach:
    listens = st.get_option("server.address")
    is_shut = bool(listens) and is_loopback(listens)
    return reach.reach(
        st.context.url or "http://localhost",
        listens=listens,
        port=st.get_option("server.port"),
        allowed=st.get_option(_ALLOWED),
        own=None if is_shut else reach.own_address(),
    )
