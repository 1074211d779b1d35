"""The pictures a form starts from: uploaded, or taken from History; shown, and taken out again."""

from collections.abc import Sequence

import streamlit as st

from atlas.language import tr
from atlas.models import ImageRequest
from studio import references
from studio.generations import Picture, Slot, new_run
from studio.images import GRID, NotAnImage
from ui import forms, models, routes, services, session
from ui.text import one_line, plain

_MOST = 10
_GENERATE = "generate"
_SMALL = 72  # pixels


def chosen(key: str, suffix: str = "") -> list[str]:
    """The names of the pictures that the form ``key`` starts from, in order; with the place to add more.

    ``suffix`` tells the labels of several such places apart.
    """
    names = session.references(key)
    title = tr("Reference images{suffix}").format(suffix=suffix)
    with st.expander(f"{title} ({len(names)})" if names else title, icon=":material/image:"):
        st.caption(
            tr("Pictures to start from. They are sent to the provider with the prompt, upright and without metadata.")
        )
        st.file_uploader(
            tr("Add pictures{suffix}").format(suffix=suffix),
            type=["png", "jpg", "jpeg", "webp"],
            accept_multiple_files=True,
            key=session.reference_files(key),
            on_change=_add,
            args=(key,),
        )
        if names:
            _shown(names, key)
        else:
            _those_of_generate(key)
    if names:
        _suited(key)
    return names


def take(picture: Picture) -> None:
    """Start from this picture of History on Generate, with a model that can."""
    _keep(picture, _GENERATE)
    model = session.form_model(_GENERATE, models.DEFAULT)
    if models.schema(model).reference is None:
        twin = models.edit_twin(model)
        if twin:
            forms.choose_model(_GENERATE, twin.id)


def fill(key: str, request: ImageRequest) -> None:
    """The pictures that this request names, and no others, in a form."""
    named = references.starting(request.parameters)
    session.set_references(key, [f"{references.PREFIX}{sha256}" for sha256 in named])


def copy(source: str, target: str) -> None:
    """The pictures of one form into another, with the mask."""
    session.set_references(target, session.references(source))
    session.set_mask(target, session.mask(source))


def swap(first: str, second: str) -> None:
    names, mask = session.references(first), session.mask(first)
    copy(second, first)
    session.set_references(second, names)
    session.set_mask(second, mask)


def of(request: ImageRequest) -> None:
    """The pictures that something was made from, small."""
    hashes, mask = references.hashes(request.parameters), references.mask_of(request.parameters)
    if not hashes:
        return
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        for place, sha256 in enumerate(hashes, 1):
            name = "Mask" if sha256 == mask else tr("Reference image {place}").format(place=place)
            if _is_here(sha256):
                st.image(routes.preview_of(sha256, GRID), alt=name, width=_SMALL)
            else:
                st.caption(tr("{name} is not in the studio any more.").format(name=name))


def _is_here(sha256: str) -> bool:
    try:
        return services.files().preview(sha256, GRID).is_file()
    except ValueError:  # parameters written as JSON may name anything
        return False


def _add(key: str) -> None:
    for name, content in session.new_reference_files(key):
        try:
            picture = services.files().keep(content)
        except NotAnImage as trouble:
            st.toast(
                tr("{name} is no usable image: {trouble}.").format(name=one_line(name), trouble=plain(str(trouble))),
                icon=":material/error:",
            )
            continue
        services.store().add_picture(name, picture, Slot(run=f"upload{new_run()}"))
        _keep(picture, key)


def _keep(picture: Picture, key: str) -> None:
    if not session.add_reference(key, references.name_of(picture), most=_MOST):
        st.toast(
            tr("There are {most} reference images already. Take one out first.").format(most=_MOST),
            icon=":material/info:",
        )


def _shown(names: Sequence[str], key: str) -> None:
    grid = st.grid("auto", min_column_width=120, key=f"references_shown_{key}")
    for place, name in enumerate(names, 1):
        with grid.cell():
            st.image(
                routes.preview_of(name.removeprefix(references.PREFIX), GRID),
                alt=tr("Reference image {place}").format(place=place),
            )
            st.button(tr("Take out"), key=f"without_{key}_{name}", on_click=session.remove_reference, args=(key, name))


def _those_of_generate(key: str) -> None:
    """What was taken from History stands on Generate, and is one press away from here."""
    if key != _GENERATE and session.references(_GENERATE):
        st.button(tr("Take those of Generate"), key=f"take_over_{key}", on_click=copy, args=(_GENERATE, key))


def _suited(key: str) -> None:
    """An edit model is offered when the one that is chosen starts from words alone."""
    model = session.form_model(key, models.DEFAULT)
    if models.schema(model).reference is not None:
        return
    twin = models.edit_twin(model)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(tr("{name_of} starts from words alone.").format(name_of=plain(models.name_of(model))))
        if twin:
            st.button(
                tr("Use {name}").format(name=plain(twin.name)),
                key=f"use_twin_{key}",
                on_click=forms.choose_model,
                args=(key, twin.id),
            )
