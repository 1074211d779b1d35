"""Untrusted text made safe for places that read Markdown."""

import re

from atlas.text import clean, excerpt

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str, limit: int = 2000) -> str:
    """The text so that Streamlit shows it literally: no images, colours, formulas or icons, and no disguised links.

    Every ASCII punctuation character is escaped, and lines lose the indentation that would make them code. An address
    that is written out may still be shown as a link to itself: Streamlit looks for them after it has read the Markdown.
    """
    shown = clean(text)
    cut = shown if len(shown) <= limit else shown[: limit - 1] + "…"
    return "\n".join(_PUNCTUATION.sub(r"\\\1", line.strip()) for line in cut.split("\n"))


def one_line(text: str, limit: int = 120) -> str:
    """At most ``limit`` characters of the text on one line, shown literally."""
    return plain(excerpt(text, limit), limit)
