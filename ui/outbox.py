"""What a person does in a component of ours, told as numbered entries of an outbox and each believed once.

The browser (outbox.js) repeats an entry until the number it is told back has reached it. Pass an ear's ``name`` and
``heard`` to the component, and what came back to ``hear``: quick keys, interrupted reruns and lost connections then
lose no entry, and repeat none that was dealt with to its end.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ui import spelling

_OUTBOX = Path(__file__).with_suffix(".js")
_Said = TypeVar("_Said")


@dataclass(kw_only=True)
class Ear:
    """What one component heard so far; a report to another ear, lost with its session, is not for this one."""

    name: str = field(default_factory=lambda: secrets.token_hex(8))
    heard: int = 0

    def hear(self, said: object) -> Iterator[Mapping[str, Any]]:
        """The entries that were not heard yet, in order; each has a ``kind``, and nothing else in it is checked.

        An entry is heard when the next is asked for, so deal with each inside the loop: a rerun can end a script
        wherever it touches Streamlit, and the one it was at then comes again.
        """
        match said:
            case {"ear": self.name, "entries": [*entries]}:
                for entry in entries:
                    match entry:
                        case {"turn": int(turn), "kind": str()} if turn > self.heard:
                            yield entry
                            self.heard = turn


def dealt_with(said: Iterable[_Said], deal: Callable[[_Said], None]) -> bool:
    """Deals with each in turn; whether there was anything."""
    something = False
    for one in said:
        deal(one)
        something = True
    return something


def script(*parts: Path) -> str:
    """These files, outbox.js and spelling.js in one."""
    return spelling.script(*parts, _OUTBOX)
