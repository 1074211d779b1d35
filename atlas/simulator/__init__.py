"""The image API of Atlas Cloud on this machine: the demo without a key, the tests' provider, the contract in code."""

from atlas.simulator.keys import KeyMode
from atlas.simulator.server import PortTaken, Simulator

__all__ = ["KeyMode", "PortTaken", "Simulator"]
