"""What the votes of a review say: one sentence, one number, one reason, then everything behind them."""

from collections.abc import Sequence

import streamlit as st

from atlas.language import listed, together, tr, trn
from studio import formats
from studio.reviews import charts, results
from studio.reviews.ballots import Review
from studio.reviews.charts import Caption
from studio.reviews.levels import Level
from studio.reviews.plan import Plan
from studio.reviews.results import Answered, Finding, Results, Versus
from studio.reviews.verdict import Outcome
from ui import chart, presenting, services
from ui.text import plain

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
    presenting.review(review, found)
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
            st.badge(tr("SIMULATED"), icon=":material/science:", color="orange")
        st.header(f"{_ICONS[finding.outcome]} {plain(finding.sentence)}", anchor=False)
        st.markdown(f"**{plain(finding.number)}**")
        st.markdown(plain(finding.reason))
        st.caption(tr("About: these images.") if finding.level is Level.IMAGES else tr("About: these prompts."))


def _without(found: Results) -> None:
    """Odd reviewers are never dropped in silence: both verdicts are there."""
    if found.without_flagged is None:
        return
    same = found.without_flagged.outcome is found.finding.outcome and (
        found.without_flagged.winner == found.finding.winner
    )
    count = len(found.reliability.flagged)
    with st.container(border=True):
        st.markdown(f":material/flag: {_without_words(count, same=same)}")
        st.markdown(together(plain(found.without_flagged.sentence), plain(found.without_flagged.number)))
        for flag in found.reliability.flags:
            st.caption(plain(flag.sentence))


def _without_words(count: int, *, same: bool) -> str:
    if same:
        return trn(
            "The votes of {count:,} reviewer look odd. Without them the verdict stays the same:",
            "The votes of {count:,} reviewers look odd. Without them the verdict stays the same:",
            count,
        )
    return trn(
        "The votes of {count:,} reviewer look odd. Without them the verdict changes:",
        "The votes of {count:,} reviewers look odd. Without them the verdict changes:",
        count,
    )


def _main(plan: Plan, answered: Answered) -> None:
    if answered.strengths:
        _chart(charts.strengths(plan.labels, answered.strengths), charts.STRENGTHS, key="strengths")
        for pair in answered.under_voted:
            st.caption(
                tr("{labels} against {labels2} has {votes} votes, the most voted pair {most}.").format(
                    labels=plan.labels[pair.first], labels2=plan.labels[pair.second], votes=pair.votes, most=pair.most
                )
            )
    for each in answered.versus:
        _versus(plan, answered, each)


def _versus(plan: Plan, answered: Answered, each: Versus) -> None:
    """Two arms: the share of votes, the pairs one by one, and all numbers of both levels."""
    labels, arms = (plan.labels[each.first], plan.labels[each.second]), (each.first, each.second)
    if answered.strengths:
        st.markdown(tr("**{labels} against {labels2}**").format(labels=labels[0], labels2=labels[1]))
    shares = [pair.share for pair in each.prompts.shares]
    left, right = st.columns(2)
    with left:
        drawn = charts.share_of_votes(labels, each.images.share, plan.margin, arms=arms)
        _chart(drawn, charts.SHARE_OF_VOTES, key=f"share_{arms}")
    with right:
        if len(shares) > 1:
            _chart(charts.pair_shares(labels, shares, arms=arms), charts.PAIR_SHARES, key=f"pairs_{arms}")
    with st.expander(
        tr("All numbers: {labels} against {labels2}").format(labels=labels[0], labels2=labels[1]),
        icon=":material/calculate:",
    ):
        st.markdown(
            tr("**These images**: all votes together. They say nothing about other images of the same prompts.")
        )
        _figures(_of_images(each, labels))
        st.markdown(tr("**These prompts**: every pair counts once."))
        if each.prompts.refusal:
            st.caption(plain(each.prompts.refusal))
        else:
            _figures(_of_prompts(each, labels))


_Figures = Sequence[tuple[str, str, str]]


def _figures(rows: _Figures) -> None:
    """A name, its figure, and what it means."""
    heads = (tr("Measure"), tr("Value"), tr("Meaning"))
    table = [
        f"| {' | '.join(heads)} |",
        "|---|---|---|",
        *(f"| {name} | **{plain(figure)}** | {note} |" for name, figure, note in rows),
    ]
    st.markdown("\n".join(table))


def _of_images(each: Versus, labels: tuple[str, str]) -> _Figures:
    images = each.images
    return [
        (
            tr("Votes for {labels} and {labels2}").format(labels=labels[0], labels2=labels[1]),
            tr("{wins_first} and {wins_second}").format(wins_first=images.wins_first, wins_second=images.wins_second),
            tr("Decided votes."),
        ),
        (tr("Ties"), _part(images.ties, images.votes), tr("Left out of the tests, and reported.")),
        (tr("Both bad"), _part(images.both_bad, images.votes), tr("Over 30 %, neither is usable.")),
        (
            tr("Share of {labels}").format(labels=labels[0]),
            tr("{percent} ({low} to {high})").format(
                percent=_percent(images.share.value), low=_percent(images.share.low), high=_percent(images.share.high)
            ),
            tr("With its 95 % interval (Wilson)."),
        ),
        (tr("Sign test"), f"p = {images.p:.3g}", tr("Exact. Only for one look at the planned end.")),
        (
            tr("Peek-safe"),
            f"p = {images.anytime_p:.3g}, e = {images.e:.3g}",
            tr("Holds however often it is looked at."),
        ),
        (
            tr("{labels} is preferred").format(labels=labels[0]),
            _percent(images.preference),
            tr("Probability, every share equally likely before."),
        ),
    ]


def _of_prompts(each: Versus, labels: tuple[str, str]) -> _Figures:
    prompts = each.prompts
    interval = (
        tr(" ({low} to {high})").format(low=_percent(prompts.low), high=_percent(prompts.high))
        if prompts.low is not None and prompts.high
        else ""
    )
    return [
        (tr("Pairs with votes"), str(len(prompts.shares)), tr("The sample is pairs, not votes.")),
        (
            tr("Mean share of {labels}").format(labels=labels[0]),
            f"{_percent(prompts.mean)}{interval}",
            tr("With its 95 % interval (bootstrap)."),
        ),
        (
            tr("Sign-flip test"),
            "–" if prompts.p is None else f"p = {prompts.p:.3g}",
            tr("Exact, over pairs. Only for one look at the planned end."),
        ),
        (
            tr("Peek-safe"),
            f"p = {prompts.anytime_p:.3g}, e = {prompts.e:.3g}",
            tr("Each pair by its first three decided votes; needs at least 8 pairs."),
        ),
    ]


def _other_questions(plan: Plan, found: Results) -> None:
    for answered in found.answered[1:]:
        with st.expander(plain(tr(answered.words)), icon=":material/help:"):
            st.markdown(f"**{plain(answered.finding.sentence)}** {plain(answered.finding.number)}")
            st.caption(plain(answered.finding.reason))
            for each in answered.versus:
                labels = (plan.labels[each.first], plan.labels[each.second])
                drawn = charts.share_of_votes(labels, each.images.share, plan.margin, arms=(each.first, each.second))
                _chart(drawn, charts.SHARE_OF_VOTES, key=f"{answered.question}_{labels}")
    if found.published:
        with st.expander(tr("Would you publish them?"), icon=":material/publish:"):
            _chart(charts.publish_rates(plan.labels, found.published), charts.PUBLISH_RATES, key="published")


def _over_time(plan: Plan, found: Results) -> None:
    if len(plan.arms) > 2 or len(found.steps) < 2:
        return
    labels = (plan.labels[0], plan.labels[1])
    with st.expander(tr("Votes over time"), icon=":material/timeline:"):
        _chart(
            charts.votes_over_time(labels, [(step.wins[0], step.wins[1]) for step in found.steps], plan.margin),
            charts.VOTES_OVER_TIME,
            key="time",
        )
        path = [step.e or 0.0 for step in found.steps]
        _chart(charts.peek_safe(path, limit=1 / plan.alpha), charts.PEEK_SAFE, key="evidence")


def _trust(found: Results) -> None:
    trust = found.reliability
    with st.expander(tr("Can these votes be trusted?"), icon=":material/verified_user:"):
        alpha = trust.agreement
        rows: list[tuple[str, str, str]] = [
            (
                tr("Left image chosen"),
                f"{_percent(trust.sides.left.value)}, p = {trust.sides.p:.3g}",
                tr("Near 50 % is fine."),
            ),
            (
                tr("Agreement (Krippendorff's alpha)"),
                "–"
                if alpha.alpha is None
                else formats.number(alpha.alpha, 2)
                + (
                    tr(" ({low} to {high})").format(
                        low=formats.number(alpha.low, 2), high=formats.number(alpha.high, 2)
                    )
                    if alpha.low is not None and alpha.high is not None
                    else ""
                ),
                tr("1 is perfect. Near 0 is normal where the prompts are equally good."),
            ),
            (tr("Hidden repeats answered alike"), _part(trust.repeats.same.count, trust.repeats.same.n), ""),
            (
                tr("Control pairs with a preference"),
                _part(trust.controls.decided.count, trust.controls.decided.n),
                tr("Luck."),
            ),
        ]
        _figures(rows)
        st.caption(plain(trust.repeats_words))
        _reviewers(found)


def _reviewers(found: Results) -> None:
    """A line for each, because a table of so many columns does not fit a phone."""
    for each in found.reliability.reviewers:
        parts = [
            trn("{count:,} answer", "{count:,} answers", each.answers),
            trn("{count:,} tie", "{count:,} ties", each.ties),
            tr("left chosen {percent}").format(percent=_percent(each.sides.left.value)),
            *(
                [tr("{seconds} s an answer (median)").format(seconds=formats.number(each.seconds, 1))]
                if each.seconds is not None
                else []
            ),
            *(
                [tr("repeats alike {part}").format(part=_part(each.repeats.same.count, each.repeats.same.n))]
                if each.repeats.same.n
                else []
            ),
        ]
        words = tr("**{name}** (simulated): {told}") if each.synthetic else tr("**{name}**: {told}")
        st.markdown(words.format(name=plain(each.label), told=listed(parts)))


def _why(plan: Plan, found: Results) -> None:
    if found.reasons:
        with st.expander(tr("Reasons"), icon=":material/chat:"):
            _chart(charts.reasons(plan.labels, found.reasons), charts.REASONS, key="reasons")


def _segments(found: Results) -> None:
    if found.segments:
        with st.expander(tr("By role and language"), icon=":material/groups:"):
            for segment in found.segments:
                st.markdown(f"**{plain(segment.value)}**: {plain(segment.sentence)}")
            st.caption(tr("Small groups differ by chance. Corrected after Holm; no claim under 10 decided votes."))


def _chart(svg: str, caption: Caption, *, key: str) -> None:
    chart.show(svg, key=f"chart_{key}")
    with st.popover(tr("How to read this"), icon=":material/info:", type="tertiary", key=f"about_{key}"):
        st.markdown(
            tr("{read}\n\n**How not to.** {avoid}").format(read=plain(tr(caption.read)), avoid=plain(tr(caption.avoid)))
        )


def _part(count: int, n: int) -> str:
    return tr("{count} of {n} ({share})").format(count=count, n=n, share=_percent(count / n)) if n else tr("none")


def _percent(share: float | None) -> str:
    return "–" if share is None else formats.percent(share)
