"""Every public method of every service, each called on what is Alice's."""

from collections.abc import Callable
from dataclasses import replace
from inspect import getmembers, isfunction
from typing import Any

from atlas.models import Prediction, Status
from studio.errands import Errand
from studio.experiments import Experiment
from studio.generations import Slot, State
from studio.library import Item
from studio.reviews.ballots import Choice, Remark, Standing
from studio.reviews.plan import Question
from studio.reviews.schedule import Face, schedule
from studio.search import Search
from tests.people.world import EVENTS, HERS, PICTURE, Services, World, request
from tests.studio.conftest import PROVIDER
from tests.studio.reviewing import SEED, a_plan

Case = Callable[[Services, World], Any]
_ALL, _BIN = Search(), Search(bin=True)
_SAID = Prediction(id="prediction of somebody", status=Status.SUCCEEDED)
_REMARK = Remark(face=Face(arm=0, draw=1), x=0.1, y=0.1, words="mine")


def methods(services: Services) -> set[str]:
    """The public methods of all services, as they are named below."""
    return {
        f"{name}.{method}"
        for name, service in vars(services).items()
        for method, _ in getmembers(type(service), isfunction)
        if not method.startswith("_") and (name, method) not in _OF_NOBODY
    }


_OF_NOBODY = {
    *((name, "seen_by") for name in Services.__dataclass_fields__),
    ("store", "close"),  # of the process
    ("house", "unusable"),  # asked by whoever runs the server, and says nothing but two words
}


def _back(world: World, *, run: str = "run") -> Item:
    generation = replace(world.done, id="brought", slot=Slot(run=run, number=9), prediction_id=None)
    return Item(generation=generation, note=HERS)


def _cast(services: Services, world: World) -> object:
    item = schedule(a_plan(), SEED, world.reviewer.ordinal)[0]
    return services.reviews.cast("r1", world.reviewer, item, Question.PREFERENCE, Choice.LEFT) and None


def _drawn(world: World, name: str) -> Experiment:
    return world.all.experiments.get(name)


def _finished(errand: Errand | None) -> object:
    return errand and errand.result


# What gives something out, changes something or costs something, and would, if it were not for the viewer.
GUARDED: dict[str, Case] = {
    "store.add": lambda s, _: s.store.add(request(), Slot(run="run", number=1, attempt=2), provider=PROVIDER),
    "store.add_picture": lambda s, _: s.store.add_picture("mine", PICTURE, Slot(run="run", number=7)),
    "store.get": lambda s, w: s.store.get(w.done.id),
    "store.run": lambda s, _: s.store.run("run"),
    "store.family": lambda s, _: s.store.family("run"),
    "store.slots": lambda s, _: s.store.slots({("run", 1), ("run", 3)}),
    "store.run_before": lambda s, _: s.store.run_before("under way"),
    "store.latest_run": lambda s, _: s.store.latest_run(),
    "store.latest": lambda s, _: s.store.latest(),
    "store.count": lambda s, _: s.store.count(),
    "store.in_flight": lambda s, _: s.store.in_flight(provider=PROVIDER),
    "store.events": lambda s, w: s.store.events(w.done.id),
    "store.alternatives": lambda s, _: s.store.alternatives([PICTURE.sha256]),
    "store.claim": lambda s, _: s.store.claim("me", provider=PROVIDER, lease_s=60, max_in_flight=9),
    "store.submitting": lambda s, w: s.store.submitting(w.carried, "w"),
    "store.requeue": lambda s, w: s.store.requeue(w.sent, "w", reason="mine"),
    "store.accept": lambda s, w: s.store.accept(w.lost, _SAID),
    "store.renew": lambda s, w: s.store.renew("w", [w.carried.id], lease_s=999),
    "store.release": lambda s, w: s.store.release("w", w.carried.id),
    "store.fetching": lambda s, w: s.store.fetching(w.sent, "w"),
    "store.complete": lambda s, w: s.store.complete(w.sent, "w", [PICTURE], _SAID),
    "store.settle": lambda s, w: s.store.settle(w.sent, "w", State.FAILED, "mine"),
    "store.seeking": lambda s, w: s.store.seeking(w.sent, "w", words="mine"),
    "store.known_predictions": lambda s, _: s.store.known_predictions(["prediction of Alice"]),
    "store.lost_like": lambda s, w: s.store.lost_like(w.lost, within_ms=10**9),
    "store.not_charged": lambda s, w: s.store.not_charged(w.lost.id, words="mine"),
    "store.resume": lambda s, w: s.store.resume(w.stalled.id),
    "library.page": lambda s, _: s.library.page(_ALL).entries,
    "library.neighbours": lambda s, w: [one for one in s.library.neighbours(_ALL, w.done.id) if one],
    "library.prompts": lambda s, _: s.library.prompts(_ALL).entries,
    "library.counts": lambda s, _: s.library.counts(_BIN).total or s.library.counts(_ALL).by["tag"],
    "library.ids": lambda s, _: s.library.ids(_ALL),
    "library.get": lambda s, w: s.library.get(w.done.id),
    "library.items": lambda s, w: s.library.items([w.done.id, w.binned.id]),
    "library.tags": lambda s, _: s.library.tags(),
    "library.experiments_of": lambda s, w: s.library.experiments_of(w.done.id),
    "library.bring_back": lambda s, w: s.library.bring_back(_back(w), EVENTS),
    "curation.star": lambda s, w: s.curation.star([w.done.id], True),
    "curation.rate": lambda s, w: s.curation.rate([w.done.id], 1),
    "curation.write_note": lambda s, w: s.curation.write_note(w.done.id, "mine"),
    "curation.write_alt": lambda s, w: s.curation.write_alt(w.done.id, "mine"),
    "curation.tag": lambda s, w: s.curation.tag([w.done.id], "mine"),
    "curation.untag": lambda s, w: s.curation.untag([w.done.id], f"tag {HERS}"),
    "curation.folders": lambda s, _: s.curation.folders(),
    "curation.rename_folder": lambda s, w: s.curation.rename_folder(w.folder, "mine"),
    "curation.delete_folder": lambda s, w: s.curation.delete_folder(w.folder),
    "curation.move": lambda s, w: s.curation.move([w.done.id], None),
    "curation.delete": lambda s, w: s.curation.delete([w.done.id]),
    "curation.restore": lambda s, w: s.curation.restore([w.binned.id]),
    "curation.erase": lambda s, w: s.curation.erase([w.binned.id]),
    "curation.sweep": lambda s, _: s.curation.sweep(older_than_ms=-1000),
    "curation.remove_unused": lambda s, w: s.curation.remove_unused(w.files) or "looked through",
    "experiments.start": lambda s, _: s.experiments.start("e1", "mine", [request(), request()], draws=1, provider="p"),
    "experiments.add_draws": lambda s, w: s.experiments.add_draws(_drawn(w, "e2"), 1, provider=PROVIDER),
    "experiments.of_images": lambda s, w: s.experiments.of_images("e9", "mine", [[w.done], [w.done]]),
    "experiments.get": lambda s, _: s.experiments.get("e1"),
    "experiments.listed": lambda s, _: s.experiments.listed(),
    "experiments.rows": lambda s, w: [row for row in s.experiments.rows(_drawn(w, "e1")) if any(row.generations)],
    "experiments.rename": lambda s, _: s.experiments.rename("e1", "mine"),
    "experiments.delete": lambda s, _: s.experiments.delete("e1"),
    "experiments.restore": lambda s, _: s.experiments.restore("e3"),
    "presets.all": lambda s, _: [preset for preset in s.presets.all() if not preset.is_built_in],
    "presets.rename": lambda s, w: s.presets.rename(w.preset, "mine"),
    "presets.delete": lambda s, w: s.presets.delete(w.preset),
    "ledger.by_model": lambda s, _: s.ledger.by_model(),
    "ledger.by_day": lambda s, _: s.ledger.by_day(zone="UTC"),
    "ledger.days": lambda s, _: s.ledger.days(),
    "house.jobs": lambda s, _: s.house.jobs(provider=PROVIDER).unknown + s.house.jobs(provider="").elsewhere,
    "house.census": lambda s, _: s.house.census(provider=PROVIDER),
    "errands.get": lambda s, w: _finished(s.errands.get(w.errand)),
    "reviews.make": lambda s, _: s.reviews.make("r9", a_plan(), seed=SEED),
    "reviews.get": lambda s, _: s.reviews.get("r1"),
    "reviews.listed": lambda s, _: s.reviews.listed(),
    "reviews.open": lambda s, _: s.reviews.open("r2"),
    "reviews.close": lambda s, _: s.reviews.close("r1"),
    "reviews.delete": lambda s, _: s.reviews.delete("r1"),
    "reviews.restore": lambda s, _: s.reviews.restore("r2"),
    "reviews.reviewers": lambda s, _: s.reviews.reviewers("r1"),
    "reviews.ballots": lambda s, _: s.reviews.ballots("r1"),
    "reviews.turnout": lambda s, _: s.reviews.turnout("r1"),
    "reviews.chain": lambda s, _: s.reviews.chain("r1"),
    "discussion.pin": lambda s, _: s.discussion.pin("r1", _REMARK, author="me"),
    "discussion.resolve": lambda s, w: s.discussion.resolve("r1", w.pin, who="me"),
    "discussion.reopen": lambda s, w: s.discussion.reopen("r1", w.settled_pin),
    "discussion.pins": lambda s, _: s.discussion.pins("r1"),
    "discussion.decide": lambda s, _: s.discussion.decide("r1", Standing.APPROVED, who="me"),
    "discussion.decisions": lambda s, _: s.discussion.decisions("r1"),
    "discussion.standings": lambda s, w: [
        one for one in s.discussion.standings([w.all.reviews.get("r1")]).values() if one is Standing.APPROVED
    ],
    "queue.submit": lambda s, _: s.queue.submit(request(), key="run.1.3"),
    "queue.prediction": lambda s, w: s.queue.prediction(w.done.id),
    "queue.in_flight": lambda s, _: s.queue.in_flight(),
    "queue.retry": lambda s, w: s.queue.retry(w.lost),
    "queue.check_again": lambda s, w: s.queue.check_again(w.stalled),
    "queue.sighting": lambda s, w: s.queue.sighting(w.lost),
    "queue.link": lambda s, w: s.queue.link(w.lost, w.job),
    "queue.not_charged": lambda s, w: s.queue.not_charged(w.lost),
}  # fmt: skip

# What all makers share: a price, a pace, the day's budget, the machine; and what is new and their own.
SHARED: dict[str, Case] = {
    "store.last_price": lambda s, _: s.store.last_price(request(), provider=PROVIDER),
    "store.budget": lambda s, _: s.store.budget(cap=None),
    "store.durations": lambda s, _: s.store.durations(request(), provider=PROVIDER),
    "curation.add_folder": lambda s, _: s.curation.add_folder(f"folder {HERS}") and None,
    "presets.save": lambda s, _: s.presets.save(f"look {HERS}", "hard", []) and None,
    "house.base": lambda s, _: s.house.base(),
    "house.room": lambda s, _: s.house.room(),
    "errands.begin": lambda s, _: s.errands.begin("Export", lambda _done, _no: None, expected=()),
    "queue.look": lambda s, _: s.queue.look(),
    "queue.budget": lambda s, _: s.queue.budget(),
    "queue.usual_seconds": lambda s, _: s.queue.usual_seconds(request()),
}

# What would be new, and somebody's own, if they may make anything.
NEW: dict[str, Case] = {
    "store.add": lambda s, _: s.store.add(request(), Slot(run="new"), provider=PROVIDER),
    "store.add_picture": lambda s, _: s.store.add_picture("mine", PICTURE, Slot(run="new")),
    "queue.submit": lambda s, _: s.queue.submit(request(), key=Slot(run="new").key),
    "library.bring_back": lambda s, w: s.library.bring_back(_back(w, run="new"), EVENTS),
    "experiments.start": lambda s, _: s.experiments.start("e", "mine", [request()] * 2, draws=1, provider=PROVIDER),
    "experiments.of_images": lambda s, _: s.experiments.of_images("e", "mine", []),
    "reviews.make": lambda s, _: s.reviews.make("r9", a_plan(experiment="mine"), seed=SEED),
}

# What takes the link of a review, the secret of a browser or a seat, and no account.
BY_LINK: dict[str, Case] = {
    "reviews.invited": lambda s, _: s.reviews.invited("r1"),
    "reviews.join": lambda s, _: s.reviews.join("r1", "another guest"),
    "reviews.reviewer": lambda s, _: s.reviews.reviewer("r1", "a guest"),
    "reviews.at_seat": lambda s, w: s.reviews.at_seat(w.reviewer.seat),
    "reviews.cast": _cast,
    "reviews.finish": lambda s, w: s.reviews.finish("r1", w.reviewer),
}

# What a host does to everybody's at once, and nobody else to anything.
FOR_HOSTS: dict[str, Case] = {"errands.stop": lambda s, _: s.errands.stop()}
