"""Stars, ratings, notes, tags, folders and the bin, on both databases."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from studio.curation import KEPT_IN_BIN_MS, Curation
from studio.database import open_database
from studio.generations import State
from studio.images import GRID, VIEW, ImageFiles
from studio.library import Item, Library
from studio.search import Search
from studio.store import Store
from tests.serving import CHECKOUT
from tests.studio.shelves import fill, item

PNG = (CHECKOUT / "ui" / "icon.png").read_bytes()


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def library(database: Engine) -> Library:
    return fill(database, [item(n) for n in range(1, 6)])


@pytest.fixture
def curation(database: Engine, library: Library) -> Curation:
    assert library
    return Curation(database)


def every(library: Library) -> list[Item]:
    return list(library.page(Search()).entries)


def some(*numbers: int) -> list[str]:
    return [item(n).id for n in numbers]


def test_many_are_starred_and_rated_at_once(library: Library, curation: Curation) -> None:
    curation.star(some(1, 2), True)
    curation.rate(some(2, 3), 4)
    curation.star(some(1), False)

    assert [(each.starred, each.rating) for each in library.items(some(1, 2, 3))] == [(False, 0), (True, 4), (False, 4)]
    with pytest.raises(ValueError, match="1 to 5"):
        curation.rate(some(1), 6)


def test_a_tag_keeps_its_first_spelling_and_is_there_once(library: Library, curation: Curation) -> None:
    curation.tag(some(1), "  Hero   Shot ")
    curation.tag([*some(1, 2), "nobody"], "hero shot")
    curation.tag(some(2), "紅色")

    assert [each.tags for each in library.items(some(1, 2))] == [("Hero Shot",), ("Hero Shot", "紅色")]

    curation.untag(some(1, 2), "HERO SHOT")
    assert [each.tags for each in library.items(some(1, 2))] == [(), ("紅色",)]
    with pytest.raises(ValueError, match="Give the tag a name"):
        curation.tag(some(1), " \u200b\n")


def test_deleting_a_folder_keeps_its_images(library: Library, curation: Curation) -> None:
    spring = curation.add_folder("Spring")
    curation.move(some(1, 2), spring.id)
    assert [each.folder for each in library.items(some(1, 2, 3))] == ["Spring", "Spring", None]
    assert curation.add_folder("SPRING") == spring

    curation.rename_folder(spring.id, "Summer")
    assert library.get(some(1)[0]).folder == "Summer"

    curation.delete_folder(spring.id)
    assert len(every(library)) == 5
    assert library.get(some(1)[0]).folder is None
    assert curation.folders() == []


def test_two_folders_never_have_one_name(curation: Curation) -> None:
    curation.add_folder("Spring")
    summer = curation.add_folder("Summer")

    with pytest.raises(ValueError, match="already"):
        curation.rename_folder(summer.id, "spring")
    with pytest.raises(ValueError, match="Give the folder a name"):
        curation.add_folder("  ")


def test_a_note_is_kept_and_cut_to_size(library: Library, curation: Curation) -> None:
    curation.write_note(some(1)[0], "  für Anna\nzweite Zeile ")
    curation.write_note(some(2)[0], "x" * 10_000)

    assert library.get(some(1)[0]).note == "für Anna\nzweite Zeile"
    assert len(library.get(some(2)[0]).note) == 4000


def test_an_image_is_told_by_its_alt_text_and_by_its_prompt_where_nobody_wrote_one(
    database: Engine, library: Library, curation: Curation
) -> None:
    made = library.get(some(1)[0]).generation
    store = Store(database)
    hashes = [picture.sha256 for picture in made.pictures]
    assert made.alternative == made.prompt
    assert store.alternatives(hashes) == {}

    curation.write_alt(made.id, "  A bicycle\n by a wall " + "x" * 2000)

    written = library.get(made.id).generation
    assert written.alternative.startswith("A bicycle by a wall xxx")
    assert len(written.alt) == 1000
    assert store.alternatives(hashes) == {hashes[0]: written.alt}
    curation.write_alt(made.id, " ")
    assert library.get(made.id).generation.alternative == made.prompt


def test_what_is_deleted_waits_in_the_bin_and_comes_back_whole(library: Library, curation: Curation) -> None:
    curation.rate(some(2), 5)
    before = library.get(some(2)[0])

    assert curation.delete([*some(2, 3), "nobody"]) == some(2, 3)
    assert [each.id for each in every(library)] == some(5, 4, 1)
    assert {each.id for each in library.page(Search(bin=True)).entries} == set(some(2, 3))
    assert library.counts(Search(bin=True)).total == 2
    assert curation.delete(some(2)) == []

    assert curation.restore(some(2, 3, 4)) == some(2, 3)
    assert library.get(some(2)[0]) == before
    assert library.counts(Search(bin=True)).total == 0


def test_what_is_under_way_cannot_be_deleted(database: Engine, curation: Curation) -> None:
    store = Store(database)
    waiting = store.add(item(1).generation.request, item(99).generation.slot, provider="atlas")

    assert curation.delete([waiting.id]) == []
    assert store.get(waiting.id).state is State.QUEUED


def test_the_bin_is_swept_after_thirty_days_and_the_ledger_keeps_its_line(
    database: Engine, library: Library, curation: Curation
) -> None:
    curation.delete(some(1, 2))

    assert curation.sweep() == 0
    assert curation.sweep(older_than_ms=-1000) == 2
    assert library.page(Search(bin=True)).entries == ()
    assert curation.restore(some(1)) == []
    assert library.items(some(1)) == []
    left = Store(database).get(some(1)[0])
    assert left.prompt == ""
    assert left.price == item(1).generation.price
    assert left.pictures == ()
    assert KEPT_IN_BIN_MS == 30 * 86_400_000


def test_only_what_is_in_the_bin_can_be_erased(library: Library, curation: Curation) -> None:
    curation.delete(some(1))

    assert curation.erase(some(1, 2)) == 1
    assert [each.id for each in every(library)] == some(5, 4, 3, 2)


def test_a_shared_file_goes_when_nothing_uses_it_any_more(database: Engine, curation: Curation, tmp_path: Path) -> None:
    files = ImageFiles(tmp_path / "images")
    picture = files.keep(PNG)
    fill(database, [item(n, pictures=(picture,)) for n in (11, 12)])
    _age(files, picture.sha256)

    curation.delete(some(11))
    curation.erase(some(11))
    assert curation.remove_unused(files) == 0
    assert files.original(picture).exists()

    curation.delete(some(12))
    assert curation.remove_unused(files) == 0, "it can still come back"
    curation.erase(some(12))
    assert curation.remove_unused(files) == 1
    assert files.hashes() == set()


def test_a_file_that_was_just_kept_is_not_removed(curation: Curation, tmp_path: Path) -> None:
    """Its row may be about to be written."""
    files = ImageFiles(tmp_path / "images")
    picture = files.keep(PNG)
    _age(files, picture.sha256)
    files.keep(PNG)

    assert curation.remove_unused(files) == 0
    assert files.original(picture).read_bytes() == PNG
    assert all(files.preview(picture.sha256, side).exists() for side in (GRID, VIEW))


def _age(files: ImageFiles, sha256: str) -> None:
    """As if it had been kept two hours ago."""
    path = files.find(sha256)
    assert path
    for each in path.parent.iterdir():
        os.utime(each, (time.time() - 7200,) * 2)
