"""Asks replicas how they are while something that they depend on is away."""

import asyncio

import aiohttp

POLL_S = 0.25
LIVE_WITHIN_S = 3.0
READY_WITHIN_S = 5.0
"""A probe of a deployment waits no longer either."""
BACK_WITHIN_S = 30.0


class HealthWatch:
    """Watches one replica, of which it is expected that it lives and names the dependency that is away."""

    def __init__(self, http: aiohttp.ClientSession, port: int, dependency: str) -> None:
        self._http = http
        self._url = f"http://127.0.0.1:{port}"
        self._dependency = dependency
        self.has_named_it = False
        self.complaints: list[str] = []

    async def run(self, healed: asyncio.Event) -> None:
        """Ask until the fault is over, and then until the replica is ready again."""
        while not healed.is_set():
            await self._ask()
            await asyncio.sleep(POLL_S)
        if not self.has_named_it:
            self.complaints.append(f"/health/ready did not name {self._dependency}")
        try:
            async with asyncio.timeout(BACK_WITHIN_S):
                while not await self._is_back():
                    await asyncio.sleep(POLL_S)
        except TimeoutError:
            self.complaints.append("not ready again")

    async def _ask(self) -> None:
        if not await self._lives():
            self.complaints.append("/health did not answer 200")
        try:
            named = (await self._dependencies()).get(self._dependency)
        except (aiohttp.ClientError, TimeoutError):
            self.complaints.append("/health/ready did not answer")
        else:
            self.has_named_it |= named != "ok"

    async def _is_back(self) -> bool:
        try:
            return (await self._dependencies()).get(self._dependency) == "ok"
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _lives(self) -> bool:
        try:
            async with asyncio.timeout(LIVE_WITHIN_S), self._http.get(f"{self._url}/health") as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _dependencies(self) -> dict[str, str]:
        async with asyncio.timeout(READY_WITHIN_S), self._http.get(f"{self._url}/health/ready") as answer:
            return dict((await answer.json())["dependencies"])
