"""What must be true after every fault, whatever it was."""

import hashlib
from collections import Counter
from pathlib import Path

from sqlalchemy import Engine, select

from atlas import AtlasClient
from studio.generations import Generation, State
from studio.images import GRID, VIEW, ImageFiles, decoded
from studio.schema import generations
from studio.store import Store

MAY_BE_CHARGED = {State.UNKNOWN, State.STALLED}


def assert_sound(
    database: Engine, folder: Path, client: AtlasClient, *, provider: str, made: int | None = None
) -> list[Generation]:
    """All generations of a provider, in the order they were asked for; each must have a prompt of its own.

    ``client`` asks with a key that nobody else uses, so its history is what was paid for. ``made`` is how many
    generations there must be.
    """
    ended = [one for one in reversed(Store(database).latest(limit=10_000)) if one.provider == provider]
    assert made is None or len(ended) == made, "none may be lost, none doubled"
    bought = accepted(client)
    assert not [prompt for prompt, number in Counter(prompt for _, prompt in bought).items() if number > 1], (
        "paid for twice"
    )
    assert {prompt for _, prompt in bought} <= {one.prompt for one in ended}, "paid for what nobody here asked for"
    ids = {prompt: identity for identity, prompt in bought}
    for one in ended:
        assert_ended_honestly(one, ids.get(one.prompt))
    assert_files_whole(folder, ended)
    assert_money_let_go(database, ended)
    return ended


def accepted(client: AtlasClient) -> list[tuple[str, str]]:
    """Id and prompt of every job that the provider took in from this key."""
    found: list[tuple[str, str]] = []
    for page in range(1, 1000):
        told = client.history(page=page, size=50)
        found += [(run.id, run.prompt) for run in told.runs]
        if not told.has_more:
            break
    return found


def assert_ended_honestly(one: Generation, paid_as: str | None) -> None:
    assert one.is_terminal, f"{one.prompt} is still {one.state}"
    if paid_as is None:
        assert one.state in {State.FAILED, State.UNKNOWN}, f"{one.prompt} is {one.state} and was never accepted"
    else:
        assert one.prediction_id == paid_as or one.state is State.UNKNOWN, f"{one.prompt}: its paid id is lost"
    assert bool(one.problem) == (one.state is not State.COMPLETED), f"{one.prompt}: {one.state} “{one.problem}”"
    assert bool(one.pictures) == (one.state is State.COMPLETED)


def assert_files_whole(folder: Path, ended: list[Generation]) -> None:
    """Every recorded file is there with its hash, and nothing that is half a file has a final name."""
    files = ImageFiles(folder)
    for one in ended:
        for picture in one.pictures:
            assert files.original(picture).stat().st_size == picture.bytes
            for side in (GRID, VIEW):
                assert files.preview(picture.sha256, side).is_file()
    for path in folder.glob("??/*"):
        content = path.read_bytes()
        if path.name.count(".") == 1:
            assert hashlib.sha256(content).hexdigest() == path.name[:64], f"{path.name} is not what its name says"
        with decoded(content) as image:
            assert image.size


def assert_money_let_go(database: Engine, ended: list[Generation]) -> None:
    """Something is held only for what may have been charged."""
    query = select(generations.c.id).where(generations.c.held_micros.is_not(None))
    with database.connect() as connection:
        held = set(connection.execute(query).scalars())
    assert not held & {one.id for one in ended if one.state not in MAY_BE_CHARGED}
