"""What did not work, said where the person is looking."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from studio.database import DatabaseProblem, answering
from ui.text import plain


@contextmanager
def in_words() -> Iterator[None]:
    """A ValueError carries a sentence for the person: it is shown for a while, and nothing else happens."""
    try:
        yield
    except ValueError as trouble:
        st.toast(plain(str(trouble)), icon=":material/error:", duration="long")


def answered(*parts: Callable[[], None]) -> bool:
    """Each part of a page in turn; False, and one sentence, as soon as the database does not answer."""
    try:
        with answering():
            for part in parts:
                part()
    except DatabaseProblem as trouble:
        st.error(plain(str(trouble)), icon=":material/database_off:")
        return False
    return True
