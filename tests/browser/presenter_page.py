"""A page with nothing but the way onto the stage."""

import os

import streamlit as st

from ui.presenter import Ending, Shown, Slide, button

PICTURES = os.environ.get("PICTURES", "")  # where the test serves images
HOSTILE = "<img src=x onerror=alert(1)>"

begin = int(st.query_params.get("from", 0))
button(
    [
        Slide(
            number=number,
            images=tuple(
                Shown(
                    url=f"{PICTURES}/{begin + number * 10 + arm}-600x600",
                    label="AB"[arm],
                    words=f"prompt {'AB'[arm]} {HOSTILE}",
                    alt=f"alt {'AB'[arm]}",
                )
                for arm in range(2)
            ),
        )
        for number in range(1, 6)
    ],
    seed="seed",
    note="Simulated",
    ending=Ending(title="B is preferred.", words="62 %"),
    key="presenter",
)
st.text_input("Somewhere else")
