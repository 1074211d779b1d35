"""The manifest of an evidence bundle: every other entry with its size and SHA-256, and a seal over the manifest itself.

Whoever knows the seal knows the whole bundle; it is short enough to be read out or written into an e-mail.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from studio.reviews.sealed import Wrong
from studio.reviews.strict import parsed, text, whole

NAME = "manifest.json"
README, REPORT, PLAN, CHAIN, SEED = "README.txt", "report.html", "plan.json", "chain.jsonl", "seed.txt"
REVIEWERS, PINS, DECISIONS = "reviewers.jsonl", "pins.jsonl", "decisions.jsonl"
RESULTS, VOTES, IMAGES = "results.json", "ballots.csv", "images/"
TEXTS = (README, REPORT, PLAN, CHAIN, SEED, REVIEWERS, PINS, DECISIONS, RESULTS, VOTES)
FORMAT, VERSION = "atlas-studio-evidence", 1
LIMIT = 10_000_000  # bytes of the manifest
_ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, kw_only=True)
class Listed:
    name: str
    size: int
    sha256: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "Listed":
        return cls(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """``plan`` and ``head`` are the first and last hash of the chain; ``code`` is what wrote the bundle."""

    review: str
    plan: str
    head: str
    simulated: bool
    code: Mapping[str, str]
    entries: Sequence[Listed]

    @property
    def seal(self) -> str:
        return hashlib.sha256(_readable(self._told()).encode()).hexdigest()

    def written(self) -> bytes:
        return _readable({**self._told(), "seal": self.seal}).encode()

    def _told(self) -> dict[str, object]:
        label = "SIMULATED" if self.simulated else ""
        return {"format": FORMAT, "version": VERSION, **asdict(self), "simulated": label}


def read(content: bytes) -> Manifest:
    """Raises Wrong for anything that written() has not written."""
    try:
        told = parsed(content.decode())
        if told["format"] != FORMAT:
            raise Wrong(NAME, "is not that of an evidence bundle. Choose a bundle that Atlas Studio made of a review.")
        if whole(told["version"]) > VERSION:
            raise Wrong(NAME, "is of a later version. Verify the bundle with a newer Atlas Studio.")
        manifest = Manifest(
            review=text(told["review"]),
            plan=text(told["plan"]),
            head=text(told["head"]),
            simulated=bool(text(told["simulated"])),
            code={text(name): text(value) for name, value in told["code"].items()},
            entries=tuple(
                Listed(name=text(each["name"]), size=whole(each["size"]), sha256=text(each["sha256"]))
                for each in told["entries"]
            ),
        )
        as_written = manifest.written()
    except (ValueError, TypeError, KeyError, AttributeError) as broken:
        raise Wrong(NAME, f"cannot be read ({type(broken).__name__}): it was changed.") from None
    if as_written != content:
        raise Wrong(NAME, "does not fit to its own seal: it was changed.")
    return manifest


def code_version() -> dict[str, str]:
    """What runs here: package and commit, as far as they are known, and what it counts with."""
    code = {"atlas_studio": _package(), "commit": _commit(), "python": python_version(), "numpy": version("numpy")}
    return {name: value for name, value in code.items() if value}


def _package() -> str:
    described = _ROOT / "pyproject.toml"
    return (
        str(tomllib.loads(described.read_text(encoding="utf-8"))["project"]["version"]) if described.is_file() else ""
    )


def _commit() -> str:
    """Of the checkout, without running git; empty when this is none."""
    folder = _ROOT / ".git"
    head = folder / "HEAD"
    if not head.is_file():
        return ""
    told = head.read_text(encoding="utf-8").strip()
    name = told.removeprefix("ref: ")
    if name == told:
        return told
    if (folder / name).is_file():
        return (folder / name).read_text(encoding="utf-8").strip()
    packed = folder / "packed-refs"
    lines = packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else []
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), "")


def _readable(told: Mapping[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
