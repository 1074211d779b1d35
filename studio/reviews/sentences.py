"""The words of a verdict: one sentence for somebody in marketing, one number, and how the reason is put."""

from atlas.language import later, tr
from studio.reviews.levels import Images, Level, Prompts
from studio.reviews.plan import Ends, Plan, Question
from studio.statistics import EXACT_PAIRS

_NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

# (of a prompt, of its images)
_WINS = {
    Question.PREFERENCE: (later("is preferred"), later("are preferred")),
    Question.BRIEF: (later("fits the brief better"), later("fit the brief better")),
    Question.ARTIFICIAL: (later("looks more artificial"), later("look more artificial")),
}
_EQUAL = {
    Question.PREFERENCE: later("are practically equal"),
    Question.BRIEF: later("fit the brief practically equally well"),
    Question.ARTIFICIAL: later("look practically equally artificial"),
}


def thing(plan: Plan) -> str:
    """What an arm is called: a prompt when the prompts differ, else a version (of model or settings)."""
    return "prompt" if len({arm.prompt for arm in plan.arms}) > 1 else "version"


def arm(plan: Plan, number: int) -> str:
    return f"{thing(plan)} {plan.labels[number]}"


def winner(plan: Plan, question: Question, level: Level, number: int) -> str:
    others = tr(" than the others") if len(plan.arms) > 2 else ""
    if others and question is Question.PREFERENCE:
        others = tr(" to the others")
    name, plural = arm(plan, number), level is Level.IMAGES
    return _sentence(f"{tr('the images of ') * plural}{name} {_WINS[question][plural]}{others}")


def images_of(plan: Plan, question: Question, number: int) -> str:
    """As winner() says it of images and two arms, without the full stop."""
    return tr("The images of {arm} {wins}").format(arm=arm(plan, number), wins=_WINS[question][True])


def equal(plan: Plan, question: Question, level: Level) -> str:
    subject = tr("these images") if level is Level.IMAGES else tr("the {thing}s").format(thing=thing(plan))
    return _sentence(f"{subject} {_EQUAL[question]}")


def neither(plan: Plan) -> str:
    return tr("Neither is usable.") if len(plan.arms) == 2 else tr("None is usable.")


def undecided(plan: Plan, level: Level) -> str:
    return tr("Cannot tell yet about these {value}.").format(
        value="images" if level is Level.IMAGES else f"{thing(plan)}s"
    )


def share_of_images(images: Images, *, second: bool) -> str:
    """The share of the decided votes as the second arm sees it, or the first."""
    if not images.decided:
        return tr("no decided votes")
    share, low, high = _seen(images.share.count / images.share.n, images.share.low, images.share.high, second=second)
    return tr("{percent} of the decided votes, 95 % interval {to}").format(percent=percent(share), to=_to(low, high))


def share_of_prompts(prompts: Prompts, *, second: bool) -> str:
    """The mean pair share as the second arm sees it, or the first."""
    if prompts.mean is None or prompts.low is None or prompts.high is None:
        return tr("{numeral} {pairs} with votes").format(
            numeral=numeral(len(prompts.shares)), pairs=_pairs(len(prompts.shares))
        )
    share, low, high = _seen(prompts.mean, prompts.low, prompts.high, second=second)
    return tr("{percent} of the votes on a pair on average, 95 % interval {to}").format(
        percent=percent(share), to=_to(low, high)
    )


def once_on_images(images: Images) -> str:
    return tr("{votes}, exact sign test {p}.").format(votes=votes(images.decided, tr("decided vote")), p=p(images.p))


def once_on_prompts(prompts: Prompts) -> str:
    count = len(prompts.shares)
    exact = "exact " if count <= EXACT_PAIRS else ""
    return tr("{capitalize} pairs, {exact}sign-flip test over pairs {p}.").format(
        capitalize=numeral(count).capitalize(), exact=exact, p=p(prompts.p or 0.0)
    )


def anytime_on_images(images: Images) -> str:
    return tr("{votes}, peek-safe {p}.").format(votes=votes(images.decided, tr("decided vote")), p=p(images.anytime_p))


def anytime_on_prompts(prompts: Prompts) -> str:
    count = prompts.settled_first + prompts.settled_second
    return tr("{capitalize} settled {pairs}, peek-safe {p}.").format(
        capitalize=numeral(count).capitalize(), pairs=_pairs(count), p=p(prompts.anytime_p)
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
    return f"{_points(share)} %"


def p(value: float) -> str:
    if value < 0.001:
        return "p < 0.001"
    digits = 2 if value >= 0.1 else 3
    return f"p = {value:.{digits}f}"


def numeral(count: int) -> str:
    return _NUMERALS[count] if count < len(_NUMERALS) else f"{count:,}"


def votes(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"


def are(count: int) -> str:
    return {0: tr("are none"), 1: "is 1"}.get(count, f"are {count}")


def _seen(share: float, low: float, high: float, *, second: bool) -> tuple[float, float, float]:
    return (1 - share, 1 - high, 1 - low) if second else (share, low, high)


def _to(low: float, high: float) -> str:
    return tr("{points} to {points2} %").format(points=_points(low), points2=_points(high))


def _points(share: float) -> int:
    return int(100 * share + 0.5)


def _pairs(count: int) -> str:
    return "pair" if count == 1 else "pairs"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
