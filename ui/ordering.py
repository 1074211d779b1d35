"""The form of Generate as a whole: prompts, settings, how many of each, and what it will cost."""

import streamlit as st

from atlas.models import ImageRequest
from ui import costs, dropped, forms, references
from ui.forms import Order
from ui.text import plain

_KEY = "generate"


def order() -> Order:
    """What a person wants, as it stands in the form; kept across pages."""
    prompt = forms.prompt(_KEY)
    left, right = st.columns(2)
    with left:
        starting = references.chosen()
    with right:
        dropped.settings()
    form, how_many = st.columns([9, 2])
    with form:
        settings = forms.settings(_KEY, references=starting)
    with how_many:
        count = forms.many(_KEY)
    request = ImageRequest(prompt=prompt, model=settings.model, parameters=settings.parameters)
    return Order(requests=(request,), count=count, problems=settings.problems)


def total(wanted: Order) -> None:
    """How many images this makes and what they cost, before they are asked for."""
    if wanted.problem is None:
        images = "1 image" if wanted.images == 1 else f"{wanted.images:,} images"
        st.caption(plain(f"{images}, {costs.in_words(wanted)}."))
