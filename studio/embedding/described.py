"""What is written into a copy of an image about how it was made, and its exact form as JSON."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeGuard

from atlas.models import ImageRequest, Value
from studio.generations import Generation, Picture

TEXT_LIMIT = 1_000_000  # bytes of any one text in a file, unpacked

_VERSION = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")
# JSON may say these by number; XML has no way to say some of them at all.
_UNSPEAKABLE = re.compile("[\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Unreadable(Exception):
    """Bytes that are no PNG, JPEG or WebP file whose parts can be told apart; the text says what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Described:
    """How an image came to be. ``created`` is ISO 8601, ``sha256`` that of the image without this description.

    ``alt`` is what somebody wrote for those who cannot see it.
    """

    request: ImageRequest
    provider: str
    created: str
    sha256: str
    seed: int | None = None
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class Carried:
    """Texts found in a file, most trusted first: ``records`` are ours, ``texts`` may be anybody's settings."""

    records: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


def described(generation: Generation, picture: Picture) -> Described:
    """What a stored generation says about one of its images."""
    seed = generation.parameters.get("seed")
    return Described(
        request=generation.request,
        provider=generation.provider,
        created=datetime.fromtimestamp(generation.created / 1000, UTC).isoformat(timespec="milliseconds"),
        sha256=picture.sha256,
        seed=seed if isinstance(seed, int) and not isinstance(seed, bool) else None,
        alt=generation.alt,
    )


def record_of(about: Described, **also: int) -> str:
    """The JSON that ``parsed`` reads back equal; ``also`` is what a container has to remember about itself."""
    record = {
        "atlas_studio": _VERSION,
        "prompt": about.request.prompt,
        "model": about.request.model,
        "parameters": dict(about.request.parameters),
        "provider": about.provider,
        "created": about.created,
        "seed": about.seed,
        "sha256": about.sha256,
        **({"alt": about.alt} if about.alt else {}),
        **also,
    }
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    return _UNSPEAKABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def parsed(record: str) -> Described | None:
    """None when this is not a record of ours."""
    fields = fields_of(record)
    parameters = fields.get("parameters")
    texts = {name: fields.get(name) for name in ("prompt", "model", "provider", "created", "sha256")}
    seed = fields.get("seed")
    if not all(isinstance(text, str) for text in texts.values()) or not are_parameters(parameters):
        return None
    if not _SHA256.fullmatch(str(texts["sha256"])) or not (seed is None or type(seed) is int):
        return None
    return Described(
        request=ImageRequest(prompt=str(texts["prompt"]), model=str(texts["model"]), parameters=parameters),
        provider=str(texts["provider"]),
        created=str(texts["created"]),
        sha256=str(texts["sha256"]),
        seed=seed,
        alt=str(fields.get("alt") or ""),
    )


def fields_of(record: str) -> Mapping[str, Any]:
    """The fields of a record of ours; none where it is something else."""
    try:
        found = json.loads(record)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) and found.get("atlas_studio") == _VERSION else {}


def are_parameters(found: Any) -> TypeGuard[dict[str, Value]]:
    """Whether this, out of a foreign JSON, can be the parameters of a request."""
    return isinstance(found, dict) and all(map(_is_value, found.values()))


def _is_value(value: Any) -> bool:
    if isinstance(value, list):
        return all(isinstance(part, str) for part in value) or all(map(_is_record, value))
    return _is_plain(value)


def _is_record(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_plain, value.values()))


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
