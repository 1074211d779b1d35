"""What goes on the stage: the pairs of a comparison, or of a review with what was said of them."""

from collections import Counter
from collections.abc import Sequence

from atlas.language import tr, trn
from atlas.text import excerpt
from studio.experiments import Drawn, Experiment
from studio.generations import SIMULATOR, Generation
from studio.images import VIEW
from studio.reviews.ballots import Review
from studio.reviews.results import Results
from studio.reviews.schedule import Face, Kind
from ui import cards, presenter, routes, services
from ui.presenter import Ending, Shown, Slide

_WORDS = 140  # characters of a prompt that can be read from the last row


def comparison(experiment: Experiment, rows: Sequence[Drawn]) -> None:
    """The button for the draws of which every arm has an image."""
    slides = [
        Slide(
            number=row.number,
            images=tuple(
                _drawn(label, made) for label, made in zip(experiment.labels, row.generations, strict=True) if made
            ),
        )
        for row in rows
        if all(made and made.pictures for made in row.generations)
    ]
    if slides:
        is_simulated = any(made and made.provider == SIMULATOR for row in rows for made in row.generations)
        note = tr("Simulated") if is_simulated else ""
        presenter.button(slides, seed=experiment.id, note=note, key=f"present_{experiment.id}")


def _drawn(label: str, made: Generation) -> Shown:
    words = f"{excerpt(made.prompt, _WORDS)} · {cards.settings_of(made.request)}"
    return Shown(url=routes.preview_url(made.pictures[0]), label=label, words=words, alt=made.alternative)


def review(review: Review, found: Results) -> None:
    """The button for a review whose result may be seen: the votes for each image, and the verdict at the end."""
    plan = review.plan
    main = [one for one in services.reviews().ballots(review.id) if one.question is plan.main.kind]
    written = services.store().alternatives(plan.hashes)
    won = Counter(one.winner for one in main if one.kind is Kind.PAIR)
    slides = [
        Slide(
            number=each.number,
            images=tuple(
                Shown(
                    url=routes.preview_of(sha256, VIEW),
                    label=arm.label,
                    words=f"{_votes(won[Face(arm=place, draw=each.number)])} · {excerpt(arm.prompt, _WORDS)}",
                    alt=written.get(sha256, arm.prompt),
                )
                for place, (arm, sha256) in enumerate(zip(plan.arms, each.hashes, strict=True))
            ),
        )
        for each in plan.pictures
    ]
    ending = Ending(title=found.finding.sentence, words=found.finding.number)
    presenter.button(
        slides,
        seed=review.id,
        note=tr("Simulated") if found.simulated else "",
        ending=ending,
        key=f"present_{review.id}",
    )


def _votes(count: int) -> str:
    return trn("{count} vote", "{count} votes", count)
