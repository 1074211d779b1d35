"""After the votes: the images with what people pinned to them, the decision, and the evidence to keep."""

from collections.abc import Mapping, Sequence

import streamlit as st

from atlas.language import later, tr
from studio.images import VIEW
from studio.reviews.ballots import Pin, Remark, Review, Standing
from studio.reviews.schedule import Face
from ui import clock, notices, outbox, pinboard, proof, routes, services, session
from ui.text import plain

_DECISIONS = {
    Standing.APPROVED: (later("Approve"), ":material/check_circle:"),
    Standing.CHANGES_ASKED: (later("Ask for changes"), ":material/edit_note:"),
    Standing.REJECTED: (later("Reject"), ":material/cancel:"),
}
_SAID = {
    Standing.APPROVED: later("Approved"),
    Standing.CHANGES_ASKED: later("Changes asked"),
    Standing.REJECTED: later("Rejected"),
    Standing.IN_REVIEW: later("Back in review"),
}


def show(review: Review) -> None:
    _remarks(review)
    _decision(review)
    if review.is_closed:
        proof.show(review)


def _remarks(review: Review) -> None:
    """Every arm's image of one draw, with the pins of that image; new ones can be added."""
    plan, pins = review.plan, services.discussion().pins(review.id)
    pinned = {pin.remark.face.draw for pin in pins}
    st.header(tr("What people pinned to the images"), anchor=False)
    numbers = [each.number for each in plan.pictures]
    draw = st.segmented_control(
        tr("Draw"),
        options=numbers,
        default=min(pinned, default=numbers[0]),
        format_func=lambda number: f"{number} ({_open(pins, number)})" if _open(pins, number) else str(number),
        required=True,
        key=f"draw_{review.id}",
    )
    me = services.person().name
    author = st.text_input(
        tr("Your name, for remarks and decisions"), value=me, key=f"author_{review.id}", max_chars=60
    )
    faces = [Face(arm=arm, draw=int(draw or numbers[0])) for arm in range(len(plan.arms))]
    written = services.store().alternatives([plan.picture(face.arm, face.draw) for face in faces])
    for face, column in zip(faces, st.columns(len(faces)), strict=True):
        with column:
            st.markdown(f"**{plan.labels[face.arm]}**")
            _board(review, face, pins, author or "", written)


def _open(pins: Sequence[Pin], draw: int) -> int:
    return sum(pin.remark.face.draw == draw and not pin.resolved for pin in pins)


def _board(review: Review, face: Face, pins: Sequence[Pin], author: str, written: Mapping[str, str]) -> None:
    """``written`` holds, by the hash of an image, what people wrote for those who cannot see it."""
    sha256 = review.plan.picture(face.arm, face.draw)
    shape = services.files().shape(sha256)
    if shape is None:
        st.caption(tr("This image is gone. It can be restored from a backup."))
        return
    shown = [
        pinboard.Pin(
            id=pin.id,
            x=pin.remark.x,
            y=pin.remark.y,
            author=pin.author,
            words=pin.remark.words,
            when=clock.when(pin.created),
            resolved=pin.resolved is not None,
        )
        for pin in pins
        if pin.remark.face == face
    ]
    sheet = pinboard.Sheet(url=routes.preview_of(sha256, VIEW), width=shape[0], height=shape[1])
    heard = pinboard.show(
        sheet,
        shown,
        alt=written.get(sha256, review.plan.arms[face.arm].prompt),
        can_add=True,
        key=f"board_{review.id}_{face}",
    )
    if outbox.dealt_with(heard, lambda said: _act(review, face, said, author)):
        st.rerun()


def _act(review: Review, face: Face, said: pinboard.Said, author: str) -> None:
    discussion = services.discussion()
    with notices.in_words():
        match said:
            case pinboard.Added():
                remark = Remark(face=face, x=said.x, y=said.y, words=said.words)
                discussion.pin(review.id, remark, author=author or "Host")
            case pinboard.Resolved():
                discussion.resolve(review.id, said.id, who=author or "Host")
            case pinboard.Reopened():
                discussion.reopen(review.id, said.id)


def _decision(review: Review) -> None:
    st.header(tr("Decision"), anchor=False)
    for made in services.discussion().decisions(review.id):
        words = f": {plain(made.words)}" if made.words else ""
        st.markdown(
            tr("**{said}** by {who}, {when}{words}").format(
                said=tr(_SAID[made.state]), who=plain(made.who), when=clock.when(made.at), words=words
            )
        )
        st.caption(tr("About {count} images, by their SHA-256.").format(count=len(made.hashes)))
    words = st.text_input(tr("Comment (optional)"), key=f"comment_{review.id}", max_chars=1000)
    with st.container(horizontal=True):
        for state, (label, icon) in _DECISIONS.items():
            if st.button(tr(label), icon=icon, key=f"decide_{state}_{review.id}"):
                _decide(review, state, words or "")


def _decide(review: Review, state: Standing, words: str) -> None:
    with notices.in_words():
        who = session.typed(f"author_{review.id}")
        services.discussion().decide(review.id, state, who=who, words=words)
        st.rerun()
