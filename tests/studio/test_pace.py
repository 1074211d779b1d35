"""When the engine looks again."""

import pytest

from studio.pace import Experience, Pace

GIVE = 0.11  # jitter is ten per cent


def test_without_experience_looks_start_early_and_never_get_further_apart_than_the_ceiling() -> None:
    gaps = [Pace().next_look(elapsed=0, looks=looks) for looks in range(10)]

    assert gaps[0] == pytest.approx(1.5, rel=GIVE)
    assert gaps[-1] == pytest.approx(5.0, rel=GIVE)


def test_with_experience_the_first_look_is_when_the_first_of_several_may_be_done() -> None:
    pace = Pace().learned([4.0, 4.4, 5.0])

    assert 4.0 < pace.next_look(elapsed=0, looks=0) < 4.4


def test_after_that_looks_are_close_together() -> None:
    pace = Pace().learned([4.0, 4.4, 5.0])

    assert pace.next_look(elapsed=4.1, looks=1) == pytest.approx(pace.closest, rel=GIVE)


def test_the_more_times_differ_the_further_apart_are_the_looks() -> None:
    pace = Pace().learned([4.0, 8.0, 12.0])

    assert pace.next_look(elapsed=4.1, looks=1) == pytest.approx(4 / 3, rel=GIVE)


def test_far_beyond_the_usual_time_they_get_further_apart_again() -> None:
    pace = Pace().learned([4.0, 4.4, 5.0])

    assert pace.next_look(elapsed=60, looks=20) == pytest.approx(5.0, rel=GIVE)


def test_a_long_job_is_still_looked_at_every_few_seconds() -> None:
    assert Pace().learned([60.0]).next_look(elapsed=0, looks=0) <= 5.0


def test_trouble_makes_the_pauses_longer_up_to_half_a_minute() -> None:
    pauses = [Pace().after_trouble(troubles) for troubles in range(1, 20)]

    assert pauses[0] == pytest.approx(1.95, rel=GIVE)
    assert pauses[-1] == pytest.approx(30, rel=GIVE)


def test_experience_is_of_the_last_twenty_jobs_of_a_kind() -> None:
    experience = Experience()

    for seconds in range(25):
        experience.add("low", float(seconds))
    experience.add("high", 60.0)

    assert experience.of("low") == [float(seconds) for seconds in range(5, 25)]
    assert experience.of("high") == [60.0]
    assert experience.of("medium") == []
