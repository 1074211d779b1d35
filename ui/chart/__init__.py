"""A drawing of ours in the page, in the page's own colours: a component, because ``st.html`` takes SVG out.

The SVG comes from ``studio.reviews.charts``, which escapes every word of others.
"""

import streamlit as st

_JS = """
export default function ({ parentElement, data }) {
  parentElement.querySelector("div").innerHTML = data.svg;
}
"""
_mount = st.components.v2.component("atlas_chart", html="<div></div>", js=_JS)


def show(svg: str, *, key: str) -> None:
    _mount(key=key, data={"svg": svg})
