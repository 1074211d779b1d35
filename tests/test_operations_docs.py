"""What the documents for operators say is what the program does: its settings, and its sentences."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import CHECKOUT

OPERATIONS, TROUBLE = (CHECKOUT / "docs" / name for name in ("operations.md", "troubleshooting.md"))
AT_THE_START = {"BadSetting", "DatabaseProblem", "StartProblem", "Incomplete"}


def sentences(node: ast.AST) -> Iterator[str]:
    """Every text below here, with an ellipsis where something is put in."""
    for part in ast.walk(node):
        if isinstance(part, ast.JoinedStr):
            yield "".join(str(piece.value) if isinstance(piece, ast.Constant) else "…" for piece in part.values)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def trees(*folders: str) -> Iterator[ast.Module]:
    for path in [CHECKOUT / "app.py", *(path for folder in folders for path in (CHECKOUT / folder).rglob("*.py"))]:
        yield ast.parse(path.read_text(encoding="utf-8"))


def tree(path: str) -> ast.Module:
    return ast.parse((CHECKOUT / path).read_text(encoding="utf-8"))


def quoted() -> list[re.Pattern[str]]:
    """What the document puts in italics; an ellipsis stands for anything."""
    found = re.findall(r"^\| \*(.+?)\* \|", TROUBLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(found) > 30
    return [re.compile(".*".join(map(re.escape, text.split("…"))), re.DOTALL) for text in found]


def said_at_the_start() -> list[str]:
    found = []
    for path in ("studio/settings.py", "studio/database.py", "ui/admission.py", "ui/services.py", "ui/sign_in.py"):
        for node in ast.walk(tree(path)):
            call = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in AT_THE_START:
                found += [max(sentences(call), key=len, default="")]
    return [text for text in found if " " in text]


def said_of_generations() -> list[str]:
    constants = [node for node in tree("studio/journey.py").body if isinstance(node, ast.Assign)]
    texts = [text for node in constants for text in sentences(node)]
    for kind in ast.walk(tree("atlas/errors.py")):
        if isinstance(kind, ast.Assign) and getattr(kind.targets[0], "id", "") == "advice":
            texts += list(sentences(kind.value))
    return [text for text in texts if len(text) > 30]


def test_the_table_of_settings_is_complete_and_true() -> None:
    table = re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE)
    read = {
        text for text in sentences(tree("studio/settings.py")) if re.fullmatch(r"(STUDIO|ATLASCLOUD)_[A-Z_]+", text)
    }

    assert len(read) > 10
    assert set(table) == read
    assert len(table) == len(set(table))


def test_every_quoted_sentence_is_said_by_the_program() -> None:
    texts = [text for module in trees("atlas", "studio", "ui", "pages") for text in sentences(module)]
    for pattern in quoted():
        assert any(pattern.search(text) for text in texts), pattern.pattern


@pytest.mark.parametrize("said", [*said_at_the_start(), *said_of_generations()])
def test_every_sentence_about_the_start_and_the_state_of_an_image_is_explained(said: str) -> None:
    assert any(pattern.search(said) for pattern in quoted()), said


@pytest.mark.parametrize("document", [OPERATIONS, TROUBLE], ids=lambda path: Path(path).name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", document.read_text(encoding="utf-8"))
    assert links
    for link in links:
        assert (document.parent / link).exists(), link
