"""The mask of a form: a picture that says which part of the reference image is changed."""

import streamlit as st

from atlas.language import later, tr
from atlas.models import ImageRequest, Parameters
from studio import references
from studio.generations import Slot, new_run
from studio.images import GRID, NotAnImage
from ui import models, routes, services, session
from ui.text import one_line, plain

_MEANING = later(
    "A picture of the same size as the reference image, which says where to change it. Atlas Cloud does not say how it "
    "is read: OpenAI's models change what is transparent, most others what is white."
)


def chosen(key: str) -> Parameters:
    """The mask, under the name that the model has for it; with the place to add one where there is what to change."""
    schema, name = models.schema(session.form_model(key, models.DEFAULT)), session.mask(key)
    field = schema.mask
    if field is None or not session.references(key):
        if name:
            why = tr("this model takes none") if field is None else tr("there is no reference image to change")
            st.caption(tr("The mask is left out: {why}.").format(why=why))
        return {}
    with st.expander(tr("Mask (1)") if name else tr("Mask"), icon=":material/ink_eraser:", key=f"mask_place_{key}"):
        st.caption(plain(f"{field.help} {tr(_MEANING)}".strip()))
        st.file_uploader(
            tr("Add a mask"),
            type=["png", "webp", "jpg", "jpeg"],
            key=session.mask_file(key),
            on_change=_add,
            args=(key,),
        )
        if name:
            st.image(routes.preview_of(name.removeprefix(references.PREFIX), GRID), alt=tr("Mask"), width=120)
            st.button(tr("Take out the mask"), key=f"without_mask_{key}", on_click=session.set_mask, args=(key, ""))
    return {field.name: name} if name else {}


def fill(key: str, request: ImageRequest) -> None:
    """The mask that this request names, or none, in a form."""
    sha256 = references.mask_of(request.parameters)
    session.set_mask(key, f"{references.PREFIX}{sha256}" if sha256 else "")


def _add(key: str) -> None:
    """A file that was taken out of the uploader again leaves the mask as it was."""
    file = session.new_mask(key)
    if file is None:
        return
    name, content = file
    try:
        picture = services.files().keep(content)
    except NotAnImage as trouble:
        st.toast(
            tr("{name} is no usable image: {trouble}.").format(name=one_line(name), trouble=plain(str(trouble))),
            icon=":material/error:",
        )
        return
    services.store().add_picture(name, picture, Slot(run=f"upload{new_run()}"))
    session.set_mask(key, references.name_of(picture))
