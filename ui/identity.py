"""Who somebody is who has no account: the number in a cookie of their browser, and nothing else.

Reviews keep a hash of it that is another in every review.
"""

import streamlit as st

from ui import session
from ui.cookies import COOKIE, NUMBER


def mine() -> str:
    """The secret of this browser; of this tab only where the browser keeps no cookies."""
    number = str(st.context.cookies.get(COOKIE, ""))
    if NUMBER.fullmatch(number):
        return number
    return session.guest()
