"""Two images of one's own, brought into a comparison."""

import streamlit as st

from atlas.language import tr
from studio.generations import Slot, new_run
from studio.images import NotAnImage
from ui import services, session
from ui.text import one_line, plain


def pair() -> None:
    """Upload A and B, and see them side by side."""
    with st.expander(tr("Compare two images of your own"), icon=":material/upload:"):
        first, second = (
            column.file_uploader(
                tr("Image {label}").format(label=label), type=["png", "jpg", "jpeg", "webp"], key=f"upload_{label}"
            )
            for column, label in zip(st.columns(2), "AB", strict=True)
        )
        if first and second and st.button(tr("Compare"), icon=":material/compare:", key="compare_uploads"):
            _compare([(first.name, first.getvalue()), (second.name, second.getvalue())])


def _compare(files: list[tuple[str, bytes]]) -> None:
    columns = []
    for name, content in files:
        try:
            picture = services.files().keep(content)
        except NotAnImage as trouble:
            st.error(
                tr("{name} is no usable image: {trouble}. Choose a PNG, JPEG or WebP file.").format(
                    name=one_line(name), trouble=plain(str(trouble))
                )
            )
            return
        columns.append([services.store().add_picture(name, picture, Slot(run=f"upload{new_run()}"))])
    st.query_params["experiment"] = session.compare_images(columns)
    st.rerun()
