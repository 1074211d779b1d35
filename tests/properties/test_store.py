"""The store against a model of it, in any order of steps by several processes.

At most one POST for each time a generation was queued, an id that the provider gave is kept, a lease has one holder,
what has ended stays so until a person or a late answer says otherwise, and the budget is right to the micro-dollar.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.database import open_database
from studio.store import Store
from tests.properties.ledger import STEPS, Ledger, Step
from tests.properties.trying import tries

_ON: Final = ["go_on"] * len(STEPS)
steps: Final = st.lists(
    st.builds(
        Step,
        what=st.sampled_from([*STEPS, *_ON]),
        who=st.integers(0, 5),
        which=st.integers(0, 2),
        amount=st.none() | st.integers(0, 5_000_000),
        flag=st.booleans(),
    ),
    min_size=15,
    max_size=50,
)


def walk(store: Store, taken: list[Step]) -> None:
    ledger = Ledger(store)
    for step in taken:
        ledger.take(step)
    ledger.check()


@pytest.fixture(scope="module")
def on_sqlite() -> Iterator[Store]:
    memory = Path("/dev/shm")  # noqa: S108 - where a commit costs no disk; elsewhere the usual place does
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        store = Store(open_database(f"sqlite:///{folder}/studio.db"))
        yield store
        store.close()


@pytest.fixture(scope="module")
def on_postgresql(postgresql: str) -> Iterator[Store]:
    store = Store(open_database(postgresql.replace("postgresql://", "postgresql+psycopg://", 1)))
    yield store
    store.close()


@tries(30, is_slow=True)
@given(steps)
def test_in_any_order_sqlite_keeps_what_the_model_keeps(on_sqlite: Store, taken: list[Step]) -> None:
    walk(on_sqlite, taken)


@tries(15, is_slow=True)
@given(steps)
def test_in_any_order_postgresql_keeps_what_the_model_keeps(on_postgresql: Store, taken: list[Step]) -> None:
    walk(on_postgresql, taken)
