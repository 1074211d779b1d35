"""Guests who come with the code of a live room: from its QR code, or typed."""

import streamlit as st

from atlas.language import tr
from studio.reviews.rooms import Guessing
from ui import services, session
from ui.text import plain


def guest() -> None:
    """What somebody sees at the page of votes before a review is known; with a right code, it is afterwards."""
    code = session.take_room_code()
    if code:
        _enter(code)


def field() -> None:
    """Where a code is typed."""
    st.text_input(
        tr("Room code"),
        key=session.ROOM_CODE,
        max_chars=12,
        placeholder=tr("Six letters"),
        on_change=session.enter_room,
        width=240,
    )
    st.button(tr("Join the room"), type="primary", icon=":material/login:", key="join_room")


def _enter(code: str) -> None:
    try:
        room = services.rooms().find(code, address=str(st.context.ip_address))
    except Guessing as refused:
        st.warning(plain(str(refused)), icon=":material/block:")
        return
    if room is None:
        st.warning(
            tr("No room is open under this code. Check its six letters, or ask the host whether it is still open."),
            icon=":material/link_off:",
        )
        return
    session.show_review(room.review)
