"""One round: clients talk, a fault strikes in the middle, everything heals, and the promises are checked."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from loadtest.faults.catalogue import Fault
from loadtest.faults.client import ChatClient
from loadtest.faults.health import HealthWatch
from loadtest.faults.history import bearer, read_history
from loadtest.faults.rig import Rig
from loadtest.faults.verdict import Verdict, judge

POLL_S = 0.02


@dataclass(frozen=True)
class Plan:
    """How much is said. Clients go on until the fault has been over for `linger_s`, and say at least their share."""

    clients: int = 20
    rooms: int = 1
    sends: int = 1000
    sends_per_s: float = 10.0
    """Of each client."""
    linger_s: float = 1.0
    patience_s: float = 60.0
    """How long all clients may take to agree after the last send."""


async def play(rig: Rig, fault: Fault, plan: Plan) -> Verdict:
    """Run one round against a rig that is up."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http:
        clients = await _gather_people(http, rig, plan)
        async with _running(clients):
            await _wait(lambda: all(client.started_at_seq is not None for client in clients), plan.patience_s)
            healed = asyncio.Event()
            talk = [asyncio.create_task(_talk(client, number, plan, healed)) for number, client in enumerate(clients)]
            await _wait(lambda: _acknowledged(clients) >= random.uniform(0.3, 0.5) * plan.sends, plan.patience_s)
            health = [HealthWatch(http, port, fault.away) for port in rig.replica_ports if fault.away]
            watches = [asyncio.create_task(watch.run(healed)) for watch in health]
            await fault.inject(rig)
            agreement = asyncio.create_task(_agreement(clients, plan.patience_s))
            healed.set()
            await asyncio.gather(*talk)
            await _wait(lambda: _all_agree(clients), plan.patience_s)
            agreed_after_s = await agreement
            await asyncio.gather(*watches)
        readers = {client.room: client.token for client in clients}
        histories = {room: await read_history(http, rig.direct_url, token, room) for room, token in readers.items()}
        complaints = [complaint for watch in health for complaint in watch.complaints]
        return judge(clients, histories, agreed_after_s, complaints)


async def _gather_people(http: aiohttp.ClientSession, rig: Rig, plan: Plan) -> list[ChatClient]:
    tokens = [await _guest(http, rig.direct_url) for _ in range(plan.clients)]
    rooms = []
    for number in range(plan.rooms):
        room = {"name": f"Room {number}", "visibility": "public"}
        async with http.post(f"{rig.direct_url}/api/rooms", json=room, headers=bearer(tokens[number])) as answer:
            answer.raise_for_status()
            rooms.append((await answer.json())["id"])
    return [ChatClient(http, rig.url, token, rooms[number % plan.rooms]) for number, token in enumerate(tokens)]


async def _guest(http: aiohttp.ClientSession, url: str) -> str:
    async with http.post(f"{url}/api/auth/guest", json={"name": "Faults"}) as answer:
        answer.raise_for_status()
        return str((await answer.json())["token"])


@asynccontextmanager
async def _running(clients: Sequence[ChatClient]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(client.run()) for client in clients]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in ended:
        if not isinstance(outcome, asyncio.CancelledError):
            raise RuntimeError("a client of the harness broke") from outcome


async def _talk(client: ChatClient, number: int, plan: Plan, healed: asyncio.Event) -> None:
    said, healed_at = 0, None
    while (
        said < plan.sends / plan.clients or not healed.is_set() or time.monotonic() - (healed_at or 0) < plan.linger_s
    ):
        if healed.is_set() and healed_at is None:
            healed_at = time.monotonic()
        await client.send(f"c{number}-{said}", f"Client {number} says {said}. 고슴도치 {random.randrange(10**6)}")
        said += 1
        await asyncio.sleep(random.uniform(0, 2 / plan.sends_per_s))


def _acknowledged(clients: Sequence[ChatClient]) -> int:
    return sum(len(client.acknowledged) for client in clients)


def _ends(clients: Sequence[ChatClient]) -> dict[str, int]:
    """Return the highest `seq` that anybody knows of each room."""
    ends: dict[str, int] = {}
    for client in clients:
        ends[client.room] = max(ends.get(client.room, 0), client.sight.highest_seq)
    return ends


def _all_agree(clients: Sequence[ChatClient]) -> bool:
    ends = _ends(clients)
    return all(
        client.is_open and not client.outbox and client.sight.last_seq == ends[client.room] for client in clients
    )


async def _agreement(clients: Sequence[ChatClient], patience_s: float) -> list[float]:
    """Return for each client the seconds until it is connected, knows what is acknowledged now, and has an ack for
    everything that it has sent by now."""
    started, ends, taken = time.monotonic(), _ends(clients), []
    waiting = [(client, set(client.outbox)) for client in clients]
    while waiting and time.monotonic() - started < patience_s:
        away = [
            (client, unsent)
            for client, unsent in waiting
            if not client.is_open or client.sight.last_seq < ends[client.room] or unsent & client.outbox.keys()
        ]
        taken += [time.monotonic() - started] * (len(waiting) - len(away))
        waiting = away
        await asyncio.sleep(POLL_S)
    return taken


async def _wait(condition: Callable[[], bool], patience_s: float) -> None:
    """Return when the condition holds, or when patience is over: the verdict tells what was not reached."""
    deadline = time.monotonic() + patience_s
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(POLL_S)
