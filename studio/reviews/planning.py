"""From a comparison to the plan of a review."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from studio.experiments import Drawn, Experiment
from studio.generations import SIMULATOR
from studio.reviews.plan import Arm, Pictures
from studio.store import encoded


def arms_of(experiment: Experiment) -> tuple[Arm, ...]:
    return tuple(
        Arm(label=label, model=request.model, prompt=request.prompt, parameters=json.loads(encoded(request.parameters)))
        for label, request in zip(experiment.labels, experiment.arms, strict=True)
    )


def pictures_of(rows: Sequence[Drawn]) -> tuple[Pictures, ...]:
    """The draws of which every arm has an image: a pair is shown whole or not at all."""
    return tuple(
        Pictures(number=row.number, hashes=tuple(one.pictures[0].sha256 for one in row.generations if one))
        for row in rows
        if all(one and one.pictures for one in row.generations)
    )


def is_simulated(rows: Sequence[Drawn]) -> bool:
    return any(one.provider == SIMULATOR for row in rows for one in row.generations if one)


def end_of(day: date, zone: tzinfo) -> int:
    """The last moment of a day in a time zone, in epoch milliseconds."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    return int(midnight.timestamp() * 1000) - 1
