"""Runs an app on a socket until it is told to stop."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sanic import Sanic

from prickle.config.refusal import Refusal
from prickle.http.protocol import LeanHttpProtocol

BACKLOG = 2048
FIRST_BYTES_S = 0.25
"""A connection that was taken just before the end looks idle until its request is here; a proxy may not send it twice."""


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that has its port and does not listen yet.

    Raises:
        Refusal: the port is taken or the address is not here.
    """
    try:
        info = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        bound = socket.socket(info[0], info[1], info[2])
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(info[4])
        bound.setblocking(False)
    except OSError as error:
        raise Refusal(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return bound


@asynccontextmanager
async def serving(sanic: Sanic[Any, Any], bound: socket.socket, stop_timeout_s: float) -> AsyncIterator[None]:
    """Serve while the block runs; then send everybody off and let requests under way end within `stop_timeout_s`."""
    # Nobody is let in before everything has started: a proxy then asks another replica instead of waiting for this one.
    options = {"start_serving": False}
    server: Any = await sanic.create_server(
        sock=bound,
        protocol=LeanHttpProtocol,
        backlog=BACKLOG,
        access_log=False,
        asyncio_server_kwargs=options,
    )
    try:
        await server.startup()
        await server.before_start()
        await _listen(server, bound)
    except BaseException:
        bound.close()
        raise
    await server.after_start()
    try:
        yield
    finally:
        deadline = asyncio.get_running_loop().time() + stop_timeout_s
        server.close()
        if server.connections:
            await asyncio.sleep(FIRST_BYTES_S)
        await server.before_stop()
        await _wait_until(lambda: all(_is_idle(connection) for connection in server.connections), deadline)
        for connection in tuple(server.connections):
            connection.abort()
        await server.after_stop()


async def _listen(server: Any, bound: socket.socket) -> None:
    """Raises:
    Refusal: another process that bound the port at the same time listens on it already.
    """
    try:
        bound.listen(BACKLOG)  # uvloop would keep the error to itself
    except OSError as error:
        await server.before_stop()
        await server.after_stop()
        host, port = bound.getsockname()[:2]
        raise Refusal(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    await server.start_serving()


async def serve(
    sanic: Sanic[Any, Any], bound: socket.socket, stop_timeout_s: float, announce: Callable[[], None]
) -> None:
    """Serve until SIGTERM or SIGINT; calls `announce` when people can come."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with serving(sanic, bound, stop_timeout_s):
        announce()
        await stopped.wait()


async def _wait_until(done: Callable[[], bool], deadline: float) -> None:
    while not done() and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.02)


def _is_idle(connection: Any) -> bool:
    """Tell whether a connection of Sanic's is between two requests."""
    http = getattr(connection, "_http", None)
    return http is None or http.stage.name == "IDLE"
