"""A running chat whose clock can be turned."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from prickle.testing import Chat, running_chat
from prickle.testing.clock import TurnableClock

SETTINGS = [
    "plugins.enabled=auth,rooms,messages,typing",
    "gateway.max_cpu_wait_ms=0",  # on a busy machine ephemeral notices wait for company, and the latest is the only one left
]


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock()


@pytest.fixture
async def chat(tmp_path: Path, clock: TurnableClock) -> AsyncIterator[Chat]:
    async with running_chat(tmp_path, settings=SETTINGS, clock=clock) as chat:
        yield chat
