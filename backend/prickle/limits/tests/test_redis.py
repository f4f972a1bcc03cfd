"""Limits that two replicas share, on a real Redis."""

from pathlib import Path

from prickle.clock import SystemClock
from prickle.contract.gateway import Rate
from prickle.limits.redis import RedisRateLimits
from tests.redis_server import running_redis

SLOW = Rate(per_s=0.1, burst=3)


async def test_two_replicas_count_together(tmp_path: Path) -> None:
    async with running_redis(tmp_path) as server:
        replicas = [RedisRateLimits(server.url, SystemClock()) for _ in range(2)]
        taken = [await replicas[place % 2].take("ann", SLOW) for place in range(4)]
        assert taken[:3] == [0, 0, 0]
        assert 9 < taken[3] <= 10
        assert await replicas[0].take("bob", SLOW) == 0
        for replica in replicas:
            await replica.close()


async def test_without_redis_a_replica_counts_for_itself(tmp_path: Path) -> None:
    async with running_redis(tmp_path) as server:
        limits = RedisRateLimits(server.url, SystemClock())
        await server.kill()
        taken = [await limits.take("ann", SLOW) for _ in range(4)]
        assert taken[:3] == [0, 0, 0]
        assert taken[3] > 9
        await limits.close()
