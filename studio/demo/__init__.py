"""The demo set: a small library with two comparisons and a finished review, put in and taken out at a press.

The same each time: pictures that are shipped, votes from fixed seeds. Everything of it is recognised by its name, so
that what people made is never touched; what they did to a piece of the set itself (stars, tags, pins) is put back.
Only for the simulator: all of it says that it is simulated.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection, Engine, delete, exists, select

from studio.demo import sample
from studio.demo.sample import MARK, Sample
from studio.experiments import Experiment, Experiments
from studio.generations import SIMULATOR, Event, Generation
from studio.images import ImageFiles
from studio.inserting import insert_into
from studio.library import Item, Library
from studio.people import Viewed
from studio.reviews import planning
from studio.reviews.ballots import Remark, Standing
from studio.reviews.desk import Reviews, seed_hash
from studio.reviews.discussion import Discussion
from studio.reviews.panel import Panel, Taste
from studio.reviews.plan import ASKED, Asked, Ends, Plan, Question, Stop
from studio.reviews.schedule import Face
from studio.schema import draws, experiments, folders, generations, reviews
from studio.search import fold
from studio.store import now_ms

_OURS = generations.c.prediction_id.startswith(f"{MARK}-") & (generations.c.provider == SIMULATOR)
_LATELY_MS = 60_000  # the youngest image was made this long ago


class Demo(Viewed):
    """Loads and removes the set, in the database and the files of the studio."""

    def __init__(
        self,
        engine: Engine,
        files: ImageFiles,
        library: Library,
        experiments: Experiments,
        desk: Reviews,
        discussion: Discussion,
    ) -> None:
        self._engine = engine
        self._files = files
        self._library = library
        self._experiments = experiments
        self._desk = desk
        self._discussion = discussion
        self._told = sample.told()
        self._one_at_a_time = threading.Lock()

    @property
    def review_id(self) -> str:
        return str(self._told["review"]["id"])

    @property
    def is_loaded(self) -> bool:
        with self._engine.connect().execution_options(reads_only=True) as connection:
            return connection.execute(select(generations.c.id).where(_OURS).limit(1)).first() is not None

    def load(self) -> None:
        """Put the set in, as it is shipped; what was there of it before goes first. Raises OSError, NotAllowed."""
        self._viewer.must_host()
        with self._one_at_a_time:
            found = sample.samples(self._told)
            with ThreadPoolExecutor(4) as pool:
                kept = list(pool.map(lambda one: self._files.keep(one.content, previews=one.previews), found))
            self._take_out()
            newest = time.time_ns() // 1_000_000 - _LATELY_MS
            items = [
                one.item(picture, newest_ms=newest, among=len(found)) for one, picture in zip(found, kept, strict=True)
            ]
            with self._engine.begin() as connection:
                _make_folders(connection, sorted({item.folder for item in items if item.folder}))
            for item in items:
                self._library.bring_back(item, _events(item))
            compared = [self._compare(told, found, items) for told in self._told["experiments"]]
            self._review(self._told["review"], compared[0])

    def remove(self) -> None:
        """Take the set out. Raises NotAllowed."""
        self._viewer.must_host()
        with self._one_at_a_time:
            self._take_out()

    def _take_out(self) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(reviews).where(reviews.c.id == self.review_id))
            connection.execute(delete(generations).where(_OURS))
            for told in self._told["experiments"]:
                _remove_experiment(connection, told["id"], told["draws"])
            filed = exists().where(generations.c.folder == folders.c.id)
            connection.execute(delete(folders).where(folders.c.id.startswith(MARK), ~filed))

    def _compare(self, told: Mapping[str, Any], found: Sequence[Sample], items: Sequence[Item]) -> Experiment:
        columns = [
            [item.generation for one, item in zip(found, items, strict=True) if one.said is arm] for arm in told["arms"]
        ]
        made = self._experiments.of_images(told["id"], told["name"], columns, picked=False)
        with self._engine.begin() as connection:
            _fill(connection, made.id, columns)
        return self._experiments.get(made.id)

    def _review(self, told: Mapping[str, Any], experiment: Experiment) -> None:
        """Asked, voted on by made-up people, closed by its plan, and decided."""
        plan = self._plan(told, experiment)
        review = self._desk.make(told["id"], plan, seed=told["seed"])
        self._desk.open(review.id)
        taste = Taste(liking=tuple(told["liking"]), luck=told["luck"])
        Panel(taste=taste, seed=told["panel"]).vote(self._desk, review, people=told["people"])
        for said in told["remarks"]:
            remark = Remark(
                face=Face(arm=said["arm"], draw=said["draw"]), x=said["x"], y=said["y"], words=said["words"]
            )
            self._discussion.pin(review.id, remark, author=told["decided_by"])
        standing = Standing(told["decision"])
        self._discussion.decide(review.id, standing, who=told["decided_by"], words=told["words"])

    def _plan(self, told: Mapping[str, Any], experiment: Experiment) -> Plan:
        pictures = planning.pictures_of(self._experiments.rows(experiment))[: self._told["experiments"][0]["draws"]]
        return Plan(
            experiment=experiment.id,
            name=experiment.name,
            arms=planning.arms_of(experiment),
            pictures=pictures,
            questions=(Asked(kind=Question.BRIEF, words=ASKED[Question.BRIEF]),),
            stop=Stop(rule=Ends.VOTES, votes=told["people"] * len(pictures)),
            seed_hash=seed_hash(told["seed"]),
            brief=told["brief"],
            who=told["who"],
            simulated=True,
        )


def _events(item: Item) -> list[Event]:
    made = item.generation
    return [Event(at=made.created, what="queued"), Event(at=made.ended or made.created, what="completed")]


def _remove_experiment(connection: Connection, experiment_id: str, shipped: int) -> None:
    """A comparison in which people drew more stays, with what they drew."""
    ours = (draws.c.experiment == experiment_id) & (draws.c.number <= shipped)
    connection.execute(delete(draws).where(ours))
    drawn = exists().where(draws.c.experiment == experiments.c.id)
    connection.execute(delete(experiments).where(experiments.c.id == experiment_id, ~drawn))


def _fill(connection: Connection, experiment_id: str, columns: Sequence[Sequence[Generation]]) -> None:
    """One that stayed gets back what is not there any more."""
    rows = [
        {"position": position, "number": number, "slot_run": made.slot.run, "slot_number": made.slot.number}
        for position, column in enumerate(columns)
        for number, made in enumerate(column, 1)
    ]
    new = insert_into(connection, draws).values([{"experiment": experiment_id, **row} for row in rows])
    connection.execute(new.on_conflict_do_nothing())


def _make_folders(connection: Connection, names: Sequence[str]) -> None:
    """Under names by which they are known again, unless people have folders that are called so."""
    for number, name in enumerate(names, 1):
        row = {"id": f"{MARK}{number}", "name": name, "folded": fold(name), "created": now_ms(connection)}
        connection.execute(insert_into(connection, folders).values(row).on_conflict_do_nothing())
