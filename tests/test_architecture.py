"""The doors between the rooms: app.py, pages → ui → studio → atlas, and who may touch what."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import CHECKOUT

ROOMS = {"atlas": 0, "studio": 1, "ui": 2, "pages": 3, "app": 3}
ONLY_IN = {
    "streamlit": {"app", "pages", "ui"},
    "starlette": {"app", "ui", "atlas.simulator"},
    "uvicorn": {"atlas.simulator"},
    "cryptography": {"atlas.simulator"},
    "requests": {"atlas"},
    "urllib3": {"atlas"},
    "sqlalchemy": {"studio"},
    "alembic": {"studio"},
}
SIMULATOR_IS_FOR = {"ui/services.py"}


def sources() -> list[Path]:
    found = [CHECKOUT / "app.py"]
    for room in ("pages", "ui", "studio", "atlas"):
        found += sorted((CHECKOUT / room).rglob("*.py"))
    return found


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports name their room"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def place(path: Path) -> str:
    relative = path.relative_to(CHECKOUT).as_posix()
    return "atlas.simulator" if relative.startswith("atlas/simulator/") else relative.split("/")[0].removesuffix(".py")


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_every_import_goes_through_a_door(path: Path) -> None:
    here = place(path)
    relative = path.relative_to(CHECKOUT).as_posix()
    for name in imported(path):
        top = name.split(".")[0]
        if top in ROOMS:
            assert ROOMS[top] <= ROOMS[here.split(".")[0]], f"{relative} reaches up into {name}"
            assert top not in {"pages", "app"}, f"{relative} imports a page"
        if top in ONLY_IN:
            allowed = ONLY_IN[top]
            assert here in allowed, f"{relative} uses {top}, which is for {sorted(allowed)}"
        if name.startswith("atlas.simulator") and here != "atlas.simulator":
            assert relative in SIMULATOR_IS_FOR, f"{relative} imports the simulator"


def test_only_one_file_names_session_keys() -> None:
    for path in sources():
        if path.name != "session.py":
            assert "session_state" not in path.read_text(encoding="utf-8").replace("``st.session_state``", ""), path


def test_pages_never_stop_themselves() -> None:
    for path in sorted((CHECKOUT / "pages").glob("*.py")):
        assert "st.stop" not in path.read_text(encoding="utf-8"), path
