"""Forms that become image requests."""

from dataclasses import dataclass

import streamlit as st

from atlas.catalog import MODELS, Model
from atlas.models import ImageRequest

MOST_IMAGES = 8
_SHAPES = {1: "landscape", 0: "square", -1: "portrait"}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person filled in: one request, and how many images of it."""

    request: ImageRequest
    count: int


def order(key: str) -> Order:
    """Prompt, model, size, quality and number of images, as they stand in the form; kept across pages."""
    prompt = st.text_area(
        "Prompt",
        key=f"{key}_prompt",
        height=136,
        placeholder="A perfume bottle on black marble, soft studio light, gold accents",
        persist_state="session",
    )
    which, how_large, how_good, how_many = st.columns([3, 3, 3, 2])
    with which:
        model = _model(key)
    with how_large:
        size = st.selectbox(
            "Size",
            model.sizes,
            index=list(model.sizes).index(model.default_size),
            format_func=shape,
            key=f"{key}_size",
            persist_state="session",
        )
    with how_good:
        quality = st.segmented_control(
            "Quality",
            model.qualities,
            default=model.default_quality,
            required=True,
            format_func=str.capitalize,
            key=f"{key}_quality",
            persist_state="session",
        )
    with how_many:
        count = st.number_input(
            "Images", min_value=1, max_value=MOST_IMAGES, value=1, key=f"{key}_count", persist_state="session"
        )
    return Order(
        request=ImageRequest(
            prompt=prompt or "",
            model=model.id,
            parameters={"size": size or model.default_size, "quality": quality or model.default_quality},
        ),
        count=min(int(count or 1), MOST_IMAGES),
    )


def shape(size: str) -> str:
    """A size as people read it: 1024x1536 is “1024 × 1536, portrait”."""
    width, _, height = size.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        return size
    across, up = int(width), int(height)
    return f"{across} × {up}, {_SHAPES[(across > up) - (across < up)]}"


def _model(key: str) -> Model:
    chosen = st.selectbox(
        "Model", MODELS, format_func=lambda model: model.name, key=f"{key}_model", persist_state="session"
    )
    return chosen if isinstance(chosen, Model) else MODELS[0]
