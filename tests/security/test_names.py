"""No address and no widget names a path, and no picture is shown that was not decoded here."""

import ast
import http.client
import random
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from studio.exports import Exports
from studio.images import VIEW, ImageFiles
from tests.security.houses import House
from tests.serving import CHECKOUT
from tests.studio.test_images import drawn
from ui import routes

PARTS = [
    "..",
    "/",
    "\\",
    "\0",
    "%2e",
    "%2f",
    "~",
    "etc",
    "passwd",
    "C:",
    "\\\\host\\share",
    "ab" * 32,
    "AB" * 32,
    ".png",
]
PARTS += ["a" * 64, "０" * 64, "\n", "\u202e", "*", "?", "file:", "//", "con", "data", "studio.db", "", " ", "\ud800"]
OUR_ADDRESSES = {"preview_url", "preview_of", "placeholder_url", "palette_url"}

_opened: list[str] = []
_watching: list[bool] = []


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event in {"open", "os.scandir", "os.listdir"}:
        _opened.append(str(arguments[0]))


sys.addaudithook(_note)


@contextmanager
def nothing_is_opened() -> Iterator[None]:
    _opened.clear()
    _watching.append(True)
    try:
        yield
    finally:
        _watching.clear()
    assert _opened == []


def hostile(count: int) -> Iterator[str]:
    """Names made of what has opened files elsewhere; none is 64 hexadecimal digits, or 32."""
    dice = random.Random(5)
    while count:
        name = "".join(dice.choices(PARTS, k=dice.randint(1, 6)))
        if not re.fullmatch(r"[0-9a-f]{64}|[0-9a-f]{32}", name):
            count -= 1
            yield name


def test_ten_thousand_names_open_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"a secret")
    files, exports = ImageFiles(tmp_path / "images"), Exports(tmp_path / "exports")
    with nothing_is_opened():
        for name in hostile(10_000):
            for named in (files.find, lambda name: files.preview(name, VIEW)):
                with pytest.raises(ValueError, match="SHA-256"):
                    named(name)
            assert exports.find(name) is None


def test_the_watch_sees_what_is_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    with pytest.raises(AssertionError, match="secret"), nothing_is_opened():
        (tmp_path / "secret").read_bytes()


def test_no_route_answers_a_name_that_is_no_hash(house: House) -> None:
    """Every part of every route that could be a name; numbers and colours are read as such or not at all."""
    for route in routes.ROUTES:
        named = re.findall(r"\{(\w+)\}", route.path)
        for part in [part for part in named if part != "parts"]:
            for name in ("..", "../../app.py", "..%2f..%2fapp.py", "%00", "etc/passwd", "a" * 63, "A" * 64, "x" * 5000):
                path = route.path.replace(f"{{{part}}}", name).replace("{side:int}", "384")
                status, _, content = ask(house, re.sub(r"\{\w+\}", "a" * 64, path))
                assert status in {400, 404, 431}, (path, status)
                assert b"st.App" not in content


def test_what_is_sent_says_what_it_is_and_is_not_opened_as_a_page(house: House) -> None:
    picture = ImageFiles(house.folder / "data" / "images").keep(drawn((40, 30), "PNG"))
    root = f"/app/static/images/{picture.sha256}"
    for path, kind, saved in (
        (f"{root}/a.png", "image/png", True),
        (f"{root}/stripped/a.png", "image/png", True),
        (f"{root}.384.webp", "image/webp", False),
    ):
        status, said, content = ask(house, path)
        assert (status, said["content-type"]) == (200, kind)
        assert said["x-content-type-options"] == "nosniff"
        assert ("attachment" in said.get("content-disposition", "")) is saved
        assert content


def test_no_route_of_ours_sends_the_browser_elsewhere() -> None:
    source = (CHECKOUT / "ui" / "routes.py").read_text(encoding="utf-8")

    assert not re.search(r"Redirect|[Ll]ocation", source)
    assert all(route.methods == {"GET", "HEAD"} for route in routes.ROUTES)


def test_only_addresses_of_our_own_go_into_a_page_as_pictures() -> None:
    """``st.image`` opens a path, asks for an address and shows SVG as it is: so it gets none of somebody else's."""
    shown = list(_calls({"image", "logo", "audio", "video", "pdf", "iframe"}))

    assert len(shown) >= 6
    for place, call in shown:
        first = call.args[0]
        assert isinstance(first, ast.Call), place
        assert isinstance(first.func, ast.Attribute), place
        assert (ast.unparse(first.func.value), first.func.attr in OUR_ADDRESSES) == ("routes", True), place


def test_no_page_is_given_markup_of_others() -> None:
    for place, call in _calls({"html"}):
        assert isinstance(call.args[0], ast.Constant), place
    for path in _rooms():
        source = path.read_text(encoding="utf-8")
        assert "unsafe_allow_html" not in source, path
        assert "unsafe_allow_javascript" not in source, path


def test_pages_open_no_files_but_those_beside_them() -> None:
    """What a person types or chooses never becomes a path."""
    for place, call in _calls(None):
        words = ast.unparse(call)
        if re.match(r"(pathlib\.)?Path\(|open\(|io\.open\(", words):
            assert re.match(r"Path\(__file__\)|Path\(streamlit\.__file__\)|Path\('backups'\)$", words), place


def _rooms() -> list[Path]:
    return [CHECKOUT / "app.py", *sorted((CHECKOUT / "ui").rglob("*.py")), *sorted((CHECKOUT / "pages").rglob("*.py"))]


def _calls(names: set[str] | None) -> Iterator[tuple[str, ast.Call]]:
    """Calls in the rooms that draw pages: those of Streamlit by these names, or all."""
    for path in _rooms():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                place = f"{path.relative_to(CHECKOUT)}:{node.lineno}"
                if names is None or (
                    isinstance(node.func, ast.Attribute)
                    and node.func.attr in names
                    and ast.unparse(node.func.value).partition(".")[0] == "st"
                ):
                    yield place, node


def ask(house: House, path: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=20)
    connection.request("GET", quote(path, safe="/%.~:"), headers={"Host": f"localhost:{house.port}"})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, content
