"""From a prompt to an image."""

import streamlit as st

from ui import cards, comparison, dropped, forms, session
from ui.text import plain

st.title("Generate", anchor=False)

order = forms.order("generate")
dropped.settings()

if st.button(
    "Generate",
    type="primary",
    icon=":material/brush:",
    shortcut="Mod+Enter",
    key=f"generate_{session.intent()}",
):
    if order.problem:
        st.warning(plain(order.problem), icon=":material/edit:")
    else:
        session.start_run(order.requests[0], order.count)
        st.rerun()

run = session.shown_run()
if run:
    cards.run(run)
    comparison.with_the_one_before(run)
else:
    st.caption("Your images appear here, and stay in History.")
