"""Two people and one studio: what is Alice's is not there for Bob, who makes images too, nor for Rose, who votes."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from atlas import AtlasClient
from studio import backup
from studio.generations import Slot
from studio.people import STRANGER, NotAllowed, Person
from studio.settings import read
from tests.people.cases import BY_LINK, FOR_HOSTS, GUARDED, NEW, SHARED, Case, methods
from tests.people.world import ALICE, BOB, HERS, HOST, ROSE, World, alices_world, reopened


@pytest.fixture
def world(database_url: str, tmp_path: Path, client: AtlasClient) -> Iterator[World]:
    with alices_world(database_url, tmp_path, client) as made:
        yield made


@pytest.fixture
def small_world(tmp_path: Path, client: AtlasClient) -> Iterator[World]:
    """Where the database has no part in it."""
    with alices_world(f"sqlite:///{tmp_path / 'studio.db'}", tmp_path, client) as made:
        yield made


def _tried(case: Case, world: World, viewer: Person) -> object:
    """What somebody is given, which may be nothing, or the refusal."""
    try:
        return case(world.seen_by(viewer), world)
    except (KeyError, NotAllowed) as refusal:
        return refusal


def _is_told(outcome: object) -> bool:
    return bool(outcome) and not isinstance(outcome, Exception)


def _come_through(cases: Mapping[str, Case], world: World, viewer: Person) -> dict[str, object]:
    """The cases by which somebody was told something, or changed or deleted a row that was there."""
    found: dict[str, object] = {}
    before = world.rows()
    for name, case in cases.items():
        outcome = _tried(case, world, viewer)
        after = world.rows()
        if _is_told(outcome) or not before <= after:
            found[name] = [outcome, before - after]
        before = after
    return found


def test_every_public_method_of_every_service_is_in_the_matrix(small_world: World) -> None:
    tables = [GUARDED, SHARED, BY_LINK, FOR_HOSTS]

    assert set().union(*tables) == methods(small_world.all)
    assert sum(map(len, tables)) == len(methods(small_world.all))


def test_another_maker_reads_changes_spends_and_deletes_nothing_of_hers(world: World) -> None:
    assert _come_through({**GUARDED, **FOR_HOSTS}, world, BOB) == {}


def test_whoever_only_votes_does_nothing_at_all(world: World) -> None:
    before = world.rows()

    for viewer in (ROSE, STRANGER):
        assert _come_through({**GUARDED, **FOR_HOSTS}, world, viewer) == {}
        assert {type(_tried(case, world, viewer)) for case in [*SHARED.values(), *NEW.values()]} == {NotAllowed}

    assert world.rows() == before


def test_what_makers_share_says_nothing_of_anybody(small_world: World) -> None:
    before = small_world.rows()

    told = {name: _tried(case, small_world, BOB) for name, case in SHARED.items()}

    assert {name: outcome for name, outcome in told.items() if isinstance(outcome, Exception)} == {}
    assert HERS not in repr(told)
    assert before <= small_world.rows()


def test_each_of_these_does_something_for_a_host(small_world: World, tmp_path: Path) -> None:
    """Each on a copy of its own, or the last ones would find nothing left to do."""
    before, idle = small_world.rows(), {}
    small_world.database.dispose()
    for name, case in GUARDED.items():
        shutil.copy(tmp_path / "studio.db", tmp_path / f"{name}.db")
        copy = reopened(small_world, f"sqlite:///{tmp_path / name}.db")
        outcome = _tried(case, copy, HOST)
        if isinstance(outcome, Exception) or not (_is_told(outcome) or copy.rows() != before):
            idle[name] = outcome
        copy.database.dispose()

    assert idle == {}


def test_whoever_has_the_link_of_a_review_votes(small_world: World) -> None:
    for name, case in BY_LINK.items():
        assert not isinstance(_tried(case, small_world, STRANGER), Exception), name


def test_two_people_may_use_the_same_names(world: World) -> None:
    bobs = world.seen_by(BOB)
    folder, look = bobs.curation.add_folder(f"folder {HERS}"), bobs.presets.save(f"look {HERS}", "hard", [])

    assert (folder.id, look.id) != (world.folder, world.preset)
    assert [one.id for one in bobs.curation.folders()] == [folder.id]
    assert len(world.seen_by(HOST).curation.folders()) == 2
    assert world.seen_by(ALICE).presets.all()[-1].words == "soft"


def test_nothing_of_ones_own_goes_into_the_folder_or_the_comparison_of_another(small_world: World) -> None:
    bobs = small_world.seen_by(BOB)
    mine = bobs.store.add_picture("mine", small_world.done.pictures[0], Slot(run="of Bob"))

    bobs.curation.move([mine.id], small_world.folder)

    assert small_world.all.library.get(mine.id).folder is None
    with pytest.raises(KeyError):
        bobs.experiments.of_images("e9", "both", [[mine], [small_world.done]])


def test_what_a_host_tries_again_stays_with_whoever_asked_for_it(small_world: World) -> None:
    again = small_world.seen_by(HOST).queue.retry(small_world.lost)

    assert again.owner == ALICE.id
    assert small_world.seen_by(ALICE).store.get(again.id) == again


def test_only_a_host_makes_a_backup(tmp_path: Path) -> None:
    settings = read({"STUDIO_DATA_DIR": str(tmp_path / "data")})

    for viewer in (ALICE, ROSE, STRANGER):
        with pytest.raises(NotAllowed):
            backup.create(settings, tmp_path / "backup", viewer=viewer)

    assert not (tmp_path / "backup").exists()
