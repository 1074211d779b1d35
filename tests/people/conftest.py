"""The app with sign-in: as people start it, and its pages in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config
from streamlit.runtime.secrets import secrets_singleton

from tests.people.provider import Provider, a_provider
from tests.serving import App

NETWORK = "0.0.0.0"  # noqa: S104 - that is the point
GUESTS = {"STUDIO_HOSTS": "hedda@example.com", "STUDIO_MAKERS": "alice@example.com, bob@example.com"}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with a_provider() as running:
        yield running


@pytest.fixture(scope="module")
def served(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """On the whole network, which sign-in allows."""
    folder = tmp_path_factory.mktemp("signed")
    secrets = folder / "secrets.toml"
    app = App(
        data_dir=folder / "data",
        STUDIO_SIMULATOR_LATENCY_S="0.05",
        STREAMLIT_SECRETS_FILES=str(secrets),
        STREAMLIT_SERVER_ADDRESS=NETWORK,
        **GUESTS,
    )
    secrets.write_text(provider.secrets(app.url))
    with app:
        yield app


@pytest.fixture
def secrets(tmp_path: Path) -> Iterator[Path]:
    """The secrets.toml of the pages in this process; empty, until the test writes it."""
    path = tmp_path / "secrets.toml"
    path.touch()
    before = config.get_option("secrets.files")
    config.set_option("secrets.files", [str(path)])
    secrets_singleton._reset()
    yield path
    config.set_option("secrets.files", before)
    secrets_singleton._reset()
