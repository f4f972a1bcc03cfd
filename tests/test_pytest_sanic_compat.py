from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sanic import Sanic, text

from tests.pytest_sanic_compat import SanicClient

Serve = Callable[..., Awaitable[SanicClient]]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Sanic[Any, Any]:
    monkeypatch.setattr(Sanic, "test_mode", True)  # lets a second app have the first one's name
    app: Sanic[Any, Any] = Sanic("compat")
    app.config.AUTO_EXTEND = False

    @app.get("/greeting")
    async def greeting(_: Any) -> Any:
        return text("hello")

    @app.websocket("/echo")
    async def echo(_: Any, socket: Any) -> None:
        await socket.send(await socket.recv())

    return app


async def test_a_route_answers(app: Sanic[Any, Any], sanic_client: Serve) -> None:
    client = await sanic_client(app)
    assert (await client.get("/greeting")).text == "hello"


async def test_a_websocket_answers(app: Sanic[Any, Any], sanic_client: Serve) -> None:
    client = await sanic_client(app)
    socket = await client.ws_connect("/echo")
    await socket.send("hello")
    assert await socket.recv() == "hello"


async def test_every_listener_runs_once_and_in_order(app: Sanic[Any, Any], sanic_client: Serve) -> None:
    seen: list[str] = []
    names = ["before_server_start", "after_server_start", "before_server_stop", "after_server_stop"]
    for name in names:
        app.listener(name)(lambda *_, name=name: seen.append(name))
    client = await sanic_client(app)
    await client.close()
    assert seen == names
