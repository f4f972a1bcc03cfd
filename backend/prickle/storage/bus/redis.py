"""The bus on Redis pub/sub: a lossy channel that is back within a second of Redis, and never makes anybody wait."""

import asyncio
import random
import secrets
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from prickle.contract.plugin import Logger
from prickle.storage.bus.port import Receiver
from prickle.storage.documents import StoreRefused
from prickle.storage.ending import end

CONNECT_TIMEOUT_S = 1.0
ANSWER_TIMEOUT_S = 2.0
SILENCE_S = 1.0
"""After so long without a message Redis is asked whether it is there; twice so long without an answer, it is not."""
RECONNECT_S = (0.1, 0.4)
MAX_OUTGOING = 10_000
MAX_AGE_S = 2.0
"""What waited longer for Redis than this is not sent any more: receivers have healed by then, and typing is over."""
BATCH = 500
CONFIRM_TIMEOUT_S = 1.0
IDLE_CHANNEL = "prickle"
"""Always subscribed, so that there is a subscription to ask over."""


class RedisBus:
    """See `prickle.storage.bus.port.Bus`."""

    def __init__(self, url: str, logger: Logger) -> None:
        self._url = url
        self._logger = logger
        self._mark = secrets.token_bytes(8)
        """Begins every message of this replica, which hears itself too and passes over it."""
        self._receivers: dict[str, Receiver] = {}
        self._unconfirmed: dict[str, asyncio.Future[None]] = {}
        self._outgoing: deque[tuple[float, str, bytes]] = deque(maxlen=MAX_OUTGOING)
        self._wake = asyncio.Event()
        self._callbacks: list[Callable[[], None]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._pubsub: Any = None
        self._healthy = False
        self._lost_once = False

    @property
    def healthy(self) -> bool:
        return self._healthy

    async def open(self) -> None:
        self._client = redis_client(self._url)
        try:
            await self._client.ping()
        except (RedisError, OSError) as error:
            raise StoreRefused(f"Redis (storage.bus_url) does not answer: {error}") from error
        self._spawn(self._listen_for_ever())
        self._spawn(self._send_for_ever())

    async def close(self) -> None:
        await self._flush()
        while self._tasks:  # until it ends, the listener may begin others
            await end(self._tasks)
        await self._client.aclose()

    def publish(self, channel: str, message: bytes) -> None:
        self._outgoing.append((time.monotonic(), channel, self._mark + message))
        self._wake.set()

    async def subscribe(self, channel: str, receiver: Receiver) -> None:
        self._receivers[channel] = receiver
        if not self._healthy:
            return
        confirmed = self._unconfirmed.setdefault(channel, asyncio.get_running_loop().create_future())
        try:
            await self._pubsub.subscribe(channel)
            async with asyncio.timeout(CONFIRM_TIMEOUT_S):
                await asyncio.shield(confirmed)
        except (RedisError, OSError, TimeoutError):
            self._healthy = False  # the listener subscribes anew, to everything, when it is back

    def unsubscribe(self, channel: str) -> None:
        if self._receivers.pop(channel, None) is not None and self._healthy:
            self._spawn(self._drop(channel))

    def on_return(self, callback: Callable[[], None]) -> None:
        self._callbacks.append(callback)

    async def _drop(self, channel: str) -> None:
        if channel in self._receivers:
            return  # somebody listens again
        try:
            await self._pubsub.unsubscribe(channel)
        except (RedisError, OSError):
            self._healthy = False  # the listener notices, and subscribes to what is wanted then

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen()
            except (RedisError, OSError, TimeoutError) as error:
                self._lost(error)
            await asyncio.sleep(random.uniform(*RECONNECT_S))  # noqa: S311  # spreads replicas, guards nothing

    async def _listen(self) -> None:
        async with self._client.pubsub() as pubsub:
            wanted = {IDLE_CHANNEL, *self._receivers}
            await pubsub.subscribe(*wanted)
            self._pubsub = pubsub
            asked = False
            while True:
                message = await pubsub.get_message(timeout=SILENCE_S)
                if message is None and asked:
                    raise TimeoutError("Redis is silent")
                asked = message is None
                if message is None:
                    await pubsub.ping()
                elif message["type"] == "message":
                    self._hear(message["channel"].decode(), message["data"])
                elif message["type"] == "subscribe":
                    self._confirmed(message["channel"].decode(), wanted)

    def _hear(self, channel: str, message: bytes) -> None:
        receiver = self._receivers.get(channel)
        if receiver is not None and not message.startswith(self._mark):
            receiver(message[len(self._mark) :])

    def _confirmed(self, channel: str, wanted: set[str]) -> None:
        waiting = self._unconfirmed.pop(channel, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        if wanted:
            wanted.discard(channel)
            if not wanted:
                self._back()

    def _back(self) -> None:
        self._healthy = True
        for channel, receiver in self._receivers.items():
            if channel.encode() not in self._pubsub.channels:  # asked for while the others were being subscribed
                self._spawn(self.subscribe(channel, receiver))
        if self._lost_once:
            self._logger.info("bus_back")
            for callback in self._callbacks:
                callback()

    def _lost(self, error: Exception) -> None:
        if self._healthy or not self._lost_once:
            self._logger.warning("bus_lost", reason=repr(error))
        self._healthy, self._lost_once = False, True

    async def _send_for_ever(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            if not await self._flush():
                await asyncio.sleep(RECONNECT_S[1])
                self._wake.set()

    async def _flush(self) -> bool:
        """Send what waits; false, with everything kept, if Redis does not take it."""
        while self._outgoing:
            batch = [self._outgoing.popleft() for _ in range(min(BATCH, len(self._outgoing)))]
            pipeline = self._client.pipeline(transaction=False)
            oldest = time.monotonic() - MAX_AGE_S
            for published_at, channel, message in batch:
                if published_at >= oldest:
                    pipeline.publish(channel, message)
            try:
                await pipeline.execute()
            except (RedisError, OSError):
                self._outgoing.extendleft(reversed(batch))
                return False
        return True

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def redis_client(url: str) -> Redis:
    """Return a client that fails at once: who asks decides whether to ask again."""
    client: Redis = Redis.from_url(
        url,
        socket_connect_timeout=CONNECT_TIMEOUT_S,
        socket_timeout=ANSWER_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )
    return client
