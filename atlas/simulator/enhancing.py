"""What a text model makes of a prompt: the same prompt with light, framing and finish, in words the painters know."""

import hashlib

_LIGHT = ("in warm evening light", "in soft morning mist", "under a clear blue sky", "at dusk, with long shadows")
_FRAMING = ("seen from a low angle", "in a wide composition", "centred, with room around it", "close up")
_FINISH = ("finely detailed", "with a calm palette of a few colours", "with rich texture", "crisp and uncluttered")


def better(prompt: str) -> str:
    """The prompt and three additions; always the same for the same prompt."""
    dice = hashlib.sha256(prompt.encode()).digest()
    chosen = [words[byte % len(words)] for words, byte in zip((_LIGHT, _FRAMING, _FINISH), dice, strict=False)]
    return ", ".join([prompt.rstrip(" .,"), *chosen])
