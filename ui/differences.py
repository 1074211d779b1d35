"""What differs between prompts and between settings, marked by more than colour."""

from collections.abc import Sequence

import streamlit as st

from atlas.language import tr
from atlas.models import ImageRequest
from studio import wording
from studio.experiments import LABELS
from studio.wording import Change, Piece
from ui import forms, models
from ui.text import plain

_SHOWN = 4000  # characters of a prompt whose differences are shown


def prompts(requests: Sequence[ImageRequest]) -> None:
    """Word by word, each arm against the first; nothing where the prompts are the same."""
    first, *others = requests
    for label, other in zip(LABELS[1:], others, strict=False):
        if other.prompt != first.prompt and first.prompt.strip() and other.prompt.strip():
            pieces = wording.compare(first.prompt[:_SHOWN], other.prompt[:_SHOWN])
            st.markdown(f"**A → {label}:** " + "".join(map(_marked, pieces)))
            if max(len(first.prompt), len(other.prompt)) > _SHOWN:
                st.caption(tr("The first {shown:,} characters are compared.").format(shown=_SHOWN))


def rewritten(asked: str, got: str) -> None:
    """A prompt as the provider changed it, word by word."""
    st.markdown("".join(map(_marked, wording.compare(asked[:_SHOWN], got[:_SHOWN]))))


def settings(requests: Sequence[ImageRequest]) -> None:
    """Only what differs, one line each."""
    rows = wording.settings([{"model": models.name_of(request.model), **request.parameters} for request in requests])
    for row in rows:
        values = (forms.shape(value) if row.name == "size" else value for value in row.values)
        named = (f"{label} {plain(value)}" for label, value in zip(LABELS, values, strict=False))
        st.markdown(f"**{plain(row.name.replace('_', ' ').capitalize())}:** {' · '.join(named)}")


def _marked(piece: Piece) -> str:
    """Removed words are struck through behind a −, added ones bold behind a +."""
    words = " ".join(piece.text.split())
    if not words:
        return " "
    before, after = (" " if edge.isspace() else "" for edge in (piece.text[0], piece.text[-1]))
    shown = plain(words, _SHOWN)
    if piece.change is Change.SAME:
        return f"{before}{shown}{after}"
    marked = f":red-background[−~~{shown}~~]" if piece.change is Change.REMOVED else f":green-background[+**{shown}**]"
    return f"{before}{marked}{after}"
