"""An answer in time, also when what is asked does not answer."""

import threading
import time

from studio.readiness import TOO_SLOW, Readiness


def test_what_is_found_is_told_and_found_anew_each_time() -> None:
    found = ["one"]
    readiness = Readiness(lambda: list(found))

    assert readiness.unusable() == ["one"]
    found.clear()
    assert readiness.unusable() == []


def test_a_look_that_hangs_is_not_waited_for_and_not_begun_again() -> None:
    looks, may_end = [], threading.Event()

    def look() -> list[str]:
        looks.append(1)
        assert may_end.wait(10)
        return []

    readiness = Readiness(look, limit_s=0.05)
    began = time.monotonic()
    assert [*readiness.unusable(), *readiness.unusable()] == [TOO_SLOW, TOO_SLOW]
    assert time.monotonic() - began < 2
    assert len(looks) == 1

    may_end.set()
    while readiness.unusable():
        assert time.monotonic() - began < 5
