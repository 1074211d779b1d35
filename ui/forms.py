"""Forms that become image requests."""

from dataclasses import dataclass

import streamlit as st

from atlas.catalog import MODELS, Model
from atlas.models import ImageRequest, Parameters
from studio.experiments import LABELS

MOST_IMAGES = 8
_SHAPES = {1: "landscape", 0: "square", -1: "portrait"}


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a person filled in: one request or more, and how many images of each."""

    requests: tuple[ImageRequest, ...]
    count: int

    @property
    def problem(self) -> str | None:
        """Why this cannot be run, as a sentence; None when it can."""
        named = zip(LABELS, self.requests, strict=False)
        lead = len(self.requests) > 1
        return next(
            (f"Prompt {label}: {it.problem}" if lead else it.problem for label, it in named if it.problem), None
        )


def order(key: str) -> Order:
    """Prompt, settings and number of images, as they stand in the form; kept across pages."""
    prompt = st.text_area(
        "Prompt",
        key=f"{key}_prompt",
        height=136,
        placeholder="A perfume bottle on black marble, soft studio light, gold accents",
        persist_state="session",
    )
    form, how_many = st.columns([9, 2])
    with form:
        model, parameters = settings(key, "")
    with how_many:
        count = st.number_input(
            "Images", min_value=1, max_value=MOST_IMAGES, value=1, key=f"{key}_count", persist_state="session"
        )
    request = ImageRequest(prompt=prompt or "", model=model, parameters=parameters)
    return Order(requests=(request,), count=min(int(count or 1), MOST_IMAGES))


def settings(key: str, suffix: str, *, narrow: bool = False) -> tuple[str, Parameters]:
    """Model id and its parameters; ``suffix`` tells the labels of several such forms apart."""
    places = [st.container() for _ in range(3)] if narrow else st.columns(3)
    with places[0]:
        model = _model(key, suffix)
    with places[1]:
        size = st.selectbox(
            f"Size{suffix}",
            model.sizes,
            index=list(model.sizes).index(model.default_size),
            format_func=shape,
            key=f"{key}_size",
            persist_state="session",
        )
    with places[2]:
        quality = st.segmented_control(
            f"Quality{suffix}",
            model.qualities,
            default=model.default_quality,
            required=True,
            format_func=str.capitalize,
            key=f"{key}_quality",
            persist_state="session",
        )
    return model.id, {"size": size or model.default_size, "quality": quality or model.default_quality}


def shape(size: str) -> str:
    """A size as people read it: 1024x1536 is “1024 × 1536, portrait”."""
    width, _, height = size.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        return size
    across, up = int(width), int(height)
    return f"{across} × {up}, {_SHAPES[(across > up) - (across < up)]}"


def _model(key: str, suffix: str) -> Model:
    chosen = st.selectbox(
        f"Model{suffix}", MODELS, format_func=lambda model: model.name, key=f"{key}_model", persist_state="session"
    )
    return chosen if isinstance(chosen, Model) else MODELS[0]
