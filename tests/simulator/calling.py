"""A client as plain as the provider's own samples, and bounded waits, for the simulator's tests."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from PIL import Image

GPT_IMAGE = "openai/gpt-image-1.5/text-to-image"
FLUX = "black-forest-labs/flux-schnell"

# Quick to paint.
SMALL = {"model": FLUX, "prompt": "a red bicycle", "size": "256*256"}


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Calls one simulator with one key."""

    url: str
    key: str = "$ATLASCLOUD_API_KEY"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def post(self, body: dict[str, Any], **options: Any) -> requests.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        address = f"{self.url}/api/v1/model/generateImage"
        return requests.post(address, json=body, headers=headers, timeout=10, allow_redirects=False, **options)

    def submit(self, **parameters: Any) -> str:
        reply = self.post({**SMALL, **parameters})
        assert reply.status_code == 200, reply.text
        return str(reply.json()["data"]["id"])

    def get(self, path: str, *, timeout: float = 10, **options: Any) -> requests.Response:
        return requests.get(self.url + path, headers=self.headers, timeout=timeout, **options)

    def ask(self, path: str, body: dict[str, Any], **options: Any) -> requests.Response:
        return requests.post(self.url + path, json=body, headers=self.headers, timeout=10, **options)

    def upload(self, name: str, data: bytes) -> requests.Response:
        address = f"{self.url}/api/v1/model/uploadMedia"
        return requests.post(address, files={"file": (name, data)}, headers=self.headers, timeout=20)

    def poll(self, prediction_id: str, **options: Any) -> requests.Response:
        return self.get(f"/api/v1/model/prediction/{prediction_id}", **options)

    def data(self, prediction_id: str) -> dict[str, Any]:
        data: dict[str, Any] = self.poll(prediction_id).json()["data"]
        return data

    def ended(self, prediction_id: str) -> dict[str, Any]:
        until(lambda: self.data(prediction_id)["status"] not in ("created", "processing"))
        return self.data(prediction_id)

    def outputs(self, **parameters: Any) -> list[str]:
        outputs: list[str] = self.ended(self.submit(**parameters))["outputs"]
        return outputs


class Clock:
    """Epoch seconds that stand still until told."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


def until(done: Callable[[], bool], *, within: float = 10.0) -> None:
    """Waits for ``done``; fails after ``within`` seconds."""
    deadline = time.monotonic() + within
    while not done():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


def opened(data: bytes) -> Image.Image:
    """The picture in a file, fully decoded."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def png(colour: str, size: tuple[int, int] = (96, 64)) -> bytes:
    """A picture file of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def rows(url: str) -> dict[str, dict[str, Any]]:
    """The rows of the list of models, by id."""
    return {row["model"]: row for row in requests.get(f"{url}/api/v1/models", timeout=5).json()["data"]}


def refusal(reply: requests.Response, code: int) -> str:
    """The sentence of an error, after its envelope was checked."""
    body = reply.json()
    assert reply.status_code == body["code"] == code
    assert body == {"code": code, "msg": body["msg"], "request_id": reply.headers["X-Request-ID"], "data": None}
    assert reply.headers["Content-Type"] == "application/json"
    return str(body["msg"])


def picture(address: str) -> Image.Image:
    """The picture behind an address, fetched without a key."""
    reply = requests.get(address, timeout=20)
    assert reply.status_code == 200, reply.text
    return opened(reply.content)
