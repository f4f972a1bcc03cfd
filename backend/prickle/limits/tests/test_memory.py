import pytest

from prickle.contract.gateway import Rate
from prickle.limits import MemoryRateLimits, NoRateLimits
from prickle.limits.memory import MAX_KEYS
from prickle.testing.clock import TurnableClock


class StillClock(TurnableClock):
    """Moves only when it is turned."""

    def __init__(self, start: float = 0.0) -> None:
        self.at = start

    def turn(self, seconds: float) -> None:
        self.at += seconds

    def monotonic(self) -> float:
        return self.at


async def taken(limits: MemoryRateLimits, rate: Rate, *, key: str = "k", times: int) -> int:
    return sum([not await limits.take(key, rate) for _ in range(times)])


@pytest.mark.parametrize("start", [0.0, 1 / 3, 86_400.1, 1e7 + 0.123])
@pytest.mark.parametrize("rate", [Rate(10, 30), Rate(0.2, 10), Rate(3, 7), Rate(1 / 3, 1), Rate(1000, 1000)])
async def test_exactly_the_burst_passes_at_once(rate: Rate, start: float) -> None:
    assert await taken(MemoryRateLimits(StillClock(start)), rate, times=rate.burst + 5) == rate.burst


@pytest.mark.parametrize("rate", [Rate(10, 30), Rate(0.2, 10), Rate(3, 7)])
async def test_after_the_told_wait_exactly_one_passes(rate: Rate) -> None:
    clock = StillClock(86_400.1)
    limits = MemoryRateLimits(clock)
    await taken(limits, rate, times=rate.burst)
    for _ in range(20):
        wait_s = await limits.take("k", rate)
        assert 0 < wait_s <= 1 / rate.per_s + 1e-6
        clock.turn(wait_s)
        assert await taken(limits, rate, times=3) == 1


async def test_the_average_holds_however_often_somebody_asks() -> None:
    clock, rate = StillClock(), Rate(per_s=10, burst=5)
    limits = MemoryRateLimits(clock)
    passed = 0
    for _ in range(1000):
        passed += await taken(limits, rate, times=3)
        clock.turn(0.01)
    assert passed == pytest.approx(5 + 10 * 10, abs=1)


async def test_a_pause_gives_no_more_than_the_burst() -> None:
    clock, rate = StillClock(), Rate(per_s=10, burst=5)
    limits = MemoryRateLimits(clock)
    await taken(limits, rate, times=9)
    clock.turn(3600)
    assert await taken(limits, rate, times=9) == 5


async def test_refusals_cost_nothing_and_keys_are_apart() -> None:
    clock, rate = StillClock(), Rate(per_s=1, burst=1)
    limits = MemoryRateLimits(clock)
    await taken(limits, rate, times=100)
    assert await limits.take("k", rate) == pytest.approx(1)
    assert await limits.take("other", rate) == 0


async def test_memory_is_bounded_and_busy_keys_stay_while_others_can_go() -> None:
    clock, rate = StillClock(), Rate(per_s=1, burst=1)
    limits = MemoryRateLimits(clock)
    for number in range(MAX_KEYS - 1):
        await limits.take(str(number), rate)
    clock.turn(1.5)
    await limits.take("busy", rate)
    await limits.take("one more", rate)
    assert len(limits._free_at) == 2
    assert await limits.take("busy", rate) > 0


async def test_without_limits_everything_passes() -> None:
    assert await NoRateLimits().take("k", Rate(per_s=1, burst=1)) == 0
