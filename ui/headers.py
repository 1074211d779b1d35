"""What every answer of the server tells the browser to forbid: even a mistake of ours in a page cannot call out.

A prompt that became a picture of Markdown would make the browser of everyone who looks at it ask a stranger's
server. The policy lets a page talk to nobody but the server it came from, so that nothing comes of such a mistake.
"""

import base64
import hashlib
import re
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SHELL = Path(streamlit.__file__).parent / "static" / "index.html"


def _inline_scripts() -> str:
    """The scripts that stand in Streamlit's own page, each by its hash."""
    written = re.findall(r"<script>(.*?)</script>", _SHELL.read_text(encoding="utf-8"), re.DOTALL)
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in written)
    return " ".join(f"'sha256-{digest}'" for digest in hashes)


POLICY = "; ".join(
    [
        "default-src 'none'",
        f"script-src 'self' blob: {_inline_scripts()}",  # blob: is how Streamlit loads the script of a component
        "style-src 'self' 'unsafe-inline'",  # Streamlit writes its styles into the page
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
_EVERYWHERE = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Forbidding:
    """Adds these headers to every answer: pages, scripts, pictures and errors."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_EVERYWHERE)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
