"""From a prompt to an image."""

import streamlit as st

from ui import cards, comparison, costs, demo, ordering, session
from ui.text import plain

st.title("Generate", anchor=False)

order = ordering.order()

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
        session.start_run(order.requests, order.count, estimate=costs.estimate)
        st.rerun()
ordering.total(order)

run = session.shown_run()
if run:
    cards.run(run)
    comparison.with_the_one_before(run)
else:
    st.caption("Your images appear here, and stay in History.")
    demo.offer("generate")
