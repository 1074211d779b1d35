"""A reviewer at the page of a review: the door, the ballots one after the other, the thanks.

What is drawn here goes to somebody who must not know whose image is whose: only the question, the brief, and names
that are this reviewer's own.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import streamlit as st

from atlas.language import later, tr, trn
from studio.reviews.ballots import REASONS, Ballot, Choice, Pin, Remark, Review, Reviewer, State
from studio.reviews.chain import Late
from studio.reviews.plan import Question, Reveal
from studio.reviews.schedule import Item
from studio.reviews.sitting import SIDES, Sitting, Step
from studio.reviews.staging import Missing
from ui import arriving, ballot, identity, outbox, routes, services, session
from ui.pinboard import Sheet
from ui.text import plain

_COMPARED = {
    Choice.LEFT: later("Left is better"),
    Choice.RIGHT: later("Right is better"),
    Choice.TIE: later("Tie"),
    Choice.BAD: later("Both are bad"),
}
_ANSWERS = {
    Question.PREFERENCE: _COMPARED,
    Question.BRIEF: _COMPARED | {Choice.LEFT: later("Left fits better"), Choice.RIGHT: later("Right fits better")},
    Question.ARTIFICIAL: _COMPARED
    | {Choice.LEFT: later("Left looks more artificial"), Choice.RIGHT: later("Right looks more artificial")},
    Question.PUBLISH: {
        Choice.LEFT: later("Only the left"),
        Choice.RIGHT: later("Only the right"),
        Choice.TIE: "Both",
        Choice.BAD: "Neither",
    },
}
_REASONED = {Question.PREFERENCE, Question.BRIEF}


def room() -> None:
    """The whole page."""
    if session.review_id() is None:
        arriving.guest()
    review_id = session.review_id()
    if review_id is None:
        _uninvited()
        return
    review = find(review_id, services.reviews().invited)
    if review is None:
        return
    reviewer = services.reviews().reviewer(review.id, identity.mine())
    if reviewer is None:
        _door(review)
    elif review.is_closed or review.deleted:
        _over(review)
    else:
        _ballots(Sitting(review=review, reviewer=reviewer))


def payload(sitting: Sitting, step: Step) -> dict[str, Any]:
    """Everything about one ballot that leaves this machine."""
    return asdict(_shown(sitting, sitting.steps.index(step), {}, []))


def find(review_id: str, known: Callable[[str], Review]) -> Review | None:
    """The review of an address, from where it is ``known``; a sentence on the screen when there is none."""
    try:
        return known(review_id)
    except KeyError:
        st.warning(
            tr("There is no review at this address. Check that the link is complete, or ask for a new one."),
            icon=":material/link_off:",
        )
        return None


def _uninvited() -> None:
    arriving.field()
    st.info(
        tr(
            "Votes are cast through the link of a review. Ask whoever invited you for it, or start a review from a "
            "comparison."
        ),
        icon=":material/how_to_vote:",
    )
    st.page_link("../pages/compare.py", label=tr("To the comparisons"), icon=":material/compare:")


def _door(review: Review) -> None:
    """Who somebody is, as far as they want to say."""
    if review.is_closed or review.deleted:
        _over(review)
        return
    if review.state is State.DRAFT:
        st.info(tr("This review has not been opened yet. Reload this page when you are told that it is."))
        return
    pairs = len(Sitting(review=review, reviewer=_somebody()).items)
    st.markdown(
        tr("You will see **{trn} of images**, and say each time: **{words}**").format(
            trn=trn("{count:,} pair", "{count:,} pairs", pairs), words=plain(tr(review.plan.main.words))
        )
    )
    if review.plan.brief:
        st.markdown(tr("The brief: {brief}").format(brief=plain(review.plan.brief)))
    st.caption(
        tr(
            "Nobody sees who made which image, and there are no wrong answers. "
            "The keys 1 to 4 answer too. You can change an answer until you are done."
        )
    )
    with st.form(f"join_{review.id}", border=False):
        name = st.text_input(tr("Your name (optional)"), max_chars=60, help=tr("Whoever runs this review sees it."))
        with st.container(horizontal=True):
            role = st.text_input(tr("Your role (optional)"), max_chars=60, placeholder=tr("Design, sales, customer"))
            language = st.text_input(tr("Your language (optional)"), max_chars=60, placeholder=tr("English"))
        if st.form_submit_button(tr("Start"), type="primary", icon=":material/play_arrow:"):
            _join(review, name=name or "", role=role or "", language=language or "")


def _join(review: Review, *, name: str, role: str, language: str) -> None:
    try:
        services.reviews().join(review.id, identity.mine(), name=name, role=role, language=language)
    except Late as late:
        st.warning(plain(str(late)))
    else:
        st.rerun()


def _somebody() -> Reviewer:
    return Reviewer(id="", seat="", ordinal=0)


def _ballots(sitting: Sitting) -> None:
    review, steps = sitting.review, sitting.steps
    given = services.reviews().ballots(review.id, reviewer=sitting.reviewer)
    answers = {(one.item, one.question): one for one in given}
    place = session.ballot_place(review.id)
    if place is None:
        place = next((at for at, step in enumerate(steps) if step.key not in answers), len(steps))
    if place >= len(steps) or _is_locked(sitting):
        _done(sitting)
        return
    try:
        shown = _shown(sitting, place, answers, services.discussion().pins(review.id, reviewer=sitting.reviewer))
    except Missing:
        st.error(tr("An image of this review is gone. Tell whoever invited you: it can be restored from a backup."))
        return
    if outbox.dealt_with(ballot.show(shown, key=f"ballot_{review.id}"), lambda said: _act(sitting, said)):
        st.rerun()


def _is_locked(sitting: Sitting) -> bool:
    return sitting.reviewer.finished is not None and sitting.review.plan.reveal is Reveal.OWN_VOTE


def _act(sitting: Sitting, said: ballot.Said) -> None:
    steps = sitting.steps
    place = next((at for at, step in enumerate(steps) if _id(sitting, step) == said.ballot_id), None)
    if place is None:
        return
    if isinstance(said, ballot.Back):
        session.move_to_ballot(sitting.review.id, max(0, place - 1))
    else:
        try:
            _cast(sitting, steps[place], said)
        except Late as late:
            st.toast(plain(str(late)), icon=":material/lock:", duration="long")
        session.move_to_ballot(sitting.review.id, place + 1)


def _cast(sitting: Sitting, step: Step, said: ballot.Cast) -> None:
    item = step.item
    services.reviews().cast(
        sitting.review.id,
        sitting.reviewer,
        item,
        step.asked.kind,
        Choice(said.choice),
        reasons=[reason for reason in REASONS if tr(reason) in said.chips],
        words=said.words,
        seconds=said.seconds,
        remarks=[Remark(face=item.face(pin.side), x=pin.x, y=pin.y, words=pin.words) for pin in said.pins],
    )


def _shown(sitting: Sitting, place: int, answers: dict[tuple[str, Question], Ballot], pins: list[Pin]) -> ballot.Ballot:
    """Raises Missing."""
    steps = sitting.steps
    step, plan = steps[place], sitting.review.plan
    staged = sitting.staged(step.item, services.stage())
    before = answers.get((step.item.key, step.asked.kind))
    left, right = (
        Sheet(url=_url(sitting, step.item, side), width=staged.width, height=staged.height) for side in SIDES
    )
    after = next((later.item for later in steps[place + 1 :] if later.item != step.item), None)
    return ballot.Ballot(
        id=_id(sitting, step),
        number=step.item.number,
        of=len(sitting.items),
        question=tr(step.asked.words),
        brief=plan.brief,
        answers=tuple(
            ballot.Answer(choice=choice, label=tr(label)) for choice, label in _ANSWERS[step.asked.kind].items()
        ),
        left=left,
        right=right,
        chosen=before.choice if before else "",
        chips=tuple(map(tr, REASONS)) if step.asked.kind in _REASONED else (),
        picked=tuple(map(tr, before.reasons)) if before else (),
        words=before.words if before else "",
        pins=tuple(_mine(sitting, step.item, pins)),
        can_go_back=place > 0,
        ahead=tuple(_url(sitting, after, side) for side in SIDES) if after else (),
    )


def _mine(sitting: Sitting, item: Item, pins: list[Pin]) -> list[ballot.Pin]:
    return [
        ballot.Pin(
            side="left" if pin.remark.face == item.left else "right",
            x=pin.remark.x,
            y=pin.remark.y,
            words=pin.remark.words,
        )
        for pin in pins
        if (pin.reviewer, pin.item) == (sitting.reviewer.ordinal, item.key)
    ]


def _id(sitting: Sitting, step: Step) -> str:
    return sitting.name(step.item, f"ballot {step.asked.kind}")


def _url(sitting: Sitting, item: Item, side: str) -> str:
    return routes.ballot_url(sitting.reviewer.seat, sitting.name(item, side))


def _done(sitting: Sitting) -> None:
    review, reviewer = sitting.review, sitting.reviewer
    st.success(tr("You have voted on every pair. Thank you."), icon=":material/check_circle:")
    if review.plan.reveal is Reveal.CLOSE:
        services.reviews().finish(review.id, reviewer)
        st.markdown(tr("The result is shown when the review closes. Until then you can still change an answer."))
    elif reviewer.finished is None:
        st.markdown(tr("Finish to see the result. After that your votes cannot be changed any more."))
        if st.button(tr("Finish and see the result"), type="primary", icon=":material/done_all:"):
            services.reviews().finish(review.id, reviewer)
            st.switch_page("../pages/results.py", query_params={"review": review.id})
    else:
        _to_results(review)
        return
    st.button(
        tr("Change an answer"),
        icon=":material/undo:",
        on_click=session.move_to_ballot,
        args=(review.id, len(sitting.steps) - 1),
    )


def _over(review: Review) -> None:
    if review.deleted:
        st.info(tr("This review was withdrawn. Nothing is left to vote on."), icon=":material/block:")
        return
    st.info(tr("This review is closed. Every vote cast up to then is counted. Thank you."), icon=":material/lock:")
    _to_results(review)


def _to_results(review: Review) -> None:
    st.page_link(
        "../pages/results.py",
        label=tr("See the result"),
        icon=":material/bar_chart:",
        query_params={"review": review.id},
    )
