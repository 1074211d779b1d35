"""The demo set as it is shipped: what `set.toml` says in words, beside the pictures that were painted from it."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from atlas.models import ImageRequest
from studio.experiments import LABELS
from studio.generations import SIMULATOR, Generation, Picture, Slot, State
from studio.images import GRID, VIEW
from studio.library import Item

MARK = "demo"  # how every name of the set begins; those that the program mints are hexadecimal
_HERE = Path(__file__).parent
PICTURES = _HERE / "pictures"
_APART_MS = 7 * 60_000


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One image of the set, at ``place`` (from 1) of it; ``said`` is its entry in the list."""

    place: int
    slot: Slot
    said: Mapping[str, Any]
    rating: int
    filed: Mapping[str, Any]  # where its folder and tags are told

    @property
    def content(self) -> bytes:
        return (PICTURES / f"{self.place:02}.webp").read_bytes()

    @property
    def previews(self) -> dict[int, bytes]:
        """Made beforehand, because that takes longer than all the rest; what is small enough is its own."""
        return {side: self._preview(side) for side in (GRID, VIEW)}

    def _preview(self, side: int) -> bytes:
        made = PICTURES / f"{self.place:02}.{side}.webp"
        return made.read_bytes() if made.is_file() else self.content

    @property
    def request(self) -> ImageRequest:
        return request_of(self.said)

    def item(self, picture: Picture, *, newest_ms: int, among: int) -> Item:
        """As it stands in the library, when the last of ``among`` samples was made at ``newest_ms``."""
        created = newest_ms - (among - self.place) * _APART_MS
        ended = created + round(1000 * self.said["seconds"] * _luck(self.place))
        return Item(
            generation=Generation(
                id=f"{self.place:016x}{_digest(self.place):016x}",  # older than any other: what people made comes first
                slot=self.slot,
                provider=SIMULATOR,
                model=self.request.model,
                prompt=self.request.prompt,
                parameters=self.request.parameters,
                state=State.COMPLETED,
                created=created,
                submitted=created,
                ended=ended,
                prediction_id=f"{MARK}-{self.place:02}",
                pictures=(picture,),
            ),
            starred=self.said.get("starred", False),
            rating=self.rating,
            folder=self.filed.get("folder"),
            tags=tuple(self.filed.get("tags", ())),
        )


def told() -> Mapping[str, Any]:
    return tomllib.loads((_HERE / "set.toml").read_text(encoding="utf-8"))


def request_of(said: Mapping[str, Any]) -> ImageRequest:
    return ImageRequest(
        prompt=said["prompt"], model=said["model"], parameters={"size": said["size"], "quality": said["quality"]}
    )


def samples(told: Mapping[str, Any]) -> list[Sample]:
    """All images, in the order in which they are painted."""
    drawn = [one for experiment in told["experiments"] for one in _drawn(experiment)]
    alone = [(Slot(run=f"{MARK}{place}"), said, said["rating"], said) for place, said in enumerate(told["images"], 1)]
    return [
        Sample(place=place, slot=slot, said=said, rating=rating, filed=filed)
        for place, (slot, said, rating, filed) in enumerate([*drawn, *alone], 1)
    ]


def _drawn(experiment: Mapping[str, Any]) -> Iterator[tuple[Slot, Mapping[str, Any], int, Mapping[str, Any]]]:
    for number in range(1, experiment["draws"] + 1):
        for label, arm in zip(LABELS, experiment["arms"], strict=False):
            slot = Slot(run=f"{experiment['id']}-{label}", number=number)
            yield slot, arm, _rated(experiment["ratings"], number, label), experiment


def _rated(ratings: Sequence[int], number: int, label: str) -> int:
    """The list says how the draws of the last arm were rated; the others stay without."""
    return ratings[number - 1] if label != LABELS[0] else 0


def _luck(place: int) -> float:
    """No two images take equally long: between 0.85 and 1.15 of the usual."""
    return 0.85 + 0.3 * _digest(place) / 2**64


def _digest(place: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{MARK}{place}".encode()).digest()[:8])
