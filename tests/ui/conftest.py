"""The pages, run in this process by Streamlit's own AppTest, on a studio in a temporary folder."""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from shutil import copyfile

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from atlas import ImageRequest
from atlas.simulator import Simulator
from studio.generations import Generation, Slot, latest_attempts
from tests.conftest import CANARY
from tests.serving import CHECKOUT
from tests.studio.conftest import until
from ui import services

A_DOT = (CHECKOUT / "ui" / "icon.png").read_bytes()
SHELL = str(CHECKOUT / "ui" / "shell.py")

# Every AppTest reads what all installed packages say of themselves; no package is installed during a run.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


@dataclass(kw_only=True)
class Studio:
    """The services of a test, and the tabs people open on them."""

    folder: Path
    made: int = field(default=0)

    def open(self, script: str = "../pages/generate.py", **query: str) -> AppTest:
        """A new tab at the address of a page."""
        tab = AppTest.from_file(SHELL, default_timeout=20)
        for name, value in query.items():
            tab.query_params[name] = value
        tab.switch_page(script).run()
        assert not tab.exception
        return tab

    def make(self, prompt: str = "a red bicycle", count: int = 1) -> list[Generation]:
        """Images that were made earlier."""
        self.made += 1
        run = f"earlier{self.made}"
        request = ImageRequest(prompt=prompt, parameters={"size": "1024x1024", "quality": "low"})
        for number in range(1, count + 1):
            services.engine().submit(request, key=Slot(run=run, number=number).key)
        self.until_idle()
        return latest_attempts(services.store().run(run))

    def bring(self, name: str, count: int = 1) -> None:
        """Images that were not made here: quicker, where it does not matter what made them."""
        picture = services.files().keep(A_DOT)
        for number in range(1, count + 1):
            services.store().add_picture(name, picture, Slot(run=f"brought {name}", number=number))

    def until_idle(self) -> None:
        until(lambda: not services.engine().in_flight(), within_s=30)


@pytest.fixture
def studio(tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    for name in [name for name in os.environ if name.startswith(("STUDIO_", "ATLAS"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("STUDIO_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    copyfile(migrated_file, tmp_path / "data" / "studio.db")
    monkeypatch.setenv("STUDIO_SIMULATOR_LATENCY_S", "0.05")
    yield Studio(folder=tmp_path)
    services.stop()


@pytest.fixture
def provided(studio: Studio, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """The studio has a key, and works with a provider whose troubles the test scripts."""
    assert studio.made == 0
    monkeypatch.setenv("ATLASCLOUD_API_KEY", CANARY + uuid.uuid4().hex[:8])
    monkeypatch.setenv("ATLASCLOUD_BASE_URL", simulator.url)
    return simulator
