"""What the server says on its terminal: everything through one formatter, Streamlit's and uvicorn's lines too."""

import logging
from contextlib import suppress

import streamlit as st
import streamlit.logger

from atlas.client import USER_AGENT
from studio import logs, settings
from studio.settings import BadSetting

log = logging.getLogger(__name__)


def begin() -> None:
    """As the settings say. A setting that cannot be used is said by whoever starts the services."""
    logs.begin()
    with suppress(BadSetting):
        chosen = settings.found()
        logs.begin(chosen.log, chosen.log_level, masked=chosen.key.masked if chosen.key else str)
    # Streamlit gives each of its loggers, uvicorn's among them, a handler of its own, now and whenever one is made.
    streamlit.logger.setup_formatter = logs.leave_to_root
    streamlit.logger.update_formatter()


def greet() -> None:
    """Where the server can be found; Streamlit's own greeting is no line of a log."""
    address, port = st.get_option("server.address") or "all addresses", st.get_option("server.port")
    log.info("%s listens on %s, port %s", USER_AGENT, address, port)
