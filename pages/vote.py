"""Two images, no names: which is better?"""

import streamlit as st

from atlas.language import tr
from ui import voting

st.title(tr("Vote"), anchor=False)

voting.room()
