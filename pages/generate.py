"""From a prompt to an image."""

import streamlit as st

from atlas.language import tr
from ui import cards, comparison, demo, ordering, session

st.title(tr("Generate"), anchor=False)

ordering.form()

run = session.shown_run()
if run:
    cards.run(run)
    comparison.with_the_one_before(run)
else:
    st.caption(tr("Your images appear here, and stay in History."))
    demo.offer("generate")
