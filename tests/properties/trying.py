"""How hard a property is tried: the same inputs on every run, or with ``PROPERTIES=deep`` many more and new ones."""

import os
from typing import Final

from hypothesis import HealthCheck, Phase, settings

DEEP: Final = os.environ.get("PROPERTIES") == "deep"
_PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def tries(usual: int, *, steps: int = 50, is_slow: bool = False) -> settings:
    """``usual`` inputs, twenty times as many when deep; ``steps`` of a state machine in each.

    A failing input of a slow property is made smaller only when deep: that can take minutes.
    """
    return settings(
        max_examples=usual * (20 if DEEP else 1),
        stateful_step_count=steps,
        derandomize=not DEEP,
        print_blob=DEEP,
        database=None,
        phases=[*_PHASES, *([] if is_slow and not DEEP else [Phase.shrink])],
        deadline=None,
        suppress_health_check=_SLOW,
    )
