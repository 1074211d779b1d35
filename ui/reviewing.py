"""Reviews as their host sees them: the list, one review from its plan to the decision, and what colleagues said."""

import streamlit as st

from atlas.language import later, tr, trn
from studio.reviews import leaks
from studio.reviews.ballots import Review, Standing, State
from studio.reviews.desk import BY_HAND
from studio.reviews.plan import Ends, Plan, Reveal
from ui import (
    clock,
    comparison,
    deciding,
    demo,
    identity,
    live,
    panel,
    planning,
    services,
    session,
    verdicts,
    voting,
)
from ui.text import one_line, plain

_TICK_S = 1.0
_STATES = {
    State.DRAFT: (later("Draft"), ":material/edit:", "gray"),
    State.OPEN: (later("Open for votes"), ":material/how_to_vote:", "blue"),
    State.CLOSED: (later("Closed"), ":material/lock:", "gray"),
}
_STANDINGS = {
    Standing.APPROVED: (later("Approved"), ":material/check_circle:", "green"),
    Standing.CHANGES_ASKED: (later("Changes asked"), ":material/edit_note:", "orange"),
    Standing.REJECTED: (later("Rejected"), ":material/cancel:", "red"),
}
_CLOSED_BY = {
    Ends.VOTES: later("by its number of votes, as planned"),
    Ends.EVIDENCE: later("by its evidence, as planned"),
    Ends.DATE: later("on its day, as planned"),
    BY_HAND: later("by hand, before its plan said so"),
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
            tr(
                "A review asks colleagues, blind, which of two images is better. Run a comparison, then press "
                "“Ask colleagues” there."
            ),
            icon=":material/how_to_vote:",
        )
        st.page_link("../pages/compare.py", label=tr("To the comparisons"), icon=":material/compare:")
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
            st.caption(clock.when(review.created))


def _badges(review: Review, standing: Standing) -> None:
    words, icon, colour = _STATES[review.state]
    st.badge(tr(words), icon=icon, color=colour)  # type: ignore[arg-type]
    if standing in _STANDINGS:
        words, icon, colour = _STANDINGS[standing]
        st.badge(tr(words), icon=icon, color=colour)  # type: ignore[arg-type]
    if review.plan.simulated:
        st.badge(tr("Simulated"), icon=":material/science:", color="orange")


def _one(review: Review) -> None:
    if review.deleted:
        st.info(tr("This review was withdrawn, and its link ends."), icon=":material/block:")
        st.button(tr("Undo"), icon=":material/undo:", on_click=services.reviews().restore, args=(review.id,))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(one_line(review.plan.name, 120), anchor=False)
        _badges(review, services.discussion().standings([review])[review.id])
    st.markdown(f"**{plain(tr(review.plan.main.words))}**")
    _steps(review)
    revealed = _may_see_tally(review)
    if revealed:
        verdicts.show(review)
        deciding.show(review)
    elif review.state is not State.DRAFT:
        st.info(_why_hidden(review), icon=":material/visibility_off:")
    _plan(review, arms_shown=revealed or review.state is State.DRAFT)


def _may_see_tally(review: Review) -> bool:
    """Nobody is swayed: not before it is closed or, where the plan says so, before the own vote is done."""
    if live.is_held_back(review):
        return False
    if review.is_closed:
        return True
    if review.plan.reveal is not Reveal.OWN_VOTE:
        return False
    me = services.reviews().reviewer(review.id, identity.mine())
    return me is not None and me.finished is not None


def _why_hidden(review: Review) -> str:
    if live.is_held_back(review):
        return tr("The tally is hidden until the host of the live room reveals it, so that nobody is swayed.")
    until = (
        tr("until the review closes")
        if review.plan.reveal is Reveal.CLOSE
        else tr("until you have voted yourself, or the review closes")
    )
    return tr("The tally is hidden {until}, so that nobody is swayed, whoever runs the review included.").format(
        until=until
    )


def _steps(review: Review) -> None:
    """What can be done with the review now."""
    if review.state is State.DRAFT:
        st.caption(tr("Check the room, then open it. The link works as soon as it is open."))
    if review.state is not State.CLOSED:
        _link(review)
        _following(review.id, review.state)
    else:
        st.caption(
            plain(
                tr("Closed {when}, {closed_by}.").format(
                    when=clock.when(review.closed or 0), closed_by=tr(_CLOSED_BY[review.closed_by])
                )
            )
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        if review.state is State.DRAFT:
            st.button(
                tr("Open for votes"),
                type="primary",
                icon=":material/play_arrow:",
                key=f"open_{review.id}",
                on_click=_open,
                args=(review.id,),
            )
        if review.state is State.OPEN:
            st.button(
                tr("Close now"),
                icon=":material/lock:",
                key=f"close_{review.id}",
                on_click=_close,
                args=(review.id,),
                help=tr("Ends the vote before its plan does, so only the peek-safe number can name a winner."),
            )
            panel.invite(review)
        st.page_link(
            "../pages/compare.py",
            label=tr("The comparison"),
            icon=":material/compare:",
            query_params={"experiment": review.plan.experiment},
        )
        st.button(
            tr("Withdraw"),
            icon=":material/delete:",
            key=f"withdraw_{review.id}",
            on_click=services.reviews().delete,
            args=(review.id,),
            help=tr("Out of the list, and the link ends. Can be undone."),
        )
    live.show(review)
    if review.state is not State.CLOSED:
        _room(review)


def _open(review_id: str) -> None:
    services.reviews().open(review_id)


def _close(review_id: str) -> None:
    services.reviews().close(review_id)


def _link(review: Review) -> None:
    st.caption(tr("The link for reviewers. No account is needed."))
    st.code(session.address("/vote", review=review.id), language=None, wrap_lines=True)


def _following(review_id: str, state: State) -> None:
    """How many have come, and nothing about what they said; follows by itself while the review is open."""
    if state is State.OPEN:
        st.fragment(_turnout, run_every=_TICK_S, key="turnout")(review_id)


def _turnout(review_id: str) -> None:
    review, now = services.reviews().get(review_id), services.reviews().turnout(review_id)
    if review.is_closed:
        session.say(tr("The review is closed."))
        st.rerun()
    most = review.plan.stop.votes
    people = tr("1 person has") if now.joined == 1 else tr("{joined} people have").format(joined=now.joined)
    words = tr("{people} come, {finished} finished").format(people=people, finished=now.finished)
    if most:
        st.progress(
            min(1.0, now.votes / most),
            text=tr("**{votes} of {most}** votes · {words}").format(votes=now.votes, most=most, words=words),
        )
    else:
        until = clock.when(review.plan.stop.until)
        st.markdown(
            tr("**{votes}** votes · {words} · closes {until}").format(votes=now.votes, words=words, until=until)
        )


def _room(review: Review) -> None:
    with st.expander(tr("Check this room"), icon=":material/shield:"):
        st.caption(tr("Looks for anything that could tell a reviewer which image comes from which prompt."))
        if st.button(tr("Check now"), icon=":material/search:", key=f"check_{review.id}"):
            with st.spinner(tr("Looking at every ballot"), show_time=True):
                found = leaks.checks(review, services.files(), services.stage(), voting.payload)
            for check in found:
                icon = ":material/check_circle:" if check.ok else ":material/warning:"
                (st.success if check.ok else st.warning)(f"**{plain(check.name)}.** {plain(check.words)}", icon=icon)


def _plan(review: Review, *, arms_shown: bool) -> None:
    plan = review.plan
    with st.expander(tr("The plan, fixed before the first vote"), icon=":material/description:"):
        for words in _plan_lines(plan):
            st.markdown(f"- {plain(words)}")
        st.caption(
            tr("Plan {hash}…, SHA-256 of everything above, the prompts, the images and the order.").format(
                hash=plan.hash[:16]
            )
        )
        for arm in plan.arms if arms_shown else ():
            st.markdown(f"**{arm.label}** {plain(arm.prompt, 1000)}")


def _plan_lines(plan: Plan) -> list[str]:
    """The plan in sentences."""
    ends = {
        Ends.VOTES: tr("Closes after {votes:,} votes on the first question.").format(votes=plan.stop.votes),
        Ends.EVIDENCE: tr("Closes when the evidence is enough, after {votes:,} votes at the latest.").format(
            votes=plan.stop.votes
        ),
        Ends.DATE: tr("Closes after {when}.").format(when=clock.when(plan.stop.until)) if plan.stop.until else "",
    }
    return [
        " · ".join(tr(asked.words) for asked in plan.questions),
        *([tr("Brief: {brief}").format(brief=plan.brief)] if plan.brief else []),
        *([tr("Asked: {who}").format(who=plan.who)] if plan.who else []),
        tr("{trn} of {count} prompts; each person sees {trn2}, {trn3} and {trn4}.").format(
            trn=trn("{count:,} draw", "{count:,} draws", len(plan.pictures)),
            count=len(plan.arms),
            trn2=trn("{count:,} pair", "{count:,} pairs", min(plan.pairs, plan.per_reviewer)),
            trn3=trn("{count:,} hidden repeat", "{count:,} hidden repeats", plan.repeats),
            trn4=trn("{count:,} control pair", "{count:,} control pairs", plan.controls),
        ),
        ends[plan.stop.rule],
        tr("A preference within {margin:.0%} of one half counts as practically equal; alpha {alpha:g}.").format(
            margin=plan.margin, alpha=plan.alpha
        ),
    ]
