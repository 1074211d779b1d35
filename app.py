"""The front door: what every visit comes through, and the map of its addresses. Start it with `make run`."""

import logging
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from ui import admission, cookies, headers, opening, terminal

terminal.begin()
try:
    admission.refuse_the_network()
except admission.StartProblem as problem:
    logging.getLogger("app").critical("Atlas Studio cannot start. %s", problem)
    raise SystemExit(1) from None

app = st.App(
    Path(__file__).parent / "ui" / "shell.py",
    lifespan=opening.lifespan,
    routes=opening.ROUTES,
    middleware=[Middleware(headers.Forbidding), Middleware(cookies.Cookies), Middleware(opening.Door)],
    on_script_error=opening.ended_by,
)
