"""What a component of ours is handed by Python."""

import json
from typing import Any


def handed(**parts: Any) -> dict[str, str]:
    """Each part as JSON: Streamlit imports pandas to look for tables in lists of dicts, and in all that is no dict."""
    return {name: json.dumps(part) for name, part in parts.items()}
