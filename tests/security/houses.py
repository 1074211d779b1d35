"""The app as people start it, with a key that must never be seen, before a provider whose troubles are scripted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from atlas.simulator import Simulator
from tests.conftest import CANARY
from tests.serving import App

# Python reads this before anything else: the libraries that carry the key say all they have to say.
_TALKATIVE = """import logging
for name in ("urllib3", "requests", "uvicorn", "starlette", "asyncio"):
    logging.getLogger(name).setLevel(logging.DEBUG)
"""


@dataclass(frozen=True, kw_only=True)
class House:
    """A running app, the folder that holds all it writes, and its provider."""

    app: App
    folder: Path
    provider: Simulator

    @property
    def port(self) -> int:
        return int(self.app.url.rpartition(":")[2])


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Temporary files are written below the folder too."""
    for name in ("tmp", "site"):
        (folder / name).mkdir()
    (folder / "site" / "sitecustomize.py").write_text(_TALKATIVE)
    with (
        Simulator(latency=0.2, control=True) as provider,
        App(
            data_dir=folder / "data",
            ATLASCLOUD_API_KEY=CANARY,
            ATLASCLOUD_BASE_URL=provider.url,
            STUDIO_LOG_LEVEL="debug",
            STREAMLIT_LOGGER_LEVEL="debug",
            PYTHONPATH=str(folder / "site"),
            TMPDIR=str(folder / "tmp"),
        ) as app,
    ):
        yield House(app=app, folder=folder, provider=provider)
