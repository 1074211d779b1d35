"""Archives: out and in again as it was, and nothing but images in, whatever somebody made of the file."""

import csv
import hashlib
import io
import json
import random
import shutil
import stat
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from sqlalchemy import Engine, select

from studio import archives, embedding
from studio.archives import BadArchive, Cancelled, Contents, Limits, Written
from studio.curation import Curation
from studio.database import open_database
from studio.generations import Event, Generation, Picture, Slot, State
from studio.images import ImageFiles
from studio.library import Item, Library
from studio.schema import events, folders, generations, metadata, pictures, tags
from studio.store import UPLOADED, Store

TOLD = [Event(at=1_767_323_045_001, what="queued"), Event(at=1_767_323_046_000, what="failed: nö")]
HOSTILE_PROMPTS = [
    "一辆红色的自行车，靠在墙边",
    "../../../etc/passwd",
    "CON",
    '=HYPERLINK("http://x")',
    "</rdf:RDF>'; DROP TABLE generations; --\n\n\t{}{0}%s \ufffe 🚲",
    "long " * 6000,
]


@dataclass(frozen=True, kw_only=True)
class Studio:
    """A database, files, and all that works on them."""

    engine: Engine
    files: ImageFiles
    library: Library
    store: Store
    folder: Path

    def wipe(self) -> None:
        with self.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        (self.folder / "incoming").mkdir()

    def rows(self) -> dict[str, list[Any]]:
        """Everything, with a folder by its name, because its id is new when it is made anew."""
        with self.engine.connect() as connection:
            names = dict(map(tuple, connection.execute(select(folders.c.id, folders.c.name))))
            found = {table.name: connection.execute(select(table)).all() for table in (pictures, tags)}
            made = [
                {**row._mapping, "folder": names.get(row.folder)} for row in connection.execute(select(generations))
            ]
            told = connection.execute(
                select(events.c.generation, events.c.at, events.c.what).order_by(events.c.id)
            ).all()
        rows = {**found, "generations": made, "events": told, "folders": list(names.values())}
        return {name: sorted(rows[name], key=str) for name in rows}

    def originals(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    def items(self) -> list[Item]:
        with self.engine.connect() as connection:
            ids = list(connection.execute(select(generations.c.id).order_by(generations.c.id)).scalars())
        return self.library.items(ids)


@pytest.fixture
def studio(database_url: str, tmp_path: Path) -> Iterator[Studio]:
    yield from opened(database_url, tmp_path)


@pytest.fixture
def light_studio(tmp_path: Path) -> Iterator[Studio]:
    """On SQLite, for what does not concern the database."""
    yield from opened(f"sqlite:///{tmp_path / 'studio.db'}", tmp_path)


def opened(url: str, tmp_path: Path) -> Iterator[Studio]:
    engine = open_database(url)
    folder = tmp_path / "images"
    yield Studio(engine=engine, files=ImageFiles(folder), library=Library(engine), store=Store(engine), folder=folder)
    engine.dispose()


def drawn(number: int = 0, kind: str = "PNG", side: int = 24, **options: Any) -> bytes:
    noise = np.random.default_rng(number).integers(0, 256, (side, side, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, kind, **options)
    return buffer.getvalue()


def made(number: int, prompt: str = "a red bicycle", *found: Picture, **values: Any) -> Generation:
    generation = Generation(
        id=f"{number:032x}",
        slot=Slot(run=f"run{number}-A", number=number, attempt=2),
        provider="simulator",
        model="openai/gpt-image-1.5/text-to-image",
        prompt=prompt,
        parameters={"size": "24x24", "quality": "low", "guidance": 7.5, "seed": 2**40, "enhance": True},
        state=State.COMPLETED,
        created=1_767_323_045_000 + number,
        submitted=1_767_323_046_000,
        ended=1_767_323_056_789,
        prediction_id=f"prediction{number}",
        request_id=f"request{number}",
        price=Decimal("0.011"),
        predict_seconds=8.3,
        alt='Ein rotes Rad, "links"',
        pictures=found,
    )
    return replace(generation, **values)


def filled(studio: Studio, contents: list[bytes] | None = None) -> Studio:
    """Every kind of thing that can be in a library."""
    kinds = contents or [
        drawn(1),
        drawn(2, "JPEG"),
        drawn(3, "WEBP"),
        drawn(4, "WEBP", lossless=True),
        drawn(5),
        drawn(6),
    ]
    for number, (prompt, content) in enumerate(zip(HOSTILE_PROMPTS, kinds, strict=False), 1):
        generation = made(number, prompt, studio.files.keep(content, sensitive=number == 2))
        assert studio.library.bring_back(Item(generation=generation), TOLD)
    failed = {"state": State.FAILED, "problem": "It says: “no”.", "price": None, "predict_seconds": None}
    two = (studio.files.keep(drawn(20)), studio.files.keep(drawn(21)))
    others = [
        Item(generation=made(11, "failed", **failed, prediction_id=None, submitted=None, request_id=None)),
        Item(generation=made(12, "unknown", state=State.UNKNOWN), deleted=1_767_400_000_000),
        Item(generation=made(13, "two", *two)),
        Item(
            generation=made(14, "holiday.png", two[0], provider=UPLOADED, model=UPLOADED, parameters={}),
            starred=True,
            rating=4,
            note="=1+1\nto be shown",
            folder="Frühling / 春",
            tags=("Mütze", "red"),
        ),
    ]
    for item in others:
        assert studio.library.bring_back(item, TOLD)
    curation = Curation(studio.engine)
    curation.star([f"{1:032x}"], True)
    curation.move([f"{1:032x}", f"{2:032x}"], curation.add_folder("Summer").id)
    curation.tag([f"{1:032x}", f"{3:032x}"], "红")
    return studio


def write(studio: Studio, path: Path, **options: Any) -> Written:
    items = studio.items()
    return archives.write(path, items, studio.files, studio.store, total=len(items), **options)


@pytest.mark.parametrize("contents", [Contents.ORIGINALS, Contents.DESCRIBED])
def test_export_wipe_import_and_everything_is_equal(studio: Studio, tmp_path: Path, contents: Contents) -> None:
    filled(studio, [drawn(side=1300), drawn(2, "JPEG"), drawn(3, "WEBP"), drawn(4, "WEBP", lossless=True), drawn(5)])
    rows, originals = studio.rows(), studio.originals()
    assert max(map(len, originals.values())) > 5_000_000

    written = write(studio, tmp_path / "all.zip", contents=contents)
    studio.wipe()
    assert not studio.items()
    restored = archives.read(tmp_path / "all.zip", studio.files, studio.library)

    assert (written.generations, written.images, written.problems) == (9, 8, ())
    assert (restored.added, restored.known, restored.problems) == (9, 0, ())
    assert studio.rows() == rows
    assert studio.originals() == originals


def test_importing_twice_adds_nothing(studio: Studio, tmp_path: Path) -> None:
    filled(studio)
    rows = studio.rows()
    write(studio, tmp_path / "all.zip")

    again = archives.read(tmp_path / "all.zip", studio.files, studio.library)

    assert (again.added, again.known, again.problems) == (0, 10, ())
    assert studio.rows() == rows


def test_what_is_only_partly_there_is_completed(light_studio: Studio, tmp_path: Path) -> None:
    studio = filled(light_studio)
    rows = studio.rows()
    write(studio, tmp_path / "all.zip")
    with studio.engine.begin() as connection:
        for table in (pictures, tags, events):
            connection.execute(table.delete().where(table.c.generation == f"{1:032x}"))
        connection.execute(generations.delete().where(generations.c.id == f"{1:032x}"))

    restored = archives.read(tmp_path / "all.zip", studio.files, studio.library)

    assert (restored.added, restored.known) == (1, 9)
    assert studio.rows() == rows


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def test_an_archive_is_one_that_any_program_opens(light_studio: Studio, tmp_path: Path) -> None:
    filled(light_studio)
    write(light_studio, tmp_path / "all.zip")

    found = members(tmp_path / "all.zip")

    with zipfile.ZipFile(tmp_path / "all.zip") as zipped:
        assert zipped.testzip() is None
        stored = {member.compress_type for member in zipped.infolist() if member.filename.startswith("images/")}
        assert stored == {zipfile.ZIP_STORED}
    names = [name for name in found if name.startswith("images/")]
    assert names[:3] == [
        "images/0001_一辆红色的自行车-靠在墙边.png",
        "images/0002_etc-passwd.jpg",
        "images/0003_CON.webp",
    ]
    assert len({name.casefold() for name in names}) == 9
    assert found["README.txt"].decode().count(".\n") == 3
    assert "9 images" in found["README.txt"].decode()
    assert not list(tmp_path.glob("*.partial"))


def test_the_spreadsheet_of_an_archive_names_its_files(light_studio: Studio, tmp_path: Path) -> None:
    filled(light_studio)
    write(light_studio, tmp_path / "all.zip", rule="{id}", campaign="Spring")

    found = members(tmp_path / "all.zip")
    rows = list(csv.DictReader(io.StringIO(found["images.csv"].decode("utf-8-sig"), newline="")))

    assert len(rows) == 11  # nine images, and two generations without any
    assert {row["file"] for row in rows if row["file"]} == {name for name in found if name.startswith("images/")}
    for row in rows:
        if row["file"]:
            assert hashlib.sha256(found[row["file"]]).hexdigest() == row["sha256"]


def test_described_images_say_how_they_were_made_and_uploaded_ones_stay_as_they_are(
    light_studio: Studio, tmp_path: Path
) -> None:
    studio = filled(light_studio)
    write(studio, tmp_path / "all.zip", contents=Contents.DESCRIBED)

    found = members(tmp_path / "all.zip")

    for name, content in found.items():
        if name.startswith("images/") and "holiday" not in name:
            about = embedding.read(content).described
            assert about
            assert studio.files.find(about.sha256)
    assert found["images/0009_holiday.png.png"] == drawn(20)


def test_stripped_images_say_nothing_and_come_back_as_they_are(light_studio: Studio, tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "secret")
    studio = filled(light_studio, [drawn(pnginfo=info)])
    write(studio, tmp_path / "all.zip", contents=Contents.STRIPPED)
    studio.wipe()

    restored = archives.read(tmp_path / "all.zip", studio.files, studio.library)

    assert b"secret" not in b"".join(
        content for name, content in members(tmp_path / "all.zip").items() if "0001" in name
    )
    assert restored.added == 5
    assert next(problem.name for problem in restored.problems if "metadata" in problem.sentence).startswith(
        "images/0001_"
    )
    first = studio.items()[0].generation
    assert first.prompt == HOSTILE_PROMPTS[0]
    assert first.pictures[0].sha256 == hashlib.sha256(drawn()).hexdigest()


def test_damaged_and_missing_originals_are_left_out_and_named(light_studio: Studio, tmp_path: Path) -> None:
    studio = filled(light_studio)
    items = studio.items()
    damaged, missing = (studio.files.original(items[number].generation.pictures[0]) for number in (0, 1))
    content = bytearray(damaged.read_bytes())
    content[-20] ^= 1
    damaged.write_bytes(content)
    missing.unlink()

    written = write(studio, tmp_path / "all.zip")
    lines = [json.loads(line) for line in members(tmp_path / "all.zip")["manifest.jsonl"].splitlines()]
    damaged.unlink()
    studio.wipe()
    restored = archives.read(tmp_path / "all.zip", studio.files, studio.library)

    assert written.images == 7
    assert [problem.name for problem in written.problems] == [
        "images/0001_一辆红色的自行车-靠在墙边.png",
        "images/0002_etc-passwd.jpg",
    ]
    assert all("left out" in problem.sentence for problem in written.problems)
    assert [bool(line["files"][0]["problem"]) for line in lines[:3]] == [True, True, False]
    assert (restored.added, len(restored.problems)) == (10, 2)
    assert studio.items()[0] == replace(items[0], generation=replace(items[0].generation, pictures=()))


def test_what_is_under_way_is_left_out_of_an_archive(light_studio: Studio, tmp_path: Path) -> None:
    studio = light_studio
    studio.store.add(made(1).request, Slot(run="under-way"), provider="simulator")

    written = write(studio, tmp_path / "all.zip")

    assert (written.generations, len(written.problems)) == (0, 1)
    assert "still queued" in written.problems[0].sentence


def test_a_cancelled_export_leaves_nothing_and_says_so(light_studio: Studio, tmp_path: Path) -> None:
    filled(light_studio)
    before = set(tmp_path.iterdir())
    seen: list[tuple[int, int]] = []

    with pytest.raises(Cancelled):
        write(
            light_studio,
            tmp_path / "all.zip",
            progress=lambda done, total: seen.append((done, total)),
            cancelled=lambda: len(seen) > 3,
        )

    assert seen == [(0, 10), (1, 10), (2, 10), (3, 10)]
    assert set(tmp_path.iterdir()) == before


def test_a_failing_export_keeps_the_archive_that_was_there(light_studio: Studio, tmp_path: Path) -> None:
    filled(light_studio)
    (tmp_path / "all.zip").write_bytes(b"older")

    def breaking() -> Iterator[Item]:
        yield light_studio.items()[0]
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        archives.write(tmp_path / "all.zip", breaking(), light_studio.files, light_studio.store, total=2)
    with pytest.raises(ValueError, match="unknown field"):
        write(light_studio, tmp_path / "all.zip", rule="{colour}")

    assert (tmp_path / "all.zip").read_bytes() == b"older"
    assert not list(tmp_path.glob("*.partial"))


def test_progress_is_told_to_its_end(light_studio: Studio, tmp_path: Path) -> None:
    filled(light_studio)
    told: list[tuple[int, int]] = []

    write(light_studio, tmp_path / "all.zip", progress=lambda *at: told.append(at))
    archives.read(tmp_path / "all.zip", light_studio.files, light_studio.library, progress=lambda *at: told.append(at))

    assert told == [(done, 10) for done in range(11)] * 2


# What people, or programs, do to an archive


Change = Callable[[dict[str, bytes]], Mapping[str, bytes]]


def changed(studio: Studio, tmp_path: Path, change: Change) -> Path:
    """An archive of ours with other members."""
    write(filled(studio), tmp_path / "all.zip")
    found = change(members(tmp_path / "all.zip"))
    studio.wipe()
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as zipped:
        for name, content in found.items():
            zipped.writestr(name, content)
    return tmp_path / "changed.zip"


def first_image(found: Mapping[str, bytes]) -> str:
    return next(name for name in found if name.startswith("images/0001"))


def lines(found: Mapping[str, bytes], change: Callable[[list[dict[str, Any]]], object]) -> Mapping[str, bytes]:
    entries = [json.loads(line) for line in found["manifest.jsonl"].splitlines()]
    change(entries)
    return {**found, "manifest.jsonl": b"\n".join(json.dumps(entry).encode() for entry in entries)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found: {name: found[name] for name in found if name != first_image(found)}, "not in the archive"),
        (lambda found: {**found, first_image(found): drawn(99)}, "not the file that was exported"),
        (lambda found: {**found, first_image(found): b"no image"}, "not the file that was exported"),
        (lambda found: {**found, first_image(found): bytes(50_000_001)}, "larger than 50 MB"),
    ],
    ids=["missing", "exchanged", "no image", "too large"],
)
def test_one_bad_image_is_named_and_the_rest_is_imported(
    light_studio: Studio, tmp_path: Path, change: Change, said: str
) -> None:
    path = changed(light_studio, tmp_path, change)

    restored = archives.read(path, light_studio.files, light_studio.library)

    assert restored.added == 9
    assert [problem.name for problem in restored.problems] == [f"{1:032x}"]
    assert said in restored.problems[0].sentence
    assert "images/0001" in restored.problems[0].sentence


def no_image(entries: list[dict[str, Any]]) -> None:
    entries[0]["files"][0]["written"] = entries[0]["files"][0]["original"] = hashlib.sha256(b"no image").hexdigest()
    entries[0]["generation"]["pictures"][0]["sha256"] = hashlib.sha256(b"no image").hexdigest()


def test_a_file_that_is_no_image_is_refused_by_the_decoder_even_when_its_hash_is_right(
    light_studio: Studio, tmp_path: Path
) -> None:
    path = changed(light_studio, tmp_path, lambda found: lines({**found, first_image(found): b"no image"}, no_image))

    restored = archives.read(path, light_studio.files, light_studio.library)

    assert restored.added == 9
    assert "not a picture" in restored.problems[0].sentence


WRONG: dict[str, Callable[[dict[str, Any]], object]] = {
    "queued, to be submitted and paid": lambda entry: entry["generation"].update(state="queued"),
    "an unknown state": lambda entry: entry["generation"].update(state="bought"),
    "an id that is a path": lambda entry: entry["generation"].update(id="../../x"),
    "an id that is a number": lambda entry: entry["generation"].update(id=1),
    "a prompt that is a list": lambda entry: entry["generation"].update(prompt=["x"]),
    "parameters of objects": lambda entry: entry["generation"].update(parameters={"a": {"b": 1}}),
    "parameters with NUL": lambda entry: entry["generation"].update(parameters={"size": "a\0"}),
    "parameters with half a character": lambda entry: entry["generation"].update(parameters={"\ud800": "a"}),
    "parameters without end": lambda entry: entry["generation"].update(parameters={"a": float("inf")}),
    "a price that is a word": lambda entry: entry["generation"].update(price="much"),
    "an endless price": lambda entry: entry["generation"].update(price="Infinity"),
    "a negative price": lambda entry: entry["generation"].update(price="-1"),
    "a time beyond time": lambda entry: entry["generation"].update(created=10**18),
    "a time that is true": lambda entry: entry["generation"].update(created=True),
    "a number too large for a column": lambda entry: entry["generation"]["slot"].update(number=2**31),
    "no slot": lambda entry: entry["generation"].pop("slot"),
    "seconds of no number": lambda entry: entry["generation"].update(predict_seconds="8"),
    "a rating of nine": lambda entry: entry["curation"].update(rating=9),
    "a folder without a name": lambda entry: entry["curation"].update(folder="\u200b"),
    "no events": lambda entry: entry.pop("events"),
    "events that are words": lambda entry: entry.update(events=["x"]),
    "fewer files than images": lambda entry: entry.update(files=[]),
    "another image's hash": lambda entry: entry["files"][0].update(original="0" * 64),
    "another version": lambda entry: entry.update(atlas_studio=2),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_line_that_makes_no_sense_is_named_and_the_rest_is_imported(
    studio: Studio, tmp_path: Path, wrong: str
) -> None:
    path = changed(studio, tmp_path, lambda found: lines(found, lambda entries: WRONG[wrong](entries[0])))

    restored = archives.read(path, studio.files, studio.library)

    assert restored.added == 9
    assert len(restored.problems) == 1
    assert restored.problems[0].name in {"line 1 of manifest.jsonl", f"{1:032x}"}


def test_hostile_texts_are_cleaned_as_if_they_were_typed(studio: Studio, tmp_path: Path) -> None:
    def poison(entries: list[dict[str, Any]]) -> None:
        for name in ("prompt", "model", "provider", "problem", "request_id", "prediction_id"):
            entries[0]["generation"][name] = f"a\0b\u202ec\ud800 {name}"
        entries[0]["curation"].update(note="n\0\u202e", folder="f\0\u202e", tags=["t\0", "T", "t", "\0", 7])
        entries[0]["events"] = [{"at": 1, "what": "w\0\u202e"}]

    path = changed(studio, tmp_path, lambda found: lines(found, poison))

    restored = archives.read(path, studio.files, studio.library)

    item = studio.library.get(f"{1:032x}")
    assert (restored.added, restored.problems) == (10, ())
    assert (item.generation.prompt, item.note, item.folder) == ("abc\ufffd prompt", "n", "f")
    assert sorted(tag.casefold() for tag in item.tags) == ["7", "t"]
    assert studio.store.events(item.id) == [Event(at=1, what="w")]


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff\xfe", b"x" * 9_000_000], ids=range(7)
)
def test_a_line_that_is_no_entry_is_named_and_the_rest_is_imported(
    light_studio: Studio, tmp_path: Path, line: bytes
) -> None:
    path = changed(
        light_studio, tmp_path, lambda found: {**found, "manifest.jsonl": line + b"\n" + found["manifest.jsonl"]}
    )

    restored = archives.read(path, light_studio.files, light_studio.library)

    assert restored.added == 10
    assert [problem.name for problem in restored.problems] == ["line 1 of manifest.jsonl"]


def test_two_lines_cannot_share_a_file(light_studio: Studio, tmp_path: Path) -> None:
    def share(entries: list[dict[str, Any]]) -> None:
        entries[1] = json.loads(json.dumps(entries[0]))
        entries[1]["generation"].update(id="another", prediction_id=None, slot={"run": "x", "number": 1, "attempt": 1})

    path = changed(light_studio, tmp_path, lambda found: lines(found, share))

    restored = archives.read(path, light_studio.files, light_studio.library)

    assert (restored.added, [problem.name for problem in restored.problems]) == (9, ["another"])


def repacked(studio: Studio, tmp_path: Path, add: Callable[[zipfile.ZipFile, dict[str, bytes]], object]) -> Path:
    """An archive of ours in which ``add`` writes the first image in its own way."""
    write(filled(studio), tmp_path / "all.zip")
    studio.wipe()
    found = members(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as zipped, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile warns of doubled names
        for name, content in found.items():
            if name != first_image(found):
                zipped.writestr(name, content)
        add(zipped, found)
    return tmp_path / "changed.zip"


def as_link(zipped: zipfile.ZipFile, found: dict[str, bytes]) -> None:
    member = zipfile.ZipInfo(first_image(found))
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    zipped.writestr(member, "/etc/passwd")


def twice(zipped: zipfile.ZipFile, found: dict[str, bytes]) -> None:
    for _ in range(2):
        zipped.writestr(first_image(found), found[first_image(found)])


def very_tight(zipped: zipfile.ZipFile, found: dict[str, bytes]) -> None:
    zipped.writestr(first_image(found), bytes(40_000_000), zipfile.ZIP_DEFLATED)


def in_lzma(zipped: zipfile.ZipFile, found: dict[str, bytes]) -> None:
    zipped.writestr(first_image(found), found[first_image(found)], zipfile.ZIP_LZMA)


@pytest.mark.parametrize(
    ("add", "said"),
    [(as_link, "link"), (twice, "several"), (very_tight, "too tightly"), (in_lzma, "unusual")],
)
def test_members_that_are_no_ordinary_files_are_refused(
    light_studio: Studio, tmp_path: Path, add: Callable[..., object], said: str
) -> None:
    path = repacked(light_studio, tmp_path, add)

    restored = archives.read(path, light_studio.files, light_studio.library)

    assert restored.added == 9
    assert any(said in problem.sentence for problem in restored.problems)
    assert any(problem.name == f"{1:032x}" for problem in restored.problems)


@pytest.mark.parametrize(
    "name", ["/etc/x.png", "../x.png", "images/../../x.png", "C:/x.png", "a\\b.png", "images//x.png"]
)
def test_names_that_lead_elsewhere_are_refused_and_nothing_is_written_there(
    light_studio: Studio, tmp_path: Path, name: str
) -> None:
    def elsewhere(found: dict[str, bytes]) -> Mapping[str, bytes]:
        old = first_image(found)
        renamed = {name if key == old else key: content for key, content in found.items()}
        return lines(renamed, lambda entries: entries[0]["files"][0].update(name=name))

    path = changed(light_studio, tmp_path, elsewhere)
    before = {each for each in tmp_path.rglob("*") if "images" not in each.parts}

    restored = archives.read(path, light_studio.files, light_studio.library)

    assert restored.added == 9
    assert restored.problems[0].name == name
    assert "leads elsewhere" in restored.problems[0].sentence
    assert {each for each in tmp_path.rglob("*") if "images" not in each.parts} == before


def test_an_encrypted_member_is_refused(light_studio: Studio, tmp_path: Path) -> None:
    write(filled(light_studio), tmp_path / "all.zip")
    light_studio.wipe()
    content = bytearray((tmp_path / "all.zip").read_bytes())
    for start, place in ((content.find(b"PK\3\4"), 6), (content.find(b"PK\1\2"), 8)):
        content[start + place] |= 1

    restored = archives.read(io.BytesIO(content), light_studio.files, light_studio.library)

    assert restored.added == 9
    assert "encrypted" in restored.problems[0].sentence


def crowded(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as zipped:
        for number in range(30):
            zipped.writestr(str(number), b"")


def test_too_many_members_are_refused_before_they_are_read(light_studio: Studio, tmp_path: Path) -> None:
    crowded(tmp_path / "crowd.zip")

    with pytest.raises(BadArchive, match="more than 20 files"):
        archives.read(tmp_path / "crowd.zip", light_studio.files, light_studio.library, limits=Limits(members=20))


def test_a_lie_about_the_number_of_members_does_not_help(light_studio: Studio, tmp_path: Path) -> None:
    crowded(tmp_path / "crowd.zip")
    content = bytearray((tmp_path / "crowd.zip").read_bytes())
    content[-14:-10] = struct.pack("<HH", 1, 1)

    with pytest.raises(BadArchive, match="more than 20 files"):
        archives.read(io.BytesIO(content), light_studio.files, light_studio.library, limits=Limits(members=20))


def test_too_much_in_total_is_refused(light_studio: Studio, tmp_path: Path) -> None:
    write(filled(light_studio), tmp_path / "all.zip")

    with pytest.raises(BadArchive, match="several parts"):
        archives.read(tmp_path / "all.zip", light_studio.files, light_studio.library, limits=Limits(total=10_000))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\5\6" + bytes(18), b"PK\5\6" + b"\xff" * 18], ids=range(4))
def test_what_is_no_archive_is_refused_in_a_sentence(light_studio: Studio, content: bytes) -> None:
    with pytest.raises(BadArchive, match=r"Choose an archive|several parts"):
        archives.read(io.BytesIO(content), light_studio.files, light_studio.library)


def test_a_cut_or_spoilt_archive_never_raises_anything_else(light_studio: Studio, tmp_path: Path) -> None:
    write(filled(light_studio, [drawn(side=4)]), tmp_path / "all.zip")
    light_studio.wipe()
    whole = (tmp_path / "all.zip").read_bytes()
    dice = random.Random(7)
    spoilt = [whole[: dice.randrange(len(whole))] for _ in range(100)]
    for _ in range(300):
        content = bytearray(whole)
        for _ in range(dice.choice([1, 3, 20])):
            content[dice.randrange(len(content))] = dice.randrange(256)
        spoilt.append(bytes(content))

    for each in spoilt:
        try:
            archives.read(io.BytesIO(each), light_studio.files, light_studio.library)
        except BadArchive:
            continue

    for item in light_studio.items():
        for picture in item.generation.pictures:
            kept = light_studio.files.original(picture).read_bytes()
            assert hashlib.sha256(kept).hexdigest() == picture.sha256


@pytest.mark.parametrize("contents", list(Contents))
def test_memory_does_not_grow_with_the_number_of_images(
    light_studio: Studio, tmp_path: Path, contents: Contents
) -> None:
    """Images of 5 MB: the peak is that of a few of them, whether four or sixteen are written."""
    studio = light_studio
    kept = [studio.files.keep(drawn(number, side=1300)) for number in range(2)]
    items = [Item(generation=made(number, "x", kept[number % 2])) for number in range(16)]

    def peak(count: int) -> int:
        tracemalloc.start()
        archives.write(
            tmp_path / "all.zip", iter(items[:count]), studio.files, studio.store, total=count, contents=contents
        )
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = peak(4), peak(16)

    assert (tmp_path / "all.zip").stat().st_size > 80_000_000
    assert many < 50_000_000
    assert many < few + 1_000_000
