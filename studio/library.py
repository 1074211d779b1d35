"""The library: finding again what was made, a page at a time, however much there is.

A page continues from where the one before ended (a cursor: rank and id), so the thousandth costs as much as
the first. One grouped query counts every value of every filter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Text,
    and_,
    cast,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
    tuple_,
)

from studio.curation import new_folder, theirs
from studio.facets import FACETS, Counts, counted
from studio.generations import Event, Generation
from studio.inserting import insert_into
from studio.people import NotAllowed, Person, Viewed
from studio.schema import draws, events, experiments, folders, generations, pictures, tags
from studio.search import NO_FOLDER, Search, Sort, fold
from studio.store import described, encoded, owner_of_run, read_generations

PER_PAGE = 60
_MICROS = 1_000_000
_CHUNK = 5000  # ids in one statement
_UNKNOWN_LAST = 2**62
_TOOK = generations.c.ended - generations.c.submitted
_RANKS: dict[Sort, tuple[ColumnElement[Any], bool]] = {
    Sort.NEWEST: (generations.c.created, True),
    Sort.OLDEST: (generations.c.created, False),
    Sort.RATING: (generations.c.rating, True),
    Sort.COSTLY: (func.coalesce(generations.c.price_micros, -1), True),
    Sort.CHEAP: (func.coalesce(generations.c.price_micros, literal(_UNKNOWN_LAST, BigInteger)), False),
    Sort.SLOW: (func.coalesce(_TOOK, -1), True),
    Sort.FAST: (func.coalesce(_TOOK, literal(_UNKNOWN_LAST, BigInteger)), False),
}
_SCANNED = {Sort.COSTLY, Sort.CHEAP, Sort.SLOW, Sort.FAST}
# Reading every row in the order of an index costs four times as much as reading the table from end to end.
_UNINDEXED: ColumnElement[Any] = literal_column("+generations.deleted", BigInteger)
Entry = TypeVar("Entry")


@dataclass(frozen=True, kw_only=True)
class Item:
    """A generation and what people made of it; ``folder`` is the folder's name, ``deleted`` when it went to the bin."""

    generation: Generation
    starred: bool = False
    rating: int = 0  # 1 to 5; 0: none
    note: str = ""
    folder: str | None = None
    tags: tuple[str, ...] = ()
    deleted: int | None = None

    @property
    def id(self) -> str:
        return self.generation.id


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """A place in a sorted list: the rank of an item, and its id among equals."""

    rank: int
    id: str

    def __str__(self) -> str:
        return f"{self.rank}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        rank, _, generation_id = text.partition(".")
        if not (rank.removeprefix("-").isdecimal() and rank.isascii() and len(rank) < 20):
            return None
        if abs(int(rank)) >= 2**63:
            return None
        return cls(rank=int(rank), id=generation_id[:64])


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Entry]):
    """Some entries in order, and where the pages before and after them are, if there are any."""

    entries: tuple[Entry, ...]
    before: Cursor | None = None
    after: Cursor | None = None


@dataclass(frozen=True, kw_only=True)
class SamePrompt:
    """All generations of one prompt: how many, and the newest of them."""

    key: str
    count: int
    newest: Item


class Library(Viewed):
    """Reading, in the database of the store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reads_only=True)
        self._contains = func.instr if engine.dialect.name == "sqlite" else func.strpos

    def page(
        self, search: Search, *, limit: int = PER_PAGE, after: Cursor | None = None, before: Cursor | None = None
    ) -> Page[Item]:
        """What is found, in the order of the search; ``after`` and ``before`` continue from another page."""
        rank, falling = _rank(search)
        backwards = before is not None
        start = before or after
        with self._reading.connect() as connection:
            query = select(generations, rank.label("rank")).where(*self._all_conditions(search))
            rows = list(connection.execute(_from(query, rank, falling != backwards, start).limit(limit + 1)))
            more, rows = len(rows) > limit, rows[:limit]
            if backwards:
                rows.reverse()
            first, last = (Cursor(rank=rows[end].rank, id=rows[end].id) if rows else None for end in (0, -1))
            return Page(
                entries=tuple(_items(connection, rows, self._viewer)),
                before=first if (more if backwards else start) else None,
                after=last if (start if backwards else more) else None,
            )

    def neighbours(self, search: Search, generation_id: str) -> tuple[str | None, str | None]:
        """The ids before and after this one in what is found; None at an end."""
        rank, falling = _rank(search)
        with self._reading.connect() as connection:
            this = (generations.c.id == generation_id, self._viewer.sees(generations))
            at = connection.execute(select(rank).where(*this)).scalar()
            if at is None:
                return None, None
            here = Cursor(rank=at, id=generation_id)
            query = select(generations.c.id).where(*self._all_conditions(search)).limit(1)
            previous, following = (
                connection.execute(_from(query, rank, direction, here)).scalar() for direction in (not falling, falling)
            )
            return previous, following

    def prompts(
        self, search: Search, *, limit: int = PER_PAGE, after: Cursor | None = None, before: Cursor | None = None
    ) -> Page[SamePrompt]:
        """Identical prompts as one entry with their count, the one used last first."""
        newest = func.max(generations.c.id)
        query = select(generations.c.same_prompt, func.count().label("many"), newest.label("newest"))
        query = query.where(*self._all_conditions(search)).group_by(generations.c.same_prompt)
        if start := before or after:
            query = query.having(newest > start.id if before else newest < start.id)
        query = query.order_by(newest.asc() if before else newest.desc()).limit(limit + 1)
        with self._reading.connect() as connection:
            groups = list(connection.execute(query))
        more, groups = len(groups) > limit, groups[:limit]
        if before:
            groups.reverse()
        newest_of = {item.id: item for item in self.items([group.newest for group in groups])}
        entries = tuple(
            SamePrompt(key=group.same_prompt, count=group.many, newest=newest_of[group.newest]) for group in groups
        )
        first, last = (Cursor(rank=0, id=groups[end].newest) if groups else None for end in (0, -1))
        return Page(
            entries=entries,
            before=first if (more if before else start) else None,
            after=last if (start if before else more) else None,
        )

    def counts(self, search: Search) -> Counts:
        """One scan for all filters of few values, and for tags where words have to be looked for."""
        scan = bool(search.words or search.least is not None or search.most is not None)
        with self._reading.connect() as connection:
            if scan:
                rows = connection.execute(self._counted_at_once(search)).all()
                cells = [tuple(row)[:-1] for row in rows if row.tag is None]
                return counted(cells, search, tags={row.tag: row.many for row in rows if row.tag is not None})
            columns = [generations.c[name] for name in FACETS]
            conditions = self._conditions(search, scan=False)
            query = select(*columns, func.count().label("many")).where(*conditions).group_by(*columns)
            cells = [tuple(row) for row in connection.execute(query)]
            return counted(cells, search, tags=self._tag_counts(connection, search))

    def _counted_at_once(self, search: Search) -> Any:
        """Facets and tags of what is found, from one reading of the table; ``tag`` is None for the facets."""
        columns = [generations.c[name] for name in FACETS]
        conditions = self._conditions(search, scan=True)
        found = select(generations.c.id, *columns).where(*conditions).cte("found").prefix_with("MATERIALIZED")
        of_found, many = [found.c[name] for name in FACETS], func.count().label("many")
        cells = select(*of_found, many, cast(null(), Text).label("tag")).group_by(*of_found)
        nothing = [cast(null(), column.type) for column in columns]
        tagged = select(*nothing, func.count(), func.max(tags.c.tag)).join(found, tags.c.generation == found.c.id)
        return cells.union_all(tagged.where(*_facet_conditions(search, found.c)).group_by(tags.c.folded))

    def ids(self, search: Search, *, limit: int = 10_000) -> list[str]:
        """The ids of what is found, in order."""
        rank, falling = _rank(search)
        query = select(generations.c.id).where(*self._all_conditions(search))
        with self._reading.connect() as connection:
            return list(connection.execute(_from(query, rank, falling, None).limit(limit)).scalars())

    def get(self, generation_id: str) -> Item:
        """Raises KeyError when there is none."""
        found = self.items([generation_id])
        if not found:
            raise KeyError(generation_id)
        return found[0]

    def items(self, ids: Sequence[str]) -> list[Item]:
        """These, in this order; what is not there (any more) is left out."""
        return [item for start in range(0, len(ids), _CHUNK) for item in self._some(ids[start : start + _CHUNK])]

    def tags(self) -> list[str]:
        """Every tag, in one spelling."""
        with self._reading.connect() as connection:
            query = select(func.max(tags.c.tag)).where(theirs(tags, self._viewer)).group_by(tags.c.folded)
            return list(connection.execute(query).scalars())

    def experiments_of(self, generation_id: str) -> list[str]:
        """The ids of the comparisons this one is part of."""
        query = select(draws.c.experiment).distinct()
        query = query.join(generations, _drawn_by(generations)).join(
            experiments, experiments.c.id == draws.c.experiment
        )
        query = query.where(
            generations.c.id == generation_id, self._viewer.sees(generations), self._viewer.sees(experiments)
        )
        with self._reading.connect() as connection:
            return list(connection.execute(query).scalars())

    def bring_back(self, item: Item, happened: Sequence[Event]) -> bool:
        """Insert a generation with all that belongs to it, as it was; False when it, or its place, is there already.

        It is the viewer's from then on, and its place is not there in a run that is somebody else's.
        Raises ValueError when it is under way: nobody here knows whether it was sent; NotAllowed.
        """
        self._viewer.must_make()
        generation = item.generation
        if not generation.is_terminal:
            raise ValueError(f"{generation.id} was not finished when it was exported.")
        with self._engine.begin() as connection:
            try:
                owner = owner_of_run(connection, generation.slot.run, self._viewer)
            except NotAllowed:
                return False
            folder = new_folder(connection, item.folder, self._viewer) if item.folder else None
            row = {**_row(item), "folder": folder, "owner": owner}
            new = insert_into(connection, generations).values(row).on_conflict_do_nothing().returning(generations.c.id)
            if connection.execute(new).scalar() is None:
                return False
            _insert_parts(connection, item, happened)
            return True

    def _some(self, ids: Sequence[str]) -> Iterator[Item]:
        query = select(generations).where(generations.c.id.in_(ids), generations.c.swept.is_(False))
        query = query.where(self._viewer.sees(generations))
        with self._reading.connect() as connection:
            found = {item.id: item for item in _items(connection, connection.execute(query).all(), self._viewer)}
        return (found[name] for name in ids if name in found)

    def _tag_counts(self, connection: Connection, search: Search) -> dict[str, int]:
        many = func.count().label("many")
        query = select(func.max(tags.c.tag).label("tag"), many).group_by(tags.c.folded)
        if self._viewer.sees_all and replace(search, sort=Sort.NEWEST, zone="UTC") == Search():
            binned = select(generations.c.id).where(generations.c.deleted.is_not(None))
            query = query.where(tags.c.generation.not_in(binned))
        else:  # what is found first, then its tags: the other way round is a look-up per tag
            of_these = select(generations.c.id).where(*self._all_conditions(search, scan=True))
            found = of_these.cte("found").prefix_with("MATERIALIZED")
            query = query.select_from(found.join(tags, tags.c.generation == found.c.id))
        return {row.tag: row.many for row in connection.execute(query.order_by(many.desc()).limit(200))}

    def _all_conditions(self, search: Search, *, scan: bool = False) -> list[ColumnElement[bool]]:
        return self._conditions(search, scan=scan or search.sort in _SCANNED) + _facet_conditions(search)

    def _conditions(self, search: Search, *, scan: bool) -> list[ColumnElement[bool]]:
        """All but those of the filters that are counted; ``scan`` the table where no index narrows it down."""
        table = generations.c
        shown = _UNINDEXED if scan and not _is_narrow(search) else table.deleted
        wanted, unwanted = search.wanted
        begin, end = search.period
        found: list[ColumnElement[bool]]
        found = [table.deleted.is_not(None), table.swept.is_(False)] if search.bin else [shown.is_(None)]
        found += [self._viewer.sees(generations)]
        found += [self._contains(table.folded, piece) > 0 for piece in wanted]
        found += [self._contains(table.folded, piece) == 0 for piece in unwanted]
        found += [] if begin is None else [table.created >= begin]
        found += [] if end is None else [table.created < end]
        found += [] if search.least is None else [table.price_micros >= int(search.least * _MICROS)]
        found += [] if search.most is None else [table.price_micros <= int(search.most * _MICROS)]
        found += [table.same_prompt == search.prompt] if search.prompt else []
        found += [_is_tagged(tag) for tag in search.tag]
        if search.experiment:
            drawn = select(draws.c.number).where(draws.c.experiment == search.experiment, _drawn_by(generations))
            found.append(drawn.exists())
        return found


def _is_narrow(search: Search) -> bool:
    """Whether an index leads to few rows."""
    return bool((search.since and search.until) or search.tag or search.experiment or search.prompt)


def _rank(search: Search) -> tuple[ColumnElement[Any], bool]:
    """By what the search sorts, and whether it falls."""
    if search.bin and search.sort is Sort.NEWEST:
        return generations.c.deleted, True
    return _RANKS[search.sort]


def _from(query: Any, rank: ColumnElement[Any], falling: bool, start: Cursor | None) -> Any:
    """The query in this order, from behind ``start`` on."""
    place = tuple_(rank, generations.c.id)
    if start:
        at = tuple_(literal(start.rank, BigInteger), literal(start.id))
        query = query.where(place < at if falling else place > at)
    order = (rank.desc(), generations.c.id.desc()) if falling else (rank.asc(), generations.c.id.asc())
    return query.order_by(*order)


def _is_tagged(tag: str) -> ColumnElement[bool]:
    return generations.c.id.in_(select(tags.c.generation).where(tags.c.folded == fold(tag)))


def _drawn_by(table: Any) -> ColumnElement[bool]:
    return and_(draws.c.slot_run == table.c.run, draws.c.slot_number == table.c.number)


def _facet_conditions(search: Search, table: Any = generations.c) -> list[ColumnElement[bool]]:
    several = {name: getattr(search, name) for name in ("model", "size", "quality", "state")}
    found: list[ColumnElement[bool]] = [table[name].in_(values) for name, values in several.items() if values]
    found += [table.rating >= search.rating] if search.rating else []
    found += [table.starred.is_(True)] if search.starred else []
    if search.folder:
        found.append(table.folder.is_(None) if search.folder == NO_FOLDER else table.folder == search.folder)
    return found


def _items(connection: Connection, rows: Sequence[Any], viewer: Person) -> list[Item]:
    """Rows of generations with pictures, tags and folders, in four queries however many there are."""
    found: dict[str, list[str]] = {row.id: [] for row in rows}
    query = select(tags).where(tags.c.generation.in_(found)).order_by(tags.c.folded)
    for tagged in connection.execute(query) if found else ():
        found[tagged.generation].append(tagged.tag)
    seen = select(folders.c.id, folders.c.name).where(viewer.sees(folders))
    names: dict[str | None, str] = dict(map(tuple, connection.execute(seen)))
    return [
        Item(
            generation=generation,
            starred=row.starred,
            rating=row.rating,
            note=row.note,
            folder=names.get(row.folder),
            tags=tuple(found[row.id]),
            deleted=row.deleted,
        )
        for row, generation in zip(rows, read_generations(connection, rows), strict=True)
    ]


def _row(item: Item) -> dict[str, Any]:
    generation = item.generation
    return {
        "id": generation.id,
        "run": generation.slot.run,
        "number": generation.slot.number,
        "attempt": generation.slot.attempt,
        "price_micros": None if generation.price is None else int(generation.price * _MICROS),
        "estimate_micros": None if generation.estimate is None else int(generation.estimate * _MICROS),
        "parameters": encoded(generation.parameters),
        **described(generation.request),
        **{
            name: getattr(generation, name)
            for name in ("provider", "model", "prompt", "state", "created", "submitted", "ended", "prediction_id")
        },
        **{
            name: getattr(generation, name) for name in ("request_id", "problem", "predict_seconds", "rewritten", "alt")
        },
        **{name: getattr(item, name) for name in ("starred", "rating", "note", "deleted")},
    }


def _insert_parts(connection: Connection, item: Item, happened: Sequence[Event]) -> None:
    generation = item.generation
    parts = {
        pictures: [
            {"generation": generation.id, "number": number, **asdict(picture)}
            for number, picture in enumerate(generation.pictures, 1)
        ],
        tags: [{"generation": generation.id, "folded": fold(tag), "tag": tag} for tag in item.tags],
        events: [{"generation": generation.id, "at": event.at, "what": event.what} for event in happened],
    }
    for table, rows in parts.items():
        if rows:
            connection.execute(insert(table), rows)
