"""`python -m studio.verify BUNDLE.zip`: is the evidence of a review what was recorded, and do its numbers follow?

Reads nothing but the file, and trusts nothing in it. The first thing that is wrong is named with its entry and line.
"""

import argparse
import hashlib
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from atlas.text import excerpt
from studio.reviews import manifest
from studio.reviews.ballots import Reviewer
from studio.reviews.chain import Entry
from studio.reviews.desk import seed_hash
from studio.reviews.differences import compare, same_numbers
from studio.reviews.evidence import counted, review_of
from studio.reviews.manifest import Manifest
from studio.reviews.plan import Plan
from studio.reviews.replay import Replayed, replayed
from studio.reviews.results import Results, of_review
from studio.reviews.sealed import Opened, Wrong
from studio.reviews.strict import flag, number, parsed, text, whole

_IMAGE_LIMIT = 50_000_000  # bytes; as the studio keeps them
_TEXT_LIMIT = 100_000_000
_LIMITS = {manifest.PLAN: 10_000_000, manifest.SEED: 1_000, manifest.README: 100_000, manifest.REPORT: 500_000_000}
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, IndexError, ArithmeticError, RecursionError)
_LINES_LIMIT = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What was checked, and what came out; ``exact`` to the last bit, or only to nine digits."""

    plan: Plan
    manifest: Manifest
    told: Replayed
    results: Results
    exact: bool


def verify(file: IO[bytes]) -> Verified:
    """Raises Wrong for the first thing that is not as it was written, and OSError."""
    bundle = Opened(file)
    made = manifest.read(bundle.content(manifest.NAME, limit=manifest.LIMIT))
    try:
        _check_entries(bundle, made)
    except Wrong as wrong:
        raise _closer(wrong, Opened(file, checked=False), made) from None
    return _recounted(bundle, made)


def _recounted(bundle: Opened, made: Manifest) -> Verified:
    """All that follows from plan, seed and chain, found once more."""
    plan = _plan(_content(bundle, manifest.PLAN))
    _check_images(made, plan)
    seed = _seed(_content(bundle, manifest.SEED), plan)
    with _blamed(manifest.PLAN):
        told = replayed(plan, seed, _chain(_content(bundle, manifest.CHAIN)))
    if (made.plan, made.head) != (plan.hash, told.head):
        raise Wrong(manifest.NAME, "names another plan or another head of the chain.")
    reviewers = _reviewers(_content(bundle, manifest.REVIEWERS), told)
    _check_pins(_content(bundle, manifest.PINS), plan)
    with _blamed(manifest.PLAN):
        results = of_review(review_of(plan, seed, told, review_id=made.review), told.ballots, reviewers)
        follows = counted(results, plan, told, reviewers)
    found = _content(bundle, manifest.RESULTS)
    with _blamed(manifest.RESULTS):
        exact = found == follows[manifest.RESULTS]
        if not exact and same_numbers(found, follows[manifest.RESULTS]):
            follows[manifest.RESULTS] = found
    for name, expected in follows.items():
        compare(name, _content(bundle, name), expected, made.code)
    if made.simulated != results.simulated:
        raise Wrong(manifest.NAME, "does not say rightly whether this is simulated.")
    return Verified(plan=plan, manifest=made, told=told, results=results, exact=exact)


def _closer(wrong: Wrong, bundle: Opened, made: Manifest) -> Wrong:
    """The same, with the line where there is one to name."""
    try:
        _recounted(bundle, made)
    except Wrong as found:
        return found if found.entry == wrong.entry and found.row is not None else wrong
    return wrong


def main(arguments: Sequence[str]) -> int:
    """0: all is as it was written. 1: something is not, in one line."""
    parser = argparse.ArgumentParser(prog="python -m studio.verify", description="Verify the evidence of a review.")
    parser.add_argument("bundle", type=Path, metavar="BUNDLE.zip")
    path = parser.parse_args(arguments).bundle
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter is no reason to fail
    try:
        with path.open("rb") as file:
            verified = verify(file)
    except Wrong as wrong:
        print(f"NOT VERIFIED. {wrong}", file=sys.stderr)
        return 1
    except OSError as trouble:
        print(f"NOT VERIFIED. {excerpt(str(path), 200)} cannot be read ({trouble.strerror}).", file=sys.stderr)
        return 1
    print("\n".join(_report(verified)))
    return 0


def _report(verified: Verified) -> Iterator[str]:
    made, told, finding = verified.manifest, verified.told, verified.results.finding
    label = "SIMULATED. " if verified.results.simulated else ""
    last = f", each in the chain; the last: {told.decisions[-1].state}" if told.decisions else ""
    yield f"{label}Evidence of the review “{excerpt(verified.plan.name, 100)}”"
    yield f"  entries:   {len(made.entries) + 1:,}, every byte as it was sealed"
    yield f"  images:    {len(verified.plan.hashes):,}, those of the plan"
    yield f"  chain:     {told.length:,} entries without a break, from the plan to the head"
    votes = f"{len(told.ballots):,} answers of {len(told.reviewers):,} reviewers"
    yield f"  votes:     {votes}, each on the sides of the schedule"
    equal = "to the last digit" if verified.exact else "to nine digits: this machine rounds differently beyond"
    yield f"  results:   recomputed from the votes, equal {equal}"
    yield f"  decisions: {len(told.decisions)}{last}"
    yield f"  verdict:   {excerpt(finding.sentence, 300)} {excerpt(finding.number, 300)}".rstrip()
    yield f"VERIFIED. Compare the seal {made.seal}"
    yield f"with the one that you were told, or the head of the chain {told.head}."


def _content(bundle: Opened, name: str) -> bytes:
    return bundle.content(name, limit=_LIMITS.get(name, _TEXT_LIMIT))


def _check_entries(bundle: Opened, made: Manifest) -> None:
    """Each is what the manifest says, none is missing and none is more."""
    for listed in made.entries:
        limit = _IMAGE_LIMIT if listed.name.startswith(manifest.IMAGES) else _LIMITS.get(listed.name, _TEXT_LIMIT)
        content = bundle.content(listed.name, limit=limit)
        if len(content) != listed.size or hashlib.sha256(content).hexdigest() != listed.sha256:
            raise Wrong(listed.name, "is not the file that the manifest lists: it was changed.")
    names = [*(listed.name for listed in made.entries), manifest.NAME]
    for name in bundle.entries.keys() - set(names):
        raise Wrong(name, "is not in the manifest: it was added.")
    for name in set(manifest.TEXTS) - set(names):
        raise Wrong(name, "is missing. Take another copy of the bundle.")
    if list(bundle.entries) != names:
        raise Wrong(manifest.NAME, "lists the entries in another order.")


def _plan(content: bytes) -> Plan:
    with _blamed(manifest.PLAN):
        told = content.decode()
        parsed(told)
        plan = Plan.parse(told)
        if plan.text() != told:
            raise Wrong(manifest.PLAN, "is not written as Atlas Studio writes it.")
        _check_kinds(plan)
        if plan.problem:
            raise Wrong(manifest.PLAN, f"cannot be asked: {plan.problem}")
    return plan


def _check_kinds(plan: Plan) -> None:
    """Plan.parse() takes any JSON value for a text or a number. Raises ValueError."""
    words = [
        plan.experiment,
        plan.name,
        plan.seed_hash,
        plan.brief,
        plan.who,
        *(asked.words for asked in plan.questions),
    ]
    words += [each for arm in plan.arms for each in (arm.label, arm.model, arm.prompt)]
    words += [sha256 for each in plan.pictures for sha256 in each.hashes]
    counts = [plan.stop.votes, plan.stop.until, plan.per_reviewer, plan.repeats, plan.controls, plan.version]
    counts += [each.number for each in plan.pictures]
    for value in words:
        text(value)
    for count in counts:
        whole(count)
    for share in (plan.margin, plan.alpha):
        number(share)
    for said in (plan.picked, plan.simulated):
        flag(said)
    if any(len(each.hashes) != len(plan.arms) for each in plan.pictures):
        raise ValueError("a draw has not one image per arm")


def _check_images(made: Manifest, plan: Plan) -> None:
    """The names of the images are the hashes in the plan; their bytes were checked with all others."""
    there = {listed.name: listed.sha256 for listed in made.entries if listed.name not in manifest.TEXTS}
    expected = set(plan.hashes)
    for name, sha256 in there.items():
        stem, _, form = name.removeprefix(manifest.IMAGES).partition(".")
        if not name.startswith(manifest.IMAGES) or form not in {"png", "jpeg", "webp"}:
            raise Wrong(name, "is no entry of a bundle: it was added.")
        if stem != sha256:
            raise Wrong(name, "is not the image that its name says: its SHA-256 is another.")
        if stem not in expected:
            raise Wrong(name, "is no image of the plan.")
        expected.remove(stem)
    if expected:
        raise Wrong(f"{manifest.IMAGES}{min(expected)}", "is missing, and the plan names it.")


def _seed(content: bytes, plan: Plan) -> str:
    with _blamed(manifest.SEED):
        seed = content.decode().removesuffix("\n")
        if seed_hash(seed) != plan.seed_hash or content != f"{seed}\n".encode():
            raise Wrong(manifest.SEED, "is not the seed of the plan: the plan has the SHA-256 of another.")
    return seed


def _chain(content: bytes) -> Iterator[Entry]:
    for row, told in _told(manifest.CHAIN, content):
        with _blamed(manifest.CHAIN, row):
            yield Entry(sequence=whole(told["sequence"]), body=text(told["body"]), hash=text(told["hash"]))


def _reviewers(content: bytes, told: Replayed) -> list[Reviewer]:
    people = []
    for row, said in _told(manifest.REVIEWERS, content):
        with _blamed(manifest.REVIEWERS, row):
            joined = told.reviewers[row - 1]
            if (text(said["reviewer"]), flag(said["synthetic"])) != (joined.label, joined.synthetic):
                raise Wrong(manifest.REVIEWERS, "is not who joined according to the chain.", row=row)
            name, role, language = (text(said[part]) for part in ("name", "role", "language"))
            people.append(replace(joined, name=name, role=role, language=language))
    if len(people) != len(told.reviewers):
        raise Wrong(manifest.REVIEWERS, f"lists {len(people):,} of {len(told.reviewers):,} reviewers in the chain.")
    return people


def _check_pins(content: bytes, plan: Plan) -> None:
    for row, said in _told(manifest.PINS, content):
        with _blamed(manifest.PINS, row):
            places = number(said["x"]), number(said["y"])
            if said["image"] != plan.picture(whole(said["arm"]), whole(said["draw"])) or not all(
                0 <= place <= 1 for place in places
            ):
                raise Wrong(manifest.PINS, "is on no image of the plan.", row=row)


def _told(name: str, content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines of a text, each a JSON object."""
    lines = content.split(b"\n")
    if lines.pop() != b"" or len(lines) > _LINES_LIMIT:
        raise Wrong(name, "does not end with a whole line, or has too many.")
    for row, line in enumerate(lines, 1):
        with _blamed(name, row):
            told = parsed(line.decode())
        yield row, told


@contextmanager
def _blamed(name: str, row: int | None = None) -> Iterator[None]:
    """Whatever a value of the wrong shape leads to is the fault of this entry."""
    try:
        yield
    except _BROKEN as broken:
        raise Wrong(name, f"cannot be read ({type(broken).__name__}): it was changed.", row=row) from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
