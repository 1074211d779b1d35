"""Who somebody is who has no account: a random number in a cookie of their browser, and nothing else.

Every page that is loaded without one is given one, so that a reviewer is known before the first word is exchanged,
after a reload and in a second tab. Reviews keep a hash of it that is another in every review.
"""

import re
import secrets

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import session

COOKIE = "studio_guest"
_HALF_A_YEAR_S = 15_552_000
_NUMBER = re.compile(r"[0-9a-f]{32}")


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


def mine() -> str:
    """The secret of this browser; of this tab only where the browser keeps no cookies."""
    number = str(st.context.cookies.get(COOKIE, ""))
    if _NUMBER.fullmatch(number):
        return number
    return session.guest()


def _known(scope: Scope) -> bool:
    cookies = cookie_parser(MutableHeaders(scope=scope).get("cookie", ""))
    return bool(_NUMBER.fullmatch(cookies.get(COOKIE, "")))


def _cookie(*, secure: bool) -> str:
    ends = "; Secure" if secure else ""
    return f"{COOKIE}={secrets.token_hex(16)}; Path=/; Max-Age={_HALF_A_YEAR_S}; HttpOnly; SameSite=Lax{ends}"
