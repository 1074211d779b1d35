"""The desk of reviews on both databases: one ballot each, kept in order, closed by its rule, told in a chain."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from studio.database import open_database
from studio.reviews.ballots import Ballot, Choice, Remark, Review, Reviewer, Standing, State
from studio.reviews.chain import Late, linked
from studio.reviews.desk import BY_HAND, Reviews
from studio.reviews.discussion import Discussion
from studio.reviews.plan import Ends, Plan, Question, Reveal, Stop, canonical
from studio.reviews.schedule import Face, Item, schedule
from tests.studio.reviewing import SEED, a_plan

FIVE = 5


def _five_for_one_arm(_plan: Plan, ballots: Sequence[Ballot]) -> bool:
    arms = [ballot.winner.arm for ballot in ballots if ballot.winner]
    return max(arms.count(0), arms.count(1)) >= FIVE


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def reviews(database: Engine) -> Reviews:
    return Reviews(database, enough=_five_for_one_arm)


@pytest.fixture
def discussion(database: Engine) -> Discussion:
    return Discussion(database)


def _opened(reviews: Reviews, plan: Plan | None = None) -> Review:
    reviews.make("r1", plan or a_plan(), seed=SEED)
    return reviews.open("r1")


def _items(reviewer: Reviewer, plan: Plan | None = None) -> tuple[Item, ...]:
    return schedule(plan or a_plan(), SEED, reviewer.ordinal)


def _vote(reviews: Reviews, reviewer: Reviewer, item: Item, choice: Choice = Choice.LEFT) -> Review:
    return reviews.cast("r1", reviewer, item, Question.PREFERENCE, choice)


def test_a_plan_is_frozen_and_comes_back_as_it_was_made(reviews: Reviews) -> None:
    plan = a_plan(
        questions=list(Question), brief="Für den Frühling 春", stop=Stop(rule=Ends.DATE, until=2**52), simulated=True
    )
    made = reviews.make("r1", plan, seed=SEED)
    again = reviews.make("r1", replace(plan, brief="another"), seed=SEED)

    assert (made.plan, made.state) == (plan, State.DRAFT)
    assert again == made
    assert Plan.parse(plan.text()) == plan
    assert replace(plan, margin=0.11).hash != plan.hash


@pytest.mark.parametrize(
    "change",
    [
        {"pictures": ()},
        {"questions": ()},
        {"stop": Stop(rule=Ends.VOTES)},
        {"stop": Stop(rule=Ends.DATE)},
        {"margin": 0.0},
        {"alpha": 0.0},
        {"repeats": 11},
        {"per_reviewer": 0},
    ],
)
def test_a_plan_that_cannot_be_asked_is_refused_in_words(reviews: Reviews, change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"[a-z]\.$"):
        reviews.make("r1", replace(a_plan(), **change), seed=SEED)  # type: ignore[arg-type]


def test_some_questions_need_more_than_themselves() -> None:
    assert "brief" in (a_plan(questions=[Question.BRIEF]).problem or "")
    assert "compares" in (a_plan(questions=[Question.PUBLISH]).problem or "")
    assert "once" in (a_plan(questions=[Question.PREFERENCE] * 2).problem or "")
    assert "two draws" in (a_plan(draws=1, controls=1).problem or "")


def test_the_seed_is_fixed_before_the_first_vote(reviews: Reviews) -> None:
    with pytest.raises(ValueError, match="another seed"):
        reviews.make("r1", a_plan(), seed="chosen afterwards")


def test_twenty_clicks_at_once_are_one_ballot_and_one_link(reviews: Reviews) -> None:
    _opened(reviews)
    reviewer = reviews.join("r1", "her browser", name="Ada")
    item = _items(reviewer)[0]

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: _vote(reviews, reviewer, item), range(20)))

    assert [ballot.choice for ballot in reviews.ballots("r1")] == [Choice.LEFT]
    assert sum('"what":"ballot"' in entry.body for entry in reviews.chain("r1")) == 1


def test_twenty_people_who_come_at_once_have_twenty_places(reviews: Reviews) -> None:
    _opened(reviews)
    with ThreadPoolExecutor(20) as pool:
        joined = list(pool.map(lambda number: reviews.join("r1", f"browser {number % 20}"), range(40)))

    assert sorted({reviewer.ordinal for reviewer in joined}) == list(range(20))
    assert len({reviewer.seat for reviewer in joined}) == 20
    assert reviews.turnout("r1").joined == 20


def test_a_changed_mind_counts_once_and_is_told_twice(reviews: Reviews) -> None:
    _opened(reviews)
    reviewer = reviews.join("r1", "her browser")
    item = _items(reviewer)[0]
    _vote(reviews, reviewer, item, Choice.LEFT)
    reviews.cast(
        "r1", reviewer, item, Question.PREFERENCE, Choice.BAD, reasons=["Light", "Light"], words=" too\x00 dark "
    )

    (ballot,) = reviews.ballots("r1")
    assert (ballot.choice, ballot.reasons, ballot.words) == (Choice.BAD, ("Light",), "too dark")
    assert ballot.given <= ballot.changed
    assert sum('"what":"ballot"' in entry.body for entry in reviews.chain("r1")) == 2


def test_every_question_about_a_pair_is_a_ballot_of_its_own(reviews: Reviews) -> None:
    plan = a_plan(questions=[Question.PREFERENCE, Question.ARTIFICIAL, Question.PUBLISH])
    _opened(reviews, plan)
    reviewer = reviews.join("r1", "her browser")
    item = _items(reviewer, plan)[0]
    for asked in plan.questions:
        reviews.cast("r1", reviewer, item, asked.kind, Choice.TIE)

    assert len(reviews.ballots("r1")) == 3
    assert reviews.turnout("r1").votes == 1


def test_a_ballot_knows_whose_image_was_chosen_whatever_the_side(reviews: Reviews) -> None:
    _opened(reviews)
    for number in range(2):
        reviewer = reviews.join("r1", f"browser {number}")
        for item in _items(reviewer):
            _vote(reviews, reviewer, item, Choice.LEFT if item.left.arm == 1 else Choice.RIGHT)

    winners = [ballot.winner for ballot in reviews.ballots("r1")]
    assert len(winners) == 8
    assert {winner.arm for winner in winners if winner} == {1}


def test_a_review_takes_votes_only_while_it_is_open(reviews: Reviews) -> None:
    reviews.make("r1", a_plan(), seed=SEED)
    with pytest.raises(Late, match="not been opened"):
        reviews.join("r1", "too early")
    reviews.open("r1")
    reviewer = reviews.join("r1", "her browser")
    _vote(reviews, reviewer, _items(reviewer)[0])
    closed = reviews.close("r1")

    assert (closed.state, closed.closed_by, closed.by_plan) == (State.CLOSED, BY_HAND, False)
    with pytest.raises(Late, match="closed"):
        _vote(reviews, reviewer, _items(reviewer)[1])
    with pytest.raises(Late, match="closed"):
        reviews.join("r1", "too late")
    assert reviews.join("r1", "her browser") == reviewer
    assert reviews.open("r1").state is State.CLOSED


def test_a_number_of_votes_closes_the_review_and_hidden_repeats_are_not_among_them(reviews: Reviews) -> None:
    plan = a_plan(stop=Stop(rule=Ends.VOTES, votes=6), repeats=2)
    _opened(reviews, plan)
    states: list[State | None] = []
    for number in range(2):
        reviewer = reviews.join("r1", f"browser {number}")
        for item in _items(reviewer, plan):
            try:
                states.append(_vote(reviews, reviewer, item).state)
            except Late:
                states.append(None)

    closed = reviews.get("r1")
    assert closed.by_plan
    assert closed.closed_by == Ends.VOTES
    assert reviews.turnout("r1").votes == 6
    assert states.count(State.CLOSED) == 1
    assert states[-1] is None


def test_twenty_votes_at_once_do_not_run_past_the_number(reviews: Reviews) -> None:
    plan = a_plan(stop=Stop(rule=Ends.VOTES, votes=10))
    _opened(reviews, plan)
    people = [reviews.join("r1", f"browser {number}") for number in range(20)]

    def attempt(reviewer: Reviewer) -> bool:
        try:
            _vote(reviews, reviewer, _items(reviewer, plan)[0])
        except Late:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        counted = list(pool.map(attempt, people))

    assert counted.count(True) == 10
    assert len(reviews.ballots("r1")) == 10


def test_evidence_closes_the_review_when_it_is_enough_and_at_the_latest_after_so_many_votes(reviews: Reviews) -> None:
    plan = a_plan(stop=Stop(rule=Ends.EVIDENCE, votes=12))
    _opened(reviews, plan)
    reviewer = reviews.join("r1", "a")
    for item in _items(reviewer, plan):
        _vote(reviews, reviewer, item, Choice.LEFT if item.left.arm == 0 else Choice.RIGHT)
    other = reviews.join("r1", "b")
    item = _items(other, plan)[0]
    assert reviews.get("r1").state is State.OPEN
    assert _vote(reviews, other, item, Choice.LEFT if item.left.arm == 0 else Choice.RIGHT).state is State.CLOSED
    assert reviews.get("r1").closed_by == Ends.EVIDENCE


def test_a_day_that_has_come_closes_the_review_whoever_looks_first(reviews: Reviews) -> None:
    plan = a_plan(stop=Stop(rule=Ends.DATE, until=1000))
    _opened(reviews, plan)

    with pytest.raises(Late, match="closed"):
        reviews.join("r1", "too late")
    assert (reviews.get("r1").state, reviews.get("r1").closed_by) == (State.CLOSED, Ends.DATE)
    assert sum('"what":"closed"' in entry.body for entry in reviews.chain("r1")) == 1


def test_who_has_finished_and_may_see_the_tally_cannot_change_votes(reviews: Reviews) -> None:
    plan = a_plan(reveal=Reveal.OWN_VOTE)
    _opened(reviews, plan)
    reviewer = reviews.join("r1", "her browser")
    for item in _items(reviewer, plan):
        _vote(reviews, reviewer, item)
    reviews.finish("r1", reviewer)
    reviews.finish("r1", reviewer)

    with pytest.raises(Late, match="finished"):
        _vote(reviews, reviewer, _items(reviewer, plan)[0], Choice.RIGHT)
    assert reviews.turnout("r1").finished == 1
    assert sum('"what":"finished"' in entry.body for entry in reviews.chain("r1")) == 1


def test_the_same_browser_is_somebody_else_in_another_review_and_its_secret_is_kept_nowhere(reviews: Reviews) -> None:
    _opened(reviews)
    reviews.make("r2", a_plan(), seed=SEED)
    reviews.open("r2")
    first, second = reviews.join("r1", "my secret"), reviews.join("r2", "my secret")

    assert first.id != second.id
    assert "my secret" not in first.id
    assert reviews.reviewer("r1", "my secret") == first
    assert reviews.reviewer("r2", "another") is None
    assert reviews.at_seat(second.seat)[0].id == "r2"
    with pytest.raises(KeyError):
        reviews.at_seat("no such seat")


def test_the_chain_goes_back_to_the_plan_and_names_no_secret(reviews: Reviews, discussion: Discussion) -> None:
    _opened(reviews)
    reviewer = reviews.join("r1", "her browser", name="Ada", role="Design")
    for item in _items(reviewer):
        _vote(reviews, reviewer, item)
    reviews.close("r1")
    discussion.decide("r1", Standing.APPROVED, who="Grace", words="Take it.")

    chain = reviews.chain("r1")
    head = a_plan().hash
    for number, entry in enumerate(chain, 1):
        head = linked(head, entry.body)
        assert (entry.sequence, entry.hash) == (number, head)
    told = "".join(entry.body for entry in chain)
    assert [word in told for word in (reviewer.id, reviewer.seat, "Ada", SEED)] == [False] * 4
    assert [what in told for what in ("planned", "opened", "joined", "closed", "approved")] == [True] * 5


def test_pins_of_a_ballot_are_those_of_its_last_answer(reviews: Reviews, discussion: Discussion) -> None:
    _opened(reviews)
    reviewer = reviews.join("r1", "her browser", name="Ada")
    item = _items(reviewer)[0]
    kept, dropped, added = (
        Remark(face=item.left, x=place, y=0.75, words=words)
        for place, words in ((0.25, "too red"), (0.5, "odd hand"), (0.1, "nice"))
    )
    reviews.cast("r1", reviewer, item, Question.PREFERENCE, Choice.LEFT, remarks=[kept, dropped])
    before = {pin.remark: pin.id for pin in discussion.pins("r1")}
    reviews.cast("r1", reviewer, item, Question.PREFERENCE, Choice.LEFT, remarks=[kept, added])

    after = {pin.remark: pin for pin in discussion.pins("r1")}
    assert set(after) == {kept, added}
    assert after[kept].id == before[kept]
    assert (after[kept].author, after[kept].reviewer, after[kept].item) == ("R1", 0, item.key)


def test_a_pin_is_resolved_and_opened_again(reviews: Reviews, discussion: Discussion) -> None:
    _opened(reviews)
    pin = discussion.pin("r1", Remark(face=Face(arm=0, draw=1), x=0.2, y=0.3, words="crop here"), author="Grace")
    discussion.resolve("r1", pin.id, who="Ada")
    (resolved,) = discussion.pins("r1")
    discussion.reopen("r1", pin.id)
    (opened,) = discussion.pins("r1")

    assert resolved.resolved
    assert resolved.resolved_by == "Ada"
    assert (opened.resolved, opened.resolved_by) == (None, "")
    outside = Remark(face=Face(arm=0, draw=1), x=1.2, y=0, words="outside")
    for wrong in (outside, replace(pin.remark, words=" "), replace(pin.remark, face=Face(arm=2, draw=1))):
        with pytest.raises(ValueError, match=r"\.$"):
            discussion.pin("r1", wrong, author="Grace")


def test_a_decision_says_who_when_and_about_which_images(reviews: Reviews, discussion: Discussion) -> None:
    review = reviews.make("r1", a_plan(), seed=SEED)
    assert discussion.standings([review])["r1"] is Standing.DRAFT
    with pytest.raises(ValueError, match="Open the review"):
        discussion.decide("r1", Standing.APPROVED, who="Grace")
    review = reviews.open("r1")
    assert discussion.standings([review])["r1"] is Standing.IN_REVIEW
    with pytest.raises(ValueError, match="who decides"):
        discussion.decide("r1", Standing.APPROVED, who="  ")

    discussion.decide("r1", Standing.CHANGES_ASKED, who="Grace", words="Warmer.")
    last = discussion.decide("r1", Standing.APPROVED, who="Ada")

    assert [made.state for made in discussion.decisions("r1")] == [Standing.CHANGES_ASKED, Standing.APPROVED]
    assert discussion.standings([review])["r1"] is Standing.APPROVED
    assert last.hashes == ("a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4")
    assert last.at >= review.created


def test_reviews_are_listed_by_experiment_and_a_withdrawn_one_comes_back(reviews: Reviews) -> None:
    _opened(reviews)
    reviews.make("r2", a_plan(experiment="e2"), seed=SEED)

    assert [review.id for review in reviews.listed(experiment="e1")] == ["r1"]
    assert {review.id for review in reviews.listed()} == {"r1", "r2"}
    reviews.delete("r1")
    assert [review.id for review in reviews.listed()] == ["r2"]
    with pytest.raises(Late, match="withdrawn"):
        reviews.join("r1", "somebody")
    reviews.restore("r1")
    assert reviews.join("r1", "somebody").ordinal == 0
    with pytest.raises(KeyError):
        reviews.get("r3")


def test_what_json_cannot_say_never_gets_into_a_record() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"seconds": float("inf")})
