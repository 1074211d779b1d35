"""Reviews as their host sees them: the list, one review from its plan to the decision, and what colleagues said."""

import streamlit as st

from studio.reviews import leaks
from studio.reviews.ballots import Review, Standing, State
from studio.reviews.desk import BY_HAND
from studio.reviews.plan import Ends, Plan, Reveal
from ui import cards, comparison, deciding, demo, identity, panel, planning, services, session, verdicts, voting
from ui.text import counted, one_line, plain

_TICK_S = 1.0
_STATES = {
    State.DRAFT: ("Draft", ":material/edit:", "gray"),
    State.OPEN: ("Open for votes", ":material/how_to_vote:", "blue"),
    State.CLOSED: ("Closed", ":material/lock:", "gray"),
}
_STANDINGS = {
    Standing.APPROVED: ("Approved", ":material/check_circle:", "green"),
    Standing.CHANGES_ASKED: ("Changes asked", ":material/edit_note:", "orange"),
    Standing.REJECTED: ("Rejected", ":material/cancel:", "red"),
}
_CLOSED_BY = {
    Ends.VOTES: "by its number of votes, as planned",
    Ends.EVIDENCE: "by its evidence, as planned",
    Ends.DATE: "on its day, as planned",
    BY_HAND: "by hand, before its plan said so",
}


def page() -> None:
    """The page: one review, the form for a new one, or all of them."""
    review_id, experiment = session.review_id(), comparison.find(session.experiment_id())
    if experiment and not review_id:
        planning.form(experiment)
        return
    review = voting.find(review_id, services.reviews().get) if review_id else None
    if review:
        _one(review)
    else:
        _listed()


def _listed() -> None:
    reviews = services.reviews().listed()
    if not reviews:
        st.info(
            "A review asks colleagues, blind, which of two images is better. Run a comparison, then press "
            "“Ask colleagues” there.",
            icon=":material/how_to_vote:",
        )
        st.page_link("../pages/compare.py", label="To the comparisons", icon=":material/compare:")
        demo.offer("results")
    standings = services.discussion().standings(reviews)
    for review in reviews:
        with st.container(horizontal=True, vertical_alignment="center", key=f"review_{review.id}"):
            st.page_link(
                "../pages/results.py",
                label=one_line(review.plan.name, 100),
                icon=":material/how_to_vote:",
                query_params={"review": review.id},
            )
            _badges(review, standings[review.id])
            st.caption(cards.when(review.created))


def _badges(review: Review, standing: Standing) -> None:
    words, icon, colour = _STATES[review.state]
    st.badge(words, icon=icon, color=colour)  # type: ignore[arg-type]
    if standing in _STANDINGS:
        words, icon, colour = _STANDINGS[standing]
        st.badge(words, icon=icon, color=colour)  # type: ignore[arg-type]
    if review.plan.simulated:
        st.badge("Simulated", icon=":material/science:", color="orange")


def _one(review: Review) -> None:
    if review.deleted:
        st.info("This review was withdrawn, and its link ends.", icon=":material/block:")
        st.button("Undo", icon=":material/undo:", on_click=services.reviews().restore, args=(review.id,))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(one_line(review.plan.name, 120), anchor=False)
        _badges(review, services.discussion().standings([review])[review.id])
    st.markdown(f"**{plain(review.plan.main.words)}**")
    _steps(review)
    revealed = _may_see_tally(review)
    if revealed:
        verdicts.show(review)
        deciding.show(review)
    elif review.state is State.OPEN:
        st.info(_why_hidden(review), icon=":material/visibility_off:")
    _plan(review, arms_shown=revealed or review.state is State.DRAFT)


def _may_see_tally(review: Review) -> bool:
    """Nobody is swayed: not before it is closed or, where the plan says so, before the own vote is done."""
    if review.is_closed:
        return True
    if review.plan.reveal is not Reveal.OWN_VOTE:
        return False
    me = services.reviews().reviewer(review.id, identity.mine())
    return me is not None and me.finished is not None


def _why_hidden(review: Review) -> str:
    until = (
        "until the review closes"
        if review.plan.reveal is Reveal.CLOSE
        else "until you have voted yourself, or the review closes"
    )
    return f"The tally is hidden {until}, so that nobody is swayed, whoever runs the review included."


def _steps(review: Review) -> None:
    """What can be done with the review now."""
    if review.state is State.DRAFT:
        st.caption("Check the room, then open it. The link works as soon as it is open.")
    if review.state is not State.CLOSED:
        _link(review)
        _following(review.id, review.state)
    else:
        st.caption(plain(f"Closed {cards.when(review.closed or 0)}, {_CLOSED_BY[review.closed_by]}."))
    with st.container(horizontal=True, vertical_alignment="center"):
        if review.state is State.DRAFT:
            st.button(
                "Open for votes",
                type="primary",
                icon=":material/play_arrow:",
                key=f"open_{review.id}",
                on_click=_open,
                args=(review.id,),
            )
        if review.state is State.OPEN:
            st.button(
                "Close now",
                icon=":material/lock:",
                key=f"close_{review.id}",
                on_click=_close,
                args=(review.id,),
                help="Ends the vote before its plan does, so only the peek-safe number can name a winner.",
            )
            panel.invite(review)
        st.page_link(
            "../pages/compare.py",
            label="The comparison",
            icon=":material/compare:",
            query_params={"experiment": review.plan.experiment},
        )
        st.button(
            "Withdraw",
            icon=":material/delete:",
            key=f"withdraw_{review.id}",
            on_click=services.reviews().delete,
            args=(review.id,),
            help="Out of the list, and the link ends. Can be undone.",
        )
    if review.state is not State.CLOSED:
        _room(review)


def _open(review_id: str) -> None:
    services.reviews().open(review_id)


def _close(review_id: str) -> None:
    services.reviews().close(review_id)


def _link(review: Review) -> None:
    st.caption("The link for reviewers. No account is needed.")
    st.code(session.address("/vote", review=review.id), language=None, wrap_lines=True)


def _following(review_id: str, state: State) -> None:
    """How many have come, and nothing about what they said; follows by itself while the review is open."""
    if state is State.OPEN:
        st.fragment(_turnout, run_every=_TICK_S, key="turnout")(review_id)


def _turnout(review_id: str) -> None:
    review, now = services.reviews().get(review_id), services.reviews().turnout(review_id)
    if review.is_closed:
        st.rerun()
    most = review.plan.stop.votes
    people = "1 person has" if now.joined == 1 else f"{now.joined} people have"
    words = f"{people} come, {now.finished} finished"
    if most:
        st.progress(min(1.0, now.votes / most), text=f"**{now.votes} of {most}** votes · {words}")
    else:
        until = cards.when(review.plan.stop.until)
        st.markdown(f"**{now.votes}** votes · {words} · closes {until}")


def _room(review: Review) -> None:
    with st.expander("Check this room", icon=":material/shield:"):
        st.caption("Looks for anything that could tell a reviewer which image comes from which prompt.")
        if st.button("Check now", icon=":material/search:", key=f"check_{review.id}"):
            with st.spinner("Looking at every ballot", show_time=True):
                found = leaks.checks(review, services.files(), services.stage(), voting.payload)
            for check in found:
                icon = ":material/check_circle:" if check.ok else ":material/warning:"
                (st.success if check.ok else st.warning)(f"**{plain(check.name)}.** {plain(check.words)}", icon=icon)


def _plan(review: Review, *, arms_shown: bool) -> None:
    plan = review.plan
    with st.expander("The plan, fixed before the first vote", icon=":material/description:"):
        for words in _plan_lines(plan):
            st.markdown(f"- {plain(words)}")
        st.caption(f"Plan {plan.hash[:16]}…, SHA-256 of everything above, the prompts, the images and the order.")
        for arm in plan.arms if arms_shown else ():
            st.markdown(f"**{arm.label}** {plain(arm.prompt, 1000)}")


def _plan_lines(plan: Plan) -> list[str]:
    """The plan in sentences."""
    ends = {
        Ends.VOTES: f"Closes after {plan.stop.votes:,} votes on the first question.",
        Ends.EVIDENCE: f"Closes when the evidence is enough, after {plan.stop.votes:,} votes at the latest.",
        Ends.DATE: f"Closes after {cards.when(plan.stop.until)}." if plan.stop.until else "",
    }
    return [
        " · ".join(asked.words for asked in plan.questions),
        *([f"Brief: {plan.brief}"] if plan.brief else []),
        *([f"Asked: {plan.who}"] if plan.who else []),
        (
            f"{counted(len(plan.pictures), 'draw')} of {len(plan.arms)} prompts; each person sees "
            f"{counted(min(plan.pairs, plan.per_reviewer), 'pair')}, {counted(plan.repeats, 'hidden repeat')} and "
            f"{counted(plan.controls, 'control pair')}."
        ),
        ends[plan.stop.rule],
        f"A preference within {plan.margin:.0%} of one half counts as practically equal; alpha {plan.alpha:g}.",
    ]
