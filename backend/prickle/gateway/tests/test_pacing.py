"""What has waited leaves no faster than the link takes it, in order, and never not at all."""

import asyncio
import time

import pytest

from prickle.gateway.allowance import BURST_S, SUM_RATE, Allowance
from prickle.gateway.pacing import MAX_HELD_S, Pacer
from prickle.gateway.settings import GatewaySettings
from prickle.gateway.traffic import HEADER_BYTES, Link

RATE = 100_000
"""Bytes a second: 0.8 Mbps."""
STEP_S = 0.01


class Street:
    """A link and the pacer before it; time is the test's."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **settings: object) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        self.link = Link()
        self.pacer = Pacer(Allowance(self.link, GatewaySettings(link_mbps=0.8, **settings)))  # type: ignore[arg-type]
        self.left: list[str] = []

    def write(self, name: str, size: int) -> "Write":
        return Write(self, name, size)

    async def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.now += STEP_S
            for _ in range(3):
                await asyncio.sleep(0)


class Write:
    def __init__(self, street: Street, name: str, size: int) -> None:
        self._street, self._name, self._size = street, name, size

    def flush(self) -> None:
        self._street.link.sent(self._size)
        self._street.left.append(self._name)


@pytest.fixture
def street(monkeypatch: pytest.MonkeyPatch) -> Street:
    return Street(monkeypatch)


async def test_a_crowd_leaves_in_order_at_the_rate_of_the_link(street: Street) -> None:
    for number in range(20):
        street.pacer.after(0.05 + number / 1e6, street.write(str(number), 2000))
    await street.wait(0.05)
    began, seen = street.now, []
    while len(street.left) < 20:
        await street.wait(STEP_S)
        seen.append(len(street.left))
        crossed = street.link.wire_out()
        assert crossed <= RATE * (street.now - began + STEP_S + BURST_S) + 2000 + HEADER_BYTES * 2
    assert street.left == [str(number) for number in range(20)]
    assert seen[0] < 5, "they have not left in one burst"
    assert street.now - began < 20 * (2000 + HEADER_BYTES * 4) / RATE, "nor later than they had to"


async def test_what_the_link_has_room_for_leaves_when_its_wait_is_over(street: Street) -> None:
    await street.wait(0.1)
    for number in range(3):
        street.pacer.after(0.05, street.write(str(number), 200))
    await street.wait(0.04)
    assert street.left == []
    await street.wait(0.02)
    assert street.left == ["0", "1", "2"]


async def test_where_nothing_waits_nothing_is_held(street: Street) -> None:
    street.pacer.soon(street.write("large", 500_000))
    street.pacer.soon(street.write("next", 500_000))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert street.left == ["large", "next"]


async def test_what_left_while_there_was_room_is_not_owed_later(street: Street) -> None:
    for _ in range(100):
        street.pacer.soon(street.write("at once", RATE // 20))
        await street.wait(0.1)
    street.pacer.after(0.05, street.write("later", 100))
    await street.wait(0.06)
    assert street.left == ["at once"] * 100 + ["later"]


async def test_a_link_that_stays_full_holds_nobody_for_ever(street: Street) -> None:
    street.pacer.after(0.01, street.write("for ten seconds", 10 * RATE))
    street.pacer.after(0.02, street.write("behind it", 100))
    await street.wait(0.03)
    assert street.left == ["for ten seconds"]
    await street.wait(MAX_HELD_S + 0.01)
    assert street.left == ["for ten seconds", "behind it"]


class Defect:
    def flush(self) -> None:
        raise RuntimeError("a defect")


async def test_a_write_that_fails_holds_nobody_behind_it(street: Street) -> None:
    failures: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: failures.append(context["exception"]))
    await street.wait(0.1)
    street.pacer.after(0.01, street.write("large", RATE // 10))
    street.pacer.after(0.011, Defect())
    street.pacer.after(0.012, street.write("behind it", 100))
    await street.wait(0.3)
    street.pacer.after(0.01, street.write("later", 100))
    await street.wait(0.1)
    assert street.left == ["large", "behind it", "later"]
    assert [str(failure) for failure in failures] == ["a defect"]


@pytest.mark.parametrize(("counts", "held"), [("each", False), ("sum", True)])
async def test_what_comes_in_takes_room_where_both_directions_count(
    monkeypatch: pytest.MonkeyPatch, counts: str, *, held: bool
) -> None:
    street = Street(monkeypatch, link_counts=counts)
    await street.wait(0.1)
    street.link.bytes_in += round(RATE * SUM_RATE)
    street.pacer.after(0.01, street.write("answer", 100))
    await street.wait(0.05)
    assert street.left == ([] if held else ["answer"])
