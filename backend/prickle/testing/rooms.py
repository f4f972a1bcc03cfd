"""A room with people in it, the start of most tests."""

from dataclasses import dataclass

from prickle.testing.chat import Chat, Guest
from prickle.testing.device import Device


@dataclass(frozen=True, slots=True)
class Inhabitant:
    """A member of a room, and a device on which they have it open."""

    guest: Guest
    device: Device

    @property
    def id(self) -> str:
        return self.guest.id


async def room_of(maker: Guest, *others: Guest) -> tuple[str, list[Inhabitant]]:
    """Make a public room and open it on one new device of each guest; returns its id and who is in it."""
    answer = await maker.post("/api/rooms", {"name": "Den", "visibility": "public"})
    room: str = answer.body["id"]
    return room, [await inhabitant(guest, room) for guest in (maker, *others)]


async def inhabitant(guest: Guest, room: str) -> Inhabitant:
    """Let a guest join a room and open it on a new device."""
    device = await guest.connect()
    await device.ok("rooms.join", {"room": room})
    return Inhabitant(guest, device)


async def new_room(chat: Chat, *names: str) -> tuple[str, list[Inhabitant]]:
    """Sign guests of these names in and put them into a new room; the first is its maker."""
    return await room_of(*[await chat.guest(name) for name in names])
