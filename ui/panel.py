"""Simulated reviewers, for a demo: they fill a review in seconds, and everything they touch says so."""

import streamlit as st

from atlas.language import later, tr
from studio.reviews.ballots import Review
from studio.reviews.panel import Panel, Taste
from ui import services
from ui.text import plain

_PEOPLE = 12
_TASTES = {
    later("No preference"): 0.0,
    later("A little for {last}"): 0.45,
    later("Clearly for {last}"): 1.2,
}


def invite(review: Review) -> None:
    """Only where the images are simulated too."""
    if not (services.is_simulated() and review.plan.simulated):
        return
    last = review.plan.labels[-1]
    with st.popover(tr("Simulated reviewers"), icon=":material/science:"):
        st.caption(
            tr("Made-up people with a taste you choose. Their votes, and what comes of them, are marked SIMULATED.")
        )
        taste = st.radio(
            tr("Their taste"),
            options=list(_TASTES),
            index=2,
            format_func=lambda words: tr(words).format(last=last),
            key=f"taste_{review.id}",
        )
        people = st.number_input(tr("How many"), min_value=1, max_value=100, value=_PEOPLE, key=f"panel_{review.id}")
        if st.button(tr("Let them vote"), type="primary", key=f"invite_{review.id}"):
            liking = tuple(_TASTES[taste] if label == last else 0.0 for label in review.plan.labels)
            with st.spinner(tr("They are voting"), show_time=True):
                voted = Panel(taste=Taste(liking=liking), seed=review.id).vote(
                    services.reviews(), review, people=int(people or 1)
                )
            st.toast(
                plain(tr("{voted} simulated reviewers have voted.").format(voted=voted)), icon=":material/science:"
            )
            st.rerun()
