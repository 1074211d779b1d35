"""Which models can be asked for an image and what each accepts (atlas-api.md §14).

A model is a row. What a row does not list is never sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

_THREE_SIZES = ("1024x1024", "1024x1536", "1536x1024")
_THREE_QUALITIES = ("low", "medium", "high")


@dataclass(frozen=True, kw_only=True)
class Model:
    """One model: its full id, and the values its parameters may take, the default of each named."""

    id: str
    name: str
    sizes: Sequence[str] = _THREE_SIZES
    default_size: str = "1024x1024"
    qualities: Sequence[str] = field(default=_THREE_QUALITIES)
    default_quality: str = "medium"
    floor: Decimal | None = None  # USD for the cheapest image, a list price of 2026-09 (atlas-api.md §8)


MODELS = (
    Model(id="openai/gpt-image-1.5/text-to-image", name="GPT Image 1.5", floor=Decimal("0.008")),
    Model(
        id="openai/gpt-image-2/text-to-image",
        name="GPT Image 2",
        floor=Decimal("0.008"),
        sizes=(
            "1024x768",
            "768x1024",
            *_THREE_SIZES,
            "2560x1440",
            "1440x2560",
            "3840x2160",
            "2160x3840",
        ),
    ),
    Model(id="openai/gpt-image-1/text-to-image", name="GPT Image 1"),
    Model(id="openai/gpt-image-1-mini/text-to-image", name="GPT Image 1 Mini", floor=Decimal("0.004")),
)


def floor_price(model_id: str) -> Decimal | None:
    """USD that the cheapest image of this model costs; None where it is not known, and then never zero."""
    return next((model.floor for model in MODELS if model.id == model_id), None)


def name_of(model_id: str) -> str:
    """The name people know a model by; its id where we have none."""
    return next((model.name for model in MODELS if model.id == model_id), model_id)
