"""What was made once, back in a form: to be sent again as it was, or changed."""

from collections.abc import Sequence

from atlas.models import ImageRequest
from studio import prompts
from studio.experiments import LABELS, Experiment
from studio.references import PREFIX, mask_of, starting
from ui import forms, masks, references, session

GENERATE, ARMS = "generate", "arms"


def again(request: ImageRequest, *, prompt_only: bool = False, count: int | None = None) -> list[str]:
    """Fill the form of Generate, pictures to start from included; the names of the settings it has no place for."""
    session.set_prompt(GENERATE, prompts.literal(request.prompt), count=count)
    if prompt_only:
        return []
    references.fill(GENERATE, request)
    masks.fill(GENERATE, request)
    return forms.fill(GENERATE, request)


def as_arm(label: str, request: ImageRequest) -> None:
    """Fill one arm of the form of Compare; the settings of all arms where it is the first.

    One that starts from other pictures than the rest gets settings of its own: nothing is drawn from the wrong picture.
    """
    session.set_prompt(f"arm_{label}", request.prompt)
    if label != LABELS[0] and not session.settings_apart() and _starts_elsewhere(request):
        session.part_settings()
        for other in LABELS[: session.arm_count()]:
            forms.copy(ARMS, f"arm_{other}")
            references.copy(ARMS, f"arm_{other}")
    _fill(f"arm_{label}", request)
    if label == LABELS[0] or not session.settings_apart():
        _fill(ARMS, request)


def as_arms(requests: Sequence[ImageRequest]) -> None:
    """The form of a comparison with these prompts and the settings of each."""
    alike = len({(request.model, str(sorted(request.parameters.items()))) for request in requests}) == 1
    session.set_arms([request.prompt for request in requests], apart=not alike)
    for label, request in zip(LABELS, requests, strict=False):
        _fill(f"arm_{label}", request)
    _fill(ARMS, requests[0])


def fork(experiment: Experiment) -> None:
    """Back to the form, filled with what this experiment compared."""
    as_arms(experiment.arms)
    session.forking(experiment.id)


def _fill(key: str, request: ImageRequest) -> None:
    forms.fill(key, request)
    references.fill(key, request)
    masks.fill(key, request)


def _starts_elsewhere(request: ImageRequest) -> bool:
    pictures, mask = starting(request.parameters), mask_of(request.parameters)
    named = [f"{PREFIX}{sha256}" for sha256 in [*pictures, *([mask] if mask else [])]]
    return named != [*session.references(ARMS), *filter(None, [session.mask(ARMS)])]
