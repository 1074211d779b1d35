"""The form that makes a review of a comparison: what is asked, of whom, and when it is over."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import streamlit as st

from atlas.language import later, tr, trn
from studio import power
from studio.experiments import Drawn, Experiment
from studio.reviews import planning
from studio.reviews.desk import new_seed, seed_hash
from studio.reviews.plan import (
    ASKED,
    FEWEST_PAIRS,
    MOST_CONTROLS,
    MOST_REPEATS,
    MOST_VOTES,
    Asked,
    Ends,
    Pictures,
    Plan,
    Question,
    Reveal,
    Stop,
)
from studio.search import known_zone
from ui import services, session
from ui.text import one_line, plain

_PEOPLE = 12
_ENDS = {
    Ends.VOTES: later("After a number of votes"),
    Ends.EVIDENCE: later("When the evidence is enough"),
    Ends.DATE: later("On a day"),
}
_ABOUT_ENDS = {
    Ends.VOTES: later("The result is looked at once, when that many votes are in."),
    Ends.EVIDENCE: later("Looks after every vote, with a number that stays honest however often it is looked at."),
    Ends.DATE: later("The result is looked at once, when the day is over."),
}
_MARGINS = {0.05: "55 : 45", 0.1: "60 : 40", 0.15: "65 : 35", 0.2: "70 : 30"}
_REVEALS = {
    Reveal.CLOSE: later("When the review closes"),
    Reveal.OWN_VOTE: later("To everybody who has finished voting"),
}


def form(experiment: Experiment) -> None:
    """The whole form; the review that it makes is opened on the page of its results."""
    rows = services.experiments().rows(experiment)
    pictures = planning.pictures_of(rows)
    st.header(tr("Ask colleagues about {name}").format(name=one_line(experiment.name, 100)), anchor=False)
    _what(experiment, rows, pictures)
    if not pictures:
        return
    plan = _filled_in(experiment, rows, pictures)
    if plan.problem:
        st.caption(plain(plan.problem))
    st.caption(tr("The plan cannot be changed once it is made. A changed plan is another review."))
    if st.button(tr("Make the review"), type="primary", icon=":material/how_to_vote:", key=f"make_{session.intent()}"):
        _make(plan)


def _what(experiment: Experiment, rows: Sequence[Drawn], pictures: Sequence[Pictures]) -> None:
    if not pictures:
        st.info(tr("There is no pair to vote on yet. Wait until every arm has an image of the same draw."))
        st.page_link(
            "../pages/compare.py",
            label=tr("Back to the comparison"),
            icon=":material/compare:",
            query_params={"experiment": experiment.id},
        )
        return
    left_out = len(rows) - len(pictures)
    missing = (
        tr(" {left_out} more are left out, because an image is missing.").format(left_out=left_out) if left_out else ""
    )
    picked = tr(" They were picked by hand, so the result is about these images only.") if experiment.picked else ""
    st.caption(
        tr("{trn} of {count} arms.{missing}{picked}").format(
            trn=trn("{count:,} draw", "{count:,} draws", len(pictures)),
            count=len(experiment.arms),
            missing=missing,
            picked=picked,
        )
    )
    if not experiment.picked and len(pictures) < FEWEST_PAIRS:
        st.info(
            tr(
                "With {trn} the votes can say which of these images is preferred, not which "
                "prompt is better: that takes at least {fewest_pairs} pairs, and 12 are a good number. "
                "More pairs help more than more reviewers."
            ).format(trn=trn("{count:,} pair", "{count:,} pairs", len(pictures)), fewest_pairs=FEWEST_PAIRS),
            icon=":material/lightbulb:",
        )


def _filled_in(experiment: Experiment, rows: Sequence[Drawn], pictures: tuple[Pictures, ...]) -> Plan:
    key = f"plan_{experiment.id}"
    questions = _questions(key)
    brief = st.text_area(
        tr("Brief (optional)"),
        key=f"{key}_brief",
        height=80,
        max_chars=2000,
        placeholder=tr("What the image is for: spring campaign, phone screens, friendly and calm"),
        help=tr("Reviewers see it. Describe the purpose in words that no prompt uses."),
    )
    arms = planning.arms_of(experiment)
    pairs = len(pictures) * len(arms) * (len(arms) - 1) // 2
    left, right = st.columns(2)
    with left:
        who = st.text_input(
            tr("Who is asked (optional)"),
            key=f"{key}_who",
            max_chars=200,
            placeholder=tr("Colleagues from sales and design"),
        )
        people = int(
            st.number_input(tr("How many people"), min_value=1, max_value=1000, value=_PEOPLE, key=f"{key}_people") or 1
        )
        margin = st.select_slider(
            tr("Smallest difference that matters"),
            options=list(_MARGINS),
            value=0.1,
            format_func=_MARGINS.__getitem__,
            key=f"{key}_margin",
            help=tr("A preference smaller than this counts as practically equal."),
        )
    with right:
        each = min(pairs, _per_reviewer(key, pairs))
        stop = _stop(key, people * each)
        reveal = st.radio(
            tr("The tally is shown"),
            options=list(_REVEALS),
            format_func=lambda reveal: tr(_REVEALS[reveal]),
            key=f"{key}_reveal",
        )
    for sentence in power.advice(len(pictures), people):
        st.caption(plain(sentence))
    with st.expander(tr("Checks that reviewers do not notice"), icon=":material/verified:"):
        repeats, controls = _hidden(key, pairs, draws=len(pictures))
    return Plan(
        experiment=experiment.id,
        name=experiment.name,
        arms=arms,
        pictures=pictures,
        questions=questions,
        stop=stop,
        seed_hash="",
        brief=(brief or "").strip(),
        who=(who or "").strip(),
        margin=float(margin),
        per_reviewer=each,
        repeats=repeats,
        controls=controls,
        reveal=reveal or Reveal.CLOSE,
        picked=experiment.picked,
        simulated=planning.is_simulated(rows),
    )


def _questions(key: str) -> tuple[Asked, ...]:
    """Each with a tally of its own; the first is what the verdict is about."""
    chosen = st.pills(
        tr("Questions, each asked about every pair"),
        options=list(Question),
        default=[Question.PREFERENCE],
        selection_mode="multi",
        format_func=lambda kind: tr(ASKED[kind]),
        key=f"{key}_questions",
    )
    kinds = [kind for kind in Question if kind in chosen]
    if not kinds or kinds[0] is Question.PUBLISH:
        return tuple(Asked(kind=kind, words=ASKED[kind]) for kind in kinds)
    words = st.text_input(
        tr("In these words"),
        value=tr(ASKED[kinds[0]]),
        max_chars=200,
        key=f"{key}_words_{kinds[0]}",
        help=tr("The first question, as reviewers read it. Ask one thing: two questions in one have no answer."),
    )
    usual = ASKED[kinds[0]]  # every reviewer reads it in their own language
    first = Asked(kind=kinds[0], words=usual if words == tr(usual) else (words or "").strip())
    return (first, *(Asked(kind=kind, words=ASKED[kind]) for kind in kinds[1:]))


def _per_reviewer(key: str, pairs: int) -> int:
    if pairs <= 1:
        return 1
    most = st.number_input(
        tr("Pairs per person"),
        min_value=1,
        max_value=min(pairs, 100),
        value=min(pairs, 24),
        key=f"{key}_each_{pairs}",
        help=tr("Where there are more pairs, reviewers take them in turns and all pairs are shown equally often."),
    )
    return int(most or 1)


def _stop(key: str, votes: int) -> Stop:
    rule = st.selectbox(
        tr("It closes"), options=list(_ENDS), format_func=lambda rule: tr(_ENDS[rule]), key=f"{key}_ends"
    )
    st.caption(tr(_ABOUT_ENDS[rule]))
    if rule is Ends.DATE:
        zone = known_zone(st.context.timezone or "UTC")
        today = datetime.now(UTC).astimezone(zone).date()
        day = st.date_input(
            tr("Last day"), value=today + timedelta(days=7), min_value=today, key=f"{key}_day", format="YYYY-MM-DD"
        )
        return Stop(rule=rule, until=planning.end_of(day if isinstance(day, date) else today, zone))
    count = st.number_input(
        tr("Votes") if rule is Ends.VOTES else tr("After this many votes at the latest"),
        min_value=1,
        max_value=MOST_VOTES,
        value=min(votes, MOST_VOTES),
        key=f"{key}_votes_{rule}_{votes}",
        help=tr("On the first question. It begins with people × pairs per person."),
    )
    return Stop(rule=rule, votes=int(count or 1))


def _hidden(key: str, pairs: int, *, draws: int) -> tuple[int, int]:
    """How many hidden repeats, and how many control pairs, each reviewer gets."""
    repeats = st.number_input(
        tr("Hidden repeats per person"),
        min_value=0,
        max_value=MOST_REPEATS,
        value=1 if pairs > 1 else 0,
        key=f"{key}_repeats_{pairs}",
        help=tr("A pair once more with the sides swapped, to see how steady a reviewer is. Not counted as votes."),
    )
    controls = st.number_input(
        tr("Control pairs per person (A against A)"),
        min_value=0,
        max_value=MOST_CONTROLS if draws > 1 else 0,
        value=0,
        key=f"{key}_controls_{draws}",
        help=tr("Two draws of the same prompt, to see how much of a preference is luck. Not counted as votes."),
    )
    return int(repeats or 0), int(controls or 0)


def _make(plan: Plan) -> None:
    seed = new_seed()
    try:
        made = services.reviews().make(session.use_intent(), _with_seed(plan, seed), seed=seed)
    except ValueError as problem:
        st.warning(plain(str(problem)), icon=":material/edit:")
    else:
        session.show_review(made.id)
        st.rerun()


def _with_seed(plan: Plan, seed: str) -> Plan:
    return replace(plan, seed_hash=seed_hash(seed))
