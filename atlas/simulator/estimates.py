"""What a job costs and, in a demo, how long it takes."""

import hashlib
from decimal import Decimal
from typing import Any

from atlas.simulator.catalogue import Model
from atlas.simulator.sizes import Size

# gpt-image-1.5 at 1024x1024: low, medium, high are about 0.009, 0.034, 0.133 USD; base_price is the first (section 8).
_QUALITY_FACTOR = {"low": Decimal(1), "medium": Decimal(4), "high": Decimal(15)}
_SAME_QUALITY = {"xhigh": "high", "max": "high"}
_QUALITY_SECONDS = {"low": 3.6, "medium": 4.4, "high": 5.2}


def price(model: Model, parameters: dict[str, Any], *, images: int, size: Size, side: str = "actual") -> str | None:
    """USD as a decimal string; None where the catalogue names no price. ``side`` is ``actual`` or ``origin``."""
    base = model.price.get(side, model.price.get("actual"))
    if base is None:
        return None
    each = Decimal(base) * _options(model, parameters)
    if model.priced_by_quality:
        area = Decimal(size[0] * size[1]) / (1024 * 1024)
        each *= _QUALITY_FACTOR[quality(model, parameters)] * max(area, Decimal(1)) * _references(parameters)
    billed = 1 if model.price.get("unit") == "generation" else images
    return f"{(each * billed).quantize(Decimal('0.000001')).normalize():f}"


def quality(model: Model, parameters: dict[str, Any]) -> str:
    """The quality asked for, or the model's own, in one of the three words that the painters know."""
    asked = str(parameters.get("quality", model.default("quality")))
    return asked if asked in _QUALITY_FACTOR else _SAME_QUALITY.get(asked, "medium")


def _options(model: Model, parameters: dict[str, Any]) -> Decimal:
    """What the options that cost extra multiply the price by."""
    factor = Decimal(1)
    for option, times in model.factors.items():
        name, _, value = option.partition("=")
        if str(parameters.get(name, model.default(name))).lower() == value:
            factor *= Decimal(times)
    return factor


def _references(parameters: dict[str, Any]) -> Decimal:
    """The first source image is free; each further one adds a sixth (0.06, 0.07, ... in section 8)."""
    images = parameters.get("images")
    further = len(images) - 1 if isinstance(images, list) and images else 0
    return 1 + Decimal(further) / 6


def demo_seconds(quality: str, size: Size, *, token: str) -> float:
    """Between 3 and 7 seconds: more for quality and size, give or take 20 % that depends on ``token`` alone."""
    larger = min(size[0] * size[1] / (1024 * 1024), 2.0) - 1.0
    jitter = 0.8 + 0.4 * hashlib.sha256(token.encode()).digest()[0] / 255
    return round((_QUALITY_SECONDS[quality] + 0.4 * max(larger, 0.0)) * jitter, 3)
