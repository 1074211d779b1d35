"""What was made once, back in a form: to be sent again as it was, or changed."""

from collections.abc import Sequence

from atlas.models import ImageRequest
from studio import prompts
from studio.experiments import LABELS, Experiment
from studio.references import PREFIX, hashes
from ui import forms, session

GENERATE, ARMS = "generate", "arms"


def again(request: ImageRequest, *, prompt_only: bool = False, count: int | None = None) -> list[str]:
    """Fill the form of Generate, pictures to start from included; the names of the settings it has no place for."""
    session.set_prompt(GENERATE, prompts.literal(request.prompt), count=count)
    if prompt_only:
        return []
    session.set_references([f"{PREFIX}{sha256}" for sha256 in hashes(request.parameters)])
    return forms.fill(GENERATE, request)


def as_arm(label: str, request: ImageRequest) -> None:
    """Fill one arm of the form of Compare; the settings of all arms where it is the first."""
    session.set_prompt(f"arm_{label}", request.prompt)
    forms.fill(f"arm_{label}", request)
    if label == LABELS[0] or not session.settings_apart():
        forms.fill(ARMS, request)


def as_arms(requests: Sequence[ImageRequest]) -> None:
    """The form of a comparison with these prompts and the settings of each."""
    alike = len({(request.model, str(sorted(request.parameters.items()))) for request in requests}) == 1
    session.set_arms([request.prompt for request in requests], apart=not alike)
    for label, request in zip(LABELS, requests, strict=False):
        forms.fill(f"arm_{label}", request)
    forms.fill(ARMS, requests[0])


def fork(experiment: Experiment) -> None:
    """Back to the form, filled with what this experiment compared."""
    as_arms(experiment.arms)
    session.forking(experiment.id)
