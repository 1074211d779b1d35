"""Is this room blind? Looks for whatever could tell a reviewer which image comes from which arm."""

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image

from atlas.language import listed, tr
from studio.images import ImageFiles
from studio.reviews.ballots import Review, Reviewer
from studio.reviews.plan import Plan
from studio.reviews.schedule import Item, Kind, schedule
from studio.reviews.sitting import Sitting, Step
from studio.reviews.staging import LIMIT, Missing, Stage

_REVIEWERS = 40
_SHORTEST = 4  # letters of a word that could give something away
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at; ``words`` say what was found, and what to do where it is not ``ok``."""

    name: str
    ok: bool
    words: str


def checks(
    review: Review, files: ImageFiles, stage: Stage, payload: Callable[[Sitting, Step], dict[str, Any]]
) -> list[Check]:
    """``payload`` is everything about one ballot that is sent to a reviewer."""
    sittings = [Sitting(review=review, reviewer=_somebody(ordinal)) for ordinal in range(3)]
    try:
        return [
            _files(sittings[0], stage),
            _shapes(review.plan, files),
            _sent(sittings, payload),
            _names(sittings),
            _sides(review),
            _brief(review.plan),
        ]
    except Missing:
        words = tr("An image of this review is gone. Restore it from a backup, or make a new review.")
        return [Check(name=tr("Images"), ok=False, words=words)]


def _somebody(ordinal: int) -> Reviewer:
    return Reviewer(id="", seat=f"a seat for the test {ordinal}", ordinal=ordinal)


def _files(sitting: Sitting, stage: Stage) -> Check:
    unlike = [item.number for item in sitting.items if not _alike(sitting, item, stage)]
    if unlike:
        words = tr("The files of pair {listed} differ in size, format or metadata. Report this: it is a fault.").format(
            listed=listed(map(str, unlike))
        )
    else:
        words = tr("Both files of all {count} pairs have one format, one size and length, and no metadata.").format(
            count=len(sitting.items)
        )
    return Check(name=tr("Files"), ok=not unlike, words=words)


def _alike(sitting: Sitting, item: Item, stage: Stage) -> bool:
    staged = sitting.staged(item, stage)
    seen = []
    for content in (staged.left, staged.right):
        with Image.open(io.BytesIO(content)) as image:
            metadata = bool(image.getexif()) or bool({"exif", "icc_profile", "xmp"} & set(image.info))
            seen.append((image.format, image.size, len(content), metadata))
    return seen[0] == seen[1] and not seen[0][3] and len(staged.left) <= LIMIT


def _shapes(plan: Plan, files: ImageFiles) -> Check:
    """Arms of different shapes can be told apart, whatever is done to the files."""
    shapes = [{_shape(files, each.hashes[arm]) for each in plan.pictures} for arm in range(len(plan.arms))]
    same = all(shape == shapes[0] for shape in shapes) and len(shapes[0]) == 1
    words = (
        tr("All images have the same shape.")
        if same
        else tr(
            "The images of the arms differ in shape, so whoever knows the prompts could tell them apart. "
            "Draw all arms in one size for a test that is wholly blind."
        )
    )
    return Check(name=tr("Shapes"), ok=same, words=words)


def _shape(files: ImageFiles, sha256: str) -> float:
    path = files.find(sha256)
    if path is None:
        raise Missing(sha256)
    with Image.open(path) as image:
        return round(image.width / image.height, 2)


def _sent(sittings: Sequence[Sitting], payload: Callable[[Sitting, Step], dict[str, Any]]) -> Check:
    plan = sittings[0].review.plan
    allowed = _words_of(" ".join([plan.brief, *(asked.words for asked in plan.questions)]))
    fixed = _words_of(json.dumps(_without_texts(payload(sittings[0], sittings[0].steps[0]))))
    hints = set().union(*(_words_of(arm.prompt) | _words_of(arm.model) for arm in plan.arms)) - allowed - fixed
    secrets = {plan.experiment.lower(), *(sha256 for each in plan.pictures for sha256 in each.hashes)}
    found: set[str] = set()
    for sitting in sittings:
        for step in sitting.steps:
            sent = json.dumps(payload(sitting, step), ensure_ascii=False).lower()
            found |= {secret for secret in secrets if secret in sent} | (hints & set(_WORD.findall(sent)))
    words = (
        tr("A ballot would send these words of the prompts: {join}. Report this: it is a fault.").format(
            join=listed(sorted(found))
        )
        if found
        else tr("No word of a prompt, no model, no file name and no hash of an image is sent with a ballot.")
    )
    return Check(name=tr("What is sent"), ok=not found, words=words)


def _without_texts(sent: dict[str, Any]) -> dict[str, Any]:
    """The words that are the same on every ballot."""
    return {name: value for name, value in sent.items() if name in {"answers", "chips"}}


def _names(sittings: Sequence[Sitting]) -> Check:
    names = [sitting.name(item, side) for sitting in sittings for item in sitting.items for side in ("left", "right")]
    ok = len(set(names)) == len(names)
    words = (
        tr("Every image has another name on every ballot of every reviewer.") if ok else tr("Two images share a name.")
    )
    return Check(name=tr("Names"), ok=ok, words=words)


def _sides(review: Review) -> Check:
    """Both ways of counterbalancing, over the first reviewers to come."""
    shown: Counter[str] = Counter()
    left: Counter[str] = Counter()
    worst = 0.0
    for ordinal in range(_REVIEWERS):
        pairs = list(_pairs(review, ordinal))
        first_left = [item.key for item in pairs if item.left.arm < item.right.arm]
        worst = max(worst, abs(len(first_left) - len(pairs) / 2))
        shown.update(item.key for item in pairs)
        left.update(first_left)
    lopsided = [key for key, count in shown.items() if abs(left[key] - count / 2) > 1]
    ok = worst <= 1 and not lopsided
    words = (
        tr(
            "For {reviewers} reviewers: each sees an arm left half of the time, and each pair is shown both ways."
        ).format(reviewers=_REVIEWERS)
        if ok
        else tr("The sides are not balanced. Report this: it is a fault.")
    )
    return Check(name=tr("Sides"), ok=ok, words=words)


def _pairs(review: Review, ordinal: int) -> Iterator[Item]:
    return (item for item in schedule(review.plan, review.seed, ordinal) if item.kind is Kind.PAIR)


def _brief(plan: Plan) -> Check:
    """A brief in the words of one prompt pleads for that prompt."""
    told = _words_of(" ".join([plan.brief, *(asked.words for asked in plan.questions)]))
    prompts = [_words_of(arm.prompt) for arm in plan.arms]
    common = set.intersection(*prompts)
    hinted = sorted(told & (set().union(*prompts) - common))
    words = (
        tr(
            "The brief or a question repeats words that not every prompt has: {join}. "
            "If they plead for one arm, make a new review with other words."
        ).format(join=listed(hinted))
        if hinted
        else tr("Brief and questions hold no word that only some of the prompts have.")
    )
    return Check(name=tr("Brief"), ok=not hinted, words=words)


def _words_of(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.lower()) if len(word) >= _SHORTEST}
