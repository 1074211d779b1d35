"""What did not work, said where the person is looking."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from atlas.language import tr
from studio.database import NO_ANSWER, DatabaseProblem, answering, is_no_answer
from studio.people import NotAllowed
from ui import services
from ui.text import plain


@contextmanager
def in_words() -> Iterator[None]:
    """Some errors carry a sentence for the person: it is shown for a while, and nothing else happens."""
    try:
        yield
    except (ValueError, NotAllowed) as trouble:
        st.toast(plain(str(trouble)), icon=":material/error:", duration="long")


def answered(*parts: Callable[[], object]) -> bool:
    """Each part of a page in turn; False, and one sentence, where the database does not answer or a role forbids it."""
    try:
        with answering():
            for part in parts:
                part()
    except DatabaseProblem as trouble:
        st.error(plain(str(trouble)), icon=":material/database_off:")
        return False
    except NotAllowed as refusal:
        st.error(plain(str(refusal)), icon=":material/lock:")
        return False
    return True


def ended_by(error: Exception) -> bool:
    """What nobody caught on a page or in a button's callback: one sentence here, the rest is in the log by now."""
    services.page_failed(error)
    if is_no_answer(error):
        st.error(plain(tr(NO_ANSWER)), icon=":material/database_off:")
    else:
        st.error(tr("Something went wrong on this page. Reload it; if it happens again, the log of the app says why."))
    return True
