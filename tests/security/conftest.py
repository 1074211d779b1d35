"""The app as people start it, with a key that must never be seen, before a provider whose troubles are scripted."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from atlas.simulator import Simulator
from tests.conftest import CANARY
from tests.serving import App


@dataclass(frozen=True, kw_only=True)
class House:
    """A running app, the folder that holds all it writes, and its provider."""

    app: App
    folder: Path
    provider: Simulator

    @property
    def port(self) -> int:
        return int(self.app.url.rpartition(":")[2])


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with (
        Simulator(latency=0.2, control=True) as provider,
        App(
            data_dir=folder / "data",
            ATLASCLOUD_API_KEY=CANARY,
            ATLASCLOUD_BASE_URL=provider.url,
            STREAMLIT_LOGGER_LEVEL="debug",
        ) as app,
    ):
        yield House(app=app, folder=folder, provider=provider)
