"""JSON that came from outside."""

import json
from typing import Any


def parsed(text: str | bytes) -> Any:
    """The value in a JSON text; raises ValueError where it is none, or could not be sent back.

    Half a surrogate pair is valid JSON and yet no text; brackets by the thousand exhaust the parser.
    """
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as trouble:
        raise ValueError("nested too deep") from trouble
    return value
