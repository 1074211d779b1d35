"""From a prompt to an image."""

import streamlit as st

from atlas.language import tr
from ui import cards, demo, ordering, pairing, session

st.title(tr("Generate"), anchor=False)

ordering.form()

run = session.shown_run()
if run:
    cards.run(run)
    pairing.with_the_one_before(run)
else:
    st.caption(tr("Your images appear here, and stay in History."))
    demo.offer("generate")
