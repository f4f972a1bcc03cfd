"""pytest-sanic 1.9.1, whose client talks to the app in the test's own process, on today's Sanic and websockets."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import websockets
from pytest_sanic import utils
from sanic import Sanic
from sanic.server.protocols.websocket_protocol import WebSocketProtocol


class _Startable:
    """The app as pytest-sanic knew it: with an attribute `is_running` that it may set."""

    def __init__(self, app: Sanic[Any, Any]) -> None:
        self._app = app
        self.is_running = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)


class SanicClient(utils.TestClient):  # type: ignore[misc]  # pytest-sanic has no types
    """`await client.get("/path")`, `await client.ws_connect("/path")`, on a free port."""

    async def start_server(self) -> None:
        app = self._server.app
        app.config.MOTD = False  # which would import whatever test packages are installed
        self._server.app = _Startable(app)
        # Sanic now does at these two steps what pytest-sanic expects of its listeners.
        await app._startup()
        await app._server_event("init", "before", loop=self._server.loop)
        await super().start_server()
        await app._server_event("init", "after", loop=self._server.loop)

    async def ws_connect(self, uri: str, **options: Any) -> Any:
        socket = await websockets.connect(self.make_url(uri).replace("http", "ws", 1), **options)
        self._websockets.append(socket)
        return socket

    async def close(self) -> None:
        if not self._closed:
            app = self._server.app
            await app._server_event("shutdown", "before", loop=self._server.loop)
            await super().close()
            await app._server_event("shutdown", "after", loop=self._server.loop)


@pytest.fixture
async def sanic_client() -> AsyncIterator[Callable[..., Awaitable[SanicClient]]]:
    """Give a function that serves an app and returns a client of it; all end with the test."""
    clients: list[SanicClient] = []

    async def serve(app: Sanic[Any, Any], **options: Any) -> SanicClient:
        client = SanicClient(app, **{"protocol": WebSocketProtocol, **options})
        clients.append(client)
        await client.start_server()
        return client

    yield serve
    for client in clients:
        await client.close()
