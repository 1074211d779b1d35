"""Models as people choose and read them: by name, vendor, price and speed."""

from decimal import Decimal
from typing import NamedTuple

from atlas import catalog, language
from atlas.catalog import Kind, Model
from atlas.language import listed, tr
from atlas.models import DEFAULT_MODEL
from atlas.prices import Price, dollars
from atlas.schema import Schema
from ui import services

DEFAULT = DEFAULT_MODEL
_BUDGET = Decimal(10)  # USD; the provider's own pages say how many runs ten dollars buy


def offered() -> tuple[Model, ...]:
    """What can be chosen: models that start from words first, then those that change pictures."""
    return tuple(sorted(services.catalogue().models(), key=lambda model: model.kind is Kind.EDIT))


def labels() -> dict[str, str]:
    """The ids of what can be chosen, in order, and what each is called in the list; written once for a language."""
    listed, told = services.catalogue().listed(), language.current()
    known = _labelled.get(told)
    if known is None or known.listed is not listed:
        known = _labelled[told] = _Labelled(listed, {model.id: label(model) for model in offered()})
    return known.labels


class _Labelled(NamedTuple):
    listed: tuple[Model, ...]
    labels: dict[str, str]


_labelled: dict[str, _Labelled] = {}


def find(model_id: str) -> Model | None:
    return services.catalogue().find(model_id)


def schema(model_id: str) -> Schema:
    return services.catalogue().schema(model_id)


def edit_twin(model_id: str) -> Model | None:
    """The model of the same family that starts from pictures; None where there is none, or it is this one."""
    model = find(model_id)
    twin = services.catalogue().edit_twin(model) if model else None
    return None if twin is None or twin.id == model_id else twin


def name_of(model_id: str) -> str:
    """The name people know a model by; its id where nobody has one."""
    known = catalog.name_of(model_id)
    if known != model_id:
        return known
    model = find(model_id)
    return model.name if model else model_id


def why_not(model_id: str) -> str:
    """Why a listed model cannot be used, as sentences; empty where it can, and where it is not listed at all."""
    model = find(model_id)
    return model.why_not if model else ""


def price(model_id: str) -> str:
    """What the cheapest image costs, and how many of those ten dollars buy, as sentences; empty where unknown."""
    model = find(model_id)
    if model is None or model.price.actual is None:
        return ""
    runs = model.price.runs_for(_BUDGET)
    bought = "" if runs is None else tr(" {budget} buys at most {runs:,}.").format(budget=dollars(_BUDGET), runs=runs)
    told = model.price.label
    return f"{told[0].upper()}{told[1:]}.{bought}"


def label(model: Model) -> str:
    """In the list of models: name, vendor, the least an image costs, the seconds it typically takes."""
    price = model.price
    off = [tr("{percent} % off").format(percent=price.percent_off)] if price.percent_off else []
    seconds = [tr("~{seconds:.0f} s").format(seconds=model.seconds)] if model.seconds else []
    edits = [tr("changes pictures")] if model.kind is Kind.EDIT else []
    name = catalog.name_of(model.id)
    return " · ".join(
        [model.name if name == model.id else name, model.vendor, *edits, listed([_cost(price), *off]), *seconds]
    )


def _cost(price: Price) -> str:
    if price.actual is None:
        return tr("price not known")
    return tr("free") if price.is_free else tr("from {money}").format(money=dollars(price.actual))
