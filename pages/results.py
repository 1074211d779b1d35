"""Reviews: what the votes say, and how sure that is."""

import streamlit as st

from ui import reviewing

st.title("Results", anchor=False)

reviewing.page()
