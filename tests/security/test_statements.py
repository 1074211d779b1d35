"""What people write and what addresses name is a value to the database, never a part of a statement."""

import ast

import pytest

from atlas.text import clean
from studio.curation import Curation
from studio.database import open_database
from studio.experiments import Experiments
from studio.library import Library
from studio.presets import Presets
from studio.reviews.desk import Reviews
from studio.reviews.verdict import enough
from studio.search import Search
from studio.store import Store
from tests.serving import CHECKOUT
from tests.studio.shelves import fill, item

HOSTILE = [
    "' OR '1'='1",
    "'; DROP TABLE generations; --",
    '" OR 1=1 --',
    "1) UNION SELECT sql FROM sqlite_master --",
    "%' AND pg_sleep(3) --",
    "%",
    "_",
    "\\",
    ":name",
    "%(name)s",
    "{0}",
    "\0",
    "a\0b",
    "\ud800",
    "é" * 5000,
]
WRITTEN_BY_US = {  # statements with names of tables in them, all of them our own
    "studio/database.py",
    "studio/migrations/versions/0003_library.py",
    "studio/migrations/versions/0006_owners.py",
}


def test_no_value_becomes_a_part_of_a_statement(database_url: str) -> None:
    engine = open_database(database_url)
    store, library = Store(engine), fill(engine, [item(1, "a cup", tags=("one",), folder="mine"), item(2, "a mug")])
    for hostile in HOSTILE:
        for name in ("words", "tag", "folder", "model", "experiment", "prompt"):
            search = Search.parse({name: [f"{hostile}x"]})
            assert library.page(search).entries == (), (name, hostile)
        assert library.page(Search(words=f"{hostile}x")).entries == ()
        for named in (store.get, Experiments(engine, store).get, Reviews(engine, enough=enough).at_seat):
            with pytest.raises(KeyError):
                named(clean(hostile))
    Curation(engine).tag([item(1).id], "' OR '1'='1")
    Presets(engine).save("'; DROP TABLE presets; --", "words", [])

    assert len(Library(engine).page(Search()).entries) == 2
    assert [preset.name for preset in Presets(engine).all() if not preset.is_built_in] == ["'; DROP TABLE presets; --"]
    engine.dispose()


def test_statements_are_built_by_the_library_alone() -> None:
    """A statement written as text is a constant; only our own migrations and settings of a connection fill one in."""
    for path in sorted((CHECKOUT / "studio").rglob("*.py")):
        place = path.relative_to(CHECKOUT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                written = node.func.attr in {"execute", "exec_driver_sql", "executescript", "executemany"}
                if written and node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                    assert place in WRITTEN_BY_US, f"{place}:{node.lineno}"


def test_what_an_address_names_is_cleaned_before_it_is_looked_for() -> None:
    session = (CHECKOUT / "ui" / "session.py").read_text(encoding="utf-8")
    routes = (CHECKOUT / "ui" / "routes.py").read_text(encoding="utf-8")

    for name in ("run", "experiment", "image", "review"):
        assert f'st.query_params.get("{name}")' not in session
        assert f'_named("{name}")' in session
    for name in ("seat", "generation"):
        assert (
            routes.count(f'request.path_params["{name}"]') == routes.count(f'clean(request.path_params["{name}"])') >= 1
        )
