"""The main script of every visit: page set-up, the map of the pages, the page, then what is under way."""

from pathlib import Path

import streamlit as st

from atlas.language import tr
from studio.people import EVERYBODY
from ui import account, ease, notices, pairing, progress, services, session, speaking, tour
from ui.admission import StartProblem
from ui.text import plain

ROOT = Path(__file__).resolve().parent.parent

speaking.listen()
st.set_page_config(page_title="Atlas Studio", page_icon=str(ROOT / "ui" / "icon.png"), layout="wide")

try:
    person, problem = services.person(), None
except StartProblem as trouble:
    person, problem = EVERYBODY, str(trouble)

vote = st.Page(ROOT / "pages" / "vote.py", title=tr("Vote"), url_path="vote", visibility="hidden")
status = st.Page(
    ROOT / "pages" / "status.py",
    title=tr("Status"),
    icon=":material/monitor_heart:",
    url_path="status",
    help=tr("Is the provider there, what is in flight, what has been spent."),
)
generate = st.Page(
    ROOT / "pages" / "generate.py",
    title=tr("Generate"),
    icon=":material/brush:",
    default=True,
    help=tr("From a prompt to an image."),
)
page = st.navigation(
    [
        generate,
        st.Page(
            ROOT / "pages" / "compare.py",
            title=tr("Compare"),
            icon=":material/compare:",
            url_path="compare",
            help=tr("Two prompts side by side, several images of each."),
        ),
        st.Page(
            ROOT / "pages" / "history.py",
            title=tr("History"),
            icon=":material/photo_library:",
            url_path="history",
            help=tr("Every image made here, newest first."),
        ),
        st.Page(
            ROOT / "pages" / "results.py",
            title=tr("Results"),
            icon=":material/how_to_vote:",
            url_path="results",
            help=tr("Reviews: what the votes say, and how sure that is."),
        ),
        status,
        vote,
    ],
    position="top" if person.may_make and not session.came_to_vote() else "hidden",
)

ease.everywhere(quiet=page == vote)
if problem:
    st.error(plain(problem), icon=":material/error:")
else:
    progress.notice()
    if page != vote:
        account.show()
    if page == vote:
        notices.answered(page.run)  # and nothing of what else goes on here: a reviewer must not see it
    elif not person.may_make:
        account.door(person)
    elif notices.answered(session.watch_unfinished):
        tour.show()
        notices.answered(page.run, pairing.tray, lambda: progress.show(with_run=page == generate))
    elif page == status:
        page.run()  # it says itself what it finds
    speaking.choice()
