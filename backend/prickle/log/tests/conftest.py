"""Two replicas on one store, joined by one bus."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from prickle.log.tests.replicas import Replica, replica
from prickle.storage.bus.memory import MemoryHub


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[tuple[Replica, Replica]]:
    hub = MemoryHub()
    async with replica(tmp_path, hub) as one, replica(tmp_path, hub) as other:
        yield one, other


@pytest.fixture
def one(pair: tuple[Replica, Replica]) -> Replica:
    return pair[0]


@pytest.fixture
def other(pair: tuple[Replica, Replica]) -> Replica:
    return pair[1]
