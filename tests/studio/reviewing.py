"""A review to vote on, for tests."""

from collections.abc import Sequence
from dataclasses import replace

from studio.reviews.desk import seed_hash
from studio.reviews.plan import ASKED, Arm, Asked, Ends, Pictures, Plan, Question, Stop

SEED = "the seed of a test"


def a_plan(
    *, draws: int = 4, arms: int = 2, questions: Sequence[Question] = (Question.PREFERENCE,), **changes: object
) -> Plan:
    """Two arms of four draws, whose picture hashes are "a1", "b1", "a2", …; closes after 1,000 votes."""
    labels = "ABCD"[:arms]
    plan = Plan(
        experiment="e1",
        name="Red against blue",
        arms=tuple(Arm(label=label, model="openai/gpt-image-1.5", prompt=f"prompt {label}") for label in labels),
        pictures=tuple(
            Pictures(number=number, hashes=tuple(f"{label.lower()}{number}" for label in labels))
            for number in range(1, draws + 1)
        ),
        questions=tuple(Asked(kind=kind, words=ASKED[kind]) for kind in questions),
        stop=Stop(rule=Ends.VOTES, votes=1000),
        seed_hash=seed_hash(SEED),
        repeats=0,
    )
    return replace(plan, **changes)  # type: ignore[arg-type]
