"""The gateway alone in a process of its own; does what it is told by lines of JSON on standard input."""

import asyncio
import gc
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import uvloop
from sanic import Sanic

from prickle.contract.gateway import Delivery
from prickle.gateway.server import Socket, SocketServer
from prickle.gateway.settings import GatewaySettings
from prickle.serving import bind, serving

WORDS = Path(__file__).with_name("words.txt").read_text().split()


class Owner:
    """Puts each client into the room that it names."""

    server: SocketServer

    async def on_connect(self, socket: Socket, auth: Any) -> None:
        self.server.join(socket, auth["room"])

    def on_event(self, socket: Socket, data: str, ack_id: int | None, attachments: Sequence[bytes]) -> None:
        if ack_id is not None:
            socket.ack(ack_id, b'{"ok":true,"data":{"seq":1,"created_at":"2026-01-01T00:00:00.000Z"}}')

    async def on_disconnect(self, socket: Socket, reason: str) -> None:
        """Nothing is kept."""


def message(rng: random.Random, room: int, seq: int) -> bytes:
    """Return a notice as the messages plugin makes them."""
    words = rng.choices(WORDS, weights=[1 / (rank + 3) for rank in range(len(WORDS))], k=rng.randint(3, 16))
    return orjson.dumps(
        {
            "room": f"room_01hf8m2xv7p3n5k9q{room:03d}",
            "seq": seq,
            "author": f"guest_01hf8m2z4k9q7w3e{rng.randint(10, 30):04d}",
            "text": " ".join(words),
            "created_at": f"2026-01-01T{seq // 3600 % 24:02d}:{seq // 60 % 60:02d}:{seq % 60:02d}.{rng.randint(0, 999):03d}Z",
        }
    )


async def talk(server: SocketServer, order: dict[str, Any]) -> dict[str, Any]:
    """Send `per_s` messages to random rooms for `seconds`; return what that cost this process."""
    rng, rooms = random.Random(1), order["rooms"]
    ready = [(f"room{number % rooms}", message(rng, number % rooms, number // rooms)) for number in range(30_000)]
    warm, ready = ready[: rooms * 60], ready[rooms * 60 :]
    for name, payload in warm:  # windows are warm in a room that is alive
        server.broadcast(name, "messages.created", payload, Delivery.DURABLE)
        await asyncio.sleep(0)
    await asyncio.sleep(1)
    before, cpu, began, sent = server.stats(), time.process_time(), time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < order["seconds"]:
        while sent < passed * order["per_s"]:
            name, payload = ready[sent % len(ready)]
            server.broadcast(name, "messages.created", payload, Delivery.DURABLE)
            sent += 1
        await asyncio.sleep(0.0005)
    await asyncio.sleep(0.2)
    after = server.stats()
    deliveries = sum(count.packets for count in after.events_out) - sum(count.packets for count in before.events_out)
    return {
        "deliveries": deliveries,
        "deliveries_per_s": deliveries / passed,
        "cpu_us": (time.process_time() - cpu) / deliveries * 1e6,
        "bytes": (after.bytes_out - before.bytes_out) / deliveries,
        "per_write": deliveries / (after.segments_out - before.segments_out),
        "wait_ms": after.wait_ms,
    }


async def stop(server: SocketServer) -> dict[str, Any]:
    began, count = time.perf_counter(), len(server.all_sockets())
    await server.stop("server shutdown")
    return {"seconds": time.perf_counter() - began, "sockets": count, "left": len(server.all_sockets())}


def memory(server: SocketServer) -> dict[str, Any]:
    gc.collect()
    status = Path("/proc/self/status").read_text()
    rss_kb = int(status.split("VmRSS:")[1].split()[0])
    return {"rss_kb": rss_kb, "sockets": len(server.all_sockets()), "cpu_s": time.process_time()}


async def main() -> None:
    bound = bind("127.0.0.1", 0)
    sanic: Any = Sanic("gateway_bench", configure_logging=False)
    sanic.config.MOTD = sanic.config.AUTO_EXTEND = False
    owner = Owner()
    owner.server = server = SocketServer(GatewaySettings(**json.loads(sys.argv[1])), owner)
    server.attach(sanic)
    sanic.before_server_stop(lambda _app: server.stop("server shutdown"))
    async with serving(sanic, bound, 0.5):
        gc.collect()
        gc.freeze()
        print(json.dumps({"port": bound.getsockname()[1]}), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            order = json.loads(line)
            if order["do"] == "talk":
                answer = await talk(server, order)
            else:
                answer = await stop(server) if order["do"] == "stop" else memory(server)
            print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    uvloop.run(main())
