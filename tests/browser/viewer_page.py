"""A page with nothing but the viewer, driven by its address; it prints what Python was told."""

import base64
import sys
from functools import cache
from io import BytesIO

import streamlit as st
from PIL import Image, ImageDraw

from ui.viewer import Draw, Mode, Shown, View, show

HOSTILE = "<img src=x onerror=alert(1)>"


@cache
def picture(background: str, form: str, width: int, height: int) -> str:
    """A data address: a flat colour, with a grey form in the middle so that places can be told apart."""
    image = Image.new("RGB", (width, height), background)
    box = (width * 3 // 8, height * 3 // 8, width * 5 // 8, height * 5 // 8)
    getattr(ImageDraw.Draw(image), form)(box, fill="#808080")
    file = BytesIO()
    image.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def shown(colour: str, form: str = "ellipse", *, size: tuple[int, int] = (800, 600), alt: str = "") -> Shown:
    """An image whose preview has half of its width and height."""
    width, height = size
    return Shown(
        url=picture(colour, form, width // 2, height // 2),
        original=picture(colour, form, width, height),
        width=width,
        height=height,
        alt=alt or f"a {form} on {colour}",
    )


A, B, C, D = shown("#c00000"), shown("#0000c0"), shown("#00a000", "rectangle"), shown("#c0a000")
WIDE = shown("#0000c0", size=(1200, 600))

SETS: dict[str, tuple[list[str], list[Draw]]] = {
    "two": (["A", "B"], [Draw(number=n, images=(A, B) if n % 2 else (C, D)) for n in range(1, 5)]),
    "four": (["A", "B", "C", "D"], [Draw(number=1, images=(A, B, C, D)), Draw(number=2, images=(D, C, B, A))]),
    "same": (["A", "B"], [Draw(number=1, images=(A, A))]),
    "shapes": (["A", "B"], [Draw(number=1, images=(A, WIDE))]),
    "missing": (["A", "B"], [Draw(number=1, images=(A, "Being made")), Draw(number=2, images=(A, B))]),
    "lost": (["A", "B"], [Draw(number=1, images=(A, Shown(**{**vars(B), "url": "data:image/png;base64,AAAA"})))]),
    "hostile": ([HOSTILE, "B"], [Draw(number=1, images=(shown("#c00000", alt=HOSTILE), HOSTILE))]),
    "none": (["A", "B"], []),
}

st.set_page_config(layout="wide")
asked = View(mode=Mode(st.query_params.get("mode", "side")), draw=int(st.query_params.get("draw", 1)))
labels, draws = SETS[st.query_params.get("set", "two")]
seen = show(labels, draws, view=asked, key="viewer")
st.query_params.update(mode=seen.mode.value, draw=str(seen.draw))

st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.text(f"Python sees {seen.mode} {seen.draw}")
st.text(f"runs {st.session_state['runs']}")
st.text(f"pandas {'pandas' in sys.modules}")
if st.button("Lead to wipe of draw 3"):
    st.query_params.update(mode="wipe", draw="3")
    st.rerun()
