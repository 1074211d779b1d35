"""From a prompt to an image."""

import streamlit as st

from atlas.language import tr
from ui import cards, comparison, costs, demo, ordering, session
from ui.text import plain

st.title(tr("Generate"), anchor=False)

order = ordering.order()

if st.button(
    tr("Generate"),
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
    st.caption(tr("Your images appear here, and stay in History."))
    demo.offer("generate")
