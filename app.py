"""The front door: what lasts as long as the server, and the map of its addresses. Start it with `make run`."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

from ui import bell, headers, identity, notices, routes, services, stopping, terminal

log = logging.getLogger("app")

terminal.begin()
try:
    services.refuse_the_network()
    services.start()
except services.StartProblem as problem:
    log.critical("Atlas Studio cannot start. %s", problem)
    raise SystemExit(1) from None


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Interrupted work goes on before anyone visits, and is handed back before the server ends."""
    gc.collect()
    gc.freeze()
    stopping.patiently()
    terminal.greet()
    try:
        yield
    finally:
        await run_in_threadpool(stopping.stop)


app = st.App(
    Path(__file__).parent / "ui" / "shell.py",
    lifespan=lifespan,
    routes=[*routes.ROUTES, bell.ROUTE],
    middleware=[Middleware(headers.Forbidding), Middleware(identity.Cookies)],
    on_script_error=notices.ended_by,
)
