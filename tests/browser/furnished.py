"""A studio in which there is something of everything: images, failures, a comparison, a review in each state."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from studio import sample_library
from studio.curation import Curation
from studio.database import open_database
from studio.experiments import Experiment, Experiments
from studio.generations import SIMULATOR, Generation, Slot, State, new_id
from studio.images import ImageFiles
from studio.reviews.ballots import Remark, Standing
from studio.reviews.desk import Reviews, new_seed, seed_hash
from studio.reviews.discussion import Discussion
from studio.reviews.panel import Panel, Taste
from studio.reviews.plan import ASKED, Asked, Ends, Plan, Question, Stop
from studio.reviews.planning import arms_of, pictures_of
from studio.reviews.schedule import Face
from studio.reviews.verdict import enough
from studio.store import Store
from tests.serving import App, Retold
from tests.studio.shelves import fill, item

PROMPTS = ("a red cup on a table", "a blue cup on a table")
_DRAWS = 4
_ENDS = (State.COMPLETED, State.FAILED, State.UNKNOWN, State.STALLED)


@dataclass(frozen=True, kw_only=True)
class Furnished:
    """The app, and the names of what is in it; ``image`` is one generation, ``ended`` a run that ended in every way."""

    app: App
    database: Engine
    comparison: str
    image: str
    ended: str
    drafted: str
    asked: str
    decided: str

    def link(self, review: str) -> str:
        return f"{self.app.url}/vote?review={review}"


@contextmanager
def furnished(folder: Path, *, catalogue: Path | None = None, **settings: str) -> Iterator[Furnished]:
    """A started app on a data folder that was filled before."""
    folder.mkdir(parents=True)
    database, files = open_database(f"sqlite:///{folder / 'studio.db'}"), ImageFiles(folder / "images")
    sample_library.fill(database, files, 30, progress=lambda _done, _total: None)
    columns = [[_image(database, files, arm, number) for number in range(1, _DRAWS + 1)] for arm in range(2)]
    _run(database, columns[0][0])
    experiment = Experiments(database, Store(database)).of_images("cups", "Red cup against blue cup", columns)
    for name in ("drafted", "asked", "decided"):
        _review(database, experiment, name)
    _decide(database, "decided")
    Curation(database).tag([columns[0][0].id], "hero")
    served = Retold(catalogue, data_dir=folder, **settings) if catalogue else App(data_dir=folder, **settings)
    with served as app:
        yield Furnished(
            app=app,
            database=database,
            comparison=experiment.id,
            image=columns[0][0].id,
            ended="ended",
            drafted="drafted",
            asked="asked",
            decided="decided",
        )
    database.dispose()


def _image(database: Engine, files: ImageFiles, arm: int, number: int) -> Generation:
    colours = ((206, 60, 50), (240, 230, 210)) if arm == 0 else ((40, 70, 180), (230, 235, 245))
    picture = files.keep(sample_library._painted((384, 256), *colours, random.Random(10 * arm + number)))
    return _made(database, number, PROMPTS[arm], slot=Slot(run=f"cups-{arm}", number=number), pictures=(picture,))


def _run(database: Engine, like: Generation) -> None:
    """One run whose images ended in every way there is."""
    for number, state in enumerate(_ENDS, 1):
        pictures = like.pictures if state is State.COMPLETED else ()
        problem = "" if pictures else "The provider refused the prompt. Change its words, then press Retry."
        slot = Slot(run="ended", number=number)
        _made(database, number, PROMPTS[0], slot=slot, state=state, pictures=pictures, problem=problem)


def _made(database: Engine, number: int, prompt: str, **values: object) -> Generation:
    size = {"size": "1024x1024", "quality": "low"}
    made = item(number, prompt, id=new_id(), provider=SIMULATOR, price=None, parameters=size, **values)
    fill(database, [made])
    return made.generation


def _review(database: Engine, experiment: Experiment, name: str) -> Plan:
    seed, reviews = new_seed(), Reviews(database, enough=enough)
    plan = Plan(
        experiment=experiment.id,
        name=experiment.name,
        brief="A cup for breakfast.",
        arms=arms_of(experiment),
        pictures=pictures_of(Experiments(database, Store(database)).rows(experiment)),
        questions=tuple(Asked(kind=kind, words=ASKED[kind]) for kind in (Question.PREFERENCE,)),
        stop=Stop(rule=Ends.VOTES, votes=40),
        seed_hash=seed_hash(seed),
        repeats=0,
        simulated=True,
    )
    reviews.make(name, plan, seed=seed)
    if name != "drafted":
        reviews.open(name)
    return plan


def _decide(database: Engine, name: str) -> None:
    """Votes by a panel, a pin of a person, and what was decided."""
    reviews, discussion = Reviews(database, enough=enough), Discussion(database)
    Panel(taste=Taste(liking=(0, 1.2))).vote(reviews, reviews.get(name), people=10)
    discussion.pin(name, Remark(face=Face(arm=0, draw=1), x=0.3, y=0.4, words="Too dark here"), author="Ada")
    discussion.decide(name, Standing.APPROVED, who="Grace", words="Use the blue one")
