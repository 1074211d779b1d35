"""What leaves the studio comes back equal, and what somebody has damaged is refused and leaves nothing behind."""

import ast
import csv
import hashlib
import io
import json
import random
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import Engine

from atlas import ImageRequest
from atlas.text import clean
from studio import archives, embedding, snippets, spreadsheets
from studio.archives import BadArchive, manifest
from studio.archives.manifest import Entry
from studio.database import open_database
from studio.embedding import Described, Unreadable
from studio.generations import Event, Picture, State
from studio.images import ImageFiles
from studio.library import Item, Library
from studio.presets import Presets
from studio.schema import metadata
from studio.search import fold
from studio.store import Store
from tests.properties.trying import tries
from tests.properties.values import shaken, storable, texts
from tests.studio import shelves


def drawn(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (12, 8), "teal").save(buffer, kind)
    return buffer.getvalue()


PICTURES: Final = {kind: drawn(kind) for kind in ("PNG", "JPEG", "WEBP")}
TOLD: Final = (Event(at=shelves.BEGIN, what="queued"),)

_cleaned = storable.map(clean)
_short = _cleaned.map(lambda text: clean(text[:60]))
_names = _short.map(lambda text: " ".join(text.split())).filter(
    lambda text: fold(text) and any(unicodedata.category(sign)[0] in "LNPS" for sign in text)
)
_value = st.one_of(
    _cleaned,
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(_cleaned, max_size=2).map(tuple),
)
_parameters = st.dictionaries(_short, _value, max_size=4)
requests = st.builds(ImageRequest, prompt=storable, model=_short, parameters=_parameters)
_items = st.builds(
    shelves.item,
    st.integers(1, 300),
    _cleaned,
    model=_short,
    parameters=_parameters,
    state=st.sampled_from([state for state in State if state.is_terminal]),
    price=st.none() | st.decimals(0, 999, places=6),
    problem=_cleaned,
    rewritten=_cleaned,
    starred=st.booleans(),
    rating=st.integers(0, 5),
    note=_cleaned,
    folder=st.none() | _names,
    tags=st.lists(_names, max_size=3, unique_by=fold).map(tuple),
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A studio without an engine."""

    engine: Engine
    files: ImageFiles
    folder: Path

    @property
    def library(self) -> Library:
        return Library(self.engine)

    def empty(self) -> None:
        with self.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())

    def originals(self) -> list[Path]:
        """All files but previews, half-written ones too."""
        return [path for path in self.folder.rglob("*") if path.is_file() and len(path.suffixes) == 1]


@pytest.fixture(scope="module")
def home() -> Iterator[Place]:
    yield from a_place()


@pytest.fixture(scope="module")
def abroad() -> Iterator[Place]:
    yield from a_place()


def a_place() -> Iterator[Place]:
    memory = Path("/dev/shm")  # noqa: S108 - where a commit costs no disk; elsewhere the usual place does
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        engine = open_database(f"sqlite:///{folder}/studio.db")
        images = Path(folder) / "images"
        yield Place(engine=engine, files=ImageFiles(images), folder=images)
        engine.dispose()


def packed(place: Place, items: list[Item]) -> bytes:
    """An archive of them, each with a picture of its own."""
    place.empty()
    shelves.fill(place.engine, items)
    target = place.folder.parent / "export.zip"
    archives.write(target, items, place.files, Store(place.engine), total=len(items))
    return target.read_bytes()


def pictured(place: Place, items: list[Item]) -> list[Item]:
    """The items, told apart, with pictures that are really there where they are completed."""
    found = []
    for number, (each, kind) in enumerate(zip(items, [*PICTURES] * len(items), strict=False)):
        picture: Picture = place.files.keep(PICTURES[kind])
        generation = replace(
            each.generation,
            id=f"{each.generation.created:012x}{number:020x}",
            slot=replace(each.generation.slot, run=f"run{number}"),
            pictures=(picture,) if each.generation.state is State.COMPLETED else (),
        )
        found.append(replace(each, generation=generation))
    return found


@tries(10, is_slow=True)
@given(st.lists(_items, min_size=1, max_size=4))
def test_an_archive_brings_back_any_library_as_it_was(home: Place, abroad: Place, items: list[Item]) -> None:
    made = pictured(home, items)
    abroad.empty()

    restored = archives.read(io.BytesIO(packed(home, made)), abroad.files, abroad.library)

    ids = [each.id for each in made]
    assert (restored.added, restored.problems) == (len(made), ())
    assert abroad.library.items(ids) == home.library.items(ids)
    assert archives.read(io.BytesIO(packed(home, made)), abroad.files, abroad.library).known == len(made)


@tries(40, is_slow=True)
@given(st.integers(0, 2**32))
def test_a_damaged_archive_is_refused_or_brings_back_only_what_is_whole(home: Place, abroad: Place, seed: int) -> None:
    dice = random.Random(seed)
    made = pictured(home, [shelves.item(number, f"prompt {number}") for number in range(1, 4)])
    ids = [each.id for each in made]
    damaged = mutilated(packed(home, made), dice)
    abroad.empty()

    try:
        restored = archives.read(io.BytesIO(damaged), abroad.files, abroad.library)
    except BadArchive as refused:
        assert str(refused).endswith(".")  # noqa: PT017 - either is right
    else:
        assert restored.added + len({problem.name for problem in restored.problems}) >= 1
    for each in abroad.library.items(ids):
        assert each == home.library.get(each.id)
    for path in abroad.originals():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem


def mutilated(content: bytes, dice: random.Random) -> bytes:
    """Cut, with wrong bits, with something in the middle, or with its entries under each other's names."""
    kind = dice.randrange(4)
    if kind == 0:
        return content[: dice.randrange(len(content))]
    if kind == 1:
        raw = bytearray(content)
        for _ in range(dice.choice((1, 1, 8, 64))):
            raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
        return bytes(raw)
    if kind == 2:
        place = dice.randrange(len(content))
        return content[:place] + dice.randbytes(dice.randrange(1, 40)) + content[place + dice.randrange(40) :]
    with zipfile.ZipFile(io.BytesIO(content)) as whole:
        names = whole.namelist()
        contents = [whole.read(name) for name in dice.sample(names, len(names))]
    swapped = io.BytesIO()
    with zipfile.ZipFile(swapped, "w") as target:
        for name, inner in zip(names, contents, strict=True):
            target.writestr(name, inner)
    return swapped.getvalue()


_LINE: Final = json.loads(
    manifest.line(Entry(item=shelves.item(1, tags=("a",), folder="f", pictures=()), events=TOLD, packed=()))
)


@tries(300)
@given(shaken(_LINE))
def test_any_line_of_a_manifest_is_an_entry_or_a_value_error(told: object) -> None:
    raw = json.dumps(told).encode()
    try:
        entry = manifest.parse(raw)
    except ValueError:
        return
    again = manifest.parse(manifest.line(entry))
    assert again == entry


@tries(100)
@given(st.sampled_from(sorted(PICTURES)), requests, _cleaned, st.none() | st.integers(-(2**63), 2**63))
def test_what_is_put_inside_an_image_is_read_back_equal(
    kind: str, request: ImageRequest, provider: str, seed: int | None
) -> None:
    content = PICTURES[kind]
    sha256 = hashlib.sha256(content).hexdigest()
    about = Described(request=request, provider=provider, created="2026-01-01T00:00:00+00:00", sha256=sha256, seed=seed)

    copy = embedding.embedded(content, about)

    assert embedding.read(copy).described == about
    assert embedding.plain(copy) == content
    assert embedding.read(embedding.stripped(copy)) == embedding.Found()


@tries(250)
@given(st.sampled_from(sorted(PICTURES)), st.integers(0, 2**32))
def test_a_damaged_image_is_read_or_unreadable(kind: str, seed: int) -> None:
    dice = random.Random(seed)
    request = ImageRequest(prompt="a fox", model="m", parameters={"seed": 1})
    about = Described(request=request, provider="p", created="c", sha256="0" * 64)
    raw = bytearray(embedding.embedded(PICTURES[kind], about))
    for _ in range(dice.choice((1, 4))):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    content = bytes(raw[: dice.randrange(len(raw))] if dice.random() < 0.3 else raw)

    for doing in (embedding.read, embedding.plain, embedding.stripped):
        try:
            doing(content)
        except Unreadable as refused:
            assert str(refused)  # noqa: PT017 - either is right


@tries(80)
@given(requests.filter(lambda request: not request.problem))
def test_a_snippet_sends_exactly_the_body(request: ImageRequest) -> None:
    generation = replace(
        shelves.item(1).generation, prompt=request.prompt, model=request.model, parameters=dict(request.parameters)
    )
    body = json.loads(json.dumps(request.body()))

    tree = ast.parse(snippets.python(generation, "https://api.example"))
    assigned = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    assert json.loads(json.dumps(ast.literal_eval(assigned["BODY"]))) == body
    lines = snippets.curl(generation, "https://api.example").split("\n")
    assert body in [json.loads(line) for line in lines if line.startswith('{"')]


@tries(80)
@given(st.lists(_items, max_size=3))
def test_a_spreadsheet_has_a_row_for_each_and_no_formula(items: list[Item]) -> None:
    text = b"".join(spreadsheets.sheet(items)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))

    assert rows[0] == spreadsheets.COLUMNS
    assert len(rows) == 1 + len(items)
    for row, each in zip(rows[1:], items, strict=True):
        assert len(row) == len(spreadsheets.COLUMNS)
        assert row[3] in {each.generation.prompt, f"'{each.generation.prompt}"}
        assert not any(cell.lstrip()[:1] in tuple("=+-@") for cell in row)
        price = each.generation.price
        assert Decimal(row[9] or "0") == pytest.approx(price or Decimal(0))


@tries(40)
@given(texts, texts, st.lists(st.sampled_from(["#123", "#aabbcc", "no", "ABCDEF"]), max_size=6))
def test_a_preset_is_kept_as_it_is_told_or_refused(home: Place, name: str, words: str, colours: list[str]) -> None:
    presets = Presets(home.engine)
    try:
        saved = presets.save(name, words, colours)
    except ValueError as refused:
        assert str(refused).endswith(".")  # noqa: PT017 - either is right
        return
    assert saved in presets.all()
    assert presets.save(saved.name, saved.words, saved.colours) == saved
    presets.delete(saved.id)
    assert saved not in presets.all()
