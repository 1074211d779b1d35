"""What a person does in a component of ours, told as numbered entries of an outbox and each believed once.

The browser (outbox.js) repeats an entry until the number it is told back has reached it. Pass an ear's ``name`` and
``heard`` to the component, and what came back to ``hear``: quick keys, interrupted reruns and lost connections then
neither lose an entry nor repeat it.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_OUTBOX = Path(__file__).with_suffix(".js")


@dataclass(kw_only=True)
class Ear:
    """What one component heard so far; a report to another ear, lost with its session, is not for this one."""

    name: str = field(default_factory=lambda: secrets.token_hex(8))
    heard: int = 0

    def hear(self, said: object) -> Iterator[Mapping[str, Any]]:
        """The entries that were not heard yet, in order; each has a ``kind``, and nothing else in it is checked."""
        match said:
            case {"ear": self.name, "entries": [*entries]}:
                yield from filter(self._is_news, entries)

    def _is_news(self, entry: object) -> bool:
        match entry:
            case {"turn": int(turn), "kind": str()} if turn > self.heard:
                self.heard = turn
                return True
        return False


def script(*parts: Path) -> str:
    """These files and outbox.js in one: an inline component has one module, and a build step is more to keep."""
    return "\n".join(part.read_text(encoding="utf-8") for part in (*parts, _OUTBOX))
