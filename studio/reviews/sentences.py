"""The words of a verdict: one sentence for somebody in marketing, one number, and how the reason is put."""

from studio.reviews.levels import Images, Level, Prompts
from studio.reviews.plan import Ends, Plan, Question
from studio.statistics import EXACT_PAIRS

_NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

# (of a prompt, of its images)
_WINS = {
    Question.PREFERENCE: ("is preferred", "are preferred"),
    Question.BRIEF: ("fits the brief better", "fit the brief better"),
    Question.ARTIFICIAL: ("looks more artificial", "look more artificial"),
}
_EQUAL = {
    Question.PREFERENCE: "are practically equal",
    Question.BRIEF: "fit the brief practically equally well",
    Question.ARTIFICIAL: "look practically equally artificial",
}


def thing(plan: Plan) -> str:
    """What an arm is called: a prompt when the prompts differ, else a version (of model or settings)."""
    return "prompt" if len({arm.prompt for arm in plan.arms}) > 1 else "version"


def arm(plan: Plan, number: int) -> str:
    return f"{thing(plan)} {plan.labels[number]}"


def winner(plan: Plan, question: Question, level: Level, number: int) -> str:
    others = " than the others" if len(plan.arms) > 2 else ""
    if others and question is Question.PREFERENCE:
        others = " to the others"
    name, plural = arm(plan, number), level is Level.IMAGES
    return _sentence(f"{'the images of ' * plural}{name} {_WINS[question][plural]}{others}")


def images_of(plan: Plan, question: Question, number: int) -> str:
    """As winner() says it of images and two arms, without the full stop."""
    return f"The images of {arm(plan, number)} {_WINS[question][True]}"


def equal(plan: Plan, question: Question, level: Level) -> str:
    subject = "these images" if level is Level.IMAGES else f"the {thing(plan)}s"
    return _sentence(f"{subject} {_EQUAL[question]}")


def neither(plan: Plan) -> str:
    return "Neither is usable." if len(plan.arms) == 2 else "None is usable."


def undecided(plan: Plan, level: Level) -> str:
    return f"Cannot tell yet about these {'images' if level is Level.IMAGES else f'{thing(plan)}s'}."


def share_of_images(images: Images, *, second: bool) -> str:
    """The share of the decided votes as the second arm sees it, or the first."""
    if not images.decided:
        return "no decided votes"
    share, low, high = _seen(images.share.count / images.share.n, images.share.low, images.share.high, second=second)
    return f"{percent(share)} of the decided votes, 95 % interval {_to(low, high)}"


def share_of_prompts(prompts: Prompts, *, second: bool) -> str:
    """The mean pair share as the second arm sees it, or the first."""
    if prompts.mean is None or prompts.low is None or prompts.high is None:
        return f"{numeral(len(prompts.shares))} {_pairs(len(prompts.shares))} with votes"
    share, low, high = _seen(prompts.mean, prompts.low, prompts.high, second=second)
    return f"{percent(share)} of the votes on a pair on average, 95 % interval {_to(low, high)}"


def once_on_images(images: Images) -> str:
    return f"{votes(images.decided, 'decided vote')}, exact sign test {p(images.p)}."


def once_on_prompts(prompts: Prompts) -> str:
    count = len(prompts.shares)
    exact = "exact " if count <= EXACT_PAIRS else ""
    return f"{numeral(count).capitalize()} pairs, {exact}sign-flip test over pairs {p(prompts.p or 0.0)}."


def anytime_on_images(images: Images) -> str:
    return f"{votes(images.decided, 'decided vote')}, peek-safe {p(images.anytime_p)}."


def anytime_on_prompts(prompts: Prompts) -> str:
    count = prompts.settled_first + prompts.settled_second
    return f"{numeral(count).capitalize()} settled {_pairs(count)}, peek-safe {p(prompts.anytime_p)}."


def why_not_once(plan: Plan, *, closed: bool | None) -> str:
    """Why only the peek-safe number counts."""
    if plan.stop.rule is Ends.EVIDENCE:
        return "The plan lets the evidence end it, so only the peek-safe number counts."
    end = f"its {plan.stop.votes:,} votes" if plan.stop.rule is Ends.VOTES else "its day"
    if closed:
        return f"It was closed by hand before {end}, so only the peek-safe number counts."
    if closed is None:
        return f"It has not ended by its own rule ({end}), so only the peek-safe number counts."
    return f"It is still open, before {end}, so only the peek-safe number counts."


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
    return {0: "are none", 1: "is 1"}.get(count, f"are {count}")


def _seen(share: float, low: float, high: float, *, second: bool) -> tuple[float, float, float]:
    return (1 - share, 1 - high, 1 - low) if second else (share, low, high)


def _to(low: float, high: float) -> str:
    return f"{_points(low)} to {_points(high)} %"


def _points(share: float) -> int:
    return int(100 * share + 0.5)


def _pairs(count: int) -> str:
    return "pair" if count == 1 else "pairs"


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
