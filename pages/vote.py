"""Two images, no names: which is better?"""

import streamlit as st

from ui import voting

st.title("Vote", anchor=False)

voting.room()
