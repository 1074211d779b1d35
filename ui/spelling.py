"""The fixed words of our components, which spelling.js puts where they belong: the browser has none of its own."""

from collections.abc import Mapping
from pathlib import Path

from atlas.language import tr

_SPELLING = Path(__file__).with_suffix(".js")


def told(words: Mapping[str, str]) -> dict[str, str]:
    """The words in the language of whoever sees them."""
    return {name: tr(word) for name, word in words.items()}


def script(*parts: Path) -> str:
    """These files and spelling.js in one: an inline component has one module, and a build step is more to keep."""
    return "\n".join(part.read_text(encoding="utf-8") for part in (*parts, _SPELLING))
