"""A studio in which Alice, a maker, has one of everything, and each thing says so."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine as Database
from sqlalchemy import select

from atlas import AtlasClient, ImageRequest
from atlas.models import Prediction, Status
from studio.curation import Curation
from studio.database import open_database
from studio.engine import Engine
from studio.errands import Errands
from studio.experiments import Experiments
from studio.generations import Event, Generation, Picture, Slot, State
from studio.images import ImageFiles
from studio.library import Item, Library
from studio.numbers import Ledger
from studio.own_queue import OwnQueue
from studio.people import Person, Role
from studio.presets import Presets
from studio.probing import House
from studio.reviews.ballots import Choice, Remark, Reviewer, Standing
from studio.reviews.desk import Reviews
from studio.reviews.discussion import Discussion
from studio.reviews.plan import Question
from studio.reviews.schedule import Face, schedule
from studio.schema import metadata
from studio.store import Store
from tests.studio.conftest import PROVIDER
from tests.studio.reviewing import SEED, a_plan

HERS = "of Alice"
ALICE = Person(id="alice", name="Alice", role=Role.MAKER)
BOB = Person(id="bob", name="Bob", role=Role.MAKER)
ROSE = Person(id="rose", name="Rose", role=Role.REVIEWER)
HOST = Person(id="host", name="Hedda", role=Role.HOST)

PICTURE = Picture(sha256="ab" * 32, format="png", width=8, height=8, bytes=99)
EVENTS = (Event(at=1, what=HERS),)


def request(words: str = f"a unicorn {HERS}") -> ImageRequest:
    return ImageRequest(prompt=words, parameters={"size": "1024x1024", "quality": "low"})


@dataclass(frozen=True, kw_only=True)
class Services:
    """Every service, as one person has it."""

    store: Store
    library: Library
    curation: Curation
    experiments: Experiments
    presets: Presets
    ledger: Ledger
    house: House
    errands: Errands
    reviews: Reviews
    discussion: Discussion
    queue: OwnQueue


@dataclass(frozen=True, kw_only=True)
class World:
    """The studio, and the names of what Alice has in it; ``all`` of the services see everything."""

    database: Database
    engine: Engine
    files: ImageFiles
    client: AtlasClient
    place: Path
    all: Services
    lost: Generation
    stalled: Generation
    done: Generation
    binned: Generation
    carried: Generation  # the engine has it under the lease "w"
    sent: Generation  # the same, and it has left
    folder: str
    preset: str
    errand: str
    job: str  # of the provider's list, with her prompt
    reviewer: Reviewer
    pin: str
    settled_pin: str

    def seen_by(self, viewer: Person) -> Services:
        return _seen_by(viewer, self.all, self.engine)

    def rows(self) -> set[str]:
        """Every row of the database, as it is now."""
        with self.database.connect() as connection:
            return {
                f"{table.name} {tuple(row)!r}"
                for table in metadata.sorted_tables
                for row in connection.execute(select(table))
            }


def _services(database: Database, engine: Engine, store: Store, folder: Path) -> Services:
    return Services(
        store=store,
        library=Library(database),
        curation=Curation(database),
        experiments=Experiments(database, store),
        presets=Presets(database),
        ledger=Ledger(database),
        house=House(database, folder),
        errands=Errands(),
        reviews=Reviews(database, enough=lambda _plan, _ballots: False),
        discussion=Discussion(database),
        queue=OwnQueue(engine, store, ALICE),
    )


@contextmanager
def alices_world(url: str, folder: Path, client: AtlasClient) -> Iterator[World]:
    """All of it is made by her, through the services as she has them; the engine does not run.

    Experiments: e1 of images, e2 drawn, e3 deleted. Reviews: r1 open, voted on and decided, r2 withdrawn.
    """
    database = open_database(url)
    store, files = Store(database), ImageFiles(folder / "images")
    engine = Engine(store, files, client, provider=PROVIDER)
    every = _services(database, engine, store, folder)
    hers = _seen_by(ALICE, every, engine)
    job = client.submit(request()).id
    lost, stalled, done = _ended(hers, store)
    old = replace(done, id="old", slot=Slot(run="old"), prediction_id=None, created=1)
    hers.library.bring_back(Item(generation=old), EVENTS)
    filed = _curated(hers, done)
    _compared(hers, done)
    pins = _reviewed(hers, every)
    for run in ("carried", "sent", "under way"):
        hers.queue.submit(request(), key=Slot(run=run).key)
    yield World(
        database=database,
        engine=engine,
        files=files,
        client=client,
        place=folder,
        all=every,
        lost=lost,
        stalled=stalled,
        done=done,
        binned=store.run("binned")[0],
        carried=_claimed(store),
        sent=_sent(store),
        folder=filed,
        preset=hers.presets.save(f"look {HERS}", "soft", []).id,
        errand=hers.errands.begin("Export", lambda _progress, _cancelled: HERS, expected=()).id,
        job=job,
        reviewer=every.reviews.reviewers("r1")[0],
        pin=pins[0],
        settled_pin=pins[1],
    )
    database.dispose()


def reopened(world: World, url: str) -> World:
    """The same on a copy of its database."""
    database = open_database(url)
    store = Store(database)
    engine = Engine(store, world.files, world.client, provider=PROVIDER)
    every = replace(_services(database, engine, store, world.place), errands=world.all.errands)
    return replace(world, database=database, engine=engine, all=every)


def _seen_by(viewer: Person, every: Services, engine: Engine) -> Services:
    each = {name: service.seen_by(viewer) for name, service in vars(every).items() if name != "queue"}
    return Services(**each, queue=OwnQueue(engine, every.store, viewer))


def _ended(hers: Services, store: Store) -> tuple[Generation, Generation, Generation]:
    """A lost one, a stalled one and one with its image, of one run; and one in the bin."""
    for number in (1, 2, 3):
        hers.store.add(request(), Slot(run="run", number=number), provider=PROVIDER)
    lost, stalled, done = _sent(store), _sent(store), _sent(store)
    store.settle(lost, "w", State.UNKNOWN, HERS)
    store.settle(stalled, "w", State.STALLED, HERS)
    prediction = Prediction(id="prediction of Alice", status=Status.SUCCEEDED)
    store.accept(done, prediction)
    store.complete(done, "w", [PICTURE], prediction)
    hers.curation.delete([hers.store.add_picture(f"binned {HERS}", PICTURE, Slot(run="binned")).id])
    return store.get(lost.id), store.get(stalled.id), store.get(done.id)


def _claimed(store: Store) -> Generation:
    found = store.claim("w", provider=PROVIDER, lease_s=600, max_in_flight=9)
    assert found
    return found


def _sent(store: Store) -> Generation:
    found = _claimed(store)
    store.submitting(found, "w")
    return store.get(found.id)


def _curated(hers: Services, done: Generation) -> str:
    hers.curation.tag([done.id], f"tag {HERS}")
    hers.curation.write_note(done.id, f"note {HERS}")
    hers.curation.write_alt(done.id, f"alt text {HERS}")
    filed = hers.curation.add_folder(f"folder {HERS}").id
    hers.curation.move([done.id], filed)
    return filed


def _compared(hers: Services, done: Generation) -> None:
    hers.experiments.of_images("e1", f"cups {HERS}", [[done], [done]])
    for name in ("e2", "e3"):
        hers.experiments.start(name, f"cups {HERS}", [request(), request()], draws=1, provider="elsewhere")
    hers.experiments.delete("e3")


def _reviewed(hers: Services, every: Services) -> tuple[str, str]:
    """The ids of a pin, and of one that is resolved."""
    for name in ("r1", "r2"):
        hers.reviews.make(name, a_plan(), seed=SEED)
    hers.reviews.delete("r2")
    hers.reviews.open("r1")
    guest = every.reviews.join("r1", "a guest", name=f"guest {HERS}")
    item = schedule(a_plan(), SEED, guest.ordinal)[0]
    every.reviews.cast("r1", guest, item, Question.PREFERENCE, Choice.LEFT, words=HERS)
    remark = Remark(face=Face(arm=0, draw=1), x=0.5, y=0.5, words=f"a crack {HERS}")
    pins = [hers.discussion.pin("r1", remark, author="Alice").id for _ in range(2)]
    hers.discussion.resolve("r1", pins[1], who="Alice")
    hers.discussion.decide("r1", Standing.APPROVED, who="Alice", words=HERS)
    return pins[0], pins[1]
