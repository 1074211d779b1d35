"""How deliveries are signed: Ed25519 over their time, a dot and their body (atlas-api.md section 12).

The key is made when it is first needed and ends with the simulator. The header of the older HMAC is left out: nothing
public says which secret it takes.
"""

import base64
import hashlib
import json
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Signing:
    """One key, and what is signed with it. Used from the event loop only."""

    @cached_property
    def _key(self) -> "Ed25519PrivateKey":
        # Loaded here, so that whoever asks for no webhook does not wait for it.
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.generate()

    @cached_property
    def kid(self) -> str:
        """The name of the key: its thumbprint (RFC 7638)."""
        told = json.dumps(self._public, sort_keys=True, separators=(",", ":")).encode()
        return _text(hashlib.sha256(told).digest())

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The set of keys as it is served (RFC 8037)."""
        return {"keys": [{**self._public, "kid": self.kid, "use": "sig", "alg": "EdDSA"}]}

    def signature(self, timestamp: int, body: bytes) -> str:
        """Of one delivery, as base64url; ``timestamp`` is the one in its header."""
        return _text(self._key.sign(f"{timestamp}.".encode() + body))

    @cached_property
    def _public(self) -> dict[str, str]:
        return {"kty": "OKP", "crv": "Ed25519", "x": _text(self._key.public_key().public_bytes_raw())}


def _text(content: bytes) -> str:
    """Base64url as JOSE writes it, without the signs that fill it up."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
