"""What may be said of votes: each outcome, the order in which they are tried, and what looking early changes."""

import math

import pytest

from studio.reviews.ballots import Ballot
from studio.reviews.levels import Level
from studio.reviews.plan import Ends, Question
from studio.reviews.verdict import Outcome, enough
from tests.studio.panels import a_plan, found, only, told, votes

LEANING = dict.fromkeys(range(1, 9), "FFFFS")  # eight pairs, all lean to A


# Each outcome, at both levels


def test_images_have_a_winner() -> None:
    first = found(a_plan(), votes("F" * 15 + "S" * 3))
    second = found(a_plan(), votes("S" * 15 + "F" * 3))

    assert (first.outcome, first.winner, first.level) == (Outcome.WINNER, 0, Level.IMAGES)
    assert (second.outcome, second.winner, second.level) == (Outcome.WINNER, 1, Level.IMAGES)
    assert first.sentence == "The images of prompt A are preferred."
    assert second.sentence == "The images of prompt B are preferred."
    assert first.number == second.number == "83 % of the decided votes, 95 % interval 61 to 94 %."
    assert first.reason == "18 decided votes, exact sign test p = 0.008."
    assert first.about == "These images"


def test_prompts_have_a_winner() -> None:
    first = found(a_plan(pairs=8), votes(LEANING))
    second = found(a_plan(pairs=8), votes(dict.fromkeys(range(1, 9), "SSSSF")))

    assert (first.outcome, first.winner, first.level) == (Outcome.WINNER, 0, Level.PROMPTS)
    assert (second.outcome, second.winner, second.level) == (Outcome.WINNER, 1, Level.PROMPTS)
    assert second.sentence == "Prompt B is preferred."
    assert second.number == "80 % of the votes on a pair on average, 95 % interval 80 to 80 %."
    assert second.reason == "Eight pairs, exact sign-flip test over pairs p = 0.008."
    assert second.about == "These prompts"


def test_images_can_be_practically_equal() -> None:
    finding = found(a_plan(), votes("FS" * 60))

    assert (finding.outcome, finding.winner, finding.level) == (Outcome.EQUAL, None, Level.IMAGES)
    assert finding.sentence == "These images are practically equal."
    assert finding.number == "Prompt A has 50 % of the decided votes, 95 % interval 41 to 59 %."
    assert finding.reason == "The whole interval lies between 40 % and 60 %, the smallest difference that matters."


def test_prompts_can_be_practically_equal() -> None:
    finding = found(a_plan(pairs=8), votes(dict.fromkeys(range(1, 9), "FSFST")))

    assert (finding.outcome, finding.level) == (Outcome.EQUAL, Level.PROMPTS)
    assert finding.sentence == "The prompts are practically equal."


@pytest.mark.parametrize("pairs", [1, 6])
def test_neither_is_usable_when_more_than_three_in_ten_votes_say_so(pairs: int) -> None:
    plan = a_plan(pairs=pairs)

    some = found(plan, votes(dict.fromkeys(range(1, pairs + 1), "BBBBFFFFFF")))
    fewer = found(plan, votes(dict.fromkeys(range(1, pairs + 1), "BBBFFFFFFF")))

    assert (some.outcome, some.sentence) == (Outcome.NEITHER, "Neither is usable.")
    assert some.number == "40 % of the votes say that both are bad."
    assert fewer.outcome is Outcome.WINNER


@pytest.mark.parametrize("pairs", [1, 6])
def test_it_may_not_be_possible_to_tell(pairs: int) -> None:
    finding = found(a_plan(pairs=pairs), votes({draw: "FFFS" if draw < 5 else "FSSSS" for draw in range(1, pairs + 1)}))

    assert (finding.outcome, finding.winner) == (Outcome.UNDECIDED, None)
    assert finding.sentence.startswith("Cannot tell yet about these")


# The order


def test_without_votes_nothing_is_said() -> None:
    finding = found(a_plan(), [], by_plan=False)

    assert (finding.outcome, finding.reason) == (Outcome.UNDECIDED, "Nobody has voted yet.")
    assert finding.number == "No decided votes."


def test_four_votes_are_too_few_whatever_they_say() -> None:
    assert found(a_plan(), votes("BBBB")).outcome is Outcome.UNDECIDED
    assert found(a_plan(), votes("FFFF")).reason == "Only 4 decided votes; at least 5 are needed."


def test_too_few_decided_votes_come_before_equality() -> None:
    finding = found(a_plan(pairs=6), votes(dict.fromkeys(range(1, 7), "TT")))

    assert finding.outcome is Outcome.UNDECIDED
    assert finding.reason == "Only 0 decided votes (12 of 12 votes are ties); at least 5 are needed."


def test_votes_that_all_are_bad_say_neither_although_none_is_decided() -> None:
    assert found(a_plan(), votes("BBBBB")).outcome is Outcome.NEITHER


def test_neither_comes_before_equal_and_before_a_winner() -> None:
    assert found(a_plan(), votes("FS" * 60)).outcome is Outcome.EQUAL
    assert found(a_plan(), votes("FS" * 60 + "B" * 60)).outcome is Outcome.NEITHER
    assert found(a_plan(), votes("F" * 20 + "B" * 10)).outcome is Outcome.NEITHER


def test_equal_comes_before_a_winner() -> None:
    tally = "F" * 560 + "S" * 440  # p < 0.001, and all within 40 to 60 %
    plan = a_plan(votes=1000)
    ballots = votes(tally)

    assert only(plan, ballots).images.p < 0.001
    assert found(plan, ballots).outcome is Outcome.EQUAL
    assert found(a_plan(votes=1000, margin=0.05), ballots).outcome is Outcome.WINNER


def test_the_margin_of_the_plan_decides_what_is_equal() -> None:
    assert found(a_plan(margin=0.2), votes("FS" * 15)).outcome is Outcome.EQUAL
    assert found(a_plan(margin=0.15), votes("FS" * 15)).outcome is Outcome.UNDECIDED


def test_the_alpha_of_the_plan_decides_what_is_a_winner() -> None:
    ballots = votes("F" * 15 + "S" * 3)  # p = 0.008

    assert found(a_plan(alpha=0.005), ballots).outcome is Outcome.UNDECIDED


# Looking early


CLEAR_ONCE = "FSFFSFFFSFFFFFF"  # 12 to 3: p = 0.035, and e never above 4.5


def test_while_a_review_is_open_only_the_peek_safe_number_declares_a_winner() -> None:
    early = found(a_plan(), votes(CLEAR_ONCE), by_plan=False, closed=False)

    assert found(a_plan(), votes(CLEAR_ONCE)).outcome is Outcome.WINNER
    assert early.outcome is Outcome.UNDECIDED
    assert early.reason == (
        "15 decided votes, peek-safe p = 0.22. It is still open, before its 120 votes, so only the peek-safe number "
        "counts. A single look would give p = 0.035, but who may look at any time will often see that by chance."
    )


def test_a_review_that_was_closed_by_hand_says_so() -> None:
    finding = found(a_plan(), votes(CLEAR_ONCE), by_plan=False, closed=True)

    assert finding.outcome is Outcome.UNDECIDED
    assert "It was closed by hand before its 120 votes, so only the peek-safe number counts." in finding.reason
    by_day = found(a_plan(rule=Ends.DATE), votes(CLEAR_ONCE), by_plan=False, closed=True)
    assert "It was closed by hand before its day" in by_day.reason


def test_a_review_that_the_evidence_may_end_is_never_judged_by_a_single_look() -> None:
    finding = found(a_plan(rule=Ends.EVIDENCE), votes(CLEAR_ONCE), by_plan=True, closed=True)

    assert finding.outcome is Outcome.UNDECIDED
    assert "The plan lets the evidence end it" in finding.reason


@pytest.mark.parametrize("rule", [Ends.VOTES, Ends.DATE])
def test_votes_and_days_may_be_looked_at_once(rule: Ends) -> None:
    assert found(a_plan(rule=rule), votes(CLEAR_ONCE), by_plan=True).outcome is Outcome.WINNER


def test_the_peek_safe_number_may_declare_a_winner_at_any_time() -> None:
    finding = found(a_plan(), votes("F" * 8), by_plan=False, closed=False)  # e = 28

    assert (finding.outcome, finding.winner) == (Outcome.WINNER, 0)
    assert finding.reason.startswith("8 decided votes, peek-safe p = 0.035. It is still open")


def test_evidence_that_was_there_once_stays_for_who_is_still_ahead() -> None:
    still_ahead = "F" * 8 + "S" * 6
    overtaken = "F" * 8 + "S" * 9

    assert found(a_plan(), votes(still_ahead), by_plan=False).winner == 0
    assert found(a_plan(), votes(overtaken), by_plan=False).outcome is Outcome.UNDECIDED


def test_prompts_need_eight_settled_pairs_for_a_winner_while_a_review_is_open() -> None:
    seven = votes(dict.fromkeys(range(1, 8), "FFF"))
    eight = votes(dict.fromkeys(range(1, 9), "FFF"))

    assert found(a_plan(pairs=8), seven, by_plan=False).outcome is Outcome.UNDECIDED
    assert found(a_plan(pairs=8), eight, by_plan=False).outcome is Outcome.WINNER
    assert found(a_plan(pairs=8), eight, by_plan=False).reason.startswith("Eight settled pairs, peek-safe p = 0.035.")


def test_equality_before_the_end_comes_with_a_warning() -> None:
    assert "one look at the end" in found(a_plan(), votes("FS" * 60), by_plan=False).reason
    assert "one look at the end" not in found(a_plan(), votes("FS" * 60)).reason


def test_there_is_enough_evidence_exactly_when_the_peek_safe_number_reaches_one_over_alpha() -> None:
    plan = a_plan(rule=Ends.EVIDENCE)

    assert not enough(plan, [])
    assert not enough(plan, votes("F" * 7))  # e = 16
    assert enough(plan, votes("F" * 8))  # e = 28
    assert not enough(a_plan(rule=Ends.EVIDENCE, alpha=0.03), votes("F" * 8))
    assert not enough(a_plan(pairs=8, rule=Ends.EVIDENCE), votes({1: "F" * 50}))
    assert enough(a_plan(pairs=8, rule=Ends.EVIDENCE), votes(dict.fromkeys(range(1, 9), "FFF")))


# What is missing


def test_it_says_how_many_more_votes_would_settle_what_matters() -> None:
    finding = found(a_plan(votes=300), votes("FFS" * 10 + "SSF" * 10), by_plan=False, closed=False)

    assert finding.outcome is Outcome.UNDECIDED
    assert "About 150 more decided votes would settle a preference of 60:40." in finding.reason  # 210 of §4.2


def test_a_closed_review_is_told_what_another_would_take() -> None:
    finding = found(a_plan(), votes("FFS" * 10 + "SSF" * 10))

    assert "A review of 210 decided votes would show a preference of 60:40 in four of five cases." in finding.reason


def test_a_margin_and_alpha_that_need_too_many_votes_leave_the_number_out() -> None:
    finding = found(a_plan(margin=0.01, alpha=1e-9), votes("FFS" * 10 + "SSF" * 10))

    assert finding.reason == "60 decided votes, exact sign test p = 1.00."


# Questions and words


def test_each_question_has_its_own_verdict_and_words() -> None:
    plan = a_plan(questions=(Question.PREFERENCE, Question.BRIEF, Question.ARTIFICIAL))
    ballots = [
        *votes("F" * 15),
        *votes("S" * 15, question=Question.BRIEF),
        *votes("S" * 15, question=Question.ARTIFICIAL),
    ]

    assert [each.finding.sentence for each in told(plan, ballots).answered] == [
        "The images of prompt A are preferred.",
        "The images of prompt B fit the brief better.",
        "The images of prompt B look more artificial.",
    ]


def test_the_question_what_looks_more_artificial_names_what_does() -> None:
    plan = a_plan(pairs=8, questions=(Question.ARTIFICIAL,))
    ballots = votes(dict.fromkeys(range(1, 9), "SSSSF"), question=Question.ARTIFICIAL)

    assert (found(plan, ballots).winner, found(plan, ballots).sentence) == (1, "Prompt B looks more artificial.")


def test_arms_of_the_same_prompt_are_called_versions() -> None:
    plan = a_plan(pairs=8, same_prompt=True)

    assert found(plan, votes(LEANING)).sentence == "Version A is preferred."


# More than two arms


def three_ways(first: str, second: str, third: str, *, pairs: int = 1) -> list[Ballot]:
    """A against B, A against C, B against C, the same for every draw."""
    return [
        ballot
        for arms, letters in zip([(0, 1), (0, 2), (1, 2)], [first, second, third], strict=True)
        for ballot in votes(dict.fromkeys(range(1, pairs + 1), letters), arms=arms)
    ]


def test_three_equal_arms_share_the_first_rank() -> None:
    plan, ballots = a_plan(arms=3), three_ways("FS" * 10, "SF" * 10, "FS" * 10)

    assert [strength.rank for strength in told(plan, ballots).main.strengths] == [1, 1, 1]
    assert found(plan, ballots).outcome is Outcome.UNDECIDED


def test_three_arms_can_be_practically_equal_when_every_two_are() -> None:
    equal = three_ways("FS" * 60, "SF" * 60, "FS" * 60)

    assert found(a_plan(arms=3), equal).outcome is Outcome.EQUAL
    assert found(a_plan(arms=3), three_ways("FS" * 60, "SF" * 60, "FS")).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize("pairs", [1, 8])
def test_the_best_of_three_beats_each_of_the_others(pairs: int) -> None:
    finding = found(a_plan(arms=3, pairs=pairs), three_ways("S" * 18 + "F", "FS" * 10, "F" * 18 + "S", pairs=pairs))

    assert (finding.outcome, finding.winner) == (Outcome.WINNER, 1)
    assert "prompt b" in finding.sentence.lower()
    assert "to the others" in finding.sentence
    assert "after Holm's correction" in finding.reason


def test_who_beats_only_one_of_two_others_is_no_winner() -> None:
    assert found(a_plan(arms=3), three_ways("S" * 18 + "F", "FS" * 10, "FS" * 9)).outcome is Outcome.UNDECIDED


def test_evidence_against_one_of_two_others_is_not_enough() -> None:
    plan = a_plan(arms=3, rule=Ends.EVIDENCE)

    assert not enough(plan, three_ways("S" * 18, "FS" * 10, "FS" * 9))
    assert enough(plan, three_ways("S" * 18, "FS" * 10, "F" * 18))


def test_one_person_alone_makes_no_winner_of_three_arms_for_nobody_knows_how_others_would_rank_them() -> None:
    plan = a_plan(arms=3, pairs=18, picked=True)

    alone = three_ways("S", "F", "F", pairs=18)
    two = three_ways("SS", "FF", "FF", pairs=18)

    assert [strength.rank for strength in told(plan, alone).main.strengths] == [1, 1, 1]
    assert found(plan, alone).outcome is Outcome.UNDECIDED
    assert found(plan, two).winner == 1


def test_ties_draw_strengths_together() -> None:
    apart = told(a_plan(arms=3), three_ways("F" * 6, "FS" * 5, "FS" * 5)).main.strengths
    tied = told(a_plan(arms=3), three_ways("F" * 6 + "T" * 12, "FS" * 5, "FS" * 5)).main.strengths

    assert 0 < tied[0].strength < apart[0].strength


def test_each_of_several_tests_has_to_survive_holm() -> None:
    leaning = "F" * 15 + "S" * 5  # p = 0.041 alone
    plan, ballots = a_plan(arms=3), three_ways(leaning, leaning, "FS" * 10)

    assert max(each.images.p for each in told(plan, ballots).main.versus[:2]) < 0.05
    assert [strength.rank for strength in told(plan, ballots).main.strengths] == [1, 2, 2]
    assert found(plan, ballots).outcome is Outcome.UNDECIDED


def test_an_undefeated_arm_is_finite_and_six_pairs_are_too_few_for_three_arms() -> None:
    plan = a_plan(arms=3, pairs=6)
    ballots = three_ways("FFF", "FFF", "FSF", pairs=6)

    assert all(math.isfinite(each.strength) for each in told(plan, ballots).main.strengths)
    assert found(plan, ballots).outcome is Outcome.UNDECIDED  # 2 / 2^6 = 0.031, times three after Holm
    assert found(a_plan(arms=3, pairs=8), three_ways("FFF", "FFF", "FSF", pairs=8)).winner == 0


def test_pairs_of_arms_with_fewer_votes_are_named() -> None:
    behind = told(a_plan(arms=3), three_ways("FS" * 3, "FS", "FS" * 3)).main.under_voted

    assert [(each.first, each.second, each.votes, each.most) for each in behind] == [(0, 2, 2, 6)]
