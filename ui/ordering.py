"""The form of Generate as a whole: prompts, settings, how many of each, and what it will cost."""

import streamlit as st

from atlas.language import trn
from atlas.models import ImageRequest
from ui import costs, dropped, forms, masks, models, prompting, references, services, styling
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
        listing = st.container()
        starting = references.chosen(_KEY)
        mask = masks.chosen(_KEY)
    with main:
        form, how_many = st.columns([9, 2])
        with form:
            settings = forms.settings(_KEY, references=starting)
        with how_many:
            count = forms.many(_KEY)
    with right:
        style = styling.styles(_KEY, services.presets(), schema=models.schema(settings.model))
        sent = [style.on(each) for each in prompts]
        prompting.sent(prompt, sent)
        dropped.settings()
    with listing:
        prompting.numbered(sent, _KEY)
    parameters = {**settings.parameters, **mask}
    requests = tuple(ImageRequest(prompt=each, model=settings.model, parameters=parameters) for each in sent)
    return Order(requests=requests, count=count, problems=settings.problems)


def total(wanted: Order) -> None:
    """How many images this makes and what they cost, before they are asked for."""
    if wanted.problem is None:
        images = trn("{count:,} image", "{count:,} images", wanted.images)
        costs.line(wanted, lambda price: plain(costs.told(images, price)), key=_KEY)
