"""Settings as one text, in the form that AUTOMATIC1111's web UI made usual.

The prompt, then a line "Negative prompt: …", then one line "Steps: 20, Seed: 1, Size: 512x768, Model: …".
It is for other programs and for people; a prompt that itself looks like such a line is ambiguous in it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from atlas.text import clean
from studio.embedding.described import Described
from studio.generations import SIMULATOR

_NEGATIVE = "Negative prompt:"
_LINE_LIMIT = 10_000  # characters of a line that can be settings
_SETTING = re.compile(r'(\w[\w \-/]{0,60}):[ \t]*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
_SIZE = re.compile(r"(\d{1,5})\s*[x*×]\s*(\d{1,5})")
_FEWEST = 3  # settings in a line, as the web UI itself asks for
_NAMED_OTHERWISE = frozenset({"negative_prompt", "size", "seed"})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What such a text says; ``others`` are its settings as written, by their own names."""

    prompt: str
    negative_prompt: str = ""
    model: str = ""
    seed: int | None = None
    size: tuple[int, int] | None = None  # pixels
    others: Mapping[str, str] = field(default_factory=dict)


def written(about: Described) -> str:
    """The text for an image of ours."""
    parameters = about.request.parameters
    negative = str(parameters.get("negative_prompt") or "")
    size = _SIZE.fullmatch(str(parameters.get("size", "")))
    settings = {
        "Seed": about.seed,
        "Size": f"{size[1]}x{size[2]}" if size else parameters.get("size"),
        "Model": about.request.model,
        **{name: value for name, value in parameters.items() if name not in _NAMED_OTHERWISE},
        "Provider": "simulator (SIMULATED)" if about.provider == SIMULATOR else about.provider,
        "Created": about.created,
        "Version": "Atlas Studio",
    }
    line = ", ".join(f"{name}: {_quoted(str(value))}" for name, value in settings.items() if value is not None)
    return "\n".join([about.request.prompt, *([f"{_NEGATIVE} {negative}"] if negative else []), line])


def parsed(text: str) -> Settings | None:
    """None when the text is not of this form."""
    above, _, last = clean(text).strip().rpartition("\n")
    line = {name.strip(): _unquoted(value.strip()) for name, value in _SETTING.findall(last[:_LINE_LIMIT])}
    if len(last) > _LINE_LIMIT or not (len(line) >= _FEWEST or "Steps" in line):
        return None
    prompt, _, negative = f"\n{above}".partition(f"\n{_NEGATIVE}")
    size = _SIZE.fullmatch(line.get("Size", ""))
    seed = line.get("Seed", "")
    return Settings(
        prompt=prompt.strip(),
        negative_prompt=negative.strip(),
        model=line.get("Model", ""),
        seed=int(seed) if re.fullmatch(r"-?[0-9]{1,19}", seed) else None,
        size=(int(size[1]), int(size[2])) if size else None,
        others=line,
    )


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if re.search(r'[,:\n"]', value) else value


def _unquoted(value: str) -> str:
    try:
        found = json.loads(value) if value.startswith('"') else value
    except ValueError:
        return value
    return str(found)
