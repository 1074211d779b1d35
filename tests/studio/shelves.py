"""A library to search in: a few dozen generations, each different in a known way."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import Engine

from atlas.models import Parameters
from studio.generations import Event, Generation, Picture, Slot, State
from studio.library import Item, Library

A_DAY = 86_400_000
BEGIN = 1_767_225_600_000  # 2026-01-01T00:00Z
PICTURE = Picture(sha256="0" * 64, format="png", width=1024, height=1024, bytes=1)


def item(number: int, prompt: str = "a red bicycle", **values: object) -> Item:
    """Generation ``number`` of day ``number``, from 2026-01-01 on; values of the item or the generation."""
    parameters: Parameters = {"size": "1024x1024", "quality": "low"}
    created = BEGIN + number * A_DAY
    generation = Generation(
        id=f"{created:012x}{number:020x}",
        slot=Slot(run=f"run{number}"),
        provider="atlas",
        model="openai/gpt-image-1.5/text-to-image",
        prompt=prompt,
        parameters=parameters,
        state=State.COMPLETED,
        created=created,
        submitted=created,
        ended=created + 1000 * number,
        price=Decimal(number) / 100,
        pictures=(PICTURE,),
    )
    own = {name: value for name, value in values.items() if name in Item.__dataclass_fields__}
    rest = {name: value for name, value in values.items() if name not in own}
    return Item(generation=replace(generation, **rest), **own)  # type: ignore[arg-type]


def fill(engine: Engine, items: Iterable[Item]) -> Library:
    library = Library(engine)
    for each in items:
        assert library.bring_back(each, [Event(at=each.generation.created, what="queued")])
    return library
