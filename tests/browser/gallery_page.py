"""A page with nothing but the gallery, driven by its address; it prints what Python was told."""

import os
import sys
import time

import streamlit as st

from ui.gallery import Density, Kind, Tile, show

HOSTILE = "<img src=x onerror=alert(1)>"
PICTURES = os.environ.get("PICTURES", "")  # where the test serves images
LONG = "unbreakable" * 40
SHAPES = [(1024, 1024), (1536, 1024), (1024, 1536), (1920, 1080)]
PROMPTS = [
    "A red bicycle leaning on a white wall, morning light",
    "Studio photograph of a running shoe on a pastel background, soft shadow, seen from the side",
    "Mountain lake at dawn",
    "Poster for a jazz night, deep blue, bold shapes, brass instruments, late hour, grain",
    "A cup of coffee from above",
]


def tile(number: int, *, alt: str = "", url: str | None = None, note: str = "") -> Tile:
    width, height = SHAPES[number % len(SHAPES)]
    name = f"t{number}"
    starred, rating = st.session_state["facts"].get(name, (False, 0))
    return Tile(
        id=name,
        url=f"{PICTURES}/picture/{number}-{width // 2}x{height // 2}.png" if url is None else url,
        alt=alt or f"{PROMPTS[number % len(PROMPTS)]} ({number})",
        caption=f"GPT Image 2, 0.04 USD, {number} min ago",
        width=width if url != "" else 0,
        height=height if url != "" else 0,
        note=note,
        starred=starred,
        rating=rating,
    )


def tiles(kind: str) -> list[Tile]:
    if kind == "hostile":
        return [tile(0, alt=HOSTILE), tile(1, alt=LONG), tile(2, url="", alt=LONG, note=HOSTILE)]
    if kind == "states":
        badge, failed, lost = (
            tile(0, note="× 12"),
            tile(1, url="", note="Failed"),
            tile(2, url=f"{PICTURES}/picture/lost.png"),
        )
        return [badge, failed, lost, *map(tile, range(3, 8))]
    start, count = {"few": (0, 14), "more": (14, 14), "many": (0, 200)}[kind]
    return [tile(number) for number in range(start, start + count)]


def clear() -> None:
    st.session_state["selected"] = frozenset()


st.set_page_config(layout="wide")
state, asked = st.session_state, st.query_params
for name, value in (("facts", {}), ("selected", frozenset()), ("wishes", []), ("runs", 0), ("kind", "")):
    state.setdefault(name, value)
state["runs"] += 1

with st.container(horizontal=True):
    st.button("Clear selection", on_click=clear)
    st.button("Run again")
    if st.button("Next page"):
        state["kind"] = "more"
    if st.button("First page"):
        state["kind"] = "few"
    if st.button("Drop the first"):
        state["dropped"] = True
time.sleep(float(asked.get("slow", "0")))

shown = tiles(state["kind"] or asked.get("set", "few"))[1 if state.get("dropped") else 0 :]
wishes = show(
    shown,
    selected=state["selected"],
    density=Density(asked.get("density", "comfortable")),
    curating=asked.get("curating", "yes") == "yes",
    focus=asked.get("focus", ""),
    key="gallery",
)
told = state["wishes"]
for wish in wishes:
    if wish.kind == Kind.SELECT:
        state["selected"] = state["selected"].union(wish.ids) if wish.value else state["selected"].difference(wish.ids)
        continue
    for name in wish.ids:
        starred, rating = state["facts"].get(name, (False, 0))
        if wish.kind == Kind.STAR:
            state["facts"][name] = (wish.value == 1, rating)
        if wish.kind == Kind.RATE:
            state["facts"][name] = (starred, wish.value)
    told.append(f"{wish.kind} {'+'.join(wish.ids)} {wish.value}")

st.text(f"selected: {' '.join(sorted(state['selected'], key=lambda name: int(name[1:]))) or 'none'}")
st.text(f"wishes: {', '.join(state['wishes']) or 'none'}")
st.text(f"runs {state['runs']}")
st.text(f"pandas {'pandas' in sys.modules}")
