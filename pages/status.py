"""Is the provider there, what is in flight, what has been spent, and what all of it runs on."""

import streamlit as st

from ui import demo, status

st.title("Status", anchor=False)

status.provider()
status.jobs()
status.house()
demo.section()
status.program()
