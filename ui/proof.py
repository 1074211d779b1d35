"""What is kept of a closed review: the evidence bundle, and its votes as a table."""

import io
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from atlas.language import region, speaking, tr
from studio.reviews import evidence, votes_csv
from studio.reviews.ballots import Review
from studio.reviews.desk import Reviews
from studio.reviews.discussion import Discussion
from ui import services


def show(review: Review) -> None:
    reviews, discussion = services.reviews(), services.discussion()  # outside of the script, nobody visits
    alts = services.store().alternatives(review.plan.hashes)
    told = region()
    st.header(tr("Evidence"), anchor=False)
    st.caption(
        tr(
            "The bundle holds the plan, every ballot in a chain of hashes, the images and a report that opens offline. "
            "`python -m studio.verify` recomputes every number of it, on any machine."
        )
    )
    with st.container(horizontal=True):
        st.download_button(
            tr("Evidence bundle (ZIP)"),
            lambda: _bundle(reviews, discussion, review.id, alts, told),
            f"review-{review.id}.zip",
            "application/zip",
            icon=":material/verified:",
            on_click="ignore",
        )
        st.download_button(
            tr("Votes (CSV)"),
            lambda: _votes(reviews, review),
            f"votes-{review.id}.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
        )


def _bundle(reviews: Reviews, discussion: Discussion, review_id: str, alts: Mapping[str, str], locale: str) -> bytes:
    """Made when it is asked for, outside of the script: there nobody else knows whom it is for."""
    written = io.BytesIO()
    kept = replace(evidence.record(reviews, discussion, review_id), alts=alts)
    with speaking(locale):
        evidence.write(written, kept, services.files())
    return written.getvalue()


def _votes(reviews: Reviews, review: Review) -> bytes:
    return votes_csv.sheet(review.plan, reviews.ballots(review.id), reviews.reviewers(review.id))
