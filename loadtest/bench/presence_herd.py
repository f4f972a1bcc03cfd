"""What presence tells when everybody's connection breaks and comes back: two replicas, rooms of 20 and one of all.

    .venv/bin/python -m loadtest.bench.presence_herd [--people 2000] [--room 20] [--within-s 10]

Each person has a room of 20 and the room of all open. Prints a Markdown table of what the gateways count: notices of
presence after fan-out, and their bytes, compressed, with websocket framing, without TCP/IP headers. Beside it stands what
one notice per change and reader would be.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loadtest.bench.plugin_bytes import Count, per_plugin
from prickle.contract.ports import Clock
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import Chat, Device, Guest, running_chat

GRACE_S = 15.0
SETTLED_S = GRACE_S + 7.0
"""After so long presence has told all that it has to tell: the grace, a round, and the number of a room of many."""
AT_ONCE = 50
SETTINGS = ["plugins.enabled=auth,rooms,messages,presence", "limits.enabled=false"]

Pause = Callable[[float], Awaitable[None]]


@dataclass
class Person:
    """A guest with one device, and the rooms that it looks at."""

    token: str
    rooms: tuple[str, str]
    device: Device | None = None

    async def come(self, replica: Chat) -> None:
        self.device = await replica.device(self.token)
        for room in self.rooms:
            await self.device.ok("rooms.join", {"room": room})

    async def go(self) -> None:
        if self.device:
            await self.device.close()


@dataclass(frozen=True)
class Herd:
    """What one herd came to."""

    name: str
    people: int
    room_size: int
    took_s: float
    told: Count

    @property
    def naive_notices(self) -> int:
        """Everybody goes and comes, and everybody else in both of their rooms is told, each time."""
        return 2 * self.people * (self.room_size - 1 + self.people - 1)

    def row(self) -> str:
        bytes_out = self.told.bytes_out
        return (
            f"| {self.name} | {self.took_s:.0f} s | {self.told.notices:,} | {self.told.notices / self.people:.1f} "
            f"| {bytes_out / 1e3:,.0f} KB | {bytes_out / self.people:,.0f} B | {self.naive_notices:,} |"
        )


@dataclass
class Crowd:
    """Two replicas and everybody who uses them."""

    replicas: tuple[Chat, Chat]
    room_size: int
    pause: Pause
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    people: list[Person] = field(default_factory=list)

    async def gather(self, count: int) -> None:
        """Sign people in and put them into their rooms, with no device that would be told of it."""
        ann = await self.replicas[0].guest("Ann")
        hall = await _open_door(ann, "Hall")
        for start in range(0, count, self.room_size):
            den = await _open_door(ann, f"Den {start}")
            size = min(self.room_size, count - start)
            self.people += await asyncio.gather(*(self._newcomer(den, hall) for _ in range(size)))
        for room in {room for person in self.people for room in person.rooms}:
            await ann.delete(f"/api/rooms/{room}/members/{ann.id}")

    async def _newcomer(self, den: str, hall: str) -> Person:
        guest = await self.dice.choice(self.replicas).guest("Bo")
        rooms = []
        for invite in (den, hall):
            rooms.append((await guest.post(f"/api/invites/{invite}/accept")).body["id"])
        return Person(guest.token, (rooms[0], rooms[1]))

    async def come(self, within_s: float) -> float:
        """Let everybody come, evenly over that time, on whichever replica; returns how long it took."""
        began = time.monotonic()
        step_s = within_s / len(self.people)
        await _some_at_once(self._come_at(began + number * step_s, person) for number, person in enumerate(self.people))
        return time.monotonic() - began

    async def _come_at(self, moment: float, person: Person) -> None:
        await asyncio.sleep(max(0.0, moment - time.monotonic()))
        await person.come(self.dice.choice(self.replicas))

    async def herd(self, name: str, away_s: float, within_s: float) -> Herd:
        """Let all connections break, and everybody come back after `away_s`; returns what presence told until it was quiet."""
        before = [replica.app.server.stats() for replica in self.replicas]
        await _some_at_once(person.go() for person in self.people)
        await self.pause(away_s)
        took_s = await self.come(within_s)
        await self.pause(SETTLED_S)
        told = Count()
        for stats, replica in zip(before, self.replicas, strict=True):
            count = per_plugin(stats, replica.app.server.stats()).get("presence", Count())
            told.notices += count.notices
            told.bytes_out += count.bytes_out
        return Herd(name, len(self.people), self.room_size, took_s, told)


async def _open_door(maker: Guest, name: str) -> str:
    """Make a room; returns the invite into it."""
    room = (await maker.post("/api/rooms", {"name": name})).body["id"]
    token: str = (await maker.post(f"/api/rooms/{room}/invites", {})).body["token"]
    return token


async def _some_at_once(works: Iterable[Awaitable[None]]) -> None:
    free = asyncio.Semaphore(AT_ONCE)

    async def done(work: Awaitable[None]) -> None:
        async with free:
            await work

    await asyncio.gather(*map(done, works))


async def measure(
    folder: Path,
    people: int,
    room_size: int,
    within_s: float,
    *,
    clock: Clock | None = None,
    pause: Pause = asyncio.sleep,
) -> Sequence[Herd]:
    """Return what a herd costs that is back in time, and one that was away for longer than the grace."""
    hub = MemoryHub()
    async with (
        running_chat(folder, settings=SETTINGS, clock=clock, bus=MemoryBus(hub)) as here,
        running_chat(folder, settings=SETTINGS, clock=clock, bus=MemoryBus(hub)) as there,
    ):
        crowd = Crowd((here, there), room_size, pause)
        await crowd.gather(people)
        await crowd.come(within_s)
        await pause(SETTLED_S)
        return [
            await crowd.herd("within the grace", 0, within_s),
            await crowd.herd("after it", SETTLED_S, within_s),
        ]


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--room", type=int, default=20)
    parser.add_argument("--within-s", type=float, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        herds = await measure(Path(folder), options.people, options.room, options.within_s)
    print("| back | took | notices | per person | bytes | per person | one per change and reader |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    print("\n".join(herd.row() for herd in herds))


if __name__ == "__main__":
    asyncio.run(main())
