"""How many tabs look at what goes on, by a clock of the test's own."""

from ui.audience import Audience


def test_a_tab_that_looks_often_counts_once() -> None:
    audience = Audience(clock=lambda: 0.0)

    assert [audience.count("one"), audience.count("one"), audience.count("other")] == [1, 1, 2]


def test_a_tab_that_was_closed_is_forgotten() -> None:
    now = [0.0]
    audience = Audience(clock=lambda: now[0])
    audience.count("closed")

    now[0] = 9.0
    assert audience.count("open") == 2
    now[0] = 11.0
    assert audience.count("open") == 1
