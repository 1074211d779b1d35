"""An image file dropped in, from here or from another program: its settings go back into the form."""

import streamlit as st

from atlas.language import tr
from atlas.models import DEFAULT_MODEL, ImageRequest, Value
from studio import embedding
from studio.embedding import Settings
from ui import models, reuse, session
from ui.text import one_line, plain


def settings() -> None:
    """The place to drop it, and what came of the last one."""
    with st.expander(tr("Settings from an image file"), icon=":material/image_search:"):
        st.file_uploader(
            tr("An image exported here, or made by another program that writes its settings into the file"),
            type=["png", "jpg", "jpeg", "webp"],
            key=session.DROPPED,
            on_change=_use,
        )
        told = session.told_of_dropped()
        if told:
            st.info(told, icon=":material/info:")


def _use() -> None:
    """Before the form is drawn, because its fields cannot be filled afterwards."""
    file = session.dropped_file()
    session.tell_of_dropped(_used(*file) if file else "")


def _used(name: str, content: bytes) -> str:
    """Fills the form; answers what was found, as Markdown."""
    try:
        found = embedding.read(content)
    except embedding.Unreadable:
        return tr("{name} is no PNG, JPEG or WebP file that can be read. The form was left as it is.").format(
            name=one_line(name)
        )
    if found.described:
        lost = reuse.again(found.described.request)
        return tr("The form has the settings of {name}. {lost}").format(name=one_line(name), lost=_lost(lost))
    if found.settings:
        request = _request(found.settings)
        lost = reuse.again(request, prompt_only=not request.parameters and request.model == DEFAULT_MODEL)
        left_out = _lost([*lost, *_foreign(found.settings)])
        return tr("The form has what {name} says and this studio knows. {left_out}").format(
            name=one_line(name), left_out=left_out
        )
    return tr("{name} holds no settings. Export images “with prompt and settings inside” to keep them.").format(
        name=one_line(name)
    )


def _request(found: Settings) -> ImageRequest:
    """What can be said in the terms of a model we have; the nearest model is not guessed."""
    model = found.model if found.model and models.find(found.model) else DEFAULT_MODEL
    said: dict[str, Value | None] = {
        "size": f"{found.size[0]}x{found.size[1]}" if found.size else None,
        "seed": found.seed,
        "negative_prompt": found.negative_prompt or None,
    }
    kept, _ = models.schema(model).keep({name: value for name, value in said.items() if value is not None})
    return ImageRequest(prompt=found.prompt, model=model, parameters=kept)


def _foreign(found: Settings) -> list[str]:
    request = _request(found)
    known = {"Model"} if request.model == found.model else set()
    known |= {name.capitalize() for name in ("size", "seed") if name in request.parameters}
    others = [f"{name} {value}" for name, value in found.others.items() if name not in known]
    lost = found.negative_prompt and "negative_prompt" not in request.parameters
    return [*others, *([tr("the negative prompt")] if lost else [])]


def _lost(names: list[str]) -> str:
    if not names:
        return ""
    return tr("The form has no place for this, so it was left out: {join}.").format(join=plain(", ".join(names)))
