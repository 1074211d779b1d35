"""Long work that somebody started and may leave: an export, an import, a backup; with progress, and a way to stop."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from atlas.language import region, speaking, tr
from studio.people import Viewed

_LOG = logging.getLogger(__name__)
_REMEMBERED = 50

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(kw_only=True)
class Errand:
    """Work under way, or ended: then it has a ``result``, or a ``problem`` in one sentence, or was cancelled."""

    id: str
    name: str
    owner: str = ""  # the id of a person
    done: int = 0
    total: int = 0
    result: object = None
    problem: str = ""
    ended: bool = False
    begun: float = field(default_factory=time.monotonic)
    _unwanted: threading.Event = field(default_factory=threading.Event)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun

    @property
    def remaining(self) -> float | None:
        """Seconds that it will still take at the pace so far; None while that is not known."""
        return self.seconds * (self.total - self.done) / self.done if self.done and self.seconds > 1 else None

    @property
    def is_cancelled(self) -> bool:
        return self._unwanted.is_set()

    def cancel(self) -> None:
        self._unwanted.set()

    def report(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class Errands(Viewed):
    """All errands of this process, one thread each; forgotten with the process."""

    def __init__(self) -> None:
        self._errands: dict[str, Errand] = {}
        self._lock = threading.Lock()

    def begin(
        self, name: str, work: Callable[[Progress, Cancelled], object], *, expected: tuple[type[Exception], ...]
    ) -> Errand:
        """Start the work; ``expected`` are the exceptions whose text is a sentence for a person. Raises NotAllowed."""
        self._viewer.must_make()
        errand = Errand(id=secrets.token_hex(8), name=name, owner=self._viewer.id)
        with self._lock:
            self._errands[errand.id] = errand
            for old in [one for one in self._errands.values() if one.ended][:-_REMEMBERED]:
                del self._errands[old.id]
        told = region()
        threading.Thread(target=_run, args=(errand, work, expected, told), name=f"errand {name}", daemon=True).start()
        return errand

    def get(self, errand_id: str) -> Errand | None:
        found = self._errands.get(errand_id)
        return found if found and self._viewer.may_see(found.owner) else None

    def stop(self, *, limit_s: float = 5) -> None:
        """Tell all of them that they are not wanted any more, and wait a little until they heard it. For hosts."""
        self._viewer.must_host()
        with self._lock:
            errands = list(self._errands.values())
        for errand in errands:
            errand.cancel()
        deadline = time.monotonic() + limit_s
        while not all(errand.ended for errand in errands) and time.monotonic() < deadline:
            time.sleep(0.02)


def _run(
    errand: Errand, work: Callable[[Progress, Cancelled], object], expected: tuple[type[Exception], ...], locale: str
) -> None:
    with speaking(locale):
        _work(errand, work, expected)


def _work(errand: Errand, work: Callable[[Progress, Cancelled], object], expected: tuple[type[Exception], ...]) -> None:
    try:
        errand.result = work(errand.report, lambda: errand.is_cancelled)
    except expected as trouble:
        errand.problem = str(trouble)
    except OSError as trouble:
        errand.problem = tr("A file could not be read or written ({value}). Make room, or try again.").format(
            value=trouble.strerror or trouble
        )
    except Exception:  # noqa: BLE001 - said to the person, with all of it in the log
        _LOG.exception("The errand “%s” failed.", errand.name)
        errand.problem = tr(
            "This failed for a reason that is in the log of the server. Nothing was changed; try again."
        )
    finally:
        errand.ended = True
