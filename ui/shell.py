"""The main script of every visit: page set-up, the map of the pages, the page, then what is under way."""

from pathlib import Path

import streamlit as st

from ui import comparison, progress, services, session
from ui.text import plain

ROOT = Path(__file__).resolve().parent.parent

st.set_page_config(page_title="Atlas Studio", page_icon=str(ROOT / "ui" / "icon.png"), layout="wide")

page = st.navigation(
    [
        st.Page(
            ROOT / "pages" / "generate.py",
            title="Generate",
            icon=":material/brush:",
            default=True,
            help="From a prompt to an image.",
        ),
        st.Page(
            ROOT / "pages" / "compare.py",
            title="Compare",
            icon=":material/compare:",
            url_path="compare",
            help="Two prompts side by side, several images of each.",
        ),
        st.Page(
            ROOT / "pages" / "history.py",
            title="History",
            icon=":material/photo_library:",
            url_path="history",
            help="Every image made here, newest first.",
        ),
        st.Page(
            ROOT / "pages" / "status.py",
            title="Status",
            icon=":material/monitor_heart:",
            url_path="status",
            help="Is the provider there, what is in flight, what has been spent.",
        ),
    ],
    position="top",
)

try:
    services.start()
except services.StartProblem as problem:
    st.error(plain(str(problem)), icon=":material/error:")
else:
    progress.notice()
    session.watch_unfinished()
    page.run()
    comparison.tray()
    progress.show()
