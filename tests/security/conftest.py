"""One app with a key for all tests of what may come in and go out."""

from collections.abc import Iterator

import pytest

from tests.security.houses import House, open_house


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("house")) as house:
        yield house
