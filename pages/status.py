"""Is the provider there, what is in flight, what has been spent, and what all of it runs on."""

import streamlit as st

from atlas.language import tr
from ui import demo, status

st.title(tr("Status"), anchor=False)

status.provider()
status.jobs()
status.house()
demo.section()
status.program()
