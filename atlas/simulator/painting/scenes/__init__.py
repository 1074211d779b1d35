"""Everywhere a picture can take place; importing this package fills the registry."""

from atlas.simulator.painting.scenes import abstract, air, indoors, landscape, studio, town, water
from atlas.simulator.painting.stage import SCENES

__all__ = ["SCENES", "abstract", "air", "indoors", "landscape", "studio", "town", "water"]
