"""Everything ever made, newest first."""

import math

import streamlit as st

from ui import cards, services

PER_PAGE = 24

st.title("History", anchor=False)

count = services.store().count()
if count:
    pages = math.ceil(count / PER_PAGE)
    page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
    cards.gallery(services.store().latest(limit=PER_PAGE, skip=(page - 1) * PER_PAGE))
else:
    st.info("Nothing has been made yet. Describe an image on Generate, and it is kept here.")
    st.page_link("../pages/generate.py", label="Go to Generate", icon=":material/brush:")
