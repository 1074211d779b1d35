"""What a review says, as pictures: each function takes plain figures and gives SVG text, for reports and pages alike.

Beside each stands its caption: how to read it, and how not to.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from atlas.language import later, together, tr, trn
from studio.reviews.drawing import (
    ARMS,
    BAND,
    INK,
    LETTER,
    LIMIT,
    SOFT,
    WIDTH,
    Axis,
    area,
    curve,
    drawn,
    fitting,
    length,
    line,
    mark,
    percent,
    percents,
    text,
    whisker,
)
from studio.reviews.ranking import Strength
from studio.reviews.results import Reason
from studio.reviews.sentences import decided_votes
from studio.reviews.tally import PublishRate, Share

_SHARES = Axis(low=0, high=1)
_PLOT = (50.0, WIDTH - 8.0)  # left and right of a chart with numbers at its side
_POINTS = 400  # of a curve at most
_PLACES = 24  # for dots, from 0 to 100 %
_FLOOR, _ROW = 170.0, 58.0


@dataclass(frozen=True, kw_only=True)
class Caption:
    read: str
    avoid: str


SHARE_OF_VOTES = Caption(
    read=later(
        "How many of the votes that chose one image chose the first arm. The bar is the 95 % interval. The grey band "
        "holds differences too small to matter by the plan."
    ),
    avoid=later("Do not read the mark without its bar. While the bar crosses 50 %, both may be equally good."),
)


def share_of_votes(labels: tuple[str, str], share: Share, margin: float, *, arms: tuple[int, int] = (0, 1)) -> str:
    """``share``: the first arm's of the decided votes on these two; ``margin``: of the plan."""
    same = (0.5 - margin, 0.5 + margin)
    left, right = map(_SHARES.at, same)
    parts = [
        *_faced(labels, arms, (share.count, share.n - share.count)),
        area(left, 50, right - left, 44, ink=BAND, faint=True),
        line(_SHARES.at(0.5), 46, _SHARES.at(0.5), 94, ink=INK, dashed=True),
        percents(_SHARES, 94),
        text(WIDTH / 2, 132, fitting(tr("Share for {labels}").format(labels=labels[0]), WIDTH), anchor="middle"),
    ]
    if share.value is None:
        parts.append(text(WIDTH / 2, 76, tr("No decided votes yet"), anchor="middle"))
        said = tr("There are no decided votes yet.")
    else:
        parts.append(whisker(_SHARES.at(share.low), _SHARES.at(share.high), 72, ink=ARMS[arms[0]]))
        parts.append(mark(arms[0], _SHARES.at(share.value), 72, 8))
        said = tr("{percent} for {labels}, 95 % interval {range}.").format(
            percent=percent(share.value), labels=labels[0], range=_range((share.low, share.high))
        )
    counts = tr("Decided votes: {count} for {labels}, {n} for {labels2}.").format(
        count=share.count, labels=labels[0], n=share.n - share.count, labels2=labels[1]
    )
    small = tr("Too small to matter: {range}.").format(range=_range(same))
    return drawn(together(counts, said, small), 140, parts)


PAIR_SHARES = Caption(
    read=later(
        "One dot per pair of images: the further right, the more of its votes the first arm got. Prompts differ when "
        "most dots lie on one side."
    ),
    avoid=later(
        "Do not count votes here. Ten more votes on one pair make its dot surer, and say nothing about other images."
    ),
)


def pair_shares(labels: tuple[str, str], shares: Sequence[float], *, arms: tuple[int, int] = (0, 1)) -> str:
    """The share of the first arm in each pair that has votes, from 0 to 1; dots of the same place are stacked."""
    places = Counter(round(share * _PLACES) for share in shares)
    step = min(14.0, 168 / max(places.values(), default=1))
    floor = 48 + max(step * max(places.values(), default=1), 28)
    parts = [*_faced(labels, arms, None), line(_SHARES.at(0.5), 44, _SHARES.at(0.5), floor, ink=INK, dashed=True)]
    for place, count in sorted(places.items()):
        heights = (floor - step * (number + 0.5) for number in range(count))
        parts += [_dot(place / _PLACES, height, step * 0.42, arms) for height in heights]
    named = fitting(tr("Share for {labels}, pair by pair").format(labels=labels[0]), WIDTH)
    parts += [percents(_SHARES, floor), text(WIDTH / 2, floor + 38, named, anchor="middle")]
    first, second = sum(share > 0.5 for share in shares), sum(share < 0.5 for share in shares)
    lean = tr("{first} lean to {labels}, {second} to {labels2}, {count} to neither.").format(
        first=first, labels=labels[0], second=second, labels2=labels[1], count=len(shares) - first - second
    )
    mean = (
        tr("The mean share for {labels} is {percent}.").format(
            labels=labels[0], percent=percent(math.fsum(shares) / len(shares))
        )
        if shares
        else ""
    )
    told = trn("{count:,} pair with votes: {lean}", "{count:,} pairs with votes: {lean}", len(shares), lean=lean)
    return drawn(together(told, mean), floor + 46, parts)


VOTES_OVER_TIME = Caption(
    read=later(
        "The share of the first arm after each decided vote, in the order in which the votes came. It swings at the "
        "beginning and settles."
    ),
    avoid=later("Do not pick the moment at which it looks best. A line that has crossed 50 % often is a coin."),
)


def votes_over_time(labels: tuple[str, str], wins: Sequence[tuple[int, int]], margin: float) -> str:
    """``wins``: those of both arms so far, after each decided vote."""
    shares = [first / (first + second) for first, second in wins]
    across, up = _plot(len(shares)), Axis(low=0, high=1, start=_FLOOR, end=30)
    top, foot = up.at(0.5 + margin), up.at(0.5 - margin)
    parts = [
        text(0, 16, fitting(tr("Share for {labels} so far").format(labels=labels[0]), WIDTH), bold=True),
        *_levels(up, (0, 0.25, 0.5, 0.75, 1), percent),
        area(_PLOT[0], top, _PLOT[1] - _PLOT[0], foot - top, ink=BAND, faint=True),
        line(_PLOT[0], up.at(0.5), _PLOT[1], up.at(0.5), ink=INK, dashed=True),
        *_votes_axis(across, len(shares)),
        *_traced(across, up, shares),
    ]
    if not shares:
        return drawn(tr("Share over the votes: there are no decided votes yet."), 206, parts)
    told = tr("Share for {labels} over the votes.").format(labels=labels[0])
    return drawn(together(told, _share_now(labels[0], shares)), 206, parts)


def _share_now(label: str, shares: Sequence[float]) -> str:
    now = {"votes": decided_votes(len(shares)), "percent": percent(shares[-1]), "label": label}
    if len(shares) <= 5:
        return tr("After {votes} {percent} for {label}.").format(**now)
    since = _range((min(shares[4:]), max(shares[4:])))
    return tr("After {votes} {percent} for {label}, between {range} since the fifth.").format(**now, range=since)


PEEK_SAFE = Caption(
    read=later(
        "How strongly the votes so far speak against equal arms, on a scale of powers of ten. At the "
        "dashed line a preference is shown, and having looked before costs nothing."
    ),
    avoid=later("A low number does not show that the arms are equal: it may only be early."),
)


def peek_safe(path: Sequence[float], *, limit: float = 20) -> str:
    """The e-value after each decided vote, and the limit at which it settles the question."""
    logs = [math.log10(min(max(value, 1e-300), 1e300)) for value in path]
    low = max(math.floor(min([-1.0, *logs])), -6)
    high = min(math.ceil(max([math.log10(limit) + 0.5, *logs])), 12)
    across, up = _plot(len(path)), Axis(low=low, high=high, start=_FLOOR, end=30)
    at = up.at(math.log10(limit))
    parts = [
        text(0, 16, tr("Peek-safe number"), bold=True),
        *_levels(up, range(low, high + 1, max(1, math.ceil((high - low) / 5))), _power),
        line(_PLOT[0], at, _PLOT[1], at, ink=LIMIT, thick=2, dashed=True),
        text(_PLOT[0] + 4, at - 5, tr("shown at {limit:g}").format(limit=limit)),
        *_votes_axis(across, len(path)),
        *_traced(across, up, logs),
    ]
    if not path:
        return drawn(tr("Peek-safe number: there are no decided votes yet."), 206, parts)
    reached = next((number for number, value in enumerate(path, 1) if value >= limit), None)
    now = {"votes": decided_votes(len(path)), "now": path[-1], "highest": max(path), "limit": limit}
    if reached:
        told = tr(
            "Peek-safe number after {votes}: {now:.3g}; its highest is {highest:.3g}, "
            "and it reached {limit:g} after {sooner}."
        ).format(**now, sooner=_votes(reached))
    else:
        told = tr(
            "Peek-safe number after {votes}: {now:.3g}; its highest is {highest:.3g}, and it has not reached {limit:g}."
        ).format(**now)
    return drawn(told, 206, parts)


PUBLISH_RATES = Caption(
    read=later("How often an image of each arm was called fit to publish, with its 95 % interval."),
    avoid=later("Do not call one arm better because its mark is further right while the bars overlap widely."),
)


def publish_rates(labels: Sequence[str], rates: Sequence[PublishRate]) -> str:
    """One line per arm."""
    parts, told, foot = [], [], _ROW * len(rates) + 6
    for place, rate in enumerate(rates):
        label, share, y = labels[rate.arm], rate.share, _ROW * place
        if share.value is None:
            parts += _row(rate.arm, y, label, tr("no answers"))
            told.append(tr("{label}: no answers").format(label=label))
            continue
        parts += _row(
            rate.arm,
            y,
            label,
            tr("{percent}, {count} of {n}").format(percent=percent(share.value), count=share.count, n=share.n),
        )
        parts.append(whisker(_SHARES.at(share.low), _SHARES.at(share.high), y + 40, ink=ARMS[rate.arm]))
        parts.append(mark(rate.arm, _SHARES.at(share.value), y + 40, 7))
        interval = tr("95 % interval {range}").format(range=_range((share.low, share.high)))
        told.append(
            tr("{label}: {percent}, {count} of {n}, {interval}").format(
                label=label, percent=percent(share.value), count=share.count, n=share.n, interval=interval
            )
        )
    return drawn(
        tr("Fit to publish. {join}.").format(join=tr("; ").join(told)), foot + 26, [*parts, percents(_SHARES, foot)]
    )


STRENGTHS = Caption(
    read=later(
        "Arms further to the right win more of their votes. Bars that overlap share a rank. A bar that ends in an "
        "arrow has no limit on that side yet."
    ),
    avoid=later(
        "The scale has no natural zero, so only distances between arms mean something. Do not compare it with "
        "that of another review."
    ),
)


def strengths(labels: Sequence[str], arms: Sequence[Strength]) -> str:
    """One line per arm, in the order given."""
    ends = (end for arm in arms for end in (arm.low, arm.high, arm.strength) if math.isfinite(end))
    reach = max(map(abs, ends), default=0) or 1.0
    across, foot = Axis(low=-reach, high=reach), _ROW * len(arms) + 6
    parts, told = [line(across.at(0), 0, across.at(0), foot, dashed=True)], []
    for place, arm in enumerate(arms):
        y = _ROW * place
        parts += [
            *_row(arm.arm, y, labels[arm.arm], tr("rank {rank}").format(rank=arm.rank)),
            _strength_whisker(across, arm, y + 40),
            mark(arm.arm, across.at(arm.strength), y + 40, 7),
        ]
        interval = tr("95 % interval {end} to {end2}").format(end=_end(arm.low), end2=_end(arm.high))
        told.append(
            tr("{labels}: rank {rank}, {strength:+.2f}, {interval}").format(
                labels=labels[arm.arm], rank=arm.rank, strength=arm.strength, interval=interval
            )
        )
    ways = [text(0, foot + 18, tr("weaker")), text(WIDTH, foot + 18, tr("stronger"), anchor="end")]
    parts += [line(across.start, foot, across.end, foot), *ways]
    return drawn(tr("Strengths. {join}.").format(join=tr("; ").join(told)), foot + 26, parts)


REASONS = Caption(
    read=later("Of those who chose an image of this arm, how many ticked each reason."),
    avoid=later("Reasons explain a choice after it was made. They do not say which arm is better."),
)


def reasons(labels: Sequence[str], given: Sequence[Reason]) -> str:
    """For each reason a bar per arm that it was given for, as long as its share among those who chose the arm."""
    column = min(max([126.0, *(length(tr(reason.words)) for reason in given)]), 200)
    across = Axis(low=0, high=1, start=column + 6, end=WIDTH - 76)
    parts: list[str] = []
    for arm, label in enumerate(labels):
        parts += [mark(arm, 7, 20.0 * arm + 9), text(20, 20.0 * arm + 14, fitting(label, WIDTH - 20))]
    y = 20.0 * len(labels) + 10
    for words in dict.fromkeys(reason.words for reason in given):
        rows = [reason for reason in given if reason.words == words]
        parts.append(text(0, y + 8 * len(rows) + 5, fitting(tr(words), column)))
        for reason in rows:
            parts += _bar(across, y, reason)
            y += 17
        y += 10
    if not given:
        parts.append(text(0, y + 12, tr("No reasons were given")))
        y += 20
    told = (
        tr("{words} for {labels}: {count} of {n}").format(
            words=tr(each.words), labels=labels[each.arm], count=each.share.count, n=each.share.n
        )
        for each in given
    )
    return drawn(tr("Reasons. {value}.").format(value=tr("; ").join(told) or tr("None were given")), y, parts)


def _faced(labels: tuple[str, str], arms: tuple[int, int], votes: tuple[int, int] | None) -> list[str]:
    """The two arms on a line each."""
    parts = []
    for place, (label, arm) in enumerate(zip(labels, arms, strict=True)):
        count = tr(", {votes}").format(votes=_votes(votes[place])) if votes else ""
        named = fitting(label, WIDTH - 20 - LETTER * 0.56 * len(count))
        parts += [mark(arm, 7, 20.0 * place + 9), text(20, 20.0 * place + 14, named + count)]
    return parts


def _dot(share: float, y: float, radius: float, arms: tuple[int, int]) -> str:
    """In the shape of the arm to which the pair leans; a dash for neither."""
    x = _SHARES.at(share)
    if share == 0.5:
        return area(x - radius, y - radius * 0.35, 2 * radius, radius * 0.7, ink=SOFT)
    return mark(arms[0] if share > 0.5 else arms[1], x, y, radius)


def _bar(across: Axis, y: float, reason: Reason) -> list[str]:
    end, share = across.at(reason.share.value or 0), reason.share
    return [
        area(across.start, y + 3, end - across.start, 10, ink=ARMS[reason.arm]),
        mark(reason.arm, end + 9, y + 8, 4),
        text(end + 18, y + 13, tr("{count} of {n}").format(count=share.count, n=share.n)),
    ]


def _row(arm: int, top: float, label: str, figure: str) -> list[str]:
    room = WIDTH - 20 - LETTER * 0.6 * (len(figure) + 2)
    return [
        mark(arm, 7, top + 15),
        text(20, top + 20, fitting(label, room)),
        text(WIDTH, top + 20, figure, anchor="end", bold=True),
    ]


def _plot(count: int) -> Axis:
    return Axis(low=min(1, count), high=max(count, 1), start=_PLOT[0], end=_PLOT[1])


def _levels(up: Axis, values: Sequence[float], named: Callable[[float], str]) -> list[str]:
    parts = []
    for value in values:
        y = up.at(value)
        parts += [line(_PLOT[0], y, _PLOT[1], y, thick=0.5), text(_PLOT[0] - 5, y + 4, named(value), anchor="end")]
    return parts


def _votes_axis(across: Axis, count: int) -> list[str]:
    return [
        text(across.start, _FLOOR + 20, "1" if count > 1 else ""),
        text((across.start + across.end) / 2, _FLOOR + 20, tr("decided votes"), anchor="middle"),
        text(across.end, _FLOOR + 20, f"{count:,}", anchor="end"),
    ]


def _traced(across: Axis, up: Axis, values: Sequence[float]) -> list[str]:
    """The curve through the values, the last one marked."""
    if not values:
        return []
    numbers = sorted({*range(1, len(values) + 1, math.ceil(len(values) / _POINTS)), len(values)})
    points = [(across.at(number), up.at(values[number - 1])) for number in numbers]
    return [curve(points, ink=ARMS[0]), mark(0, *points[-1], 5)]


def _strength_whisker(across: Axis, arm: Strength, y: float) -> str:
    low, high = across.at(arm.low), across.at(arm.high)
    no_low, no_high = math.isinf(arm.low), math.isinf(arm.high)
    return whisker(low, high, y, ink=ARMS[arm.arm], open_low=no_low, open_high=no_high)


def _end(value: float) -> str:
    return f"{value:+.2f}" if math.isfinite(value) else tr("no limit")


def _power(exponent: float) -> str:
    return f"{10.0**exponent:,.0f}" if 0 <= exponent <= 3 else f"{10.0**exponent:g}"


def _range(interval: tuple[float, float]) -> str:
    return tr("{value:.0f} to {percent}").format(value=100 * interval[0], percent=percent(interval[1]))


def _votes(count: int) -> str:
    return trn("{count:,} vote", "{count:,} votes", count)
