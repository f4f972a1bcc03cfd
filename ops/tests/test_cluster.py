"""The cluster of `make cluster`, on real nginx and Redis."""

import asyncio
import sys
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from ops.children import Child, accepts, answers, free_port
from ops.cluster import ROOT, Cluster, roll
from prickle.testing.device import Device

UNLIMITED = ("--set", "limits.enabled=false")
pytestmark = pytest.mark.asyncio(loop_scope="module")

POLLING = {"EIO": "4", "transport": "polling"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cluster(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("a cluster") / "data", free_port(), UNLIMITED)
    try:
        await cluster.start()
        yield cluster
    finally:
        await cluster.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def http(cluster: Cluster) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{cluster.port}") as http:
        yield http


async def guest(http: aiohttp.ClientSession) -> str:
    async with http.post("/api/auth/guest", json={"name": "Ann"}) as answer:
        return str((await answer.json())["token"])


async def sockets_of_each_replica(cluster: Cluster, http: aiohttp.ClientSession) -> list[int]:
    counts = []
    for port in cluster.replica_ports:
        async with http.get(f"http://127.0.0.1:{port}/health/ready") as answer:
            counts.append((await answer.json())["gateway"]["sockets"])
    return counts


async def test_a_message_reaches_the_other_replica(cluster: Cluster, http: aiohttp.ClientSession) -> None:
    devices = [await Device.connect(f"http://127.0.0.1:{cluster.port}", await guest(http)) for _ in range(2)]
    assert await sockets_of_each_replica(cluster, http) == [1, 1]
    headers = {"Authorization": f"Bearer {await guest(http)}"}
    async with http.post("/api/rooms", json={"name": "Den", "visibility": "public"}, headers=headers) as answer:
        room = (await answer.json())["id"]
    for device in devices:
        await device.ok("rooms.join", {"room": room})
    await devices[0].ok("messages.create", {"room": room, "text": "hello", "client_id": "1"})
    assert (await devices[1].notice("messages.created"))["text"] == "hello"
    for device in devices:
        await device.close()


async def test_a_polling_session_stays_on_its_replica(http: aiohttp.ClientSession) -> None:
    for number in range(12):
        query = {**POLLING, "rid": f"client-{number}"}
        async with http.get("/socket.io/", params=query) as answer:
            sid = (await answer.text()).split('"')[3]
        async with http.post("/socket.io/", params={**query, "sid": sid}, data="1") as answer:
            assert answer.status == 200


async def test_assets_are_immutable_and_compressed_and_pages_have_their_policy(http: aiohttp.ClientSession) -> None:
    asset = next((ROOT / "webapp" / "dist" / "assets").glob("*.js.br")).name.removesuffix(".br")
    async with http.get(f"/assets/{asset}", headers={"Accept-Encoding": "br"}) as answer:
        assert answer.headers["Content-Encoding"] == "br"
        assert "immutable" in answer.headers["Cache-Control"]
    async with http.get("/") as answer:
        assert answer.status == 200
        assert "script-src" in answer.headers["Content-Security-Policy"]


async def test_figures_are_not_for_the_world(http: aiohttp.ClientSession) -> None:
    async with http.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}) as answer:
        assert answer.status == 403
    async with http.get("/metrics") as answer:
        assert answer.status == 200


async def test_nginx_refuses_in_the_same_form_as_the_server(http: aiohttp.ClientSession) -> None:
    async with http.post("/api/auth/guest", data=BytesIO(b" " * 3 * 2**20)) as answer:
        assert answer.status == 413
        assert set(await answer.json()) == {"kind", "code", "message", "details", "trace_id"}


async def test_without_any_replica_the_answer_says_when_to_come_back(
    cluster: Cluster, http: aiohttp.ClientSession
) -> None:
    for replica in cluster.replicas:
        await replica.kill()
    try:
        async with http.get("/api/plugins") as answer:
            assert (answer.status, (await answer.json())["kind"]) == (503, "unavailable")
    finally:
        for replica in cluster.replicas:
            await replica.start()


async def test_a_rolling_restart_fails_no_request(cluster: Cluster, http: aiohttp.ClientSession) -> None:
    restart = asyncio.create_task(roll(cluster.replicas))
    statuses: list[int] = []
    while not restart.done():
        async with http.post("/api/auth/guest", json={"name": "Ann"}) as answer:
            statuses.append(answer.status)
        await asyncio.sleep(0.01)
    await restart
    assert len(statuses) > 100
    assert set(statuses) == {201}


async def test_sigterm_ends_everything_that_was_started(tmp_path: Path) -> None:
    port = free_port()
    options = ["--port", str(port), "--data", str(tmp_path / "data"), *UNLIMITED]
    command = [sys.executable, "-m", "ops.cluster", *options]
    cluster = Child("cluster", command, probe=answers(port, "/health/ready"), log=tmp_path / "log")
    await cluster.start(patience_s=120)
    await cluster.stop(patience_s=60)
    assert not await accepts(port)()
    processes = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert [line for line in processes if str(tmp_path).encode() in line] == []
