"""Live rooms: a short code that leads to a review for as long as its host keeps the room open.

A room is a matter of the hour, so it lives in the memory of the process that opened it: a restart ends all of them.
The votes are in the review, and outlive the room. Guessing is refused before it could find anything.
"""

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from atlas.language import tr

LENGTH = 6
LETTERS = "BCDFGHJKMNPRSTVWXZ"  # no vowels, so no words; nothing that looks like a digit or like another letter
WRONG_EACH = 20  # wrong codes from one address in WINDOW_S
WRONG_ALL = 400  # and from all of them together, so that many addresses find no more
WINDOW_S = 300.0


class Guessing(Exception):
    """Too many wrong codes came from there; the text says what to do."""


@dataclass(frozen=True, kw_only=True)
class Room:
    code: str
    review: str  # its id

    @property
    def spelled(self) -> str:
        """In two halves, as people read it out."""
        return f"{self.code[: LENGTH // 2]} {self.code[LENGTH // 2 :]}"


class Rooms:
    """All rooms that are open; ``clock`` in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._by_code: dict[str, Room] = {}
        self._wrong: deque[tuple[float, str]] = deque()  # when, and from where; never more than WRONG_ALL

    def open(self, review_id: str) -> Room:
        """The room of this review, with a new code if it had none."""
        with self._lock:
            known = self._of(review_id)
            if known:
                return known
            room = Room(code=self._new_code(), review=review_id)
            self._by_code[room.code] = room
            return room

    def of(self, review_id: str) -> Room | None:
        with self._lock:
            return self._of(review_id)

    def close(self, review_id: str) -> None:
        """Its code leads nowhere any more."""
        with self._lock:
            room = self._of(review_id)
            if room:
                del self._by_code[room.code]

    def find(self, typed: str, *, address: str) -> Room | None:
        """The room of a code as somebody at ``address`` typed it. Raises Guessing, also for the right code."""
        code = "".join(typed.split()).replace("-", "").upper()
        with self._lock:
            self._refuse_guessing(address)
            room = self._by_code.get(code)
            if room is None:
                self._wrong.append((self._clock(), address))
            return room

    def _of(self, review_id: str) -> Room | None:
        return next((room for room in self._by_code.values() if room.review == review_id), None)

    def _new_code(self) -> str:
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
            if code not in self._by_code:
                return code

    def _refuse_guessing(self, address: str) -> None:
        since = self._clock() - WINDOW_S
        while self._wrong and self._wrong[0][0] <= since:
            self._wrong.popleft()
        own = sum(known == address for _, known in self._wrong)
        if own >= WRONG_EACH or len(self._wrong) >= WRONG_ALL:
            raise Guessing(tr("Too many wrong codes. Wait five minutes, or ask the host for the link."))
