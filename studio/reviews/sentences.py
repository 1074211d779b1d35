"""The words of a verdict: one sentence for somebody in marketing, one number, and how the reason is put.

Each message is a whole sentence, or a phrase that stands alone in every language. What comes to stand at a beginning
gets its capital here, so that “prompt A” needs to be known once.
"""

from atlas.language import ENGLISH, current, later, tr, trn
from studio.reviews.levels import Images, Level, Prompts
from studio.reviews.plan import Ends, Plan, Question
from studio.statistics import EXACT_PAIRS

_NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

# (of two arms, of more)
_WINS = {
    (Question.PREFERENCE, Level.PROMPTS): (later("{arm} is preferred."), later("{arm} is preferred to the others.")),
    (Question.PREFERENCE, Level.IMAGES): (
        later("The images of {arm} are preferred."),
        later("The images of {arm} are preferred to the others."),
    ),
    (Question.BRIEF, Level.PROMPTS): (
        later("{arm} fits the brief better."),
        later("{arm} fits the brief better than the others."),
    ),
    (Question.BRIEF, Level.IMAGES): (
        later("The images of {arm} fit the brief better."),
        later("The images of {arm} fit the brief better than the others."),
    ),
    (Question.ARTIFICIAL, Level.PROMPTS): (
        later("{arm} looks more artificial."),
        later("{arm} looks more artificial than the others."),
    ),
    (Question.ARTIFICIAL, Level.IMAGES): (
        later("The images of {arm} look more artificial."),
        later("The images of {arm} look more artificial than the others."),
    ),
}
_EQUAL = {
    Question.PREFERENCE: later("{things} are practically equal."),
    Question.BRIEF: later("{things} fit the brief practically equally well."),
    Question.ARTIFICIAL: later("{things} look practically equally artificial."),
}
# (no clear difference aside) of a segment: its arm, its decided votes and the p
_CLAIMS = {
    Question.PREFERENCE: later("The images of {arm} are preferred in {votes}, after Holm's correction {p}."),
    Question.BRIEF: later("The images of {arm} fit the brief better in {votes}, after Holm's correction {p}."),
    Question.ARTIFICIAL: later("The images of {arm} look more artificial in {votes}, after Holm's correction {p}."),
}


def arm(plan: Plan, number: int) -> str:
    """What an arm is called: a prompt when the prompts differ, else a version (of model or settings)."""
    named = tr("prompt {label}") if _differ(plan) else tr("version {label}")
    return named.format(label=plan.labels[number])


def winner(plan: Plan, question: Question, level: Level, number: int) -> str:
    return capital(tr(_WINS[question, level][len(plan.arms) > 2]).format(arm=arm(plan, number)))


def claim(plan: Plan, number: int, decided: int, value: float) -> str:
    """Of one segment, about the first question."""
    told = {"arm": arm(plan, number), "votes": decided_votes(decided), "p": p(value)}
    return tr(_CLAIMS[plan.main.kind]).format(**told)


def equal(plan: Plan, question: Question, level: Level) -> str:
    prompts = tr("The prompts") if _differ(plan) else tr("The versions")
    return tr(_EQUAL[question]).format(things=tr("These images") if level is Level.IMAGES else prompts)


def neither(plan: Plan) -> str:
    return tr("Neither is usable.") if len(plan.arms) == 2 else tr("None is usable.")


def undecided(plan: Plan, level: Level) -> str:
    if level is Level.IMAGES:
        return tr("Cannot tell yet about these images.")
    return tr("Cannot tell yet about these prompts.") if _differ(plan) else tr("Cannot tell yet about these versions.")


def share_of_images(images: Images, *, second: bool, whose: str = "") -> str:
    """The share of the decided votes as the second arm sees it, or the first; ``whose`` names that arm."""
    if not images.decided:
        return tr("No decided votes.")
    share, low, high = _seen(images.share.count / images.share.n, images.share.low, images.share.high, second=second)
    words = (
        tr("{arm} has {percent} of the decided votes, 95 % interval {to}.")
        if whose
        else tr("{percent} of the decided votes, 95 % interval {to}.")
    )
    return capital(words.format(arm=whose, percent=percent(share), to=_to(low, high)))


def share_of_prompts(prompts: Prompts, *, second: bool, whose: str = "") -> str:
    """The mean pair share as the second arm sees it, or the first; ``whose`` names that arm."""
    if prompts.mean is None or prompts.low is None or prompts.high is None:
        count = len(prompts.shares)
        return capital(trn("{numeral} pair with votes.", "{numeral} pairs with votes.", count, numeral=numeral(count)))
    share, low, high = _seen(prompts.mean, prompts.low, prompts.high, second=second)
    words = (
        tr("{arm} has {percent} of the votes on a pair on average, 95 % interval {to}.")
        if whose
        else tr("{percent} of the votes on a pair on average, 95 % interval {to}.")
    )
    return capital(words.format(arm=whose, percent=percent(share), to=_to(low, high)))


def once_on_images(images: Images) -> str:
    return tr("{votes}, exact sign test {p}.").format(votes=decided_votes(images.decided), p=p(images.p))


def once_on_prompts(prompts: Prompts) -> str:
    count = len(prompts.shares)
    words = (
        tr("{numeral} pairs, exact sign-flip test over pairs {p}.")
        if count <= EXACT_PAIRS
        else tr("{numeral} pairs, sign-flip test over pairs {p}.")
    )
    return capital(words.format(numeral=numeral(count), p=p(prompts.p or 0.0)))


def anytime_on_images(images: Images) -> str:
    return tr("{votes}, peek-safe {p}.").format(votes=decided_votes(images.decided), p=p(images.anytime_p))


def anytime_on_prompts(prompts: Prompts) -> str:
    count = prompts.settled_first + prompts.settled_second
    told = {"numeral": numeral(count), "p": p(prompts.anytime_p)}
    return capital(
        trn("{numeral} settled pair, peek-safe {p}.", "{numeral} settled pairs, peek-safe {p}.", count, **told)
    )


def why_not_once(plan: Plan, *, closed: bool | None) -> str:
    """Why only the peek-safe number counts."""
    if plan.stop.rule is Ends.EVIDENCE:
        return tr("The plan lets the evidence end it, so only the peek-safe number counts.")
    end = tr("its {votes:,} votes").format(votes=plan.stop.votes) if plan.stop.rule is Ends.VOTES else tr("its day")
    if closed:
        return tr("It was closed by hand before {end}, so only the peek-safe number counts.").format(end=end)
    if closed is None:
        return tr("It has not ended by its own rule ({end}), so only the peek-safe number counts.").format(end=end)
    return tr("It is still open, before {end}, so only the peek-safe number counts.").format(end=end)


def percent(share: float) -> str:
    return tr("{points} %").format(points=_points(share))


def p(value: float) -> str:
    if value < 0.001:
        return "p < 0.001"
    digits = 2 if value >= 0.1 else 3
    return f"p = {value:.{digits}f}"


def numeral(count: int) -> str:
    """Small numbers as a word in English, and as digits elsewhere."""
    return _NUMERALS[count] if count < len(_NUMERALS) and current() == ENGLISH else f"{count:,}"


def decided_votes(count: int) -> str:
    return trn("{count:,} decided vote", "{count:,} decided votes", count)


def capital(words: str) -> str:
    """As at the beginning of a sentence."""
    return f"{words[:1].upper()}{words[1:]}"


def _differ(plan: Plan) -> bool:
    return len({arm.prompt for arm in plan.arms}) > 1


def _seen(share: float, low: float, high: float, *, second: bool) -> tuple[float, float, float]:
    return (1 - share, 1 - high, 1 - low) if second else (share, low, high)


def _to(low: float, high: float) -> str:
    return tr("{low} to {high} %").format(low=_points(low), high=_points(high))


def _points(share: float) -> int:
    return int(100 * share + 0.5)
