"""The queue as one person has it: what is theirs, and nothing of what others wait for. The engine works for all."""

from decimal import Decimal

from atlas.language import tr
from atlas.models import ImageRequest
from studio.budget import Budget
from studio.engine import Engine
from studio.generations import Generation
from studio.lookup import Sighting
from studio.people import Person
from studio.store import Store


class OwnQueue:
    """In front of the engine; everything that may cost something raises NotAllowed for somebody who only votes."""

    def __init__(self, engine: Engine, store: Store, viewer: Person) -> None:
        self._engine = engine
        self._store = store.seen_by(viewer)
        self._viewer = viewer

    @property
    def provider(self) -> str:
        return self._engine.provider

    def submit(self, request: ImageRequest, *, key: str, estimate: Decimal | None = None) -> Generation:
        """As Engine.submit."""
        return self._engine.submit(request, key=key, estimate=estimate, viewer=self._viewer)

    def look(self) -> None:
        """As Engine.look."""
        self._viewer.must_make()
        self._engine.look()

    def prediction(self, generation_id: str, /) -> Generation:
        """As Engine.prediction."""
        found = self._engine.prediction(generation_id)
        if not self._viewer.may_see(found.owner):
            raise KeyError(generation_id)
        return found

    def in_flight(self) -> list[Generation]:
        """All of theirs that is unfinished at this provider, oldest first."""
        return self._store.in_flight(provider=self.provider)

    def retry(self, generation: Generation) -> Generation:
        """As Engine.retry. Raises KeyError when it is not theirs."""
        self._viewer.must_make()
        return self._engine.retry(self._store.get(generation.id))

    def check_again(self, generation: Generation) -> Generation:
        """As Engine.check_again. Raises KeyError when it is not theirs."""
        self._viewer.must_make()
        return self._engine.check_again(self._store.get(generation.id))

    def sighting(self, generation: Generation) -> Sighting:
        """As Engine.sighting. Raises KeyError when it is not theirs."""
        return self._engine.sighting(self._store.get(generation.id))

    def link(self, generation: Generation, prediction_id: str) -> Generation:
        """As Engine.link; only a host may name a job that the provider's list does not show for this very prompt.

        Raises KeyError when it is not theirs.
        """
        self._viewer.must_make()
        lost = self._store.get(generation.id)
        if not self._viewer.sees_all and prediction_id not in {run.id for run in self.sighting(lost).runs}:
            raise ValueError(tr("The list of Atlas Cloud does not show this request as yours. Ask a host to link it."))
        return self._engine.link(lost, prediction_id)

    def not_charged(self, generation: Generation) -> Generation:
        """As Engine.not_charged. Raises KeyError when it is not theirs."""
        self._viewer.must_make()
        return self._engine.not_charged(self._store.get(generation.id))

    def budget(self) -> Budget | None:
        """As Engine.budget: one for everybody."""
        self._viewer.must_make()
        return self._engine.budget()

    def usual_seconds(self, request: ImageRequest) -> float | None:
        """As Engine.usual_seconds: learned from what everybody made."""
        self._viewer.must_make()
        return self._engine.usual_seconds(request)
