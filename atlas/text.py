"""Text from people and from the provider, made fit to store, send and compare."""

import unicodedata

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEPT_CONTROLS = frozenset("\n\t")


def clean(text: str) -> str:
    """The text in NFC without control or direction-override characters; lone surrogates become U+FFFD.

    PostgreSQL refuses NUL and lone surrogates where SQLite takes them, and JSON encoders differ on both.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = whole.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", "".join(character for character in lines if _is_kept(character)))


def excerpt(text: str, limit: int) -> str:
    """At most ``limit`` characters of the text, cleaned, on one line, with an ellipsis where it was cut."""
    line = " ".join(clean(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _is_kept(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return True
    return unicodedata.category(character) not in {"Cc", "Cs"} and character not in _BIDI
