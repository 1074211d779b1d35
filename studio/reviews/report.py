"""The report of a review as one HTML file that opens offline: verdict, charts, images, plan and decisions.

No script, no outside reference. Words from people are escaped text, so that every script a browser has letters for
can be read, and nothing in them runs.
"""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from atlas.language import html_code, later, listed, tr, trn
from studio import formats
from studio.reviews import charts
from studio.reviews.ballots import Decision, Pin, Remark, Standing
from studio.reviews.charts import Caption
from studio.reviews.desk import BY_HAND
from studio.reviews.drawing import percent
from studio.reviews.levels import Versus
from studio.reviews.plan import Ends, Pictures, Plan, canonical
from studio.reviews.reliability import SideBias
from studio.reviews.report_page import PAGE, STYLE
from studio.reviews.results import Results, Segment
from studio.reviews.verdict import Finding

_KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))
_LETTERS = "ABCD"
_STANDINGS = {
    Standing.DRAFT: later("Draft"),
    Standing.IN_REVIEW: later("In review"),
    Standing.APPROVED: later("Approved"),
    Standing.CHANGES_ASKED: later("Changes asked"),
    Standing.REJECTED: later("Rejected"),
}
_ENDED = later("Closed {moment}.")
_CLOSED = {
    Ends.VOTES: later("Closed {moment} when it had the votes that were planned."),
    Ends.DATE: later("Closed {moment} on the day that was planned."),
    Ends.EVIDENCE: later("Closed {moment} by the rule that was planned: enough evidence, or the most votes."),
    BY_HAND: later("Closed {moment} by hand."),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a report is made of; ``closed`` in epoch milliseconds, ``head`` the last hash of the chain.

    ``alts``, by the hash of an image: what somebody wrote for those who cannot see it.
    """

    plan: Plan
    results: Results
    pins: Sequence[Pin]
    decisions: Sequence[Decision]
    closed: int
    closed_by: str
    head: str
    voters: int
    alts: Mapping[str, str] = field(default_factory=dict)


def page(told: Told, preview: Callable[[str], bytes]) -> bytes:
    """``preview`` gives the bytes of an image by its hash."""
    sections = (_verdict(told), _charts(told), _pictures(told, preview), _trust(told), _decisions(told), _plan(told))
    simulated = escape(tr("SIMULATED: images or reviewers are made up by the program."))
    text = PAGE.format(
        language=html_code(),
        style=STYLE,
        name=escape(told.plan.name or tr("Review")),
        simulated=f'<p class="simulated">{simulated}</p>' if told.results.simulated else "",
        summary=escape(_summary(told)),
        sections="\n".join(sections),
    )
    return text.encode("utf-8", "replace")


def _summary(told: Told) -> str:
    main = told.results.main
    return tr("“{words}” {votes} by {people}. {ended}").format(
        words=tr(main.words),
        votes=trn("{count:,} vote", "{count:,} votes", main.votes),
        people=trn("{count:,} reviewer", "{count:,} reviewers", told.voters),
        ended=tr(_CLOSED.get(told.closed_by, _ENDED)).format(moment=_moment(told.closed)),
    )


def _verdict(told: Told) -> str:
    results = told.results
    parts = [_finding(results.finding, "verdict")]
    if results.without_flagged:
        count = len(results.reliability.flagged)
        words = trn("Without the flagged reviewer", "Without the {count} flagged reviewers", count)
        parts += [f"<h3>{escape(words)}</h3>", _finding(results.without_flagged, "")]
    for answered in results.answered[1:]:
        parts += [f'<h3 dir="auto">{escape(tr(answered.words))}</h3>', _finding(answered.finding, "")]
    return _section(tr("Verdict"), parts)


def _finding(finding: Finding, kind: str) -> str:
    about = escape(tr("{about}: {outcome}").format(about=finding.about, outcome=finding.outcome_words))
    return (
        f'<div class="finding {kind}"><p class="about">{about}</p><p class="sentence" dir="auto">'
        f'{escape(finding.sentence)}</p><p dir="auto">{escape(finding.number)}</p>'
        f'<p dir="auto">{escape(finding.reason)}</p></div>'
    )


def _charts(told: Told) -> str:
    results, labels = told.results, told.plan.labels
    parts: list[str] = []
    for place, versus in enumerate(results.main.versus):
        parts += _duel(versus, told.plan, explained=place == 0)
    if len(labels) == 2:
        both = (labels[0], labels[1])
        wins = [(step.wins[0], step.wins[1]) for step in results.steps]
        path = [step.e for step in results.steps if step.e is not None]
        over_time = charts.votes_over_time(both, wins, told.plan.margin)
        parts.append(_chart(tr("Votes over time"), over_time, charts.VOTES_OVER_TIME))
        parts.append(
            _chart(tr("Peek-safe number"), charts.peek_safe(path, limit=1 / told.plan.alpha), charts.PEEK_SAFE)
        )
    if results.main.strengths:
        parts.append(_chart(tr("Strengths"), charts.strengths(labels, results.main.strengths), charts.STRENGTHS))
    if results.published:
        published = charts.publish_rates(labels, results.published)
        parts.append(_chart(tr("Fit to publish"), published, charts.PUBLISH_RATES))
    if results.reasons:
        parts.append(_chart(tr("Reasons"), charts.reasons(labels, results.reasons), charts.REASONS))
    return _section(tr("Figures"), [f'<div class="charts">{"".join(parts)}</div>'])


def _duel(versus: Versus, plan: Plan, *, explained: bool) -> Iterator[str]:
    arms = (versus.first, versus.second)
    labels = (plan.labels[versus.first], plan.labels[versus.second])
    more = (
        ""
        if len(plan.arms) == 2
        else tr(": {letters} and {letters2}").format(letters=_LETTERS[versus.first], letters2=_LETTERS[versus.second])
    )
    share = charts.share_of_votes(labels, versus.images.share, plan.margin, arms=arms)
    yield _chart(
        tr("Share of decided votes{more}").format(more=more), share, charts.SHARE_OF_VOTES if explained else None
    )
    pairs = charts.pair_shares(labels, [each.share for each in versus.prompts.shares], arms=arms)
    yield _chart(tr("Pair by pair{more}").format(more=more), pairs, charts.PAIR_SHARES if explained else None)


def _chart(title: str, drawing: str, caption: Caption | None) -> str:
    explained = _explained(caption) if caption else ""
    return f"<figure><h3>{escape(title)}</h3>{drawing}{explained}</figure>"


def _explained(caption: Caption) -> str:
    told = ((tr("How to read this"), tr(caption.read)), (tr("How not to"), tr(caption.avoid)))
    lines = "".join(f"<p><b>{escape(name)}</b> {escape(words)}</p>" for name, words in told)
    return f"<figcaption>{lines}</figcaption>"


def _pictures(told: Told, preview: Callable[[str], bytes]) -> str:
    heads = "".join(
        f'<th scope="col" dir="auto">{_LETTERS[arm]} <b>{escape(label)}</b></th>'
        for arm, label in enumerate(told.plan.labels)
    )
    rows = "".join(_draw(each, told, preview) for each in told.plan.pictures)
    title, draw = tr("Images"), tr("Draw")
    table = (
        f'<table class="images"><thead><tr><th scope="col">{draw}</th>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    )
    return _section(title, [f'<div class="wide" tabindex="0" role="region" aria-label="{title}">{table}</div>'])


def _draw(each: Pictures, told: Told, preview: Callable[[str], bytes]) -> str:
    cells = "".join(_cell(arm, each, told, preview(sha256)) for arm, sha256 in enumerate(each.hashes))
    return f'<tr><th scope="row">{each.number}</th>{cells}</tr>\n'


def _cell(arm: int, each: Pictures, told: Told, content: bytes) -> str:
    pins = [pin for pin in told.pins if (pin.remark.face.arm, pin.remark.face.draw) == (arm, each.number)]
    kind = next((kind for start, kind in _KINDS if content.startswith(start)), "image/png")
    dots = "".join(_dot(place, pin.remark) for place, pin in enumerate(pins, 1))
    named = tr("{labels}, draw {number}").format(labels=told.plan.labels[arm], number=each.number)
    alternative = escape(": ".join(filter(None, [named, told.alts.get(each.hashes[arm], "")])))
    source = f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
    remarks = "".join(map(_remark, pins))
    listed = f"<ol>{remarks}</ol>" if remarks else ""
    return f'<td><div class="picture"><img src="{source}" alt="{alternative}">{dots}</div>{listed}</td>'


def _dot(place: int, remark: Remark) -> str:
    at = f"left:{100 * remark.x:.2f}%;top:{100 * remark.y:.2f}%"
    return f'<span class="pin" style="{at}" aria-hidden="true">{place}</span>'


def _remark(pin: Pin) -> str:
    who = f"R{pin.reviewer + 1}" if pin.reviewer is not None else pin.author
    done = tr(" (resolved)") if pin.resolved else ""
    return f'<li dir="auto">{escape(pin.remark.words)} <span class="who">{escape(who + done)}</span></li>'


def _trust(told: Told) -> str:
    results = told.results
    trust = results.reliability
    rows = [
        (tr("Reviewers who voted"), f"{told.voters:,}"),
        (tr("Ties"), _share(results.main.ties.value, results.main.ties.n)),
        (tr("Both bad"), _share(results.main.both_bad.value, results.main.both_bad.n)),
        (tr("Left image chosen"), _left(trust.sides)),
        (tr("Hidden repeats answered the same"), _share(trust.repeats.same.value, trust.repeats.same.n)),
        (tr("Agreement (Krippendorff's alpha)"), _alpha(results)),
    ]
    parts = [_facts(rows), f"<p>{escape(trust.repeats_words)}</p>" if trust.repeats_words else ""]
    if trust.flags:
        flags = "".join(f'<li dir="auto">{escape(flag.sentence)}</li>' for flag in trust.flags)
        title = escape(tr("Votes to look at twice"))
        parts.append(f"<h3>{title}</h3><ul>{flags}</ul>")
    if results.segments:
        told_apart = "".join(f'<li dir="auto">{escape(_segment(each, told.plan))}</li>' for each in results.segments)
        title = escape(tr("By role and language"))
        parts.append(f"<h3>{title}</h3><ul>{told_apart}</ul>")
    return _section(tr("How far to trust it"), parts)


def _left(sides: SideBias) -> str:
    return tr("{share}, p = {p:.3g}").format(share=_share(sides.left.value, sides.left.n), p=sides.p)


def _segment(segment: Segment, plan: Plan) -> str:
    first, second = plan.labels[segment.first], plan.labels[segment.second]
    share = segment.share
    voted = (
        tr("{percent} of {n:,} decided votes").format(percent=percent(share.value), n=share.n)
        if share.value is not None
        else tr("no decided votes")
    )
    return tr("{value} ({by}): {voted} for {first} against {second}. {sentence}").format(
        value=segment.value or tr("Not told"),
        by={"role": tr("role"), "language": tr("language")}[segment.by],
        voted=voted,
        first=first,
        second=second,
        sentence=segment.sentence,
    )


def _alpha(results: Results) -> str:
    found = results.reliability.agreement
    if found.alpha is None:
        return tr("not defined for these votes")
    interval = (
        tr(", 95 % interval {low:.2f} to {high:.2f}").format(low=found.low, high=found.high)
        if None not in (found.low, found.high)
        else ""
    )
    return f"{found.alpha:.2f}{interval}"


def _decisions(told: Told) -> str:
    made = "".join(map(_decision, told.decisions))
    nobody = escape(tr("Nobody has decided yet."))
    return _section(tr("Decisions"), [f"<ol>{made}</ol>" if made else f"<p>{nobody}</p>"])


def _decision(decision: Decision) -> str:
    told = tr("{standing} by {who}, {when}. {words}").format(
        standing=f"<b>{escape(tr(_STANDINGS[decision.state]))}</b>",
        who=escape(decision.who),
        when=_moment(decision.at),
        words=escape(decision.words),
    )
    return f'<li dir="auto">{told}</li>'


def _plan(told: Told) -> str:
    plan = told.plan
    rows = [
        *(
            (tr("Question {place}").format(place=place), tr(asked.words))
            for place, asked in enumerate(plan.questions, 1)
        ),
        (tr("Brief"), plan.brief),
        (tr("Who was asked"), plan.who),
        (tr("To end"), _stop(plan)),
        (tr("Smallest difference that matters"), tr("{value:g} points from 50 %").format(value=100 * plan.margin)),
        (tr("Error rate accepted (alpha)"), f"{plan.alpha:g}"),
        (
            tr("Pairs of images"),
            tr("{pairs:,}, at most {per_reviewer:,} for each reviewer").format(
                pairs=plan.pairs, per_reviewer=plan.per_reviewer
            ),
        ),
        (
            tr("Hidden repeats and control pairs"),
            tr("{repeats} and {controls} for each reviewer").format(repeats=plan.repeats, controls=plan.controls),
        ),
        (
            tr("Images"),
            tr("picked by hand, so nothing is said about prompts") if plan.picked else tr("all draws, none picked"),
        ),
        (tr("Plan (SHA-256)"), plan.hash),
        (tr("Head of the chain"), told.head),
    ]
    arms = "".join(
        f'<h3 dir="auto">{_LETTERS[place]} {escape(arm.label)}</h3>'
        f'<p class="prompt" dir="auto">{escape(arm.prompt)}</p>'
        f'<p class="who">{escape(_settings(arm.model, dict(arm.parameters)))}</p>'
        for place, arm in enumerate(plan.arms)
    )
    how = escape(tr("In the bundle that this report came with, README.txt says how to verify it."))
    return _section(tr("Plan, as it was fixed before the first vote"), [_facts(rows), arms, f"<p>{how}</p>"])


def _stop(plan: Plan) -> str:
    match plan.stop.rule:
        case Ends.VOTES:
            return tr("after {votes:,} votes on the first question").format(votes=plan.stop.votes)
        case Ends.EVIDENCE:
            return tr("when the peek-safe number reaches {value:g}, or after {votes:,} votes").format(
                value=1 / plan.alpha, votes=plan.stop.votes
            )
        case Ends.DATE:
            return _moment(plan.stop.until)


def _settings(model: str, parameters: dict[str, object]) -> str:
    told = ((name, value if isinstance(value, str) else canonical(value)) for name, value in sorted(parameters.items()))
    return listed([model, *(f"{name} {value}" for name, value in told)])


def _section(title: str, parts: Sequence[str]) -> str:
    return f"<section><h2>{escape(title)}</h2>\n{''.join(parts)}</section>"


def _facts(rows: Sequence[tuple[str, str]]) -> str:
    told = "".join(f'<dt>{escape(name)}</dt><dd dir="auto">{escape(value)}</dd>' for name, value in rows if value)
    return f"<dl>{told}</dl>"


def _share(value: float | None, of: int) -> str:
    return tr("none were asked") if value is None else tr("{percent} of {of:,}").format(percent=percent(value), of=of)


def _moment(at: int) -> str:
    """Of epoch milliseconds; in UTC, for people in several time zones read the same file."""
    return f"{formats.moment(at, 'UTC')} UTC"
