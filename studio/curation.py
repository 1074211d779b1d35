"""What people make of their images: stars, ratings, notes, tags, folders, and a bin with a way back.

Nothing is deleted at a press. The bin is swept after thirty days; then the images go, a file when nothing uses
it any more, and only the line of the ledger stays: model, price and times.
"""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, func, select, true, union_all, update

from atlas.language import tr
from atlas.text import clean
from studio.generations import TERMINAL, new_id
from studio.images import ImageFiles
from studio.inserting import insert_into
from studio.people import EVERYBODY, Person, Viewed
from studio.references import PREFIX, hashes
from studio.schema import arms, events, folders, generations, pictures, review_pictures, tags
from studio.search import MOST_STARS, fold
from studio.store import note, now_ms

KEPT_IN_BIN_MS = 30 * 24 * 3600 * 1000
_NAME_LIMIT = 60
_NOTE_LIMIT = 4000
_ALT_LIMIT = 1000
_CHUNK = 5000  # ids in one statement


@dataclass(frozen=True, kw_only=True)
class Folder:
    id: str
    name: str


class Curation(Viewed):
    """Writing; everything takes the ids of generations, and leaves alone what is not there, or not the viewer's.

    All but ``folders`` raises NotAllowed for somebody who only votes.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reads_only=True)

    def star(self, ids: Sequence[str], starred: bool) -> None:
        self._set(ids, starred=starred)

    def rate(self, ids: Sequence[str], rating: int) -> None:
        """``rating`` from 1 to 5, or 0 for none. Raises ValueError for anything else."""
        if not 0 <= rating <= MOST_STARS:
            raise ValueError(tr("A rating is 1 to {most_stars}, or 0 for none.").format(most_stars=MOST_STARS))
        self._set(ids, rating=rating)

    def write_note(self, generation_id: str, text: str) -> None:
        self._set([generation_id], note=clean(text).strip()[:_NOTE_LIMIT])

    def write_alt(self, generation_id: str, text: str) -> None:
        """What is read in place of the image from now on; nothing gives the place back to its prompt."""
        self._set([generation_id], alt=" ".join(clean(text).split())[:_ALT_LIMIT])

    def tag(self, ids: Sequence[str], name: str) -> None:
        """In the spelling that this tag has already, if it has one. Raises ValueError when the name is empty."""
        self._viewer.must_make()
        named = _named(name, "tag")
        with self._engine.begin() as connection:
            spelled = select(func.max(tags.c.tag)).where(tags.c.folded == fold(named), theirs(tags, self._viewer))
            spelling = connection.execute(spelled).scalar() or named
            for some in _existing(connection, ids, self._viewer):
                rows = [{"generation": one, "folded": fold(named), "tag": spelling} for one in some]
                connection.execute(insert_into(connection, tags).values(rows).on_conflict_do_nothing())

    def untag(self, ids: Sequence[str], name: str) -> None:
        self._viewer.must_make()
        with self._engine.begin() as connection:
            for some in _existing(connection, ids, self._viewer):
                connection.execute(delete(tags).where(tags.c.folded == fold(name), tags.c.generation.in_(some)))

    def folders(self) -> list[Folder]:
        """By name."""
        with self._reading.connect() as connection:
            own = select(folders.c.id, folders.c.name).where(self._viewer.sees(folders))
            found = connection.execute(own.order_by(folders.c.folded, folders.c.id))
            return [Folder(id=row.id, name=row.name) for row in found]

    def add_folder(self, name: str) -> Folder:
        """The folder of this name, made if there is none. Raises ValueError when the name is empty."""
        with self._engine.begin() as connection:
            made = new_folder(connection, name, self._viewer)
            found = connection.execute(select(folders.c.id, folders.c.name).where(folders.c.id == made)).one()
            return Folder(id=found.id, name=found.name)

    def rename_folder(self, folder_id: str, name: str) -> None:
        """Raises ValueError when the name is empty, or another folder's."""
        self._viewer.must_make()
        named = _named(name, "folder")
        this = (folders.c.id == folder_id, self._viewer.sees(folders))
        with self._engine.begin() as connection:
            owner = connection.execute(select(folders.c.owner).where(*this)).scalar()
            same = (folders.c.folded == fold(named), folders.c.owner == owner)
            if connection.execute(select(folders.c.id).where(*same, folders.c.id != folder_id)).first():
                raise ValueError(tr("There is a folder {named} already. Choose another name.").format(named=named))
            change = update(folders).where(*this)
            connection.execute(change.values(name=named, folded=fold(named)))

    def delete_folder(self, folder_id: str) -> None:
        """Its images stay, in no folder."""
        self._viewer.must_make()
        with self._engine.begin() as connection:
            if _is_there(connection, folder_id, self._viewer):
                connection.execute(update(generations).where(generations.c.folder == folder_id).values(folder=None))
                connection.execute(delete(folders).where(folders.c.id == folder_id))

    def move(self, ids: Sequence[str], folder_id: str | None) -> None:
        """Into a folder, or out of any; nothing moves where the folder is not there."""
        self._viewer.must_make()
        with self._engine.begin() as connection:
            if folder_id is None or _is_there(connection, folder_id, self._viewer):
                _change(connection, ids, self._viewer.sees(generations), folder=folder_id)

    def delete(self, ids: Sequence[str]) -> list[str]:
        """Into the bin; answers with those that went there: not what is under way, nor what is there already."""
        self._viewer.must_make()
        with self._engine.begin() as connection:
            now = now_ms(connection)
            own = self._viewer.sees(generations)
            ended = (own, generations.c.state.in_(TERMINAL), generations.c.deleted.is_(None))
            binned = _change(connection, ids, *ended, deleted=now)
            for one in binned:
                note(connection, one, now, tr("put in the bin"))
            return binned

    def restore(self, ids: Sequence[str]) -> list[str]:
        """Out of the bin; answers with those that came back."""
        self._viewer.must_make()
        with self._engine.begin() as connection:
            now = now_ms(connection)
            binned = (
                self._viewer.sees(generations),
                generations.c.deleted.is_not(None),
                generations.c.swept.is_(False),
            )
            restored = _change(connection, ids, *binned, deleted=None)
            for one in restored:
                note(connection, one, now, tr("taken out of the bin"))
            return restored

    def sweep(self, *, older_than_ms: int = KEPT_IN_BIN_MS) -> int:
        """Erase what has been in the bin for that long; answers how many generations that were. For hosts."""
        self._viewer.must_host()
        with self._engine.begin() as connection:
            old = generations.c.deleted <= now_ms(connection) - older_than_ms
            query = select(generations.c.id).where(old, generations.c.swept.is_(False))
            return _erase(connection, list(connection.execute(query).scalars()))

    def erase(self, ids: Sequence[str]) -> int:
        """Of these, what is in the bin, at once and for good; answers how many that were."""
        self._viewer.must_make()
        with self._engine.begin() as connection:
            binned = (
                self._viewer.sees(generations),
                generations.c.deleted.is_not(None),
                generations.c.swept.is_(False),
            )
            queries = (select(generations.c.id).where(generations.c.id.in_(some), *binned) for some in _chunks(ids))
            return _erase(connection, [one for query in queries for one in connection.execute(query).scalars()])

    def remove_unused(self, files: ImageFiles) -> int:
        """Remove the files that no row, reference or review names, and that nobody kept within the last hour.

        For hosts.
        """
        self._viewer.must_host()
        removed = 0
        for some in _chunks(sorted(files.hashes()), 1000):
            with self._reading.connect() as connection:
                named = select(pictures.c.sha256).where(pictures.c.sha256.in_(some))
                unused = set(some) - set(connection.execute(named).scalars())
                unused -= _referred_to(connection) if unused else set()
                reviewed = select(review_pictures.c.sha256).where(review_pictures.c.sha256.in_(unused))
                unused -= set(connection.execute(reviewed).scalars())
            removed += sum(files.remove(sha256) for sha256 in unused)
        return removed

    def _set(self, ids: Sequence[str], **values: Any) -> None:
        self._viewer.must_make()
        with self._engine.begin() as connection:
            _change(connection, ids, self._viewer.sees(generations), **values)


def new_folder(connection: Connection, name: str, viewer: Person = EVERYBODY) -> str:
    """The id of the viewer's folder of this name, made if there is none, within the caller's transaction."""
    viewer.must_make()
    named = _named(name, "folder")
    key = {"owner": viewer.id, "folded": fold(named)}
    row = {"id": new_id(), "name": named, "created": now_ms(connection), **key}
    connection.execute(insert_into(connection, folders).values(row).on_conflict_do_nothing())
    same = (folders.c.owner == viewer.id, folders.c.folded == fold(named))
    found: str = connection.execute(select(folders.c.id).where(*same)).scalar_one()
    return found


def _is_there(connection: Connection, folder_id: str, viewer: Person) -> bool:
    found = select(folders.c.id).where(folders.c.id == folder_id, viewer.sees(folders))
    return connection.execute(found).first() is not None


def theirs(table: Table, viewer: Person) -> ColumnElement[bool]:
    """Of a table about generations, the rows about those that the viewer sees."""
    if viewer.sees_all:
        return true()
    return table.c.generation.in_(select(generations.c.id).where(viewer.sees(generations)))


def _named(name: str, what: str) -> str:
    named = " ".join(clean(name).split())[:_NAME_LIMIT].strip()
    if all(unicodedata.category(sign)[0] in "CZ" for sign in named):
        raise ValueError(tr("Give the {what} a name.").format(what=what))
    return named


def _change(connection: Connection, ids: Sequence[str], *conditions: Any, **values: Any) -> list[str]:
    """The ids whose rows were changed, in their order."""
    changed: list[str] = []
    for some in _chunks(ids):
        change = update(generations).where(generations.c.id.in_(some), *conditions).values(values)
        found = set(connection.execute(change.returning(generations.c.id)).scalars())
        changed += [one for one in some if one in found]
    return changed


def _existing(connection: Connection, ids: Sequence[str], viewer: Person) -> Iterator[list[str]]:
    own = select(generations.c.id).where(viewer.sees(generations))
    for some in _chunks(ids, 1000):
        found = list(connection.execute(own.where(generations.c.id.in_(some))).scalars())
        if found:
            yield found


def _erase(connection: Connection, ids: Sequence[str]) -> int:
    for some in _chunks(ids):
        for table in (pictures, tags, events):
            connection.execute(delete(table).where(table.c.generation.in_(some)))
    nothing = dict.fromkeys(("prompt", "rewritten", "folded", "same_prompt", "note", "alt", "problem"), "")
    _change(connection, ids, **nothing, parameters="{}", folder=None, starred=False, rating=0, swept=True)
    return len(ids)


def _referred_to(connection: Connection) -> set[str]:
    """The pictures that a generation, or an arm of an experiment, was made from or is to be made from."""
    asked = [select(table.c.parameters).where(table.c.parameters.contains(PREFIX)) for table in (generations, arms)]
    found = connection.execute(union_all(*asked)).scalars()
    return {sha256 for parameters in found for sha256 in hashes(json.loads(parameters))}


def _chunks(ids: Sequence[str], size: int = _CHUNK) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
