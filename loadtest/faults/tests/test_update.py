"""The visitors of a rolling update notice when they are refused."""

import asyncio

from aiohttp import web

from loadtest.faults import update
from ops.children import free_port


async def visited(url: str, times: int) -> update.Visits:
    """Visit until there are so many answers."""
    visits = update.Visits()
    visitor = asyncio.create_task(visits.go_on(url))
    async with asyncio.timeout(30):
        while visits.answers.total() < times:
            await asyncio.sleep(0.01)
    visitor.cancel()
    await asyncio.gather(visitor, return_exceptions=True)
    return visits


async def test_an_answer_that_is_an_error_is_a_refusal() -> None:
    async def guest(_: web.Request) -> web.Response:
        return web.json_response({"token": "t"}, status=201)

    async def rooms(request: web.Request) -> web.Response:
        return web.json_response({}, status=503 if request.headers["Authorization"] == "Bearer t" else 401)

    app = web.Application()
    app.add_routes([web.post("/api/auth/guest", guest), web.get("/api/rooms", rooms)])
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    visits = await visited(f"http://127.0.0.1:{port}", 4)
    await runner.cleanup()
    assert visits.answers.keys() == {"201", "503"}
    assert visits.refused == visits.answers["503"]


async def test_nobody_there_is_a_refusal() -> None:
    visits = await visited(f"http://127.0.0.1:{free_port()}", 2)
    assert visits.refused == visits.answers.total()
