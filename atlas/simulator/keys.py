"""Who may call: the key is checked before the path, so that a misspelt path gives 401 too (atlas-api.md section 1)."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from atlas.simulator.replies import unauthorized


class KeyMode(StrEnum):
    """How a key must look."""

    PERMISSIVE = "permissive"  # anything: the provider's own samples send the literal text $ATLASCLOUD_API_KEY
    STRICT = "strict"  # secret keys begin with apikey-


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The rule for keys."""

    mode: KeyMode
    rejected: frozenset[str]

    def admit(self, request: Request) -> bool:
        """Whether the request carries a key that counts."""
        key = bearer(request)
        return bool(key) and key not in self.rejected and (self.mode is KeyMode.PERMISSIVE or key.startswith("apikey-"))


class Locked:
    """An application that only callers with a key get into."""

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self._app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._keys.admit(Request(scope)):
            raise unauthorized()
        await self._app(scope, receive, send)


async def nothing_here(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - the ASGI signature
    """What stands behind the lock where no route is."""
    raise unauthorized()


def bearer(request: Request) -> str:
    """The key of a request; empty when it has none."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def public_id(request: Request) -> str:
    """What the key of a request is called where keys are never shown; two keys have two names."""
    return f"ak_{hashlib.sha256(bearer(request).encode()).hexdigest()[:16]}"
