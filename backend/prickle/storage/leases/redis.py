"""The leases on Redis: one hash per replica and one key that says that it lives, so renewing costs the same for any number."""

import asyncio
import secrets
from collections.abc import Callable, Collection, Mapping
from typing import Any

from redis.exceptions import RedisError

from prickle.contract.errors import Unavailable
from prickle.contract.plugin import Logger
from prickle.storage.bus.redis import redis_client
from prickle.storage.documents import StoreRefused
from prickle.storage.ending import end
from prickle.storage.outage import Outage

REPLICAS = "prickle:replicas"
RENEW_EVERY_S = 4.0
TTL_S = 12
"""With the round that notices it, a crashed replica is known to be gone after 16 s."""
FORGOTTEN_AFTER_S = 3600
"""What a replica held goes by itself, if no other one is left to clear it away."""


class RedisLeases:
    """See `prickle.contract.ports.Leases`."""

    def __init__(self, url: str, logger: Logger) -> None:
        self._client: Any = redis_client(url)
        self._logger = logger
        self._id = secrets.token_hex(8)
        self._held: dict[str, str] = {}
        self._is_stored = True
        """Whether Redis has what this replica holds."""
        self._outage = Outage(logger, began="leases_not_renewed", ended="leases_renewed_again")
        self._callbacks: list[Callable[[Collection[str]], None]] = []
        self._renewing: asyncio.Task[None] | None = None

    async def open(self) -> None:
        try:
            await self._renew()
        except (RedisError, OSError) as error:
            raise StoreRefused(f"Redis (storage.bus_url) does not answer: {error}") from error
        self._renewing = asyncio.create_task(self._renew_for_ever(), name="leases")

    async def close(self) -> None:
        if self._renewing is not None:
            await end([self._renewing])
        try:
            await self._client.srem(REPLICAS, self._id)
            await self._client.delete(_life(self._id), _hash(self._id))
        except (RedisError, OSError) as error:
            self._logger.warning("leases_not_dropped", reason=repr(error))
        await self._client.aclose()

    async def hold(self, values: Mapping[str, str]) -> None:
        self._held.update(values)
        if values:
            await self._try(lambda: self._client.hset(_hash(self._id), mapping=dict(values)))

    async def drop(self, keys: Collection[str]) -> None:
        known = [key for key in keys if self._held.pop(key, None) is not None]
        if known:
            await self._try(lambda: self._client.hdel(_hash(self._id), *known))

    async def held(self, keys: Collection[str]) -> Mapping[str, Collection[str]]:
        wanted = list(keys)
        if not wanted:
            return {}
        try:
            replicas = [replica.decode() for replica in await self._client.smembers(REPLICAS)]
            pipeline = self._client.pipeline(transaction=False)
            for replica in replicas:
                pipeline.exists(_life(replica))
                pipeline.hmget(_hash(replica), wanted)
            answers = await pipeline.execute()
        except (RedisError, OSError) as error:
            raise Unavailable("core.leases_unavailable", "Redis is away.", retry_after_s=2) from error
        living = [values for is_alive, values in zip(answers[::2], answers[1::2], strict=True) if is_alive]
        found = {
            key: [values[place].decode() for values in living if values[place]] for place, key in enumerate(wanted)
        }
        return {key: values for key, values in found.items() if values}

    def on_loss(self, callback: Callable[[Collection[str]], None]) -> None:
        self._callbacks.append(callback)

    async def _try(self, write: Callable[[], Any]) -> None:
        try:
            await write()
        except (RedisError, OSError):
            self._is_stored = False  # the next renewal writes everything

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY_S)
            try:
                await self._renew()
                await self._clear_away()
            except (RedisError, OSError) as error:
                self._is_stored = False
                self._outage.goes_on(repr(error))
            else:
                self._outage.is_over()

    async def _renew(self) -> None:
        was_alive = await self._client.set(_life(self._id), b"1", ex=TTL_S, get=True)
        pipeline = self._client.pipeline(transaction=True)
        pipeline.sadd(REPLICAS, self._id)
        if self._held and not (self._is_stored and was_alive):
            pipeline.delete(_hash(self._id))
            pipeline.hset(_hash(self._id), mapping=dict(self._held))
        pipeline.expire(_hash(self._id), FORGOTTEN_AFTER_S)
        self._is_stored = True  # a `hold` that fails from here on says otherwise
        await pipeline.execute()

    async def _clear_away(self) -> None:
        """Tell what dead replicas held. The one that takes a name off the list does it, so it is told once."""
        for replica in [name.decode() for name in await self._client.smembers(REPLICAS)]:
            if await self._client.exists(_life(replica)) or not await self._client.srem(REPLICAS, replica):
                continue
            keys = [key.decode() for key in await self._client.hkeys(_hash(replica))]
            await self._client.delete(_hash(replica))
            for callback in self._callbacks:
                callback(keys)


def _life(replica: str) -> str:
    return f"prickle:alive:{replica}"


def _hash(replica: str) -> str:
    return f"prickle:held:{replica}"
