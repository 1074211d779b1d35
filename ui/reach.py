"""Under which address phones on the same network reach this app, and what to start where they cannot.

`python -m ui.reach` prints this machine's own address, for `make room`.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from atlas.hosts import is_loopback
from atlas.language import tr

_SOMEWHERE = ("192.0.2.1", 9)  # of a network for examples (RFC 5737): nothing is sent there, only a way is looked up


@dataclass(frozen=True, kw_only=True)
class Reach:
    """``base`` begins every address for phones; ``problem`` says why they cannot use it, and what to do."""

    base: str
    problem: str = ""


def reach(here: str, *, listens: str | None, port: int, allowed: Sequence[str], own: str | None) -> Reach:
    """For a host whose browser is at ``here``, of a server that ``listens`` there and lets in ``allowed`` names."""
    url = urlsplit(here)
    base = f"{url.scheme}://{url.netloc}"
    if not is_loopback(url.hostname or ""):
        return Reach(base=base)
    if listens and is_loopback(listens):
        return Reach(
            base=base,
            problem=tr(
                "Phones cannot come in: the app listens on this machine alone. Stop the app, start it with “make "
                "room”, and open the room again."
            ),
        )
    if own is None:
        return Reach(base=base, problem=tr("This machine is on no network. Connect it to the one of the phones."))
    if allowed and own not in allowed and "*" not in allowed:
        problem = tr(
            "Phones would be turned away: the app does not answer to {address}. Start it with “make room”, or add the "
            "address to server.allowedHosts."
        )
        return Reach(base=base, problem=problem.format(address=own))
    return Reach(base=f"{url.scheme}://{own}:{port}")


def own_address() -> str | None:
    """This machine's IPv4 address on its network; None where it is on none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_SOMEWHERE)
        except OSError:  # no way leads out of here
            return None
        return str(probe.getsockname()[0])


if __name__ == "__main__":
    print(own_address() or "localhost")
