"""The text format of Prometheus, read as strictly as it is written down."""

import math
import re

from studio.meters import Counter, Histogram, gauge, written
from tests.prometheus import parsed


def test_what_is_counted_is_written_by_the_rules() -> None:
    submits, calls = Counter("submits_total", "Submits.", ["outcome"]), Histogram("call_seconds", "Calls.", ["path"])
    submits.add("accepted")
    submits.add("accepted")
    submits.add('a "quoted"\nword \\')
    for seconds in (0.01, 0.05, 0.3, 9999):
        calls.add(seconds, "/x")

    found = parsed(written([submits.family(), calls.family(), gauge("age_seconds", "Age.", [((), 1.5)])]))

    assert found['submits_total{outcome="accepted"}'] == 2
    assert found['submits_total{outcome="a \\"quoted\\"\\nword \\\\"}'] == 1
    assert found['call_seconds_bucket{path="/x",le="0.05"}'] == 2
    assert found['call_seconds_bucket{path="/x",le="600"}'] == 3
    assert found['call_seconds_bucket{path="/x",le="+Inf"}'] == found['call_seconds_count{path="/x"}'] == 4
    assert math.isclose(found['call_seconds_sum{path="/x"}'], 9999.36)
    assert found["age_seconds"] == 1.5


def test_what_has_no_labels_begins_at_nothing() -> None:
    assert parsed(written([Histogram("x_seconds", "X.").family()]))["x_seconds_count"] == 0
    assert re.search(r"^errors_total 0$", written([Counter("errors_total", "Errors.").family()]), re.MULTILINE)
