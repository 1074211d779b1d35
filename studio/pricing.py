"""What a request will cost, asked once per kind of request and remembered: a page never waits long for it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import replace
from typing import Protocol

from atlas.errors import AtlasError
from atlas.models import ImageRequest
from atlas.prices import Estimate
from studio.references import addressed, hashes
from studio.store import encoded

_KEPT_S = 600
_AGAIN_S = 10  # after a question that failed
_MOST = 500


class Calculator(Protocol):
    """What of AtlasClient is used here."""

    def calculate(self, request: ImageRequest) -> Estimate: ...


class Pricing:
    """Estimates per model and parameters: the prompt hardly counts, and is not asked about twice."""

    def __init__(self, calculator: Calculator, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._calculator = calculator
        self._clock = clock
        self._asked: dict[tuple[str, str], tuple[float, Future[Estimate | None]]] = {}
        self._lock = threading.Lock()
        self._workers = ThreadPoolExecutor(2, thread_name_prefix="pricing")

    def stop(self) -> None:
        self._workers.shutdown(wait=False, cancel_futures=True)

    def estimate(self, request: ImageRequest, *, patience_s: float = 0.4) -> Estimate | None:
        """USD for one image; None while the answer is on its way, or when there is none."""
        try:
            return self._answer(request).result(patience_s)
        except NotYet:
            return None

    def _answer(self, request: ImageRequest) -> Future[Estimate | None]:
        # Only their number counts, and the names that pictures have here are nobody else's business.
        pictures = {sha256: f"https://example.com/{n}.png" for n, sha256 in enumerate(hashes(request.parameters))}
        request = replace(request, parameters=addressed(request.parameters, pictures))
        kind = (request.model, encoded(request.parameters))
        with self._lock:
            at, answer = self._asked.get(kind, (float("-inf"), None))
            failed = answer is not None and answer.done() and answer.result() is None
            if answer is None or self._clock() - at > (_AGAIN_S if failed else _KEPT_S):
                while len(self._asked) >= _MOST:
                    del self._asked[next(iter(self._asked))]
                answer = self._workers.submit(self._ask, request)
                self._asked[kind] = (self._clock(), answer)
            return answer

    def _ask(self, request: ImageRequest) -> Estimate | None:
        try:
            return self._calculator.calculate(request)
        except (AtlasError, ValueError):
            return None  # then the catalogue's “from” price is shown
