"""How the server stops: what may have been paid for comes to its end, the rest is left whole, and all within a time.

Left to itself, uvicorn waits for ever for a browser that does not hang up, drops everything at the second Ctrl-C,
and ends by the signal, not with 0.
"""

import asyncio
import logging
import os
import signal
from typing import Any, Final, NoReturn

HANG_UP_S: Final = 3

log = logging.getLogger(__name__)


def server() -> Any:
    """The uvicorn server that serves us and that signals stop; None under another, which is for others to stop."""
    found: Any = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    return found if hasattr(found, "should_exit") else None


def patiently(serving: Any) -> None:
    """SIGTERM, Ctrl-C and a terminal that is closed stop this server once, however often they come."""
    serving.config.timeout_graceful_shutdown = HANG_UP_S
    ends = [signal.SIGTERM, signal.SIGINT]
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        ends.append(signal.SIGHUP)
    for each in ends:
        asyncio.get_running_loop().add_signal_handler(each, _asked, serving, each.name)


def _asked(serving: Any, name: str) -> None:
    log.info("asked to stop (%s)%s", name, ": it is stopping already" if serving.should_exit else "")
    serving.should_exit = True


def stop() -> None:
    """Stop all services. Where a step does not end in its time, the process ends without it."""
    from ui import services  # late: this module is needed before they are loaded

    left = services.end()
    if left:
        log.warning("%d generations are left as they are; the next start goes on with them", left)
        leave()
    log.info("stopped")


def leave() -> NoReturn:
    """End the process at once, without its threads, for which Python would wait."""
    logging.shutdown()
    os._exit(0)
