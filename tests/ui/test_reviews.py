"""Making, opening and reading a review through its pages."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from atlas import ImageRequest
from studio.experiments import Experiment
from studio.reviews.ballots import Review, State
from studio.reviews.panel import Panel, Taste
from studio.reviews.plan import Ends, Question, Reveal
from tests.conftest import SMALL
from tests.ui.conftest import Studio
from tests.ui.test_pages import press, written
from ui import services

RESULTS, VOTE, COMPARE = "../pages/results.py", "../pages/vote.py", "../pages/compare.py"


def _compared(studio: Studio, *words: str, draws: int = 2) -> Experiment:
    requests = [replace(SMALL, prompt=prompt) for prompt in words]
    made = services.experiments().start("e1", "Cups", requests, draws=draws, provider=services.engine().provider)
    services.engine().look()
    studio.until_idle()
    return made


def _made() -> Review:
    (review,) = services.reviews().listed()
    return review


def _planned(studio: Studio, *words: str, draws: int = 2) -> AppTest:
    return studio.open(RESULTS, experiment=_compared(studio, *words, draws=draws).id)


def test_a_review_is_made_with_what_the_form_says(studio: Studio) -> None:
    tab = _planned(studio, "a red cup", "a blue cup")
    key = "plan_e1"
    tab.pills(key=f"{key}_questions").set_value([Question.PREFERENCE, Question.BRIEF, Question.PUBLISH]).run()
    tab.text_area(key=f"{key}_brief").set_value("For the spring campaign").run()
    tab.number_input(key=f"{key}_people").set_value(7).run()
    tab.radio(key=f"{key}_reveal").set_value(Reveal.OWN_VOTE).run()
    press(tab, "Make the review")

    plan = _made().plan
    assert [asked.kind for asked in plan.questions] == [Question.PREFERENCE, Question.BRIEF, Question.PUBLISH]
    assert (plan.brief, plan.reveal, plan.simulated) == ("For the spring campaign", Reveal.OWN_VOTE, True)
    assert (plan.stop.rule, plan.stop.votes) == (Ends.VOTES, 14)
    assert _made().state is State.DRAFT
    assert tab.query_params["review"] == _made().id


def test_what_cannot_be_asked_is_said_and_nothing_is_made(studio: Studio) -> None:
    tab = _planned(studio, "a red cup", "a blue cup")
    tab.pills(key="plan_e1_questions").set_value([Question.BRIEF]).run()
    assert "Write the brief" in written(tab)
    press(tab, "Make the review")
    assert services.reviews().listed() == []


def test_the_form_says_what_so_few_pairs_can_and_cannot_see(studio: Studio) -> None:
    tab = _planned(studio, "a red cup", "a blue cup")
    assert "at least 6 pairs" in written(tab)
    assert "12 colleagues can only see a" in written(tab)


def test_a_comparison_without_a_whole_pair_cannot_be_asked_about_yet(studio: Studio) -> None:
    services.start()
    services.experiments().start(
        "e1", "Cups", [ImageRequest(prompt="a"), ImageRequest(prompt="b")], draws=1, provider="nobody"
    )
    tab = studio.open(RESULTS, experiment="e1")
    assert "There is no pair to vote on yet" in written(tab)


def test_the_tally_is_hidden_until_the_end_and_then_says_everything_of_three_arms(studio: Studio) -> None:
    tab = press(_planned(studio, "a red cup", "a blue cup", "a green cup"), "Make the review")
    tab = press(tab, "Open for votes")
    review = services.reviews().get(_made().id)
    Panel(taste=Taste(liking=(0, 0, 3), luck=0)).vote(services.reviews(), review, people=6)
    assert "The tally is hidden" in written(tab.run())

    services.reviews().close(review.id)
    said = written(tab.run())
    assert "SIMULATED" in said
    assert "closed by hand" in said or "by hand" in said
    assert all(f"{first} against {second}" in str(tab) for first, second in ("AB", "AC", "BC"))
    assert not tab.exception


@pytest.mark.parametrize("kind", [None, "draft", "closed", "withdrawn", "unknown"])
def test_who_comes_at_the_wrong_time_is_told_so(studio: Studio, kind: str | None) -> None:
    press(_planned(studio, "a red cup", "a blue cup"), "Make the review")
    review = _made()
    if kind in {"closed", "withdrawn"}:
        services.reviews().open(review.id)
    if kind == "closed":
        services.reviews().close(review.id)
    if kind == "withdrawn":
        services.reviews().delete(review.id)
    query = {} if kind is None else {"review": "nothing" if kind == "unknown" else review.id}
    words = {
        None: "through the link",
        "draft": "has not been opened",
        "closed": "is closed",
        "withdrawn": "was withdrawn",
        "unknown": "no review at this address",
    }
    tab = studio.open(VOTE, **query)
    assert words[kind] in written(tab)
    assert not tab.get("form_submit_button")


def test_a_guest_comes_through_the_door_by_name(studio: Studio) -> None:
    press(_planned(studio, "a red cup", "a blue cup"), "Make the review")
    services.reviews().open(_made().id)
    tab = studio.open(VOTE, review=_made().id)
    assert "3 pairs of images" in written(tab)
    assert "red" not in written(tab)
    field = next(field for field in tab.text_input if field.label.startswith("Your name"))
    field.set_value("Ada **bold**")
    press(tab, "Start")

    (reviewer,) = services.reviews().reviewers(_made().id)
    assert reviewer.name == "Ada **bold**"
