"""The catalogues of other languages: nothing missing, nothing left over, and no text on a page that none could know."""

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from atlas import language
from tests.serving import CHECKOUT

ROOMS = ("pages", "ui", "studio", "atlas")
KEYWORDS = {"tr": None, "trn": (1, 2), "both": (1, 2), "later": None}
OTHERS = [code for code in language.LANGUAGES if code != language.ENGLISH]
SHOWN = {"label", "help", "placeholder", "title", "alt", "caption", "text", "body"}
# Names, signs and technical words that are the same in every language; code, styles and headers that nobody reads.
SAME = {"Atlas Studio", "Language / 語言", "Atlas Cloud"}
NOT_READ = {"ui/headers.py", "ui/watching.py"}  # headers, and numbers for other programs


@cache
def written() -> dict[str, str | tuple[str, ...]]:
    """Every message of the source; the singular names those that have a plural."""
    found: dict[str, str | tuple[str, ...]] = {}
    for room in ROOMS:
        for _name, _line, message, _comments, _context in extract_from_dir(
            CHECKOUT / room, [("**.py", "python")], keywords=KEYWORDS
        ):
            found[message if isinstance(message, str) else message[0]] = message
    return found


@cache
def catalogue(code: str) -> Catalog:
    with (language.CATALOGUES / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def messages(code: str) -> dict[str, Message]:
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message
        for message in catalogue(code)
        if message.id
    }


def texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def places(text: str) -> set[str]:
    """What is to be filled in; nothing in a text with braces of its own, which is shown as it is."""
    try:
        return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}
    except ValueError:
        return set()


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code: str) -> None:
    translated = {name for name, message in messages(code).items() if all(texts(message)) and not message.fuzzy}

    assert sorted(set(written()) - translated) == []


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_is_left_over(code: str) -> None:
    assert sorted(set(messages(code)) - set(written())) == []


@pytest.mark.parametrize("code", OTHERS)
def test_translations_are_filled_with_the_same_things(code: str) -> None:
    wrong = []
    for name, message in messages(code).items():
        several = written().get(name, name)
        needed = places(several if isinstance(several, str) else several[1])
        wrong += [
            name for text in texts(message) if not places(text) <= needed or not needed <= places(text) | {"count"}
        ]

    assert wrong == []


def sources() -> list[Path]:
    found = [path for room in ("pages", "ui") for path in sorted((CHECKOUT / room).rglob("*.py"))]
    return [path for path in found if path.relative_to(CHECKOUT).as_posix() not in NOT_READ]


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_text_on_a_page_is_unmarked(path: Path) -> None:
    assert list(unmarked(ast.parse(path.read_text(encoding="utf-8")))) == []


def unmarked(tree: ast.Module) -> Iterator[str]:
    """Words given to Streamlit as they are, and sentences anywhere, that are not in tr, trn or later."""
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        text = _text(node)
        if text is None or isinstance(parents.get(node), ast.Expr | ast.JoinedStr | ast.FormattedValue):
            continue
        around = list(_around(node, parents))
        if any(isinstance(each, ast.Call) and _called(each) in KEYWORDS for each in around):
            continue
        if (_is_shown(node, parents.get(node)) and _has_words(text)) or (
            _is_sentence(text) and not _is_for_the_log(around)
        ):
            yield f"line {node.lineno}: {text[:80]}"  # type: ignore[attr-defined]


def test_the_search_for_unmarked_texts_finds_them() -> None:
    script = """
st.button("Press me")
st.caption(f"{count} images are here")
st.button(tr("Press me"), key="press me")
x = {"a": "Nothing has been made yet."}
log.warning("Nobody reads this but us.")
"""
    assert [line.split(":")[0] for line in unmarked(ast.parse(script))] == ["line 2", "line 3", "line 5"]


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def _around(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while node in parents:
        node = parents[node]
        yield node
        if isinstance(node, ast.stmt):
            return


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_shown(node: ast.AST, parent: ast.AST | None) -> bool:
    if isinstance(parent, ast.keyword):
        return parent.arg in SHOWN
    if not isinstance(parent, ast.Call) or node not in parent.args[:1]:
        return False
    function = parent.func
    of_streamlit = (
        isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "st"
    )
    return of_streamlit and function.attr not in {"html", "switch_page", "grid", "columns"}  # type: ignore[attr-defined]


def _has_words(text: str) -> bool:
    bare = "".join(part for part in text.split(":") if not part.startswith("material/"))
    is_name = re.fullmatch(r"[a-z0-9_{}./]+", text)
    return text not in SAME and not is_name and sum(letter.isalpha() for letter in bare) > 1


def _is_sentence(text: str) -> bool:
    """As people write them: a capital, several words, and a full stop."""
    return text[:1].isupper() and text.rstrip().endswith((".", "?")) and len(text.split()) > 2


def _is_for_the_log(around: list[ast.AST]) -> bool:
    return any("log" in ast.unparse(each.func) for each in around if isinstance(each, ast.Call))


def test_no_marked_text_is_hidden_from_the_catalogues() -> None:
    """What stands inside an f-string is not found there by what gathers the messages."""
    hidden = []
    for path in sorted(path for room in ROOMS for path in (CHECKOUT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in KEYWORDS and node.args:
                marked = _text(node.args[0])
                if marked and marked not in written():
                    hidden.append(f"{path.name}:{node.lineno} {marked}")

    assert hidden == []
