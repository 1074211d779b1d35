"""The app's own addresses, over real HTTP: cached for ever, and no way to name a path."""

import http.client
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.applications import Starlette

from tests.studio.conftest import until
from tests.ui.conftest import Studio
from ui import opening, routes


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Browser:
    """Asks for a path exactly as it is written."""

    port: int

    def get(self, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(status=response.status, headers=headers, content=response.read())
        connection.close()
        return answer


@pytest.fixture
def browser(studio: Studio) -> Iterator[Browser]:
    assert studio.made == 0
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=[opening.HEALTH, *routes.ROUTES]), log_level="error", lifespan="off")
    )
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    until(lambda: server.started)
    yield Browser(port=listener.getsockname()[1])
    server.should_exit = True
    thread.join()


def test_previews_are_immutable_webp(studio: Studio, browser: Browser) -> None:
    picture = studio.make()[0].pictures[0]

    answer = browser.get(routes.preview_url(picture))

    assert answer.status == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_original_is_saved_under_a_name_made_of_the_prompt(studio: Studio, browser: Browser) -> None:
    generation = studio.make('A "red" bicycle; 海邊 / ../x')[0]

    answer = browser.get(routes.download_url(generation, generation.pictures[0]))

    assert answer.content.startswith(b"\xff\xd8")
    assert answer.headers["content-disposition"] == 'attachment; filename="a-red-bicycle-x-1.jpeg"'


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/images/" + "ab" * 32 + ".384.webp",
        "/app/static/images/" + "ab" * 32 + ".999.webp",
        "/app/static/images/..%2f..%2fsettings.384.webp",
        "/app/static/images/%2e%2e/app.py",
        "/app/static/images/" + "ab" * 32 + "/x.png",
        "/app/static/images/not-a-hash/x.png",
    ],
)
def test_what_is_not_there_is_not_found(browser: Browser, path: str) -> None:
    assert browser.get(path).status == 404


def test_a_download_name_from_the_address_cannot_break_the_header(studio: Studio, browser: Browser) -> None:
    picture = studio.make()[0].pictures[0]

    answer = browser.get(f"/app/static/images/{picture.sha256}/x%22%0d%0aSet-Cookie:%20a=b.png")

    assert answer.headers["content-disposition"] == 'attachment; filename="x---Set-Cookie--a-b.png"'
    assert "set-cookie" not in answer.headers


def test_a_waiting_image_has_the_shape_that_was_asked_for(browser: Browser) -> None:
    answer = browser.get(routes.placeholder_url("1024x1536"))

    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert 'width="1024" height="1536"' in answer.content.decode()
    assert browser.get(routes.placeholder_url("auto")).status == 200


def test_health_answers(browser: Browser) -> None:
    assert browser.get("/api/health").content == b'{"status":"ok"}'
