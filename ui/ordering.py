"""The form of Generate as a whole: prompts, settings, how many of each, and what it will cost."""

import streamlit as st

from atlas.models import ImageRequest
from ui import costs, dropped, forms, models, prompting, references, services
from ui.forms import Order
from ui.text import plain

_KEY = "generate"


def order() -> Order:
    """What a person wants, as it stands in the form; kept across pages."""
    prompt = forms.prompt(_KEY)
    prompting.help_with(prompt, _KEY)
    main, (left, right) = st.container(), st.columns(2)
    with left:
        prompts = prompting.many(prompt, _KEY)
        starting = references.chosen()
    with main:
        form, how_many = st.columns([9, 2])
        with form:
            settings = forms.settings(_KEY, references=starting)
        with how_many:
            count = forms.many(_KEY)
    with right:
        style = prompting.styles(_KEY, services.presets(), prompt=prompt, schema=models.schema(settings.model))
        dropped.settings()
    requests = tuple(
        ImageRequest(prompt=style.on(each), model=settings.model, parameters=settings.parameters) for each in prompts
    )
    return Order(requests=requests, count=count, problems=settings.problems)


def total(wanted: Order) -> None:
    """How many images this makes and what they cost, before they are asked for."""
    if wanted.problem is None:
        images = "1 image" if wanted.images == 1 else f"{wanted.images:,} images"
        st.caption(plain(f"{images}, {costs.in_words(wanted)}.{costs.left_of_budget()}"))
