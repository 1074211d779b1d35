"""A page with nothing but a pinboard, driven by its address; it prints what Python was told."""

import os
import time
from dataclasses import replace

import streamlit as st

from ui.pinboard import Added, Pin, Reopened, Resolved, Sheet, show

PICTURES = os.environ.get("PICTURES", "")  # where the test serves images
HOSTILE = "<img src=x onerror=alert(1)>"
LONG = "unbreakable" * 20
FIRST = [
    Pin(id="p1", x=0.25, y=0.75, author="Ada", words="The hand has six fingers", when="2 min ago"),
    Pin(id="p2", x=0.6, y=0.2, author="R2", words="Sky too grey", when="yesterday", resolved=True),
    Pin(id="p3", x=0.9, y=0.5, author=HOSTILE, words=f"{HOSTILE} {LONG}", when="just now"),
]

asked, state = st.query_params, st.session_state
st.set_page_config(layout="wide")
for name, value in (("pins", FIRST), ("told", []), ("runs", 0)):
    state.setdefault(name, value)
state["runs"] += 1
picture = asked.get("picture", "1-800x600")
width, height = map(int, picture.partition("-")[2].split("x"))

heard = show(
    Sheet(url=f"{PICTURES}/{picture}", width=width, height=height),
    [] if asked.get("empty") else state["pins"],
    alt=asked.get("alt", "A red bicycle"),
    can_add=asked.get("can_add", "yes") == "yes",
    key="board",
)
told, something = state["told"], False
for one in heard:
    time.sleep(0 if something else float(asked.get("slow", "0")))
    something = True
    match one:
        case Added():
            name = f"p{len(state['pins']) + 1}"
            new = Pin(id=name, x=one.x, y=one.y, author="You", words=one.words, when="now")
            state["pins"] = [*state["pins"], new]
            told.append(f"added {one.x:.3f} {one.y:.3f} {one.words}")
        case Resolved() | Reopened():
            is_resolved = isinstance(one, Resolved)
            state["pins"] = [replace(p, resolved=is_resolved) if p.id == one.id else p for p in state["pins"]]
            told.append(f"{'resolved' if is_resolved else 'reopened'} {one.id}")
if something:
    st.rerun()

st.text(f"told: {' | '.join(state['told']) or 'nothing'}")
st.text(f"runs {state['runs']}")
