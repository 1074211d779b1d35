"""Everything that answers, put together from what a simulator was told."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from atlas.simulator.account import Account
from atlas.simulator.billing import Billing
from atlas.simulator.calculator import Calculator
from atlas.simulator.chat import Chat
from atlas.simulator.control import Control, Desk
from atlas.simulator.faults import Faults
from atlas.simulator.gallery import Gallery
from atlas.simulator.history import History
from atlas.simulator.journal import Journal
from atlas.simulator.ledger import Ledger
from atlas.simulator.predictions import Predictions
from atlas.simulator.references import References
from atlas.simulator.shelves import Shelves
from atlas.simulator.signing import Signing
from atlas.simulator.uploads import Uploads
from atlas.simulator.webhooks import Webhooks


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What ``Simulator`` explains, as far as the rooms need it."""

    latency: float | None
    strict: bool
    journal: Path | None
    clock: Callable[[], float]
    sync_limit: float
    warm_up: float
    credit: Decimal
    upload_hours: float
    seed: int | None


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """Everything that answers; without ``control`` the paths below /_sim do not exist."""

    predictions: Predictions
    history: History
    uploads: Uploads
    calculator: Calculator
    billing: Billing
    chat: Chat
    shelves: Shelves
    control: Control | None


def furnished(settings: Settings, *, gallery: Gallery, desk: Desk | None) -> Rooms:
    """Fresh rooms over the jobs of the journal; a test steers them from a ``desk``."""
    clock, strict = settings.clock, settings.strict
    faults = desk.faults if desk else Faults()
    journal = Journal(settings.journal) if settings.journal else None
    ledger = Ledger(clock=clock, latency=settings.latency, journal=journal, seed=settings.seed)
    account = Account(ledger=ledger, clock=clock, credit=settings.credit)
    uploads = Uploads(clock=clock, hours=settings.upload_hours, faults=faults)
    references = References(ledger=ledger, gallery=gallery, uploads=uploads)
    signing = Signing()
    predictions = Predictions(
        ledger=ledger,
        account=account,
        references=references,
        gallery=gallery,
        webhooks=Webhooks(clock=clock, faults=faults, signing=signing),
        faults=faults,
        clock=clock,
        strict=strict,
        sync_limit=settings.sync_limit,
        warm_up=settings.warm_up,
    )
    return Rooms(
        predictions=predictions,
        history=History(ledger=ledger, faults=faults, clock=clock),
        uploads=uploads,
        calculator=Calculator(references=references, faults=faults, strict=strict),
        billing=Billing(account=account, ledger=ledger, faults=faults, clock=clock),
        chat=Chat(faults=faults, clock=clock),
        shelves=Shelves(ledger=ledger, gallery=gallery, faults=faults, signing=signing),
        control=Control(desk=desk, account=account) if desk else None,
    )
