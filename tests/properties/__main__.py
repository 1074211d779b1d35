"""`python -m tests.properties`: tries every property and prints how many inputs each was tried with.

With PROPERTIES=deep in the environment it tries twenty times as many, other ones on every run.
"""

import re
import subprocess
import sys
from typing import Final

_QUIET: Final = ("-o", "addopts=", "-p", "no:cacheprovider", "-q", "-n", "0")
_PROPERTY: Final = re.compile(r"^tests/properties/(\S+):$")
_TRIED: Final = re.compile(r"(\d+) passing, (\d+) failing, and \d+ invalid test cases")


def main() -> int:
    """The exit code of pytest."""
    command = [sys.executable, "-m", "pytest", *_QUIET, "--hypothesis-show-statistics", "tests/properties"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    print(run.stdout.partition("= Hypothesis Statistics")[0] if run.returncode else table(run.stdout))
    return run.returncode


def table(report: str) -> str:
    """One line per property, and the sum."""
    tried: dict[str, int] = {}
    name = ""
    for line in report.splitlines():
        if heading := _PROPERTY.match(line):
            name = heading[1]
        elif counts := _TRIED.search(line):
            tried[name] = tried.get(name, 0) + int(counts[1]) + int(counts[2])
    rows = [f"{count:>8,}  {name.replace('.py::', ': ').replace('_', ' ')}" for name, count in tried.items()]
    return "\n".join([*rows, f"{sum(tried.values()):>8,}  inputs in all"])


if __name__ == "__main__":
    sys.exit(main())
