"""Reviews: what the votes say, and how sure that is."""

import streamlit as st

from atlas.language import tr
from ui import reviewing

st.title(tr("Results"), anchor=False)

reviewing.page()
