"""Everybody's connection breaks at once, and everybody comes back on whichever replica."""

import asyncio

import structlog

from plugins.presence.tests.conftest import UPDATED, hang_up, told_of, until_told
from plugins.rooms.events import MembersConnected
from prickle.testing import Chat
from prickle.testing.clock import TurnableClock
from prickle.testing.rooms import inhabitant

PEOPLE = 8


class Arrivals:
    """The guests whose rooms have been loaded since they were last asked for."""

    def __init__(self, replicas: tuple[Chat, Chat]) -> None:
        self._users: set[str] = set()
        for replica in replicas:
            replica.app.events.subscribe(MembersConnected, self._connected, structlog.get_logger())

    async def of(self, users: set[str]) -> None:
        """Wait for all of these."""
        async with asyncio.timeout(10):
            while not users <= self._users:
                await asyncio.sleep(0.01)
        self._users.clear()

    async def _connected(self, event: MembersConnected) -> None:
        self._users.update(event.members)


async def until_both_have_told(replicas: tuple[Chat, Chat], room: str, name: str) -> None:
    """Wait until both replicas have told all that they knew: each tells of a newcomer behind it."""
    newcomers = [await inhabitant(await replica.guest(name), room) for replica in replicas]
    for newcomer in newcomers:
        await newcomer.device.ok("presence.update", {"state": "away"})
        for hearer in newcomers:
            await until_told(hearer.device, newcomer.id, "away")


async def test_a_herd_that_is_back_within_the_grace_is_news_to_nobody(
    replicas: tuple[Chat, Chat], clock: TurnableClock
) -> None:
    arrivals = Arrivals(replicas)
    guests = [await replicas[number % 2].guest(f"Guest {number}") for number in range(PEOPLE)]
    users = {guest.id for guest in guests}
    room = (await guests[0].post("/api/rooms", {"name": "Hall", "visibility": "public"})).body["id"]
    people = [await inhabitant(guest, room) for guest in guests]
    await arrivals.of(users)
    await until_both_have_told(replicas, room, "First")
    for number, person in enumerate(people):
        await hang_up(replicas[number % 2], person.device, person.id)
    clock.turn(10)
    devices = [await replicas[number % 3 % 2].device(guest.token) for number, guest in enumerate(guests)]
    for device in devices:
        await device.ok("rooms.join", {"room": room})
    await arrivals.of(users)
    await until_both_have_told(replicas, room, "Second")
    clock.turn(16)
    await until_both_have_told(replicas, room, "Third")
    for device in devices:
        await device.settled()
        assert device.received(UPDATED)
        assert not [user for user in users if told_of(device, user)]
