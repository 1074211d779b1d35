"""A review that really happened, for tests of its evidence: images on disk, votes at the desk, words of every kind."""

import hashlib
import io
import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image
from sqlalchemy import Engine

from studio.images import ImageFiles
from studio.reviews import manifest, verdict
from studio.reviews.ballots import Choice, Remark, Reviewer, Standing
from studio.reviews.desk import Reviews, seed_hash
from studio.reviews.discussion import Discussion
from studio.reviews.evidence import Record, record
from studio.reviews.manifest import Listed, Manifest
from studio.reviews.plan import ASKED, Arm, Asked, Ends, Pictures, Plan, Question, Stop
from studio.reviews.schedule import Face, schedule
from studio.reviews.sealed import Opened, pack

SEED = "0123456789abcdef0123456789abcdef"
EVIL = '=HYPERLINK("http://elsewhere.example")<script>alert(1)</script>'
REVIEW = "r1"


def a_plan(files: ImageFiles, *, draws: int = 6, arms: int = 2, **changes: object) -> Plan:
    """Real images of one colour each; PNG, JPEG and WebP."""
    pictures = tuple(
        Pictures(number=draw, hashes=tuple(files.keep(_drawn(arm, draw)).sha256 for arm in range(arms)))
        for draw in range(1, draws + 1)
    )
    labels = ("Warm light 暖色", "Cold <b>light</b>", "No light", "More light")
    plan = Plan(
        experiment="e1",
        name="Breakfast cups 早餐杯",
        arms=tuple(
            Arm(
                label=labels[arm],
                model="openai/gpt-image-1.5",
                prompt=f"一個紅色的杯子 & cup {arm}",
                parameters={"n": 1},
            )
            for arm in range(arms)
        ),
        pictures=pictures,
        questions=tuple(Asked(kind=kind, words=ASKED[kind]) for kind in (Question.PREFERENCE, Question.PUBLISH)),
        stop=Stop(rule=Ends.VOTES, votes=draws * 3),
        seed_hash=seed_hash(SEED),
        brief="A cup for breakfast.\n給早餐用的杯子。",
        repeats=1,
        controls=1,
        simulated=True,
    )
    return replace(plan, **changes)  # type: ignore[arg-type]


def held(engine: Engine, plan: Plan, *, people: int = 6, review_id: str = REVIEW) -> Record:
    """Everybody answers everything until it closes by its plan; the last one may be shown less."""
    reviews, discussion = Reviews(engine, enough=verdict.enough), Discussion(engine)
    reviews.make(review_id, plan, seed=SEED)
    reviews.open(review_id)
    dice = random.Random(7)
    for number in range(people):
        if not reviews.get(review_id).is_closed:
            _answer(reviews, reviews.join(review_id, f"browser {number}", **_person(number)), plan, dice, review_id)
    reviews.close(review_id)
    discussion.pin(review_id, Remark(face=Face(arm=0, draw=1), x=0.25, y=0.75, words=f"太暗了 {EVIL}"), author="阿明")
    discussion.decide(review_id, Standing.CHANGES_ASKED, who="Mei 美", words="Once more, brighter.")
    discussion.decide(review_id, Standing.APPROVED, who=EVIL, words="好")
    return record(reviews, discussion, review_id)


def closed(engine: Engine, plan: Plan, review_id: str) -> Record:
    """Opened, and closed by hand before anybody came."""
    reviews = Reviews(engine, enough=verdict.enough)
    reviews.make(review_id, plan, seed=SEED)
    reviews.open(review_id)
    reviews.close(review_id)
    return record(reviews, Discussion(engine), review_id)


def unpacked(bundle: Path) -> dict[str, bytes]:
    with bundle.open("rb") as file:
        opened = Opened(file)
        return {name: opened.content(name, limit=1 << 30) for name in opened.entries}


def repacked(path: Path, contents: Mapping[str, bytes]) -> Path:
    with path.open("wb") as file:
        pack(file, contents.items())
    return path


def resealed(path: Path, contents: Mapping[str, bytes], **changes: object) -> Path:
    """As somebody would who changes an entry and makes the manifest anew."""
    rest = {name: content for name, content in contents.items() if name != manifest.NAME}
    made = manifest.read(contents[manifest.NAME])
    listed = tuple(Listed.of(name, content) for name, content in rest.items())
    forged: Manifest = replace(made, entries=listed, **changes)  # type: ignore[arg-type]
    return repacked(path, {**rest, manifest.NAME: forged.written()})


def _person(number: int) -> dict[str, Any]:
    names = ("Ana", "美玲", EVIL, "", "Jörg", "Noor")
    return {"name": names[number % 6], "role": ("Design", "Sales")[number % 2], "language": ("de", "中文")[number % 2]}


def _answer(reviews: Reviews, reviewer: Reviewer, plan: Plan, dice: random.Random, review_id: str) -> None:
    for item in schedule(plan, SEED, reviewer.ordinal):
        liked = Choice.LEFT if (item.left.arm <= item.right.arm) == (dice.random() < 0.75) else Choice.RIGHT
        choice = Choice.TIE if dice.random() < 0.1 else liked
        remarks = [Remark(face=item.left, x=0.5, y=0.5, words="這裡")] if item.number == 1 else []
        for question, answer in (
            (Question.PUBLISH, Choice.TIE),
            *([(Question.PREFERENCE, Choice.RIGHT)] if item.number <= 2 else []),
            (Question.PREFERENCE, choice),
        ):
            if not reviews.get(review_id).is_closed:
                reviews.cast(
                    review_id,
                    reviewer,
                    item,
                    question,
                    answer,
                    reasons=["Colours", "Light"] if answer is Choice.LEFT else [],
                    words="=1+1" if item.number == 2 else "",
                    seconds=2 + 5 * dice.random(),
                    remarks=remarks,
                )
    if not reviews.get(review_id).is_closed:
        reviews.finish(review_id, reviewer)


def _drawn(arm: int, draw: int) -> bytes:
    colour = tuple(hashlib.sha256(f"{arm} {draw}".encode()).digest()[:3])
    buffer = io.BytesIO()
    Image.new("RGB", (48, 32), colour).save(buffer, ("PNG", "JPEG", "WEBP")[(arm + draw) % 3])
    return buffer.getvalue()
