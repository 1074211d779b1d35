"""The pictures a generation starts from: uploaded, or taken from History; shown, and taken out again."""

from collections.abc import Sequence

import streamlit as st

from studio import references
from studio.generations import Picture, Slot, new_run
from studio.images import GRID, NotAnImage
from ui import forms, models, routes, services, session
from ui.text import one_line, plain

_MOST = 10
_KEY = "generate"


def chosen() -> list[str]:
    """The names of the pictures to start from, in order; with the place to add more."""
    names = session.references()
    with st.expander(f"Reference images ({len(names)})" if names else "Reference images", icon=":material/image:"):
        st.caption(
            "Pictures to start from. They are sent to the provider with the prompt, upright and without metadata."
        )
        st.file_uploader(
            "Add pictures",
            type=["png", "jpg", "jpeg", "webp"],
            accept_multiple_files=True,
            key=session.REFERENCE_FILES,
            on_change=_add,
        )
        if names:
            _shown(names)
    if names:
        _suited()
    return names


def take(picture: Picture) -> None:
    """Start from this picture of History, with a model that can."""
    _keep(picture)
    model = session.form_model(_KEY, models.DEFAULT)
    if models.schema(model).reference is None:
        twin = models.edit_twin(model)
        if twin:
            forms.choose_model(_KEY, twin.id)


def _add() -> None:
    for name, content in session.new_reference_files():
        try:
            picture = services.files().keep(content)
        except NotAnImage as trouble:
            st.toast(f"{one_line(name)} is no usable image: {plain(str(trouble))}.", icon=":material/error:")
            continue
        services.store().add_picture(name, picture, Slot(run=f"upload{new_run()}"))
        _keep(picture)


def _keep(picture: Picture) -> None:
    if not session.add_reference(references.name_of(picture), most=_MOST):
        st.toast(f"There are {_MOST} reference images already. Take one out first.", icon=":material/info:")


def _shown(names: Sequence[str]) -> None:
    grid = st.grid("auto", min_column_width=120, key="references")
    for place, name in enumerate(names, 1):
        with grid.cell():
            st.image(routes.preview_of(name.removeprefix(references.PREFIX), GRID), alt=f"Reference image {place}")
            st.button("Take out", key=f"without_{name}", on_click=session.remove_reference, args=(name,))


def _suited() -> None:
    """An edit model is offered when the one that is chosen starts from words alone."""
    model = session.form_model(_KEY, models.DEFAULT)
    if models.schema(model).reference is not None:
        return
    twin = models.edit_twin(model)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{plain(models.name_of(model))} starts from words alone.")
        if twin:
            st.button(
                f"Use {plain(twin.name)}",
                key="use_twin",
                on_click=forms.choose_model,
                args=(_KEY, twin.id),
            )
