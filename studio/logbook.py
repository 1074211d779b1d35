"""What happens to generations, said once per step in the log and counted for whoever watches the process.

Prompts and the provider's own words stay out of both.
"""

import logging
import re
import time

from atlas.errors import AtlasError
from atlas.models import Prediction
from studio import logs
from studio.generations import Generation, State
from studio.meters import Counter, Family, Histogram

log = logging.getLogger(__name__)

_OF_ONE = re.compile(r"(/prediction)/.*")


class Logbook:
    """Of one process: every journey and every call writes into it."""

    def __init__(self) -> None:
        self._submits = Counter("studio_submits_total", "Submits to the provider, by what came of them.", ["outcome"])
        self._ended = Counter(
            "studio_generations_ended_total", "Generations that ended here, by state and reason.", ["state", "reason"]
        )
        self._stored = Histogram("studio_generation_seconds", "Seconds from the submit to the stored image.")
        self._calls = Histogram(
            "studio_call_seconds", "Seconds of every call to the provider.", ["endpoint", "outcome"]
        )
        self._pages = Counter("studio_page_errors_total", "Runs of a page that ended by an error.", ["reason"])

    def sent(self, generation: Generation) -> None:
        """Just before the POST."""
        cost = "" if generation.estimate is None else f", expected to cost ${generation.estimate}"
        log.info("sent to %s: %s%s", generation.provider, generation.model, cost)

    def answered(self, error: AtlasError | None = None) -> None:
        """What came back from the POST: a prediction, or this."""
        self._submits.add(type(error).__name__ if error else "accepted")

    def identified(self, prediction: Prediction) -> None:
        """The number that the provider gave, with the answer or later."""
        logs.also(prediction=prediction.id, request=prediction.request_id)
        log.info("accepted by the provider")

    def completed(self, generation: Generation, prediction: Prediction, images: int) -> None:
        seconds = time.time() - (generation.submitted or generation.created) / 1000
        self._ended.add(State.COMPLETED, "")
        self._stored.add(seconds)
        cost = "at an unknown cost" if prediction.price is None else f"for ${prediction.price}"
        log.info("completed after %.1f s with %d image%s, %s", seconds, images, "s" * (images != 1), cost)

    def ended(self, generation: Generation, state: State, error: AtlasError | None) -> None:
        """Without an image: somebody should look at it."""
        logs.also(request=error.request_id if error else None)
        self._ended.add(state, type(error).__name__ if error else "")
        seconds = time.time() - (generation.submitted or generation.created) / 1000
        log.warning("%s after %.1f s%s", state, seconds, _why(error))

    def called(self, path: str, outcome: str, seconds: float) -> None:
        """One exchange with the provider: ``outcome`` is an HTTP status or the kind of an error."""
        endpoint = _OF_ONE.sub(r"\1", path)
        self._calls.add(seconds, endpoint, outcome)
        log.debug("%s: %s after %.3f s", endpoint, outcome, seconds)

    def page_failed(self, error: Exception) -> None:
        self._pages.add(type(error).__name__)

    def families(self) -> list[Family]:
        meters = (self._submits, self._ended, self._stored, self._calls, self._pages)
        return [meter.family() for meter in meters]


def _why(error: AtlasError | None) -> str:
    if error is None:
        return ""
    return f": {type(error).__name__}" + (f", HTTP {error.code}" if error.code else "")
