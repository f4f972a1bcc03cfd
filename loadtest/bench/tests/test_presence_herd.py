"""The herd that is measured is one: everybody goes, and everybody is back in both of their rooms."""

import asyncio
from pathlib import Path

from loadtest.bench.plugin_bytes import Count
from loadtest.bench.presence_herd import SETTINGS, Crowd, Herd
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import running_chat


async def test_everybody_goes_and_comes_back(tmp_path: Path) -> None:
    hub = MemoryHub()
    async with (
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as here,
        running_chat(tmp_path, settings=SETTINGS, bus=MemoryBus(hub)) as there,
    ):
        crowd = Crowd((here, there), 3, pause=lambda _: asyncio.sleep(0))
        await crowd.gather(6)
        await crowd.come(0)
        first = [person.device for person in crowd.people]
        herd = await crowd.herd("at once", 0, 0)
        assert (herd.people, herd.room_size) == (6, 3)
        assert all(device and device.closed.is_set() for device in first)
        den, hall = crowd.people[0].rooms
        devices = [person.device for person in crowd.people if person.device]
        await devices[0].ok("messages.create", {"room": den, "text": "den", "client_id": "1"})
        await devices[0].ok("messages.create", {"room": hall, "text": "hall", "client_id": "2"})
        for device in devices[1:]:
            texts = ["den", "hall"] if den in crowd.people[devices.index(device)].rooms else ["hall"]
            heard = [(await device.notice("messages.created", place=place))["text"] for place in range(len(texts))]
            assert sorted(heard) == texts


def test_a_row_tells_what_one_notice_per_change_and_reader_would_be() -> None:
    herd = Herd("within the grace", people=2000, room_size=20, took_s=9.6, told=Count(notices=4000, bytes_out=200_000))
    assert herd.row() == "| within the grace | 10 s | 4,000 | 2.0 | 200 KB | 100 B | 8,072,000 |"
