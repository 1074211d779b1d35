"""Two prompts (or models, or settings), several draws of each, side by side."""

import streamlit as st

from atlas.language import tr
from ui import arms, comparison, session, uploads

st.title(tr("Compare"), anchor=False)

experiment = comparison.find(session.experiment_id())
if experiment and experiment.deleted:
    comparison.deleted(experiment)
elif experiment:
    comparison.show(experiment)
else:
    arms.form()
    uploads.pair()
    comparison.listed()
