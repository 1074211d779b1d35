"""Archives of what was made from pictures: these come along, so that it can be used again."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from PIL import PngImagePlugin

from atlas.models import Parameters
from studio import archives
from studio.archives import Contents
from studio.library import Item
from studio.references import hashes, name_of
from tests.studio.test_archives import Studio, drawn, made, members, opened, write

Found = Mapping[str, bytes]
A_PATH = "studio:../../../etc/passwd"


@pytest.fixture
def studio(database_url: str, tmp_path: Path) -> Iterator[Studio]:
    yield from opened(database_url, tmp_path)


@pytest.fixture
def light_studio(tmp_path: Path) -> Iterator[Studio]:
    """On SQLite, for what does not concern the database."""
    yield from opened(f"sqlite:///{tmp_path / 'studio.db'}", tmp_path)


def secretive(number: int) -> bytes:
    """A picture that says where it was taken."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "at home")
    return drawn(number, pnginfo=info)


def filled(studio: Studio) -> Studio:
    """Two images made from the same picture, one of them also from another, and one made from words."""
    first, second = (studio.files.keep(content) for content in (secretive(30), drawn(31, "JPEG")))
    one, both = name_of(first), (name_of(second), name_of(first))
    requests: tuple[Parameters, ...] = ({"image": one, "mask_image": one}, {"images": both, "size": "24x24"}, {})
    for number, parameters in enumerate(requests, 1):
        image = studio.files.keep(drawn(number))
        item = Item(generation=made(number, "in blue", image, parameters=parameters))
        assert studio.library.bring_back(item, [])
    return studio


def in_references(found: Found) -> list[str]:
    return [name for name in found if name.startswith("references/")]


def changed(studio: Studio, tmp_path: Path, change: Callable[[dict[str, bytes]], Found]) -> Path:
    """An archive of ours with other members, and an empty studio."""
    write(filled(studio), tmp_path / "all.zip")
    found = change(members(tmp_path / "all.zip"))
    studio.wipe()
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as zipped:
        for name, content in found.items():
            zipped.writestr(name, content)
    return tmp_path / "changed.zip"


def older(found: dict[str, bytes]) -> Found:
    """As it was written before pictures came along."""
    entries = [json.loads(line) for line in found["manifest.jsonl"].splitlines()]
    for entry in entries:
        del entry["references"]
    kept = {name: content for name, content in found.items() if not name.startswith("references/")}
    return {**kept, "manifest.jsonl": b"\n".join(json.dumps(entry).encode() for entry in entries)}


@pytest.mark.parametrize("contents", [Contents.ORIGINALS, Contents.DESCRIBED])
def test_what_was_made_from_pictures_comes_back_with_them(studio: Studio, tmp_path: Path, contents: Contents) -> None:
    filled(studio)
    rows, originals = studio.rows(), studio.originals()

    written = write(studio, tmp_path / "all.zip", contents=contents)
    studio.wipe()
    restored = archives.read(tmp_path / "all.zip", studio.files, studio.library)

    assert (written.images, written.problems) == (3, ())
    assert (restored.added, restored.problems) == (3, ())
    assert studio.rows() == rows
    assert studio.originals() == originals


def test_a_picture_is_in_the_archive_once_byte_for_byte_and_the_readme_says_so(
    light_studio: Studio, tmp_path: Path
) -> None:
    write(filled(light_studio), tmp_path / "all.zip")

    found = members(tmp_path / "all.zip")

    assert sorted(found[name] for name in in_references(found)) == sorted([secretive(30), drawn(31, "JPEG")])
    assert {Path(name).suffix for name in in_references(found)} == {".png", ".jpeg"}
    assert "references/" in found["README.txt"].decode()


def test_an_archive_without_pictures_to_start_from_has_no_word_of_them(light_studio: Studio, tmp_path: Path) -> None:
    light_studio.library.bring_back(Item(generation=made(1, "x", light_studio.files.keep(drawn()))), [])

    write(light_studio, tmp_path / "all.zip")

    found = members(tmp_path / "all.zip")
    assert in_references(found) == []
    assert "references" not in found["README.txt"].decode()


def test_importing_twice_adds_nothing_and_has_nothing_to_say(light_studio: Studio, tmp_path: Path) -> None:
    write(filled(light_studio), tmp_path / "all.zip")
    originals = light_studio.originals()

    again = archives.read(tmp_path / "all.zip", light_studio.files, light_studio.library)

    assert (again.added, again.known, again.problems) == (0, 3, ())
    assert light_studio.originals() == originals


def test_an_older_archive_still_comes_back_and_a_newer_one_brings_its_pictures_later(
    studio: Studio, tmp_path: Path
) -> None:
    path = changed(studio, tmp_path, older)

    restored = archives.read(path, studio.files, studio.library)
    rows = studio.rows()
    wanted = hashes(studio.items()[1].generation.parameters)

    assert (restored.added, restored.problems) == (3, ())
    assert not any(map(studio.files.find, wanted))
    again = archives.read(tmp_path / "all.zip", studio.files, studio.library)
    assert (again.added, again.known, again.problems) == (0, 3, ())
    assert all(map(studio.files.find, wanted))
    assert studio.rows() == rows


def test_stripped_pictures_say_nothing_and_are_named_as_they_came_back(light_studio: Studio, tmp_path: Path) -> None:
    write(filled(light_studio), tmp_path / "all.zip", contents=Contents.STRIPPED)
    light_studio.wipe()

    restored = archives.read(tmp_path / "all.zip", light_studio.files, light_studio.library)

    found = members(tmp_path / "all.zip")
    assert b"at home" not in b"".join(found[name] for name in in_references(found))
    assert restored.added == 3
    assert sum("references/" in problem.name for problem in restored.problems) == 2
    one, both, words_only = (item.generation.parameters for item in light_studio.items())
    assert hashes(both)[1] == hashes(one)[0] != hashlib.sha256(secretive(30)).hexdigest()
    assert all(map(light_studio.files.find, hashes(both)))
    assert both["size"] == "24x24"
    assert words_only == {}


def test_a_picture_that_is_gone_is_named_once_and_the_rest_is_exported(light_studio: Studio, tmp_path: Path) -> None:
    path = filled(light_studio).files.find(hashlib.sha256(secretive(30)).hexdigest())
    assert path
    path.write_bytes(b"damaged")

    written = write(light_studio, tmp_path / "all.zip")
    light_studio.wipe()
    restored = archives.read(tmp_path / "all.zip", light_studio.files, light_studio.library)

    assert [problem.name for problem in written.problems] == [f"references/{path.name}"]
    assert "Restore it from a backup" in written.problems[0].sentence
    assert restored.added == 3
    assert [problem.name for problem in restored.problems] == [f"{1:032x}", f"{2:032x}"]
    assert "Reference picture 2 was not in the archive" in restored.problems[1].sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found, name: {other: found[other] for other in found if other != name}, "not in the archive"),
        (lambda found, name: {**found, name: drawn(99)}, "not the file that was exported"),
        (lambda found, name: {**found, name: bytes(50_000_001)}, "larger than 50 MB"),
    ],
    ids=["missing", "exchanged", "too large"],
)
def test_a_bad_picture_is_named_once_and_everything_else_is_imported(
    light_studio: Studio, tmp_path: Path, change: Callable[[Found, str], Found], said: str
) -> None:
    name = f"references/{hashlib.sha256(secretive(30)).hexdigest()}.png"
    path = changed(light_studio, tmp_path, lambda found: change(found, name))

    restored = archives.read(path, light_studio.files, light_studio.library)

    assert restored.added == 3
    assert [problem.name for problem in restored.problems] == [name]
    assert said in restored.problems[0].sentence
    assert not light_studio.files.find(Path(name).stem)
    assert light_studio.files.find(hashlib.sha256(drawn(31, "JPEG")).hexdigest())


def test_another_picture_under_the_name_of_one_is_refused_even_when_the_line_fits_it(
    light_studio: Studio, tmp_path: Path
) -> None:
    name = f"references/{hashlib.sha256(secretive(30)).hexdigest()}.png"

    def forged(found: dict[str, bytes]) -> Found:
        true, false = (hashlib.sha256(content).hexdigest() for content in (secretive(30), drawn(99)))
        lines = found["manifest.jsonl"].replace(f'"written": "{true}"'.encode(), f'"written": "{false}"'.encode())
        return {**found, name: drawn(99), "manifest.jsonl": lines}

    restored = archives.read(changed(light_studio, tmp_path, forged), light_studio.files, light_studio.library)

    assert restored.added == 3
    assert [problem.name for problem in restored.problems] == [name]
    assert "not the original" in restored.problems[0].sentence
    assert not light_studio.files.find(hashlib.sha256(drawn(99)).hexdigest())


STRANGER = {"number": 1, "original": "ab" * 32, "name": "", "contents": "originals", "problem": ""}


@pytest.mark.parametrize("references", ["x", [{}], None, [{**STRANGER, "original": "../x"}], [STRANGER]])
def test_a_line_whose_pictures_make_no_sense_is_named_and_the_rest_is_imported(
    light_studio: Studio, tmp_path: Path, references: object
) -> None:
    def wrong(found: dict[str, bytes]) -> Found:
        entries = [json.loads(line) for line in found["manifest.jsonl"].splitlines()]
        entries[0]["references"] = references
        return {**found, "manifest.jsonl": b"\n".join(json.dumps(entry).encode() for entry in entries)}

    restored = archives.read(changed(light_studio, tmp_path, wrong), light_studio.files, light_studio.library)

    assert restored.added == 2
    assert [problem.name for problem in restored.problems] == ["line 1 of manifest.jsonl"]


def test_names_that_somebody_wrote_by_hand_lead_nowhere_and_come_back(studio: Studio, tmp_path: Path) -> None:
    parameters = {"images": (A_PATH, "https://a.picture/1.png", "studio:" + "ab" * 32, "studio:abc")}
    image = studio.files.keep(drawn())
    assert studio.library.bring_back(Item(generation=made(1, "x", image, parameters=parameters)), [])
    rows = studio.rows()

    written = write(studio, tmp_path / "all.zip")
    studio.wipe()
    restored = archives.read(tmp_path / "all.zip", studio.files, studio.library)

    assert [problem.name for problem in written.problems] == [f"references/{'ab' * 32}"]
    assert (restored.added, len(restored.problems)) == (1, 1)
    assert studio.rows() == rows
