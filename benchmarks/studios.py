"""The app as a process of its own, with a key for a simulator, and work put into its queue from outside."""

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from atlas import ImageRequest
from studio.database import open_database
from studio.generations import Generation, Slot
from studio.store import Store
from tests.conftest import CANARY
from tests.serving import App


def keyed(folder: Path, provider: str) -> App:
    """With a key for the provider at this address, and places for 64 jobs."""
    return App(
        data_dir=folder / "data", ATLASCLOUD_API_KEY=CANARY, ATLASCLOUD_BASE_URL=provider, STUDIO_MAX_IN_FLIGHT="64"
    )


def queue(app: App, provider: str, requests: Sequence[ImageRequest]) -> str:
    """The name of the new run of these requests; the app finds them within seconds."""
    run = f"run{time.time_ns()}"
    with closing(_store(app)) as store:
        for number, request in enumerate(requests, 1):
            store.add(request, Slot(run=run, number=number), provider=urlsplit(provider).netloc)
    return run


def made(app: App, run: str) -> list[Generation]:
    with closing(_store(app)) as store:
        return store.run(run)


def _store(app: App) -> Store:
    return Store(open_database(f"sqlite:///{app.data_dir / 'studio.db'}"))
