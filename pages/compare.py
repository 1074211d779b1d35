"""Two prompts (or models, or settings), several draws of each, side by side."""

import streamlit as st

from atlas.language import tr
from ui import arms, comparison, costs, differences, session, uploads
from ui.text import plain

st.title(tr("Compare"), anchor=False)

experiment = comparison.find(session.experiment_id())
if experiment and experiment.deleted:
    comparison.deleted(experiment)
elif experiment:
    comparison.show(experiment)
else:
    order = arms.order()
    differences.prompts(order.requests)
    arms.total(order)
    if st.button(
        tr("Run comparison"),
        type="primary",
        icon=":material/play_arrow:",
        shortcut="Mod+Enter",
        key=f"run_{session.intent()}",
    ):
        if order.problem:
            st.warning(plain(order.problem), icon=":material/edit:")
        else:
            st.query_params["experiment"] = session.start_experiment(
                order.requests, order.count, estimate=costs.estimate
            )
            st.rerun()
    uploads.pair()
    comparison.listed()
