"""The evidence of a review as one file: plan, chain, seed, votes, images, results and a report to read.

``python -m studio.verify`` recomputes it without a database. The same review gives the same bytes, every time; only
the report is in the language of whoever asked for it.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from atlas.language import ENGLISH, current, speaking
from studio.images import GRID, VIEW, ImageFiles
from studio.reviews import manifest, readme, report, votes_csv
from studio.reviews.ballots import Ballot, Decision, Pin, Review, Reviewer, State
from studio.reviews.chain import Entry
from studio.reviews.desk import Reviews
from studio.reviews.differences import readable
from studio.reviews.discussion import Discussion
from studio.reviews.manifest import Listed, Manifest
from studio.reviews.plan import Plan, canonical
from studio.reviews.replay import Replayed, replayed
from studio.reviews.results import Results, of_review
from studio.reviews.sealed import Wrong, pack

_LARGE_PREVIEWS = 24  # images; of more than these, the report has the small ones


@dataclass(frozen=True, kw_only=True)
class Record:
    """All that is kept of one review; ``alts``, by the hash of an image, for those who cannot see it."""

    review: Review
    reviewers: Sequence[Reviewer]
    ballots: Sequence[Ballot]
    pins: Sequence[Pin]
    decisions: Sequence[Decision]
    chain: Sequence[Entry]
    alts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What to tell others beside the bundle, so that they can see that it is this one."""

    seal: str
    head: str
    images: int


def record(reviews: Reviews, discussion: Discussion, review_id: str) -> Record:
    """Raises KeyError."""
    return Record(
        review=reviews.get(review_id),
        reviewers=reviews.reviewers(review_id),
        ballots=reviews.ballots(review_id),
        pins=discussion.pins(review_id),
        decisions=discussion.decisions(review_id),
        chain=reviews.chain(review_id),
    )


def write(
    target: Path | IO[bytes], kept: Record, files: ImageFiles, *, code: Mapping[str, str] | None = None
) -> Written:
    """Write the bundle; at a path it is whole or not there.

    Raises ValueError, with a sentence, for a review that is not closed, whose images are not all there, or whose
    database does not hold what its chain says; and OSError.
    """
    if isinstance(target, Path):
        return _written_whole(target, kept, files, code)
    told = _retold(kept)
    review = review_of(kept.review.plan, kept.review.seed, told, review_id=kept.review.id)
    people = _outsiders(kept.reviewers)
    with speaking(ENGLISH):  # whoever verifies it counts again in English
        results = of_review(review, told.ballots, people)
    read = results if current() == ENGLISH else of_review(review, told.ballots, people)
    writing = _Writing(
        kept=kept, told=told, results=results, read=read, files=files, code=code or manifest.code_version()
    )
    pack(target, writing.entries())
    return Written(seal=writing.seal, head=told.head, images=len(review.plan.hashes))


def review_of(plan: Plan, seed: str, told: Replayed, *, review_id: str) -> Review:
    """The review as its chain has it, for the results."""
    return Review(
        id=review_id,
        plan=plan,
        seed=seed,
        created=0,
        state=State.CLOSED,
        closed=told.closed,
        closed_by=told.closed_by,
    )


def counted(results: Results, plan: Plan, told: Replayed, reviewers: Sequence[Reviewer]) -> dict[str, bytes]:
    """The entries that follow from the others: written by the one side, and computed anew by the other."""
    label = "SIMULATED" if results.simulated else ""
    numbers = {"simulated": label, "numbers": results.numbers()}
    return {
        manifest.RESULTS: readable(numbers),
        manifest.VOTES: votes_csv.sheet(plan, told.ballots, reviewers),
        manifest.DECISIONS: _lines(_decided(decision) for decision in told.decisions),
    }


@dataclass(kw_only=True)
class _Writing:
    kept: Record
    told: Replayed
    results: Results
    read: Results  # the same in the language of the report
    files: ImageFiles
    code: Mapping[str, str]
    seal: str = ""

    def entries(self) -> Iterator[tuple[str, bytes]]:
        """All of them, one image in memory at a time, and the manifest at the end."""
        listed = []
        for name, content in self._contents():
            listed.append(Listed.of(name, content))
            yield name, content
        plan = self.kept.review.plan
        made = Manifest(
            review=self.kept.review.id,
            plan=plan.hash,
            head=self.told.head,
            simulated=self.results.simulated,
            code=self.code,
            entries=tuple(listed),
        )
        self.seal = made.seal
        yield manifest.NAME, made.written()

    def _contents(self) -> Iterator[tuple[str, bytes]]:
        review, outsiders = self.kept.review, _outsiders(self.kept.reviewers)
        follow = counted(self.results, review.plan, self.told, outsiders)
        texts = {
            manifest.README: readme.text(review.plan, self.told, self.results, self.code).encode(),
            manifest.REPORT: self._report(),
            manifest.PLAN: review.plan.text().encode(),
            manifest.CHAIN: _lines({"sequence": e.sequence, "body": e.body, "hash": e.hash} for e in self.kept.chain),
            manifest.SEED: f"{review.seed}\n".encode(),
            manifest.REVIEWERS: _lines(map(_person, outsiders)),
            manifest.PINS: _lines(_pinned(pin, review.plan) for pin in self.kept.pins),
            **follow,
        }
        yield from ((name, texts[name]) for name in manifest.TEXTS)
        for sha256 in review.plan.hashes:
            path, content = self._original(sha256)
            yield f"{manifest.IMAGES}{sha256}{path.suffix}", content

    def _report(self) -> bytes:
        hashes = self.kept.review.plan.hashes
        side = VIEW if len(hashes) <= _LARGE_PREVIEWS else GRID
        return report.page(
            report.Told(
                plan=self.kept.review.plan,
                results=self.read,
                pins=self.kept.pins,
                decisions=self.told.decisions,
                closed=self.told.closed,
                closed_by=self.told.closed_by,
                head=self.told.head,
                voters=len({ballot.reviewer for ballot in self.told.ballots}),
                alts=self.kept.alts,
            ),
            lambda sha256: self._preview(sha256, side),
        )

    def _preview(self, sha256: str, side: int) -> bytes:
        path = self.files.preview(sha256, side)
        return path.read_bytes() if path.is_file() else self._original(sha256)[1]

    def _original(self, sha256: str) -> tuple[Path, bytes]:
        path = self.files.find(sha256)
        content = path.read_bytes() if path else b""
        if path is None or hashlib.sha256(content).hexdigest() != sha256:
            raise ValueError(
                f"The image {sha256[:12]}… of this review is missing or damaged in the data folder. Bring it back from "
                "a backup, then make the evidence again."
            )
        return path, content


def _retold(kept: Record) -> Replayed:
    """The chain, when the database says the same. Raises ValueError."""
    review = kept.review
    if not review.is_closed:
        raise ValueError("Only a closed review has evidence. Close it, or wait until it is over.")
    try:
        told = replayed(review.plan, review.seed, kept.chain)
    except Wrong as trouble:
        raise ValueError(f"The record of this review was changed: {trouble} Restore it from a backup.") from None
    people = [replace(each, name="", role="", language="") for each in _outsiders(kept.reviewers)]
    same = (
        told.ballots == tuple(kept.ballots)
        and told.decisions == tuple(kept.decisions)
        and told.reviewers == tuple(people)
        and told.closed_by == review.closed_by
    )
    if not same:
        raise ValueError("The votes in the database are not those of the record. Restore the database from a backup.")
    return told


def _outsiders(reviewers: Sequence[Reviewer]) -> list[Reviewer]:
    """Reviewers as everybody may see them: without what lets a browser vote or see images in their name."""
    return [replace(reviewer, id="", seat="") for reviewer in reviewers]


def _person(reviewer: Reviewer) -> dict[str, Any]:
    return {
        "reviewer": reviewer.label,
        "name": reviewer.name,
        "role": reviewer.role,
        "language": reviewer.language,
        "synthetic": reviewer.synthetic,
    }


def _pinned(pin: Pin, plan: Plan) -> dict[str, Any]:
    return {
        "image": plan.picture(pin.remark.face.arm, pin.remark.face.draw),
        "arm": pin.remark.face.arm,
        "draw": pin.remark.face.draw,
        "x": pin.remark.x,
        "y": pin.remark.y,
        "words": pin.remark.words,
        "author": pin.author,
        "created": pin.created,
        "item": pin.item,
        "reviewer": None if pin.reviewer is None else f"R{pin.reviewer + 1}",
        "resolved": pin.resolved,
        "resolved_by": pin.resolved_by,
    }


def _decided(decision: Decision) -> dict[str, Any]:
    return {
        "state": decision.state,
        "who": decision.who,
        "words": decision.words,
        "at": decision.at,
        "hashes": list(decision.hashes),
    }


def _lines(each: "Iterator[dict[str, Any]] | map[dict[str, Any]]") -> bytes:
    return b"".join(f"{canonical(told)}\n".encode() for told in each)


def _written_whole(path: Path, kept: Record, files: ImageFiles, code: Mapping[str, str] | None) -> Written:
    partial = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("xb") as file:
            written = write(file, kept, files, code=code)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return written
