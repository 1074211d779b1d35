"""Plans, reviewers and ballots for tests: written out by hand, or cast by made-up panels on a real schedule."""

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence

from studio.reviews.ballots import Ballot, Choice, Reviewer
from studio.reviews.desk import seed_hash
from studio.reviews.levels import Versus
from studio.reviews.plan import Arm, Asked, Ends, Pictures, Plan, Question, Stop
from studio.reviews.results import Results, results
from studio.reviews.schedule import Face, Item, Kind, schedule
from studio.reviews.verdict import Finding

SEED = "a seed for tests"
MINUTE = 60_000

Judge = Callable[[int, Item, random.Random], Choice]  # ordinal of the reviewer, what they see, their dice


def a_plan(
    *,
    pairs: int = 1,
    arms: int = 2,
    questions: Sequence[Question] = (Question.PREFERENCE,),
    rule: Ends = Ends.VOTES,
    votes: int = 120,
    same_prompt: bool = False,
    **more: object,
) -> Plan:
    plan = Plan(
        experiment="e1",
        name="Cups",
        arms=tuple(
            Arm(label="ABCD"[number], model="a/model", prompt="a cup" if same_prompt else f"a cup, take {number}")
            for number in range(arms)
        ),
        pictures=tuple(
            Pictures(number=draw, hashes=tuple(f"{arm:02x}{draw:02x}" * 16 for arm in range(arms)))
            for draw in range(1, pairs + 1)
        ),
        questions=tuple(Asked(kind=kind, words=f"About {kind}?") for kind in questions),
        stop=Stop(rule=rule, votes=0 if rule is Ends.DATE else votes, until=MINUTE if rule is Ends.DATE else 0),
        seed_hash=seed_hash(SEED),
        brief="A cup for breakfast.",
        **more,  # type: ignore[arg-type]
    )
    assert plan.problem is None
    return plan


def people(count: int, *, roles: Sequence[str] = ("",), languages: Sequence[str] = ("",)) -> list[Reviewer]:
    return [
        Reviewer(
            id=f"id {ordinal}",
            seat=f"seat {ordinal}",
            ordinal=ordinal,
            role=roles[ordinal % len(roles)],
            language=languages[ordinal % len(languages)],
        )
        for ordinal in range(count)
    ]


def a_vote(
    said: str,
    *,
    reviewer: int = 0,
    draw: int = 1,
    arms: tuple[int, int] = (0, 1),
    first_left: bool = True,
    question: Question = Question.PREFERENCE,
    given: int = 0,
    reasons: Iterable[str] = (),
    seconds: float | None = 5.0,
) -> Ballot:
    """``said`` is F for the first arm, S for the second, T for a tie, B for both bad."""
    faces = [Face(arm=arm, draw=draw) for arm in arms]
    left, right = faces if first_left else faces[::-1]
    item = Item(number=1, kind=Kind.PAIR, left=left, right=right)
    chosen = {"F": Choice.LEFT if first_left else Choice.RIGHT, "S": Choice.RIGHT if first_left else Choice.LEFT}
    choice = chosen.get(said) or {"T": Choice.TIE, "B": Choice.BAD}[said]
    return answered(item, choice, reviewer=reviewer, question=question, given=given, reasons=reasons, seconds=seconds)


def votes(
    told: Mapping[int, str] | str, *, arms: tuple[int, int] = (0, 1), question: Question = Question.PREFERENCE
) -> list[Ballot]:
    """One string of F, S, T, B per draw, a letter per reviewer; reviewer after reviewer, sides in turns."""
    draws = {1: told} if isinstance(told, str) else dict(told)
    longest = max(map(len, draws.values()), default=0)
    cast: list[Ballot] = []
    for reviewer in range(longest):
        for draw, letters in draws.items():
            if reviewer < len(letters):
                cast.append(
                    a_vote(
                        letters[reviewer],
                        reviewer=reviewer,
                        draw=draw,
                        arms=arms,
                        first_left=(reviewer + draw) % 2 == 0,
                        question=question,
                        given=len(cast) + 1,
                    )
                )
    return cast


def answered(
    item: Item,
    choice: Choice,
    *,
    reviewer: int = 0,
    question: Question = Question.PREFERENCE,
    given: int = 0,
    reasons: Iterable[str] = (),
    seconds: float | None = 5.0,
) -> Ballot:
    return Ballot(
        reviewer=reviewer,
        item=item.key,
        number=item.number,
        kind=item.kind,
        question=question,
        left=item.left,
        right=item.right,
        choice=choice,
        reasons=tuple(reasons),
        seconds=seconds,
        given=given,
        changed=given,
    )


def cast_by(plan: Plan, reviewers: int, judge: Judge, rng: random.Random, *, seed: str = SEED) -> list[Ballot]:
    """Everybody answers the first question on what the schedule shows them, taking turns in an order by lot."""
    shown = {ordinal: list(schedule(plan, seed, ordinal)) for ordinal in range(reviewers)}
    turns = [ordinal for ordinal, items in shown.items() for _ in items]
    rng.shuffle(turns)
    return [
        answered(
            item := shown[ordinal].pop(0),
            judge(ordinal, item, rng),
            reviewer=ordinal,
            question=plan.main.kind,
            given=moment,
        )
        for moment, ordinal in enumerate(turns, 1)
    ]


def lucky(plan: Plan, rng: random.Random, *, sd: float = 1.0, shift: float = 0.0) -> Judge:
    """A panel to which an image is worth ``shift`` logits less than one of the arm before, give or take its luck.

    The difference of the two images of a pair has the standard deviation ``sd``, as in the simulations of the study.
    """
    worth = {
        Face(arm=arm, draw=each.number): rng.gauss(0, sd / math.sqrt(2)) - shift * arm
        for each in plan.pictures
        for arm in range(len(plan.arms))
    }

    def judge(_ordinal: int, item: Item, dice: random.Random) -> Choice:
        logit = worth[item.left] - worth[item.right]
        return Choice.LEFT if dice.random() < 1 / (1 + math.exp(-logit)) else Choice.RIGHT

    return judge


def found(plan: Plan, ballots: Sequence[Ballot], *, by_plan: bool = True, closed: bool | None = None) -> Finding:
    return told(plan, ballots, by_plan=by_plan, closed=closed).finding


def told(plan: Plan, ballots: Sequence[Ballot], *, by_plan: bool = True, closed: bool | None = None) -> Results:
    reviewers = people(1 + max((ballot.reviewer for ballot in ballots), default=0))
    return results(plan, ballots, reviewers, by_plan=by_plan, closed=closed)


def only(plan: Plan, ballots: Sequence[Ballot]) -> Versus:
    (each,) = told(plan, ballots).main.versus
    return each
