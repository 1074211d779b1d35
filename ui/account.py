"""Signing in and out, where sign-in is set up; nothing on the screen where it is not."""

import streamlit as st

from atlas.language import later, tr
from studio.people import STRANGER, NotAllowed, Person, Role
from ui import services
from ui.text import plain

_ROLES = {Role.HOST: later("host"), Role.MAKER: later("maker"), Role.REVIEWER: later("reviewer")}


def show() -> None:
    """Who is here, small, and the way out."""
    person = services.person()
    if not services.has_sign_in() or person == STRANGER:
        return
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small"):
        st.caption(plain(f"{person.name} · {tr(_ROLES[person.role])}"), width="content")
        st.button(tr("Sign out"), type="tertiary", icon=":material/logout:", key="sign_out", on_click=st.logout)


def door(person: Person) -> None:
    """What somebody sees who may not make images, in place of every page but Vote."""
    if person == STRANGER:
        st.title("Atlas Studio", anchor=False)
        st.write(tr("Sign in to make images. To vote, open the link of the review: that takes no account."))
        st.button(tr("Sign in"), type="primary", icon=":material/login:", key="sign_in", on_click=st.login)
        return
    try:
        person.must_make()
    except NotAllowed as refusal:
        st.info(plain(str(refusal)), icon=":material/how_to_vote:")
