"""Breaks everything that can be broken, and prints what was tried: `python -m tests.faults`."""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

PROMISES = {
    "test_kill_points": ("P1, P2, P3", "killed at every step of a job's way"),
    "test_provider_faults": ("P1, P2", "everything the simulator can do wrong to a job"),
    "test_local_faults": ("P2, P4", "disks, databases, clocks, held-up processes"),
    "test_clocks": ("P2, P4", "a clock that is set in the middle of work"),
    "test_power_loss": ("P5", "the power fails at every moment"),
    "test_many_processes": ("P1, P2", "four servers on one database, one killed every three seconds"),
    "test_order_on_disk": ("P5", "what reaches the disk, and when"),
    "test_killed_upgrade": ("P10", "killed in the middle of an upgrade"),
}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        options = ["-o", "addopts=", "-o", "junit_family=xunit1", "-q", f"--junitxml={report}", *sys.argv[1:]]
        ended = subprocess.run([sys.executable, "-m", "pytest", *options, "tests/faults"], check=False)
        if report.is_file():
            print("\n".join(table(report)))
    return ended.returncode


def table(report: Path) -> Iterator[str]:
    """Markdown: which promise, what was tried, how often, and the figures the tests told."""
    cases = list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314 - our own file
    yield "| promise | what was tried | faults | failed | skipped | seconds | figures |"
    yield "|---|---|---|---|---|---|---|"
    for module, (promise, words) in PROMISES.items():
        mine = [case for case in cases if case.get("classname", "").endswith(module)]
        told = [f"{one.get('name')} {one.get('value')}" for case in mine for one in case.iter("property")]
        failed = sum(case.find("failure") is not None or case.find("error") is not None for case in mine)
        skipped = sum(case.find("skipped") is not None for case in mine)
        seconds = sum(float(case.get("time", 0)) for case in mine)
        yield f"| {promise} | {words} | {len(mine)} | {failed} | {skipped} | {seconds:.0f} | {', '.join(told)} |"


if __name__ == "__main__":
    sys.exit(main())
