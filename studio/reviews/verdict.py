"""What may be said: one of five outcomes, in one sentence, with one number and one reason.

In this order (product study §3 item 2): too few votes; neither is usable; practically equal; a winner; cannot tell.
A winner is declared by the fixed test only when the review ended by its votes or its day, as planned; while it is
open, or when it was closed by hand or by the evidence, only by the number that may be looked at after every vote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from atlas.language import later, together, tr, trn
from studio.power import e_votes_needed, votes_needed
from studio.reviews import sentences
from studio.reviews.ballots import Ballot
from studio.reviews.levels import Level, Versus, speaks_of, versus
from studio.reviews.plan import Ends, Plan, Question
from studio.reviews.ranking import Strength
from studio.reviews.tally import Share, tallies
from studio.statistics import holm, practically_equal

FEWEST_VOTES = 5
UNUSABLE = 0.3  # more both-bad votes than this, and neither is usable


class Outcome(StrEnum):
    """With the arm that a winner is, five things that can come out of two arms."""

    WINNER = "winner"
    EQUAL = later("practically equal")
    NEITHER = later("neither is usable")
    UNDECIDED = later("cannot tell yet")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """``winner`` is an arm; for "looks more artificial" that of the arm which does."""

    outcome: Outcome
    winner: int | None
    level: Level
    sentence: str
    number: str
    reason: str

    @property
    def about(self) -> str:
        """What the sentence speaks about."""
        return {Level.IMAGES: tr("These images"), Level.PROMPTS: tr("These prompts")}[self.level]

    @property
    def outcome_words(self) -> str:
        return tr("winner") if self.outcome is Outcome.WINNER else tr(self.outcome)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a finding is drawn from: the votes on one question, and whether a test for looking once may be used.

    ``closed`` is None where it is not known whether the review is open; ``strengths`` only for three arms or more.
    """

    plan: Plan
    question: Question
    versus: tuple[Versus, ...]
    strengths: tuple[Strength, ...] = ()
    once: bool = False
    closed: bool | None = None

    @property
    def level(self) -> Level:
        return speaks_of(self.plan)

    @property
    def votes(self) -> int:
        return sum(each.images.votes for each in self.versus)

    @property
    def decided(self) -> int:
        return sum(each.images.decided for each in self.versus)

    @property
    def both_bad(self) -> Share:
        return Share.of(sum(each.images.both_bad for each in self.versus), self.votes)

    @property
    def ties(self) -> Share:
        return Share.of(sum(each.images.ties for each in self.versus), self.votes)


def may_look_once(plan: Plan, *, by_plan: bool) -> bool:
    """A review that the evidence could end was looked at after every vote."""
    return by_plan and plan.stop.rule is not Ends.EVIDENCE


def enough(plan: Plan, ballots: Sequence[Ballot]) -> bool:
    """Has the peek-safe number of the first question reached 1 / alpha for one arm over every other?"""
    found = tuple(versus(plan, tally) for tally in tallies(plan, ballots, plan.main.kind))
    return _ahead_of_all(Case(plan=plan, question=plan.main.kind, versus=found)) is not None


def conclude(case: Case) -> Finding:
    if case.votes < FEWEST_VOTES:
        return _undecided(case)
    if case.both_bad.count > UNUSABLE * case.votes:
        return _neither(case)
    if case.decided < FEWEST_VOTES:
        return _undecided(case)
    if all(_is_equal(case, each) for each in case.versus):
        return _equal(case)
    arm = _winner(case)
    return _undecided(case) if arm is None else _won(case, arm)


def p_values(case: Case) -> list[float]:
    """Per pair of arms the p that counts here, corrected after Holm for all of them; 1.0 where it is refused."""
    return holm([_p(case, each, once=case.once) for each in case.versus])


def _winner(case: Case) -> int | None:
    arm = _ahead_of_all(case)
    if arm is None or not case.strengths:
        return arm
    first = [each.arm for each in case.strengths if each.rank == 1]
    return arm if first == [arm] else None


def _ahead_of_all(case: Case) -> int | None:
    """The arm that beats every other one by a test that stands."""
    beaten = {
        (ahead, each.first + each.second - ahead)
        for each, p in zip(case.versus, p_values(case), strict=True)
        if p <= case.plan.alpha and (ahead := _ahead(case, each, once=case.once)) is not None
    }
    arms = range(len(case.plan.arms))
    return next((arm for arm in arms if all((arm, other) in beaten for other in arms if other != arm)), None)


def _p(case: Case, each: Versus, *, once: bool) -> float:
    if case.level is Level.IMAGES:
        return each.images.p if once else each.images.anytime_p
    return (each.prompts.p if each.prompts.p is not None else 1.0) if once else each.prompts.anytime_p


def _ahead(case: Case, each: Versus, *, once: bool) -> int | None:
    """The arm in front; peek-safe, that must also be the one which led when the evidence was greatest."""
    lead, peak = _lead(case, each, once=once)
    if lead == 0 or (not once and peak is not (lead > 0)):
        return None
    return each.first if lead > 0 else each.second


def _lead(case: Case, each: Versus, *, once: bool) -> tuple[float, bool | None]:
    """By how much the first arm is in front, and whether it led at the peak of the evidence."""
    if case.level is Level.IMAGES:
        return each.images.wins_first - each.images.wins_second, each.images.anytime_first
    if once:
        return (0.0 if each.prompts.mean is None else each.prompts.mean - 0.5), None
    return each.prompts.settled_first - each.prompts.settled_second, each.prompts.anytime_first


def _is_equal(case: Case, each: Versus) -> bool:
    margin, images, prompts = case.plan.margin, each.images, each.prompts
    if case.level is Level.IMAGES:
        return images.decided > 0 and practically_equal(images.wins_first, images.wins_second, margin)
    if prompts.low is None or prompts.high is None:
        return False
    return 0.5 - margin <= prompts.low and prompts.high <= 0.5 + margin


# How each is put


def _won(case: Case, arm: int) -> Finding:
    duels = [each for each in case.versus if arm in (each.first, each.second)]
    hardest = max(duels, key=lambda each: _p(case, each, once=case.once))
    reason = _test(case, hardest)
    if len(duels) > 1:
        worst = max(p for each, p in zip(case.versus, p_values(case), strict=True) if each in duels)
        reason = tr("It beats each of the others, after Holm's correction {p} at most.").format(p=sentences.p(worst))
    return Finding(
        outcome=Outcome.WINNER,
        winner=arm,
        level=case.level,
        sentence=sentences.winner(case.plan, case.question, case.level, arm),
        number=_number(case, hardest, second=arm == hardest.second),
        reason=_with_caveat(case, reason),
    )


def _equal(case: Case) -> Finding:
    margin = sentences.percent(0.5 - case.plan.margin), sentences.percent(0.5 + case.plan.margin)
    widest = max(case.versus, key=lambda each: abs(_lead(case, each, once=True)[0]))
    reasons = [
        tr("The whole interval lies between {margin} and {margin2}, the smallest difference that matters.").format(
            margin=margin[0], margin2=margin[1]
        )
    ]
    if not case.once:
        reasons.append(tr("That interval is meant for one look at the end, so take it with care until then."))
    return Finding(
        outcome=Outcome.EQUAL,
        winner=None,
        level=case.level,
        sentence=sentences.equal(case.plan, case.question, case.level),
        number=_number(case, widest, second=_lead(case, widest, once=True)[0] < 0, named=True),
        reason=together(*reasons),
    )


def _neither(case: Case) -> Finding:
    bad = case.both_bad
    return Finding(
        outcome=Outcome.NEITHER,
        winner=None,
        level=case.level,
        sentence=sentences.neither(case.plan),
        number=tr("{percent} of the votes say that both are bad.").format(percent=sentences.percent(bad.count / bad.n)),
        reason=tr("{count:,} of {n:,} votes; more than {percent} is too many to choose one.").format(
            count=bad.count, n=bad.n, percent=sentences.percent(UNUSABLE)
        ),
    )


def _undecided(case: Case) -> Finding:
    closest = min(case.versus, key=lambda each: _p(case, each, once=True))
    return Finding(
        outcome=Outcome.UNDECIDED,
        winner=None,
        level=case.level,
        sentence=sentences.undecided(case.plan, case.level),
        number=_number(case, closest, second=_lead(case, closest, once=True)[0] < 0, named=True),
        reason=_missing(case, closest),
    )


def _missing(case: Case, closest: Versus) -> str:
    """What keeps this from being a verdict, and what would settle it."""
    if case.votes == 0:
        return tr("Nobody has voted yet.")
    if case.decided < FEWEST_VOTES:
        return _too_few(case)
    if case.level is Level.PROMPTS and closest.prompts.refusal:
        return closest.prompts.refusal
    return together(_test(case, closest), _caveat(case), _almost(case, closest), _more(case, closest))


def _too_few(case: Case) -> str:
    decided = sentences.decided_votes(case.decided)
    if case.ties.count == 0:
        return tr("Only {decided}; at least {fewest} are needed.").format(decided=decided, fewest=FEWEST_VOTES)
    return trn(
        "Only {decided} ({ties:,} of {count:,} vote are ties); at least {fewest} are needed.",
        "Only {decided} ({ties:,} of {count:,} votes are ties); at least {fewest} are needed.",
        case.votes,
        decided=decided,
        ties=case.ties.count,
        fewest=FEWEST_VOTES,
    )


def _test(case: Case, each: Versus) -> str:
    if case.level is Level.IMAGES:
        return sentences.once_on_images(each.images) if case.once else sentences.anytime_on_images(each.images)
    return sentences.once_on_prompts(each.prompts) if case.once else sentences.anytime_on_prompts(each.prompts)


def _with_caveat(case: Case, reason: str) -> str:
    return together(reason, _caveat(case))


def _caveat(case: Case) -> str:
    return "" if case.once else sentences.why_not_once(case.plan, closed=case.closed)


def _almost(case: Case, each: Versus) -> str:
    """That the test for one look would have said something: who looks often enough always finds such a moment."""
    fixed = _p(case, each, once=True)
    if case.once or fixed > case.plan.alpha:
        return ""
    return tr("A single look would give {p}, but who may look at any time will often see that by chance.").format(
        p=sentences.p(fixed)
    )


def _more(case: Case, each: Versus) -> str:
    seen = not case.once and _p(case, each, once=True) <= case.plan.alpha
    if len(case.plan.arms) > 2 or seen:
        return ""
    if case.level is Level.PROMPTS:
        return tr("More pairs would help more than more votes on these.")
    share = 0.5 + case.plan.margin
    preference = f"{round(100 * share)}:{round(100 * (1 - share))}"
    needed = _needed(share, case.plan.alpha, watched=case.plan.stop.rule is Ends.EVIDENCE)
    if needed is None:
        return ""
    if each.images.decided >= needed:
        return tr(
            "So many would show a preference of {preference} in four of five reviews; it may well be smaller."
        ).format(preference=preference)
    if case.closed or case.once:
        return tr(
            "A review of {needed:,} decided votes would show a preference of {preference} in four of five cases."
        ).format(needed=needed, preference=preference)
    missing = needed - each.images.decided
    return trn(
        "About {count:,} more decided vote would settle a preference of {preference}.",
        "About {count:,} more decided votes would settle a preference of {preference}.",
        missing,
        preference=preference,
    )


@cache
def _needed(share: float, alpha: float, *, watched: bool) -> int | None:
    """Decided votes that show this preference in four of five reviews; None when they are too many to count."""
    try:
        return e_votes_needed(share, threshold=1 / alpha) if watched else votes_needed(share, alpha=alpha)
    except ValueError:
        return None


def _number(case: Case, each: Versus, *, second: bool, named: bool = False) -> str:
    """As the second arm of the two sees it, or the first; ``named`` where the sentence does not say whose it is."""
    whose = sentences.arm(case.plan, each.second if second else each.first) if named else ""
    if case.level is Level.IMAGES:
        return sentences.share_of_images(each.images, second=second, whose=whose)
    return sentences.share_of_prompts(each.prompts, second=second, whose=whose)
