"""How many messages a second does a whole chat acknowledge, each of them durable, and how long does each of them wait?"""

import asyncio
import itertools
import tempfile
import time
from pathlib import Path

import aiohttp

from loadtest.bench.figures import at_percent
from loadtest.faults.history import bearer
from loadtest.faults.rig import TOPOLOGIES, Rig
from prickle.testing import Device

ROOMS = 20
HEAD = "| chat | senders | sends/s | p50 ms | p99 ms | longest ms |\n|---|---|---|---|---|---|"
CHATS = {
    "single": "SQLite, 1 process",
    "cluster": "SQLite, 2 processes behind nginx",
    "mongodb": "MongoDB's protocol, 2 processes behind nginx",
}


async def sender(http: aiohttp.ClientSession, rig: Rig, rooms: list[str], number: int) -> tuple[Device, str]:
    """Return a guest's connection, with a room open."""
    url = rig.direct_url
    async with http.post(f"{url}/api/auth/guest", json={"name": "Bench"}) as answer:
        token = (await answer.json())["token"]
    if len(rooms) <= number % ROOMS:
        room = {"name": f"Room {number}", "visibility": "public"}
        async with http.post(f"{url}/api/rooms", json=room, headers=bearer(token)) as answer:
            rooms.append((await answer.json())["id"])
    device = await Device.connect(url, token)
    await device.ok("rooms.join", {"room": rooms[number % ROOMS]})
    return device, rooms[number % ROOMS]


async def send_for(device: Device, room: str, number: int, until: float) -> list[float]:
    """Send one message after the other, each after the ack of the last; return how long each took."""
    times: list[float] = []
    for place in itertools.count():
        began = time.perf_counter()
        if began >= until:
            return times
        text = f"Shall we meet at the gate at nine? I bring the map. {number} {place}"
        await device.ok("messages.create", {"room": room, "text": text, "client_id": f"{number}-{place}"})
        times.append(time.perf_counter() - began)
    raise AssertionError("counting does not end")


async def measure(topology: str, senders: int, seconds: float) -> list[float]:
    """Return the seconds that each send took, on a chat of its own."""
    with tempfile.TemporaryDirectory(prefix="prickle-bench-") as folder:
        rig = TOPOLOGIES[topology].build(Path(folder) / "data")
        try:
            await rig.start()
            async with aiohttp.ClientSession() as http:
                rooms: list[str] = []
                pairs = [await sender(http, rig, rooms, number) for number in range(senders)]
            until = time.perf_counter() + seconds
            each = await asyncio.gather(
                *(send_for(device, room, number, until) for number, (device, room) in enumerate(pairs))
            )
            for device, _ in pairs:
                await device.close()
            return [took for one in each for took in one]
        finally:
            await rig.stop()


async def rows(senders: int, seconds: float) -> None:
    """Print the table's rows, for every chat that can be had here."""
    for topology, name in CHATS.items():
        if TOPOLOGIES[topology].missing:
            continue
        for count in (1, senders):
            times = sorted(await measure(topology, count, seconds))
            figures = " | ".join(at_percent(times, percent) for percent in (50, 99, 100))
            print(f"| {name} | {count} | {len(times) / seconds:,.0f} | {figures} |", flush=True)
