"""Which addresses the simulator may call: those on this machine, and no others."""

from urllib.parse import urlsplit

from atlas.hosts import is_loopback


def is_here(address: str) -> bool:
    """Whether an address lies on this machine."""
    return is_loopback(urlsplit(address).hostname or "")


def is_webhook(address: object) -> bool:
    """Whether a submit may name this address: https, or plain http on this machine, where certificates are rare."""
    if not isinstance(address, str) or not address.isascii() or not address.isprintable() or " " in address:
        return False
    try:
        place = urlsplit(address)
        reachable = bool(place.hostname) and place.port != 0
    except ValueError:
        return False
    return reachable and (place.scheme == "https" or (place.scheme == "http" and is_here(address)))
