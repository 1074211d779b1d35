"""A page with nothing but a ballot, driven by its address; it prints what Python was told."""

import os
import sys
import time

import streamlit as st

from ui.ballot import Answer, Back, Ballot, Cast, show
from ui.pinboard import Sheet

PICTURES = os.environ.get("PICTURES", "")  # where the test serves images
BRIEF = "For the spring campaign.\nCalm, daylight, room for a headline on the left."
LABELS = ("Left is better", "Right is better", "Tie", "Both are bad")
CHOICES = ("left", "right", "tie", "bad")
CHIPS = ("Colours", "Composition", "Light", "Text", "Mood", "Looks artificial")
OF = 10

asked, state = st.query_params, st.session_state
SIZES = {"square": ("800x800", "800x800"), "wide": ("960x540", "960x540"), "mixed": ("800x800", "600x900")}
LEFT_SIZE, RIGHT_SIZE = SIZES[asked.get("shape", "square")]


def sheet(name: str) -> Sheet:
    width, height = map(int, name.partition("-")[2].split("x"))
    return Sheet(url=f"{PICTURES}/{name}", width=width, height=height)


def names(number: int) -> tuple[str, str]:
    first = int(asked.get("first", "0"))
    return f"{first + 2 * number}-{LEFT_SIZE}", f"{first + 2 * number + 1}-{RIGHT_SIZE}"


def number_of(ballot_id: str) -> int:
    return int(ballot_id.removeprefix("step"))


def ballot(number: int) -> Ballot:
    before: Cast | None = state["votes"].get(f"step{number}")
    left, right = names(number)
    return Ballot(
        id=f"step{number}",
        number=number,
        of=OF,
        question="Which of the two do you prefer?",
        brief=BRIEF if asked.get("brief") else "",
        answers=tuple(Answer(choice=choice, label=label) for choice, label in zip(CHOICES, LABELS, strict=True)),
        left=sheet(left),
        right=sheet(right),
        chosen=before.choice if before else "",
        chips=CHIPS,
        picked=before.chips if before else (),
        words=before.words if before else "",
        pins=before.pins if before else (),
        can_go_back=number > 1,
        ahead=tuple(f"{PICTURES}/{name}" for name in names(number + 1)),
        locked=asked.get("locked") == "yes",
    )


st.set_page_config(layout="wide")
for name, value in (("votes", {}), ("number", int(asked.get("at", "3"))), ("told", []), ("runs", 0)):
    state.setdefault(name, value)
state["runs"] += 1

told, votes = state["told"], state["votes"]
something = False
for one in show(ballot(state["number"]), key="ballot"):
    time.sleep(0 if something else float(asked.get("slow", "0")))
    something = True
    match one:
        case Cast():
            pins = " ".join(f"{pin.side}@{pin.x:.4f},{pin.y:.4f}={pin.words}" for pin in one.pins)
            state["seconds"] = one.seconds
            if asked.get("stay") != "yes":
                state["number"] = min(number_of(one.ballot_id) + 1, OF)
                votes[one.ballot_id] = one
            told.append(f"{one.ballot_id} {one.choice} [{'+'.join(one.chips)}] '{one.words}' [{pins}]")
        case Back():
            state["number"] = number_of(one.ballot_id) - 1
            told.append(f"{one.ballot_id} back")
if something:
    st.rerun()

st.text(f"told: {' | '.join(state['told']) or 'nothing'}")
st.text(f"seconds {state.get('seconds', 0):.2f}")
st.text(f"runs {state['runs']}")
st.text(f"pandas {'pandas' in sys.modules}")
st.button("Run again")
st.text_input("Elsewhere")
