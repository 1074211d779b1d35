"""docs/reliability.md is true: every test and every file that it names is there."""

import re

from tests.serving import CHECKOUT


def test_every_test_and_file_that_the_promises_name_is_there() -> None:
    document = (CHECKOUT / "docs" / "reliability.md").read_text(encoding="utf-8")
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", document))
    files = set(re.findall(r"`([\w./]+\.(?:py|md))`", document))

    assert len(named) > 30
    assert {name for name in named if f"def {name}(" not in tests} == set()
    assert {name for name in files if not (CHECKOUT / name).exists()} == set()
