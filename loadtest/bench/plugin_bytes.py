"""What each plugin puts on the wire: a room of 20 people at 0.1 message/s each, on the real server with real sockets.

    .venv/bin/python -m loadtest.bench.plugin_bytes [--seconds 180] [--people 20]

Prints a Markdown table of bytes per hour, made from what the gateway counts: compressed, with websocket framing, after
fan-out, without TCP/IP headers. Acks are shared out among the commands by their number.
"""

import argparse
import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from prickle.gateway.stats import EventTraffic, GatewayStats
from prickle.testing import Chat, Device, running_chat
from prickle.testing.rooms import Inhabitant, new_room

MESSAGES_PER_S = 0.1
TYPES_FOR_S = 3.5
REACTIONS_PER_MESSAGE = 0.2
AWAY_EVERY_S = 600.0
RECONNECTS_EVERY_S = 1800.0
ELSEWHERE = 0.25
"""So many of the people are connected and look at another room."""
WORDS = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").split()
SETTINGS = ["plugins.enabled=auth,rooms,messages,typing,presence,unread,reactions", "limits.enabled=false"]


@dataclass
class Count:
    """Of one plugin."""

    commands: int = 0
    bytes_in: int = 0
    notices: int = 0
    bytes_out: float = 0


@dataclass
class Conversation:
    """What is said in the room, and by which rules people behave."""

    room: str
    ends_at: float
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    newest: int = 0
    sent: int = 0

    async def wait(self, mean_s: float) -> bool:
        """Wait for a random time; false when the conversation is over."""
        delay_s = self.dice.expovariate(1 / mean_s)
        left_s = self.ends_at - asyncio.get_running_loop().time()
        await asyncio.sleep(max(0.0, min(delay_s, left_s)))
        return delay_s < left_s

    def text(self) -> str:
        return " ".join(self.dice.choices(WORDS, k=self.dice.randint(3, 18)))


async def write(talk: Conversation, device: Device, name: int) -> None:
    """Type and send now and then."""
    count = 0
    while await talk.wait(1 / MESSAGES_PER_S - TYPES_FOR_S):
        await device.ok("typing.start", {"room": talk.room})
        await asyncio.sleep(TYPES_FOR_S - 0.5)
        await device.ok("typing.start", {"room": talk.room})
        await asyncio.sleep(0.5)
        count += 1
        message = {"room": talk.room, "text": talk.text(), "client_id": f"{name}-{count}"}
        talk.newest = (await device.ok("messages.create", message))["seq"]
        talk.sent += 1
        if talk.dice.random() < REACTIONS_PER_MESSAGE:
            emoji = talk.dice.choice("👍🎉😂🦔")
            await device.ok("reactions.add", {"room": talk.room, "seq": talk.newest, "emoji": emoji})


async def read(talk: Conversation, device: Device) -> None:
    """Tell what was read, as seldom as the server allows."""
    told, wait_s = 0, 1.0
    while asyncio.get_running_loop().time() + wait_s < talk.ends_at:
        await asyncio.sleep(wait_s)
        if talk.newest > told:
            told = talk.newest
            wait_s = (await device.ok("unread.read", {"room": talk.room, "seq": told}))["wait_s"]


async def look_away(talk: Conversation, device: Device) -> None:
    """Leave the desk and come back."""
    while await talk.wait(AWAY_EVERY_S):
        await device.ok("presence.update", {"state": "away"})
        await asyncio.sleep(2)
        await device.ok("presence.update", {"state": "online"})


async def come_anew(talk: Conversation, person: Inhabitant) -> None:
    """A phone whose connection breaks now and then; within the grace nobody else notices."""
    while await talk.wait(RECONNECTS_EVERY_S):
        await (await person.guest.connect()).close()


def lives(talk: Conversation, people: list[Inhabitant]) -> Iterable[Awaitable[None]]:
    for number, person in enumerate(people):
        looks_on = number >= len(people) * ELSEWHERE
        if looks_on:
            yield read(talk, person.device)
            yield write(talk, person.device, number)
        yield look_away(talk, person.device)
        yield come_anew(talk, person)


def per_plugin(before: GatewayStats, after: GatewayStats) -> dict[str, Count]:
    """Return what was counted in between."""
    counts: dict[str, Count] = {}
    for event in _grown(before.events_in, after.events_in):
        count = counts.setdefault(event.event.split(".")[0], Count())
        count.commands += event.packets
        count.bytes_in += event.bytes
    acks = Counter[str]()
    for event in _grown(before.events_out, after.events_out):
        if event.event == "ack":
            acks.update(packets=event.packets, bytes=event.bytes)
            continue
        count = counts.setdefault(event.event.split(".")[0], Count())
        count.notices += event.packets
        count.bytes_out += event.bytes
    for count in counts.values():
        count.bytes_out += acks["bytes"] * count.commands / max(1, acks["packets"])
    return counts


def _grown(before: list[EventTraffic], after: list[EventTraffic]) -> Iterable[EventTraffic]:
    old = {(event.event, event.delivery): event for event in before}
    for event in after:
        earlier = old.get((event.event, event.delivery), EventTraffic("", "", 0, 0))
        yield EventTraffic(event.event, event.delivery, event.packets - earlier.packets, event.bytes - earlier.bytes)


@dataclass(frozen=True)
class Measured:
    """What a conversation of so many hours came to; `readers` have the room open."""

    counts: dict[str, Count]
    hours: float
    messages: int
    readers: int

    def per_delivery(self, plugin: str) -> float:
        """Return the bytes that a plugin sends for each message and reader."""
        count = self.counts.get(plugin, Count())
        return count.bytes_out / max(1, self.messages * (self.readers - 1))

    def table(self) -> str:
        """Return it as Markdown."""
        lines = [
            "| plugin | commands/h | KB in/h | notices/h | KB out/h | B out per message and reader |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        for plugin, count in sorted(self.counts.items(), key=lambda item: -item[1].bytes_out):
            if count.commands or count.notices:
                lines.append(
                    f"| {plugin} | {count.commands / self.hours:,.0f} | {count.bytes_in / self.hours / 1e3:,.0f} "
                    f"| {count.notices / self.hours:,.0f} | {count.bytes_out / self.hours / 1e3:,.0f} "
                    f"| {self.per_delivery(plugin):.1f} |"
                )
        return "\n".join(lines)


async def measure(chat: Chat, people_count: int, seconds: float) -> Measured:
    """Let people talk in a new room of a server that runs with `SETTINGS`."""
    room, people = await new_room(chat, *[f"Person {number}" for number in range(people_count)])
    elsewhere = int(people_count * ELSEWHERE)
    for person in people[:elsewhere]:
        await person.device.ok("rooms.close", {"room": room})
    await asyncio.sleep(2)
    talk = Conversation(room, asyncio.get_running_loop().time() + seconds)
    before = chat.app.server.stats()
    await asyncio.gather(*lives(talk, people))
    counts = per_plugin(before, chat.app.server.stats())
    return Measured(counts, seconds / 3600, talk.sent, people_count - elsewhere)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--people", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        async with running_chat(Path(folder), settings=SETTINGS) as chat:
            print((await measure(chat, options.people, options.seconds)).table())


if __name__ == "__main__":
    asyncio.run(main())
