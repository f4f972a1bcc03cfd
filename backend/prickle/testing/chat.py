"""The real server in the test's own process and event loop, and the guests who use it."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
from yarl import URL

from prickle.app import create_app
from prickle.config.sources import read_sources
from prickle.contract.ports import Clock
from prickle.serving import bind, serving
from prickle.storage.bus.port import Bus
from prickle.testing.device import Device

if TYPE_CHECKING:
    from prickle.app import Prickle

STOP_TIMEOUT_S = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """What an HTTP request got; `body` is parsed where it is JSON."""

    status: int
    body: Any
    headers: Mapping[str, str]


class Chat:
    """A running server."""

    def __init__(self, url: str, app: "Prickle", http: aiohttp.ClientSession) -> None:
        self.url = url
        self.app = app
        """The parts of the server, for looking where no client can."""
        self._http = http
        self._devices: list[Device] = []

    async def request(
        self, method: str, path: str, *, json: Any = None, token: str = "", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request; `json` is the body's value, or bytes to be sent as they are. An ASCII path goes as it is, too."""
        given = dict(headers or {})
        if token:
            given["authorization"] = f"Bearer {token}"
        options: dict[str, Any] = {"json": json} if json is not None else {}
        if isinstance(json, bytes):
            options = {"data": BytesIO(json)}  # it is sent a piece at a time, however large it is
            given.setdefault("content-type", "application/json")
        url = URL(self.url + path, encoded=path.isascii())
        async with self._http.request(method, url, headers=given, **options) as response:
            is_json = response.content_type == "application/json"
            body = await response.json() if is_json else await response.read()
            return Answer(response.status, body, response.headers)

    async def guest(self, name: str = "Ann") -> "Guest":
        """Sign a new guest in."""
        answer = await self.request("POST", "/api/auth/guest", json={"name": name})
        if answer.status != 201:
            raise AssertionError(f"no guest: {answer}")
        return Guest(self, answer.body["user"]["id"], answer.body["token"])

    async def device(self, token: str) -> Device:
        """Connect a socket; it is closed with the chat."""
        device = await Device.connect(self.url, token)
        self._devices.append(device)
        return device

    async def close_devices(self) -> None:
        for device in self._devices:
            await device.close()


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is signed in."""

    chat: Chat
    id: str
    token: str

    async def request(self, method: str, path: str, json: Any = None) -> Answer:
        return await self.chat.request(method, path, json=json, token=self.token)

    async def get(self, path: str) -> Answer:
        return await self.request("GET", path)

    async def post(self, path: str, json: Any = None) -> Answer:
        return await self.request("POST", path, json)

    async def patch(self, path: str, json: Any = None) -> Answer:
        return await self.request("PATCH", path, json)

    async def delete(self, path: str) -> Answer:
        return await self.request("DELETE", path)

    async def connect(self) -> Device:
        """Connect one more socket of this guest."""
        return await self.chat.device(self.token)


@asynccontextmanager
async def running_chat(
    data_dir: Path,
    *,
    settings: Iterable[str] = (),
    clock: Clock | None = None,
    bus: Bus | None = None,
) -> AsyncIterator[Chat]:
    """Run a server on `data_dir` while the block runs.

    `settings` are `section.key=value`, such as `plugins.enabled=auth,rooms`. Two servers on one `data_dir`, each with a
    `MemoryBus` of one `MemoryHub`, are two replicas.
    """
    raw = read_sources(assignments=[f"storage.data_dir={data_dir}", *settings])
    sanic = create_app(raw, clock=clock, bus=bus)
    bound = bind("127.0.0.1", 0)
    url = f"http://127.0.0.1:{bound.getsockname()[1]}"
    async with serving(sanic, bound, STOP_TIMEOUT_S), aiohttp.ClientSession() as http:
        chat = Chat(url, sanic.ctx.prickle, http)
        try:
            yield chat
        finally:
            await chat.close_devices()
