"""A number for every browser, in a cookie: with it somebody who has no account is known again.

Every page that is loaded without one is given one, so that a reviewer is known before the first word is exchanged,
after a reload and in a second tab.
"""

import re
import secrets
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "studio_guest"
NUMBER: Final = re.compile(r"[0-9a-f]{32}")
_HALF_A_YEAR_S = 15_552_000


class Cookies:
    """Gives every browser its number with the first page it loads."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _known(scope):
            await self._app(scope, receive, send)
            return

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", _cookie(secure=scope["scheme"] == "https"))
                    headers["cache-control"] = "no-store"  # or two people behind one proxy would be one
            await send(message)

        await self._app(scope, receive, with_cookie)


def _known(scope: Scope) -> bool:
    cookies = cookie_parser(MutableHeaders(scope=scope).get("cookie", ""))
    return bool(NUMBER.fullmatch(cookies.get(COOKIE, "")))


def _cookie(*, secure: bool) -> str:
    ends = "; Secure" if secure else ""
    return f"{COOKIE}={secrets.token_hex(16)}; Path=/; Max-Age={_HALF_A_YEAR_S}; HttpOnly; SameSite=Lax{ends}"
