"""The form of Generate as a whole: prompts, settings, how many of each, what it will cost, and the button.

It is a fragment: whoever fills it in waits for the form alone, and not for the images below it.
"""

import streamlit as st

from atlas.language import tr, trn
from atlas.models import ImageRequest
from ui import costs, dropped, forms, masks, models, notices, prompting, references, services, session, styling
from ui.forms import Order
from ui.text import plain

_KEY = "generate"


@st.fragment(key="order")
def form() -> None:
    """What a press of the button makes is shown by the whole page, which is drawn anew."""
    notices.answered(_form)


def _form() -> None:
    wanted = _order()
    if st.button(
        tr("Generate"),
        type="primary",
        icon=":material/brush:",
        shortcut="Mod+Enter",
        key=f"generate_{session.intent()}",
    ):
        if wanted.problem:
            st.warning(plain(wanted.problem), icon=":material/edit:")
        else:
            session.start_run(wanted.requests, wanted.count, estimate=costs.estimate)
            st.rerun()
    _total(wanted)


def _order() -> Order:
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


def _total(wanted: Order) -> None:
    """How many images this makes and what they cost, before they are asked for."""
    if wanted.problem is None:
        images = trn("{count:,} image", "{count:,} images", wanted.images)
        costs.line(wanted, lambda price: plain(costs.told(images, price)), key=_KEY)
