"""Everywhere a picture can take place; importing this package fills the registry."""

from atlas.simulator.painting.scenes import (
    abstract,
    air,
    city,
    courtyard,
    forest,
    indoors,
    market,
    meadow,
    mountains,
    portrait,
    poster,
    street,
    studio,
    water,
)
from atlas.simulator.painting.stage import SCENES

__all__ = [
    "SCENES",
    "abstract",
    "air",
    "city",
    "courtyard",
    "forest",
    "indoors",
    "market",
    "meadow",
    "mountains",
    "portrait",
    "poster",
    "street",
    "studio",
    "water",
]
