"""What the votes of a review say: one sentence, one number, one reason, then everything behind them."""

from collections.abc import Sequence

import streamlit as st

from studio.reviews import charts, results
from studio.reviews.ballots import Review
from studio.reviews.charts import Caption
from studio.reviews.plan import Plan
from studio.reviews.results import Answered, Finding, Results, Versus
from studio.reviews.verdict import Outcome
from ui import chart, services
from ui.text import counted, plain

_ICONS = {
    Outcome.WINNER: ":material/trophy:",
    Outcome.EQUAL: ":material/balance:",
    Outcome.NEITHER: ":material/thumb_down:",
    Outcome.UNDECIDED: ":material/hourglass_empty:",
}


def of(review: Review) -> Results:
    """Everything the votes of this review say by now."""
    reviews = services.reviews()
    return results.of_review(review, reviews.ballots(review.id), reviews.reviewers(review.id))


def show(review: Review) -> None:
    found, plan = of(review), review.plan
    _finding(found.finding, simulated=found.simulated)
    _without(found)
    _main(plan, found.main)
    _other_questions(plan, found)
    _over_time(plan, found)
    _trust(found)
    _why(plan, found)
    _segments(found)


def _finding(finding: Finding, *, simulated: bool) -> None:
    with st.container(border=True, key="verdict"):
        if simulated:
            st.badge("SIMULATED", icon=":material/science:", color="orange")
        st.subheader(f"{_ICONS[finding.outcome]} {plain(finding.sentence)}", anchor=False)
        st.markdown(f"**{plain(finding.number)}**")
        st.markdown(plain(finding.reason))
        st.caption(f"About: {finding.about.lower()}.")


def _without(found: Results) -> None:
    """Odd reviewers are never dropped in silence: both verdicts are there."""
    if found.without_flagged is None:
        return
    count = len(found.reliability.flagged)
    people = counted(count, "reviewer")
    same = found.without_flagged.outcome is found.finding.outcome and (
        found.without_flagged.winner == found.finding.winner
    )
    agrees = "the verdict stays the same" if same else "the verdict changes"
    with st.container(border=True):
        st.markdown(f":material/flag: The votes of {people} look odd. Without them {agrees}:")
        st.markdown(f"{plain(found.without_flagged.sentence)} {plain(found.without_flagged.number)}")
        for flag in found.reliability.flags:
            st.caption(plain(flag.sentence))


def _main(plan: Plan, answered: Answered) -> None:
    if answered.strengths:
        _chart(charts.strengths(plan.labels, answered.strengths), charts.STRENGTHS, key="strengths")
        for pair in answered.under_voted:
            st.caption(
                f"{plan.labels[pair.first]} against {plan.labels[pair.second]} has {pair.votes} votes, "
                f"the most voted pair {pair.most}."
            )
    for each in answered.versus:
        _versus(plan, answered, each)


def _versus(plan: Plan, answered: Answered, each: Versus) -> None:
    """Two arms: the share of votes, the pairs one by one, and all numbers of both levels."""
    labels, arms = (plan.labels[each.first], plan.labels[each.second]), (each.first, each.second)
    if answered.strengths:
        st.markdown(f"**{labels[0]} against {labels[1]}**")
    shares = [pair.share for pair in each.prompts.shares]
    left, right = st.columns(2)
    with left:
        drawn = charts.share_of_votes(labels, each.images.share, plan.margin, arms=arms)
        _chart(drawn, charts.SHARE_OF_VOTES, key=f"share_{arms}")
    with right:
        if len(shares) > 1:
            _chart(charts.pair_shares(labels, shares, arms=arms), charts.PAIR_SHARES, key=f"pairs_{arms}")
    with st.expander(f"All numbers: {labels[0]} against {labels[1]}", icon=":material/calculate:"):
        st.markdown("**These images**: all votes together. They say nothing about other images of the same prompts.")
        _figures(_of_images(each, labels))
        st.markdown("**These prompts**: every pair counts once.")
        if each.prompts.refusal:
            st.caption(plain(each.prompts.refusal))
        else:
            _figures(_of_prompts(each, labels))


_Figures = Sequence[tuple[str, str, str]]


def _figures(rows: _Figures) -> None:
    """A name, its figure, and what it means."""
    table = [
        "| Measure | Value | Meaning |",
        "|---|---|---|",
        *(f"| {name} | **{plain(figure)}** | {note} |" for name, figure, note in rows),
    ]
    st.markdown("\n".join(table))


def _of_images(each: Versus, labels: tuple[str, str]) -> _Figures:
    images = each.images
    return [
        (f"Votes for {labels[0]} and {labels[1]}", f"{images.wins_first} and {images.wins_second}", "Decided votes."),
        ("Ties", _part(images.ties, images.votes), "Left out of the tests, and reported."),
        ("Both bad", _part(images.both_bad, images.votes), "Over 30 %, neither is usable."),
        (
            f"Share of {labels[0]}",
            f"{_percent(images.share.value)} ({images.share.low:.0%} to {images.share.high:.0%})",
            "With its 95 % interval (Wilson).",
        ),
        ("Sign test", f"p = {images.p:.3g}", "Exact. Only for one look at the planned end."),
        ("Peek-safe", f"p = {images.anytime_p:.3g}, e = {images.e:.3g}", "Holds however often it is looked at."),
        (f"{labels[0]} is preferred", f"{images.preference:.0%}", "Probability, every share equally likely before."),
    ]


def _of_prompts(each: Versus, labels: tuple[str, str]) -> _Figures:
    prompts = each.prompts
    interval = f" ({prompts.low:.0%} to {prompts.high:.0%})" if prompts.low is not None and prompts.high else ""
    return [
        ("Pairs with votes", str(len(prompts.shares)), "The sample is pairs, not votes."),
        (f"Mean share of {labels[0]}", f"{_percent(prompts.mean)}{interval}", "With its 95 % interval (bootstrap)."),
        (
            "Sign-flip test",
            "–" if prompts.p is None else f"p = {prompts.p:.3g}",
            "Exact, over pairs. Only for one look at the planned end.",
        ),
        (
            "Peek-safe",
            f"p = {prompts.anytime_p:.3g}, e = {prompts.e:.3g}",
            "Each pair by its first three decided votes; needs at least 8 pairs.",
        ),
    ]


def _other_questions(plan: Plan, found: Results) -> None:
    for answered in found.answered[1:]:
        with st.expander(plain(answered.words), icon=":material/help:"):
            st.markdown(f"**{plain(answered.finding.sentence)}** {plain(answered.finding.number)}")
            st.caption(plain(answered.finding.reason))
            for each in answered.versus:
                labels = (plan.labels[each.first], plan.labels[each.second])
                drawn = charts.share_of_votes(labels, each.images.share, plan.margin, arms=(each.first, each.second))
                _chart(drawn, charts.SHARE_OF_VOTES, key=f"{answered.question}_{labels}")
    if found.published:
        with st.expander("Would you publish them?", icon=":material/publish:"):
            _chart(charts.publish_rates(plan.labels, found.published), charts.PUBLISH_RATES, key="published")


def _over_time(plan: Plan, found: Results) -> None:
    if len(plan.arms) > 2 or len(found.steps) < 2:
        return
    labels = (plan.labels[0], plan.labels[1])
    with st.expander("Votes over time", icon=":material/timeline:"):
        _chart(
            charts.votes_over_time(labels, [(step.wins[0], step.wins[1]) for step in found.steps], plan.margin),
            charts.VOTES_OVER_TIME,
            key="time",
        )
        path = [step.e or 0.0 for step in found.steps]
        _chart(charts.peek_safe(path, limit=1 / plan.alpha), charts.PEEK_SAFE, key="evidence")


def _trust(found: Results) -> None:
    trust = found.reliability
    with st.expander("Can these votes be trusted?", icon=":material/verified_user:"):
        alpha = trust.agreement
        rows: list[tuple[str, str, str]] = [
            ("Left image chosen", f"{_percent(trust.sides.left.value)}, p = {trust.sides.p:.3g}", "Near 50 % is fine."),
            (
                "Agreement (Krippendorff's alpha)",
                "–"
                if alpha.alpha is None
                else f"{alpha.alpha:.2f}"
                + (
                    f" ({alpha.low:.2f} to {alpha.high:.2f})"
                    if alpha.low is not None and alpha.high is not None
                    else ""
                ),
                "1 is perfect. Near 0 is normal where the prompts are equally good.",
            ),
            ("Hidden repeats answered alike", _part(trust.repeats.same.count, trust.repeats.same.n), ""),
            ("Control pairs with a preference", _part(trust.controls.decided.count, trust.controls.decided.n), "Luck."),
        ]
        _figures(rows)
        st.caption(plain(trust.repeats_words))
        _reviewers(found)


def _reviewers(found: Results) -> None:
    """A line for each, because a table of so many columns does not fit a phone."""
    for each in found.reliability.reviewers:
        parts = [
            counted(each.answers, "answer"),
            counted(each.ties, "tie"),
            f"left chosen {_percent(each.sides.left.value)}",
            *([f"{each.seconds:.1f} s an answer (median)"] if each.seconds is not None else []),
            *([f"repeats alike {_part(each.repeats.same.count, each.repeats.same.n)}"] if each.repeats.same.n else []),
        ]
        made_up = " (simulated)" if each.synthetic else ""
        st.markdown(f"**{plain(each.label)}**{made_up}: {', '.join(parts)}")


def _why(plan: Plan, found: Results) -> None:
    if found.reasons:
        with st.expander("Reasons", icon=":material/chat:"):
            _chart(charts.reasons(plan.labels, found.reasons), charts.REASONS, key="reasons")


def _segments(found: Results) -> None:
    if found.segments:
        with st.expander("By role and language", icon=":material/groups:"):
            for segment in found.segments:
                st.markdown(f"**{plain(segment.value)}**: {plain(segment.sentence)}")
            st.caption("Small groups differ by chance. Corrected after Holm; no claim under 10 decided votes.")


def _chart(svg: str, caption: Caption, *, key: str) -> None:
    chart.show(svg, key=f"chart_{key}")
    with st.popover("How to read this", icon=":material/info:", type="tertiary", key=f"about_{key}"):
        st.markdown(f"{plain(caption.read)}\n\n**How not to.** {plain(caption.avoid)}")


def _part(count: int, n: int) -> str:
    return f"{count} of {n} ({count / n:.0%})" if n else "none"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
