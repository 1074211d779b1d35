"""A strict reader of the text format of Prometheus (0.0.4)."""

import re
from collections import defaultdict

_NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
_LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
_SAMPLE = re.compile(rf"({_NAME})(\{{{_LABEL}(?:,{_LABEL})*\}})? (\S+)")
_ENDS = {"counter": {""}, "gauge": {""}, "histogram": {"_bucket", "_sum", "_count"}}


def parsed(text: str) -> dict[str, float]:
    """Samples by name and labels. Fails where a line, an order or a histogram breaks a rule."""
    assert text.endswith("\n")
    found: dict[str, float] = {}
    kinds: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("# HELP "):
            name = line.split(" ")[2]
            kind = re.fullmatch(rf"# TYPE {name} (counter|gauge|histogram)", next(lines))
            assert kind, f"no type of {name}"
            assert name not in kinds, f"{name} comes twice"
            kinds[name] = kind[1]
            continue
        sample = _SAMPLE.fullmatch(line)
        assert sample, line
        name = list(kinds)[-1]
        assert sample[1].removeprefix(name) in _ENDS[kinds[name]], f"{line} below {name}"
        assert kinds[name] != "counter" or name.endswith("_total"), name
        key = sample[1] + (sample[2] or "")
        assert key not in found, f"{key} comes twice"
        found[key] = float(sample[3])
    _check_buckets(found)
    return found


def _check_buckets(found: dict[str, float]) -> None:
    """Each one counts what the smaller ones count too, up to all."""
    rows: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for key, value in found.items():
        if edge := re.search(r'_bucket\{(.*?),?le="([^"]+)"\}', key):
            labels = f"{{{edge[1]}}}" if edge[1] else ""
            rows[key.partition("_bucket")[0] + "_count" + labels].append((float(edge[2]), value))
    for count, buckets in rows.items():
        assert buckets == sorted(buckets), count
        assert [value for _, value in buckets] == sorted(value for _, value in buckets), count
        assert buckets[-1] == (float("inf"), found[count]), count
