"""What did not work, said where the person is looking."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from ui.text import plain


@contextmanager
def in_words() -> Iterator[None]:
    """A ValueError carries a sentence for the person: it is shown for a while, and nothing else happens."""
    try:
        yield
    except ValueError as trouble:
        st.toast(plain(str(trouble)), icon=":material/error:", duration="long")
