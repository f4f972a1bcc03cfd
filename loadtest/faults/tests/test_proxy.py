import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest

from loadtest.faults.proxy import Network


@pytest.fixture
async def network() -> AsyncIterator[Network]:
    """A network before a server that echoes."""
    tasks = set()

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())
        with suppress(OSError):
            while data := await reader.read(100):
                writer.write(data)
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    network = Network(server.sockets[0].getsockname()[1])
    await network.start()
    yield network
    await network.cut()
    server.close()
    await asyncio.gather(*tasks)


Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


@pytest.fixture
async def connect(network: Network) -> AsyncIterator[Connect]:
    """Open a connection that has carried something, so that both of its halves stand."""
    writers = []

    async def open_one() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", network.port)
        writers.append(writer)
        writer.write(b"hello")
        assert await reader.readexactly(5) == b"hello"
        return reader, writer

    yield open_one
    for writer in writers:
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


async def test_a_cut_ends_connections_and_refuses_new_ones_until_it_is_mended(
    network: Network, connect: Connect
) -> None:
    port = network.port
    reader, _ = await connect()
    await network.cut()
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    with pytest.raises(ConnectionRefusedError):
        await connect()
    await network.mend()
    assert network.port == port
    await connect()


async def test_what_is_lost_never_arrives(network: Network, connect: Connect) -> None:
    reader, writer = await connect()
    network.lose_everything()
    writer.write(b"again")
    await writer.drain()
    await network.cut()
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(5)


async def test_lost_answers_leave_the_way_to_the_server_open(network: Network, connect: Connect) -> None:
    reader, writer = await connect()
    network.lose_answers()
    writer.write(b"again")
    await writer.drain()
    writer.write_eof()
    assert await reader.read() == b""
