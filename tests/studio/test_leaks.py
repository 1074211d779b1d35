"""Check this room: says nothing of a blind room, and names what is planted in one that is not."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio.images import ImageFiles
from studio.reviews.ballots import Review, State
from studio.reviews.leaks import Check, checks
from studio.reviews.plan import Pictures, Plan
from studio.reviews.sitting import Sitting, Step
from studio.reviews.staging import Stage
from tests.studio.reviewing import SEED, a_plan


@pytest.fixture
def files(tmp_path: Path) -> ImageFiles:
    return ImageFiles(tmp_path / "images")


def _kept(files: ImageFiles, shade: int, size: tuple[int, int] = (60, 60)) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", size, (shade, 90, 90)).save(buffer, "PNG")
    return files.keep(buffer.getvalue()).sha256


def _a_room(files: ImageFiles, *, second: tuple[int, int] = (60, 60), **changes: Any) -> Review:
    plan = a_plan(draws=3, repeats=1)
    arms = (replace(plan.arms[0], prompt="a copper kettle"), replace(plan.arms[1], prompt="a velvet kettle"))
    pictures = tuple(
        Pictures(number=number, hashes=(_kept(files, number), _kept(files, 100 + number, second)))
        for number in range(1, 4)
    )
    told: Plan = replace(plan, experiment="experiment4711", arms=arms, pictures=pictures, **changes)
    return Review(id="r1", plan=told, seed=SEED, created=0, state=State.DRAFT)


def _honest(sitting: Sitting, step: Step) -> dict[str, Any]:
    return {"id": sitting.name(step.item, "ballot"), "answers": ["Left", "Right"], "question": step.asked.words}


def _found(review: Review, files: ImageFiles, tmp_path: Path, payload: Any = _honest) -> dict[str, Check]:
    return {check.name: check for check in checks(review, files, Stage(files, tmp_path / "stage"), payload)}


def test_a_blind_room_passes_every_check(files: ImageFiles, tmp_path: Path) -> None:
    found = _found(_a_room(files), files, tmp_path)
    assert {name for name, check in found.items() if not check.ok} == set()
    assert len(found) == 6


def test_what_would_give_an_arm_away_is_named(files: ImageFiles, tmp_path: Path) -> None:
    review = _a_room(files)
    sha256 = review.plan.pictures[0].hashes[1]
    for leak, named in (
        ("a COPPER thing", "copper"),
        (f"/{sha256}.webp", sha256),
        ("experiment4711", "experiment4711"),
    ):

        def telling(sitting: Sitting, step: Step, extra: str = leak) -> dict[str, Any]:
            return {**_honest(sitting, step), "extra": extra}

        check = _found(review, files, tmp_path, telling)["What is sent"]
        assert not check.ok
        assert named in check.words


def test_arms_of_different_shapes_are_named(files: ImageFiles, tmp_path: Path) -> None:
    found = _found(_a_room(files, second=(90, 60)), files, tmp_path)
    assert not found["Shapes"].ok
    assert found["Files"].ok


def test_a_brief_in_the_words_of_one_prompt_is_named(files: ImageFiles, tmp_path: Path) -> None:
    check = _found(_a_room(files, brief="Something velvet for the kettle page"), files, tmp_path)["Brief"]
    assert not check.ok
    assert "velvet" in check.words
    assert "kettle" not in check.words.split(":")[1].split(".")[0]


def test_an_image_that_is_gone_is_said(files: ImageFiles, tmp_path: Path) -> None:
    review = _a_room(files)
    path = files.find(review.plan.pictures[0].hashes[0])
    assert path
    path.unlink()
    found = _found(review, files, tmp_path)
    assert not found["Images"].ok
