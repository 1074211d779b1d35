"""The composition root: from settings to store, files, client and engine, once per process.

What pages and routes are given is bound to whoever visits: nobody is handed what is not theirs. `start()` has the
whole of it, for the house itself.

Started and stopped by the server's lifespan; where there is none (tests of pages), on first use.
Not in Streamlit's cache: one visitor's "Clear cache" would replace it for everybody.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from atlas import AtlasClient, Key
from atlas.catalog import Catalogue
from atlas.language import tr
from atlas.simulator import Simulator
from studio import settings
from studio.chores import Chores
from studio.curation import Curation
from studio.database import DatabaseProblem, open_database
from studio.demo import Demo
from studio.engine import Engine
from studio.errands import Errands
from studio.experiments import Experiments
from studio.exports import Exports
from studio.generations import SIMULATOR
from studio.images import ImageFiles, make_folder
from studio.library import Library
from studio.logbook import Logbook
from studio.numbers import Ledger
from studio.own_queue import OwnQueue
from studio.pace import UNHURRIED, Pace
from studio.people import EVERYBODY, Person
from studio.presets import Presets
from studio.pricing import Pricing
from studio.probing import House, Probe
from studio.readiness import NO_QUEUE, Readiness
from studio.reviews.ballots import Ballot
from studio.reviews.desk import Reviews
from studio.reviews.discussion import Discussion
from studio.reviews.plan import Plan
from studio.reviews.rooms import Rooms
from studio.reviews.staging import Stage
from studio.settings import BadSetting, Settings
from studio.store import Store
from ui import admission, bell, sign_in
from ui.admission import StartProblem

_CHORES_S = 6 * 3600


@dataclass(frozen=True, kw_only=True)
class Services:
    """What lives as long as the process."""

    settings: Settings
    store: Store
    experiments: Experiments
    presets: Presets
    library: Library
    curation: Curation
    ledger: Ledger
    files: ImageFiles
    client: AtlasClient
    catalogue: Catalogue
    pricing: Pricing
    engine: Engine
    readiness: Readiness
    logbook: Logbook
    reviews: Reviews
    discussion: Discussion
    stage: Stage
    exports: Exports
    errands: Errands
    chores: Chores
    probe: Probe
    house: House
    demo: Demo
    rooms: Rooms
    simulator: Simulator | None
    has_sign_in: bool


_lock = threading.Lock()
_running: Services | None = None
_over = threading.Event()


def start() -> Services:
    """The services, started if they were not. Raises StartProblem."""
    global _running
    if _over.is_set():
        raise StartProblem(tr("Atlas Studio is stopping. Start it again, then reload this page."))
    with _lock:
        if _running is None:
            _running = _compose()
            _running.engine.start()
            _running.chores.start()
        return _running


def stop() -> int:
    """Drain the engine and close everything; the next use starts anew. How many generations are left as they are."""
    global _running
    with _lock:
        left = 0
        if _running is not None:
            left = len(_running.engine.drain())
            _running.pricing.stop()
            _running.errands.stop()
            _running.chores.stop()
            if _running.simulator:
                _running.simulator.stop()
            _running.store.close()
        _running = None
        return left


def page_failed(error: Exception) -> None:
    """Counted, where there is something to count with."""
    if _running:
        _running.logbook.page_failed(error)


def end() -> int:
    """Stop for good: a page that is still being drawn must not start everything anew."""
    _over.set()
    return stop()


def person() -> Person:
    """Whoever visits this page, now; where nobody signs in, everybody is one host."""
    running = start()
    return running.settings.guests.person(sign_in.of_visit()) if running.has_sign_in else EVERYBODY


def person_of(request: HTTPConnection) -> Person:
    """Whoever asks one of our own routes."""
    running = start()
    return running.settings.guests.person(sign_in.of_request(request)) if running.has_sign_in else EVERYBODY


def store() -> Store:
    return start().store.seen_by(person())


def experiments() -> Experiments:
    return start().experiments.seen_by(person())


def presets() -> Presets:
    return start().presets.seen_by(person())


def library() -> Library:
    return start().library.seen_by(person())


def curation() -> Curation:
    return start().curation.seen_by(person())


def ledger() -> Ledger:
    return start().ledger.seen_by(person())


def engine() -> OwnQueue:
    running = start()
    return OwnQueue(running.engine, running.store, person())


def reviews() -> Reviews:
    return start().reviews.seen_by(person())


def discussion() -> Discussion:
    return start().discussion.seen_by(person())


def errands() -> Errands:
    return start().errands.seen_by(person())


def house() -> House:
    return start().house.seen_by(person())


def files() -> ImageFiles:
    """By content hash, which nobody can guess: whoever names one has seen it."""
    return start().files


def stage() -> Stage:
    return start().stage


def catalogue() -> Catalogue:
    return start().catalogue


def probe() -> Probe:
    """The provider and the account of the house. Raises NotAllowed for somebody who only votes."""
    person().must_make()
    return start().probe


def client() -> AtlasClient:
    """For what a page asks the provider itself. Raises NotAllowed for somebody who only votes."""
    person().must_make()
    return start().client


def has_sign_in() -> bool:
    return start().has_sign_in


def demo() -> Demo:
    return start().demo.seen_by(person())


def rooms() -> Rooms:
    """Whoever may see a review may open a room for it: ask ``reviews`` first."""
    return start().rooms


def is_simulated() -> bool:
    return start().simulator is not None


def _enough(plan: Plan, ballots: Sequence[Ballot]) -> bool:
    """With statistics that are read when somebody votes: they need NumPy, a tenth of the way to the start."""
    from studio.reviews.verdict import enough

    return enough(plan, ballots)


def _compose() -> Services:
    try:
        chosen = settings.found()
        has_sign_in = admission.has_sign_in(chosen)
        make_folder(chosen.data_dir)
        files, exports = ImageFiles(chosen.data_dir / "images"), Exports(chosen.data_dir / "exports")
        stage = Stage(files, chosen.data_dir / "ballots")
        database = open_database(chosen.database_url)
        store = Store(database)
    except (BadSetting, DatabaseProblem, sign_in.Incomplete) as trouble:
        raise StartProblem(str(trouble)) from None
    except OSError as trouble:
        raise StartProblem(
            tr(
                "The data folder {data_dir} cannot be written ({strerror}): "
                "make it writable, or choose another with STUDIO_DATA_DIR, then start again."
            ).format(data_dir=chosen.data_dir, strerror=trouble.strerror)
        ) from None
    curation, library, experiments = Curation(database), Library(database), Experiments(database, store)
    reviews, discussion = Reviews(database, enough=_enough), Discussion(database)
    simulator = None if chosen.key else _started_simulator(chosen)
    logbook = Logbook()
    base_url = simulator.url if simulator else chosen.base_url
    client = AtlasClient(chosen.key or Key("the-simulator"), base_url, told=logbook.called)
    catalogue = Catalogue(client, chosen.data_dir / "catalogue")
    house = House(database, chosen.data_dir)
    engine = Engine(
        store,
        files,
        client,
        provider=SIMULATOR if simulator else urlsplit(chosen.base_url).netloc,
        max_in_flight=chosen.max_in_flight,
        wait_limit_s=chosen.wait_limit_s,
        lease_s=chosen.lease_s,
        look_up_s=chosen.look_up_s,
        daily_budget=chosen.daily_budget,
        pace=_pace(chosen) if simulator else UNHURRIED,
        not_served=catalogue.mark_ghost,
        ended=bell.ring,
        logbook=logbook,
    )
    return Services(
        settings=chosen,
        store=store,
        experiments=experiments,
        presets=Presets(database),
        library=library,
        curation=curation,
        ledger=Ledger(database),
        files=files,
        client=client,
        catalogue=catalogue,
        pricing=Pricing(client),
        logbook=logbook,
        reviews=reviews,
        discussion=discussion,
        stage=stage,
        exports=exports,
        errands=Errands(),
        chores=Chores([curation.sweep, partial(curation.remove_unused, files), exports.sweep], every_s=_CHORES_S),
        probe=Probe(client, catalogue, chosen.data_dir / "catalogue" / "catalogue.json"),
        house=house,
        demo=Demo(database, files, library, experiments, reviews, discussion),
        rooms=Rooms(),
        simulator=simulator,
        has_sign_in=has_sign_in,
        engine=engine,
        readiness=Readiness(partial(_unusable, house, engine)),
    )


def _unusable(house: House, engine: Engine) -> list[str]:
    return [*house.unusable(), *([] if engine.is_working else [NO_QUEUE])]


def _pace(chosen: Settings) -> Pace:
    """A demo that was told to be quick is looked at quickly."""
    latency = chosen.simulator_latency_s
    quick = max(0.05, latency or 0)
    return UNHURRIED if latency is None else replace(UNHURRIED, first=min(1.5, quick), closest=min(0.5, quick))


def _started_simulator(chosen: Settings) -> Simulator:
    simulator = Simulator(latency=chosen.simulator_latency_s, journal=chosen.data_dir / "simulator.jsonl")
    simulator.start()
    return simulator
