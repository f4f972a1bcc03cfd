"""The limits that all replicas share, in Redis; while it is away each replica counts for itself."""

import asyncio

from redis.exceptions import RedisError

from prickle.contract.gateway import Rate
from prickle.contract.ports import Clock
from prickle.limits.memory import MemoryRateLimits
from prickle.storage.bus.redis import redis_client

ANSWER_TIMEOUT_S = 0.25
REST_S = 1.0
"""How long Redis is not asked again after it did not answer: nobody's command waits for it twice."""

# The generic cell rate algorithm, as in `memory.py`, on Redis's own clock: replicas need not agree on the time.
GCRA = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local theoretical = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local wait = theoretical - now - interval * (burst - 1)
if wait > interval * 0.01 then return tostring(wait) end
local free_at = theoretical + interval
redis.call('SET', KEYS[1], string.format('%.6f', free_at), 'PX', math.ceil((free_at - now) * 1000) + 1)
return '0'
"""


class RedisRateLimits:
    """See `prickle.limits.port.RateLimits`."""

    def __init__(self, url: str, clock: Clock) -> None:
        self._client = redis_client(url)
        self._script = self._client.register_script(GCRA)
        self._clock = clock
        self._own = MemoryRateLimits(clock)
        self._rest_until = 0.0

    async def take(self, key: str, rate: Rate) -> float:
        if self._clock.monotonic() < self._rest_until:
            return await self._own.take(key, rate)
        try:
            async with asyncio.timeout(ANSWER_TIMEOUT_S):
                return float(await self._script(keys=[f"prickle:rate:{key}"], args=[1 / rate.per_s, rate.burst]))
        except (RedisError, OSError, TimeoutError):
            self._rest_until = self._clock.monotonic() + REST_S
            return await self._own.take(key, rate)

    async def close(self) -> None:
        await self._client.aclose()
