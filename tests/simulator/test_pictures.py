"""Pictures have the size and format that were asked for, and differ where they should."""

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from PIL import Image

from atlas.simulator import Simulator
from atlas.simulator.gallery import Finished, Painting
from tests.simulator.calling import FLUX, GPT_IMAGE, SMALL, Caller, opened, picture

FLUX_2 = "black-forest-labs/flux-2-pro/text-to-image"


@pytest.mark.parametrize(
    ("asked", "size", "form"),
    [
        ({"model": GPT_IMAGE}, (1024, 1024), "JPEG"),
        ({"model": GPT_IMAGE, "size": "1024x1536", "output_format": "png"}, (1024, 1536), "PNG"),
        ({"model": GPT_IMAGE, "size": "1536×1024"}, (1536, 1024), "JPEG"),
        ({"model": "bytedance/seedream-v5.0-lite", "size": "2304*1728", "output_format": "jpeg"}, (2304, 1728), "JPEG"),
        ({"model": FLUX, "size": "256*384"}, (256, 384), "PNG"),
        ({"model": FLUX_2, "size": "300 x 400", "output_format": "webp"}, (300, 400), "WEBP"),
        ({"model": "alibaba/wan-2.7/text-to-image", "size": "1K"}, (1024, 1024), "PNG"),
        ({"model": "google/nano-banana-2/text-to-image", "aspect_ratio": "16:9"}, (1376, 768), "PNG"),
        ({"model": "google/nano-banana-2/text-to-image", "resolution": "2k"}, (2048, 2048), "PNG"),
        ({"model": "xai/grok-imagine-image", "aspect_ratio": "9:19.5"}, (704, 1520), "JPEG"),
        ({"model": "xai/grok-imagine-image/edit", "image_urls": ["https://example.org/a.png"]}, (1024, 1024), "JPEG"),
        ({"model": "google/imagen3", "size": "5x99999", "output_format": "tiff"}, (1024, 1024), "PNG"),
    ],
)
def test_every_way_to_say_a_size_is_drawn_in_real_pixels(
    caller: Caller, asked: dict[str, Any], size: tuple[int, int], form: str
) -> None:
    data = caller.ended(caller.post({"prompt": "a red bicycle", **asked}).json()["id"])

    image = picture(data["outputs"][0])

    assert (image.size, image.format, image.mode) == (size, form, "RGB")
    assert data["outputs"][0].endswith(f".{form.lower()}")


@pytest.mark.parametrize(("inlined", "size"), [((320, 200), (320, 200)), ((8, 8), (64, 64)), (None, (1024, 1024))])
def test_an_edit_without_a_size_keeps_that_of_its_source(
    caller: Caller, inlined: tuple[int, int] | None, size: tuple[int, int]
) -> None:
    source = "data:image/png;base64," + (_png(inlined) if inlined else "broken")

    body = {"model": "atlascloud/qwen-image/edit", "prompt": "add a hat", "image": source}

    assert picture(caller.ended(caller.post(body).json()["id"])["outputs"][0]).size == size


def test_source_images_may_be_one_string_or_a_list(caller: Caller) -> None:
    for images in ("https://example.org/a.png", ["https://example.org/a.png"]):
        body = {"model": "openai/gpt-image-1.5/edit", "prompt": "add a hat", "images": images}
        assert caller.data(caller.post(body).json()["id"])["status"] == "completed"


def test_more_source_images_than_the_model_takes_fail_the_task(caller: Caller) -> None:
    body = {"model": "openai/gpt-image-1.5/edit", "prompt": "add a hat", "images": ["https://example.org/a.png"] * 11}

    assert "images" in caller.data(caller.post(body).json()["id"])["error"]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({**SMALL, "num_images": 3}, 3),
        ({"model": "openai/gpt-image-1-mini/text-to-image", "prompt": "x", "n": 2}, 2),
        ({"model": "xai/grok-imagine-image", "prompt": "x", "num_images": "4"}, 4),
        ({"model": "bytedance/seedream-v5.0-lite/sequential", "prompt": "x", "max_images": 5}, 5),
        ({"model": "youchuan/v8.1", "prompt": "x"}, 4),
        ({"model": GPT_IMAGE, "prompt": "x", "n": 3}, 1),
    ],
)
def test_as_many_pictures_come_as_were_asked_for(caller: Caller, asked: dict[str, Any], count: int) -> None:
    data = caller.data(caller.post(asked).json()["id"])

    assert len(set(data["outputs"])) == len(data["has_nsfw_contents"]) == count


def test_more_pictures_than_the_model_makes_fail_the_task(caller: Caller) -> None:
    assert caller.data(caller.submit(num_images=5))["error"] == "invalid value for num_images: 5"


def test_repeats_and_siblings_are_different_pictures(caller: Caller) -> None:
    several = caller.outputs(num_images=3, prompt="a tree")
    again = caller.outputs(num_images=3, prompt="a tree")

    assert len({requests.get(one, timeout=10).content for one in several + again}) == 6


def test_a_seed_brings_the_same_picture_back(caller: Caller) -> None:
    first, again, other = (_bytes(caller, seed=seed, prompt="a boat") for seed in (7, 7, 8))

    assert first == again
    assert first != other


def test_a_seed_of_minus_one_leaves_it_to_chance(caller: Caller) -> None:
    assert _bytes(caller, seed=-1, prompt="a pond") != _bytes(caller, seed=-1, prompt="a pond")


def test_base64_is_the_file_itself(caller: Caller) -> None:
    data = caller.data(caller.submit(enable_base64_output=True, num_images=2))

    assert [opened(base64.b64decode(output, validate=True)).size for output in data["outputs"]] == [(256, 256)] * 2


def test_files_need_no_key_and_say_what_they_are(caller: Caller) -> None:
    reply = requests.get(caller.outputs()[0], timeout=10)

    assert (reply.status_code, reply.headers["Content-Type"]) == (200, "image/png")


@pytest.mark.parametrize("name", ["{job}-2.png", "{job}-1.jpeg", "{job}", "x-1.png", "..%2f..%2fetc%2fpasswd"])
def test_a_file_that_was_never_made_is_not_found(caller: Caller, name: str) -> None:
    job = caller.submit()

    assert caller.get("/files/" + name.format(job=job)).status_code in (401, 404)


def test_a_file_is_not_there_before_its_job_has_ended() -> None:
    with Simulator(latency=60) as simulator:
        caller = Caller(url=simulator.url)

        assert caller.get(f"/files/{caller.submit()}-1.png").status_code == 404


@pytest.fixture(scope="module")
def large(shared_simulator: Simulator) -> str:
    caller = Caller(url=shared_simulator.url)
    job = caller.post({"model": "bytedance/seedream-v4", "prompt": "a harbour", "size": "4096*4096"}).json()["id"]
    return str(caller.ended(job)["outputs"][0])


def test_a_large_picture_in_the_making_holds_nobody_up(caller: Caller, large: str) -> None:
    with ThreadPoolExecutor(2) as pool:
        fetches = [pool.submit(picture, large) for _ in range(2)]

        assert caller.submit()

        assert not any(fetch.done() for fetch in fetches)
        assert {fetch.result(timeout=30).size for fetch in fetches} == {(4096, 4096)}


def test_the_most_recent_pictures_stay_until_their_bytes_are_too_many() -> None:
    finished = Finished(limit=10)
    for name, size in (("first", 4), ("second", 4), ("second", 5)):
        finished.keep(_asked(name), bytes(size))
    assert finished.get(_asked("first")) == bytes(4), "asked for again: the most recent now"

    finished.keep(_asked("third"), bytes(6))

    assert [finished.get(_asked(name)) for name in ("first", "second", "third")] == [bytes(4), None, bytes(6)]


def _asked(prompt: str) -> Painting:
    return Painting(
        prompt=prompt, model=FLUX, draw=1, width=8, height=8, quality="low", seed=None, references=(), format="png"
    )


def _bytes(caller: Caller, **parameters: Any) -> bytes:
    return requests.get(caller.outputs(**parameters)[0], timeout=10).content


def _png(size: tuple[int, int]) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", size, "teal").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()
