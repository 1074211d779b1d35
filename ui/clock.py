"""Points in time as the viewer reads them."""

import streamlit as st

from studio import formats


def when(milliseconds: int, *, seconds: bool = False) -> str:
    """An epoch time in the viewer's time zone; with ``seconds``, the time of day alone."""
    return formats.moment(milliseconds, st.context.timezone or "UTC", seconds=seconds)
