"""Everything that can stand in a picture; importing this package fills the registry."""

from atlas.simulator.painting.subjects import (
    animals,
    buildings,
    devices,
    fashion,
    food,
    nature,
    people,
    vehicles,
    vessels,
)
from atlas.simulator.painting.subjects.registry import SUBJECTS, Subject

__all__ = [
    "SUBJECTS",
    "Subject",
    "animals",
    "buildings",
    "devices",
    "fashion",
    "food",
    "nature",
    "people",
    "vehicles",
    "vessels",
]
