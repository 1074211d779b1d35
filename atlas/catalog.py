"""Which models can be asked for an image, and what each accepts: the live catalogue (atlas-api.md §6, §7).

A model is a row. What its schema does not list is never sent.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol

from atlas import builtin
from atlas.errors import AtlasError
from atlas.language import later, tr
from atlas.lastgood import PATIENCE_S, LastGood
from atlas.openapi import schema_of
from atlas.reading import Json
from atlas.rows import Kind, Model, TextModel, models_of, text_models_of
from atlas.schema import Schema

__all__ = ["MODELS", "Catalogue", "Kind", "Model", "TextModel", "name_of"]

MODELS = models_of(builtin.rows())  # until the first catalogue has come

_GHOST = later("Atlas Cloud lists this model, but it is not available to this account. Choose another model.")


class _Listed(NamedTuple):
    """What was told last, and of what."""

    found: tuple[Model, ...]
    ghosts: dict[str, int]
    renewals: int
    told: tuple[Model, ...]


class Library(Protocol):
    """The calls of AtlasClient that a catalogue makes."""

    @property
    def base_url(self) -> str: ...
    def catalogue(self) -> list[Json]: ...
    def document(self, address: str, /) -> dict[str, Json]: ...


class Catalogue:
    """The models and their forms, never waited for longer than ``patience_s``; threads may share it.

    ``folder`` keeps the last good copies. ``clock`` is in seconds.
    """

    def __init__(
        self,
        client: Library,
        folder: Path,
        *,
        patience_s: float = PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._folder = folder
        self._patience_s = patience_s
        self._clock = clock
        self._rows = LastGood(
            fetch=client.catalogue, read=_checked, path=folder / "catalogue.json", source=client.base_url, clock=clock
        )
        self._schemas: dict[str, LastGood[Schema]] = {}
        self._ghosts: dict[str, int] = {}  # and which fetched list each of them was in
        self._listed = _Listed((), {}, -1, ())
        self._lock = threading.Lock()

    @property
    def trouble(self) -> AtlasError | None:
        """Why the models shown may be old; None while they are not."""
        return self._rows.trouble

    def models(self) -> tuple[Model, ...]:
        """What can be chosen, in the order of the catalogue."""
        return tuple(model for model in self.listed() if model.is_offered)

    def listed(self) -> tuple[Model, ...]:
        """Every image model, also those that are hidden or cannot be used; these say why not.

        The very same tuple while nothing has changed.
        """
        found = self._read()[0]
        now, ghosts, last = self._rows.renewals, self._ghosts, self._listed
        if last.found is not found or last.ghosts is not ghosts or last.renewals != now:
            told = tuple(replace(model, why_not=_GHOST) if ghosts.get(model.id) == now else model for model in found)
            self._listed = last = _Listed(found, ghosts, now, told)
        return last.told

    def text_models(self) -> tuple[TextModel, ...]:
        """The models that can be asked for a better prompt."""
        return self._read()[1]

    def find(self, model_id: str) -> Model | None:
        """The model of exactly this id: names that look alike are different models."""
        return next((model for model in self.listed() if model.id == model_id), None)

    def edit_twin(self, model: Model) -> Model | None:
        """The model of the same family that changes pictures; the model itself where it does, None where none does."""
        if model.kind is Kind.EDIT:
            return model
        family = [other for other in self.models() if other.kind is Kind.EDIT and other.family == model.family]
        by_id = {other.id: other for other in family}
        for twin in _twin_ids(model.id):
            if twin in by_id:
                return by_id[twin]
        return min(family, key=lambda other: (len(other.id), other.id), default=None)

    def schema(self, model_id: str) -> Schema:
        """What the model accepts; a prompt alone where nobody knows more."""
        deadline = time.monotonic() + self._patience_s
        model = self.find(model_id)
        if model is None or not model.schema:
            return builtin.schema(model_id)
        known = self._schema_at(model).value(patience_s=max(0.0, deadline - time.monotonic()))
        return known or builtin.schema(model_id)

    def refresh(self) -> bool:
        """Fetch the models now; True when that worked in time."""
        return self._rows.refresh(patience_s=self._patience_s)

    def mark_ghost(self, model_id: str) -> None:
        """A submit to this model was answered with “not found”: not offered until the list comes anew (§6)."""
        with self._lock:
            self._ghosts = {**self._ghosts, model_id: self._rows.renewals}

    def _read(self) -> tuple[tuple[Model, ...], tuple[TextModel, ...]]:
        return self._rows.value(patience_s=self._patience_s) or (MODELS, ())

    def _schema_at(self, model: Model) -> LastGood[Schema]:
        with self._lock:
            if model.schema not in self._schemas:
                name = hashlib.sha256(model.schema.encode()).hexdigest()[:32]
                self._schemas[model.schema] = LastGood(
                    fetch=lambda: self._client.document(model.schema),
                    read=_readable,
                    path=self._folder / "schemas" / f"{name}.json",
                    source=model.schema,
                    clock=self._clock,
                )
            return self._schemas[model.schema]


def name_of(model_id: str) -> str:
    """The name people know a built-in model by; its id where we have none."""
    return next((model.name for model in MODELS if model.id == model_id), model_id)


def _checked(rows: Json) -> tuple[tuple[Model, ...], tuple[TextModel, ...]]:
    """The models in the rows. Raises ValueError where there is none: an empty list would hide a good copy."""
    found = models_of(rows) if isinstance(rows, list) else ()
    if not found:
        raise ValueError(tr("the catalogue holds no image model"))
    return found, text_models_of(rows)


def _readable(document: Json) -> Schema:
    """The schema in a file. Raises ValueError where it describes no form."""
    schema = schema_of(document)
    if schema.raw:
        raise ValueError(tr("the file describes no form"))
    return schema


def _twin_ids(model_id: str) -> Sequence[str]:
    """The ids an edit model of the same kind would have: same tail, then none (text-to-image-plus, edit-plus)."""
    head, _, last = model_id.rpartition("/")
    return (
        f"{head}/{last.replace('text-to-image', 'edit')}",
        f"{head}/edit-{last}",
        f"{model_id}/edit",
    )
