"""A file goes up, comes back, shows in what an edit paints, and expires."""

import base64
from pathlib import Path

import pytest
import requests
from PIL import Image, ImageChops, ImageStat

from atlas.simulator import Simulator
from tests.simulator.calling import Caller, Clock, opened, picture, png, refusal

EDIT = "atlascloud/qwen-image/edit"


def edited(caller: Caller, image: str, **more: object) -> Image.Image:
    reply = caller.post({"model": EDIT, "prompt": "add a hat", "image": image, "seed": 3, **more})
    return picture(caller.ended(reply.json()["id"])["outputs"][0])


def difference(first: Image.Image, second: Image.Image) -> float:
    """The mean difference of a channel, 0 to 255."""
    return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3


def test_an_upload_is_answered_in_both_shapes_that_clients_read(caller: Caller) -> None:
    data = png("teal")

    reply = caller.upload("my cat.PNG", data).json()

    assert (reply["code"], reply["message"]) == (200, "success")
    told = reply["data"]
    assert (told["type"], told["content_type"]) == ("image", "image/png")
    assert (told["size"], told["file_name"]) == (len(data), "my cat.PNG")
    assert told["filename"].endswith(".png")
    assert told["download_url"] == f"{caller.url}/media/{told['filename']}"


def test_an_upload_is_served_back_without_a_key(caller: Caller) -> None:
    address = caller.upload("a.png", png("teal")).json()["data"]["download_url"]

    reply = requests.get(address, timeout=5)

    assert (reply.content, reply.headers["Content-Type"]) == (png("teal"), "image/png")


@pytest.mark.parametrize(
    ("name", "kind", "content_type"),
    [
        ("a.jpg", "image", "image/jpeg"),
        ("a.mp4", "video", "video/mp4"),
        ("a.wav", "audio", "audio/wav"),
        ("a.pdf", "file", "application/pdf"),
        ("blob", "file", "application/octet-stream"),
        ("a.html", "file", "application/octet-stream"),
    ],
)
def test_the_extension_alone_decides_the_type(caller: Caller, name: str, kind: str, content_type: str) -> None:
    told = caller.upload(name, png("teal")).json()["data"]

    assert (told["type"], told["content_type"]) == (kind, content_type)


def test_an_upload_needs_a_file_with_a_name_and_bytes(caller: Caller) -> None:
    address = f"{caller.url}/api/v1/model/uploadMedia"

    def sent(**parts: object) -> requests.Response:
        return requests.post(address, headers=caller.headers, timeout=5, **parts)  # type: ignore[arg-type]

    assert "file" in refusal(sent(files={"image": ("a.png", b"x")}), 400)
    assert "file name" in refusal(sent(files={"file": (None, b"x")}), 400)
    assert "empty" in refusal(sent(files={"file": ("a.png", b"")}), 400)
    assert refusal(sent(json={"file": "x"}), 400)
    assert refusal(sent(data=b"--x", params={}), 400)


def test_an_upload_over_50_mb_is_refused(caller: Caller) -> None:
    assert refusal(caller.upload("a.png", bytes(50 * 1024 * 1024 + 1)), 413)


def test_an_upload_needs_a_key(simulator: Simulator) -> None:
    reply = requests.post(f"{simulator.url}/api/v1/model/uploadMedia", files={"file": ("a.png", b"x")}, timeout=5)

    assert refusal(reply, 401)


def test_an_upload_shows_in_what_an_edit_paints_and_gives_it_its_size(caller: Caller) -> None:
    red, blue = (
        caller.upload("a.png", png(colour, (160, 96))).json()["data"]["download_url"] for colour in ("red", "blue")
    )

    from_red, again, from_blue = (edited(caller, address) for address in (red, red, blue))

    assert from_red.size == (160, 96)
    assert difference(from_red, again) == 0
    assert difference(from_red, from_blue) > 30
    bands = ImageStat.Stat(from_red).mean
    assert bands[0] > bands[2]


def test_an_inlined_source_shows_as_well_and_an_unreadable_one_does_not(caller: Caller) -> None:
    def inlined(data: bytes) -> str:
        return "data:image/png;base64," + base64.b64encode(data).decode()

    red, plain = edited(caller, inlined(png("red", (256, 256)))), edited(caller, "https://example.org/a.png")
    broken = edited(caller, inlined(b"no picture"))

    assert difference(red, plain.resize(red.size)) > 30
    assert difference(broken, plain) == 0


def test_what_was_made_here_can_be_edited(caller: Caller) -> None:
    made = caller.outputs(prompt="a red bicycle")[0]

    assert edited(caller, made).size == (256, 256)


def test_several_sources_show_one_print_each(caller: Caller) -> None:
    addresses = [caller.upload("a.png", png(colour)).json()["data"]["download_url"] for colour in ("red", "lime")]
    body = {"model": "openai/gpt-image-1.5/edit", "prompt": "both", "images": addresses, "output_format": "png"}

    job = caller.post(body).json()["id"]

    upper_edge = picture(caller.ended(job)["outputs"][0]).crop((0, 0, 1024, 240))
    colours = {upper_edge.getpixel((x, 140)) for x in range(0, 520, 20)}
    assert any(r > 220 and g < 40 and b < 40 for r, g, b in colours)  # type: ignore[misc]
    assert any(g > 220 and r < 40 and b < 40 for r, g, b in colours)  # type: ignore[misc]


def test_an_upload_expires_and_an_edit_of_it_then_fails() -> None:
    clock = Clock()
    with Simulator(latency=0, clock=clock, upload_hours=2) as simulator:
        caller = Caller(url=simulator.url)
        address = caller.upload("a.png", png("red")).json()["data"]["download_url"]
        body = {"model": EDIT, "prompt": "x", "image": address}
        in_time = caller.post(body).json()["id"]
        clock.now += 2 * 3600
        assert refusal(requests.get(address, timeout=5), 404)
        late = caller.data(caller.post(body).json()["id"])

        assert late["status"] == "failed"
        assert late["error"] == f"cannot fetch the source image {address}"
        assert caller.data(in_time)["status"] == "completed"


def test_an_edit_comes_back_the_same_after_a_restart_though_the_upload_is_gone(tmp_path: Path) -> None:
    files = []
    with Simulator(latency=0, journal=tmp_path / "jobs") as simulator:
        caller = Caller(url=simulator.url)
        address = caller.upload("a.png", png("red", (128, 128))).json()["data"]["download_url"]
        job = caller.post({"model": EDIT, "prompt": "x", "image": address}).json()["id"]
        files.append(requests.get(caller.data(job)["outputs"][0], timeout=10).content)
    with Simulator(latency=0, journal=tmp_path / "jobs") as simulator:
        files.append(requests.get(Caller(url=simulator.url).data(job)["outputs"][0], timeout=10).content)

    assert files[0] == files[1]
    assert opened(files[0]).size == (128, 128)


def test_the_oldest_upload_makes_room_for_more_than_128_mb() -> None:
    with Simulator(latency=0) as simulator:
        caller = Caller(url=simulator.url)
        addresses = [caller.upload("a.png", bytes(45 * 1024 * 1024)).json()["data"]["download_url"] for _ in range(3)]

        assert [requests.head(one, timeout=5).status_code for one in addresses] == [404, 200, 200]


def test_a_picture_of_very_many_pixels_is_not_decoded(caller: Caller) -> None:
    address = caller.upload("a.png", png("red", (7000, 6000))).json()["data"]["download_url"]

    assert edited(caller, address).size == (1024, 1024)


def test_strict_mode_refuses_a_source_that_is_gone() -> None:
    with Simulator(latency=0, strict=True) as simulator:
        caller = Caller(url=simulator.url)
        body = {"model": EDIT, "prompt": "x", "image": f"{caller.url}/media/none.png"}

        assert "none.png" in refusal(caller.post(body), 400)


def test_an_upload_may_go_wrong(simulator: Simulator, caller: Caller) -> None:
    simulator.fault("upload", "503")

    assert refusal(caller.upload("a.png", png("red")), 503)
    assert caller.upload("a.png", png("red")).ok
