"""``python -m atlas.simulator``: the simulator in the foreground, until Ctrl-C or SIGTERM."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from atlas.hosts import is_loopback
from atlas.simulator.server import PortTaken, Simulator


def main(arguments: list[str] | None = None) -> int:
    """Serves until told to stop; the exit code."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.control and not is_loopback(asked.host):
        parser.error("--control is for this machine only; leave it out, or use --host 127.0.0.1")
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    simulator = Simulator(
        host=asked.host,
        port=asked.port,
        latency=asked.latency,
        strict=asked.strict,
        control=asked.control,
        journal=asked.journal,
    )
    try:
        simulator.start()
    except PortTaken as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print(f"Atlas Cloud simulator: {simulator.url}", flush=True)
    told.wait()
    simulator.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m atlas.simulator", description="Atlas Cloud's image API, simulated."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--latency", type=float, metavar="SECONDS", help="how long every job takes (default: 3 to 7)")
    parser.add_argument("--strict", action="store_true", help="refuse unknown fields and wrong values with 400")
    parser.add_argument("--control", action="store_true", help="offer the request log and scripted faults below /_sim")
    parser.add_argument("--journal", type=Path, metavar="FILE", help="remember jobs across restarts")
    return parser


if __name__ == "__main__":
    sys.exit(main())
