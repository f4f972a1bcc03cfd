"""`prickle run` from its first line to its last: nothing that was acked is lost, and nothing is left behind."""

import asyncio
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from prickle.cli.tests.console import Console, prickle, ready
from prickle.cli.tests.plugins import third_party
from prickle.testing import Device, Gone

PING = """\
def routes(self):
    return [Route("GET", "/api/spikes", self.count, auth="none", result=Empty)]

async def count(self, request):
    return Empty()
"""

STUCK = """\
async def start(self):
    self.context.spawn(self.wait(), "stuck")

def commands(self):
    return [Command("spikes.start", Empty, self.stick)]

async def stick(self, connection, payload):
    await self.wait()

async def wait(self):
    import asyncio
    await asyncio.sleep(3600)

async def stop(self):
    await self.wait()
"""


def started(data: Path, *arguments: str, path: tuple[Path, ...] = ()) -> Console:
    return Console("run", "--port", "0", "--data", str(data), *arguments, path=path)


async def post(http: aiohttp.ClientSession, path: str, body: Any, token: str = "") -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    async with http.post(path, json=body, headers=headers) as response:
        assert response.status < 300, await response.text()
        return await response.json()


async def send_until_gone(device: Device, room: str, acked: list[int]) -> None:
    """Send one message after the other; keeps the number of each that was acked."""
    with suppress(Gone):
        while True:
            number = str(len(acked) + 1)
            data = await device.ok("messages.create", {"room": room, "text": number, "client_id": number})
            acked.append(data["seq"])


async def history(data: Path, room: str, token: str) -> list[int]:
    """Start it again and return the numbers of all messages in the room, the newest first."""
    console = started(data)
    found: list[int] = []
    async with aiohttp.ClientSession(await ready(console), headers={"authorization": f"Bearer {token}"}) as http:
        cursor: str | None = ""
        while cursor is not None:
            async with http.get(f"/api/rooms/{room}/messages?limit=100{cursor}") as response:
                found += [message["seq"] for message in await response.json()]
                cursor = f"&before={found[-1]}" if "X-Next-Cursor" in response.headers else None
    console.signal(signal.SIGTERM)
    assert (await asyncio.to_thread(console.ended)).code == 0
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_a_signal_ends_it_and_what_was_acked_is_there_again(number: int, tmp_path: Path) -> None:
    console, acked = started(tmp_path, "--set", "limits.enabled=false"), []
    url = await ready(console)
    async with aiohttp.ClientSession(url) as http:
        guest = await post(http, "/api/auth/guest", {"name": "Ann"})
        room = (await post(http, "/api/rooms", {"name": "Den"}, guest["token"]))["id"]
        device = await Device.connect(url, guest["token"])
        sending = asyncio.create_task(send_until_gone(device, room, acked))
        while len(acked) < 20:
            await asyncio.sleep(0.01)
        console.signal(number)
        await sending
        await device.close()
    ended = await asyncio.to_thread(console.ended)
    assert (ended.code, ended.stderr) == (-signal.SIGKILL if number == signal.SIGKILL else 0, "")
    assert set(acked) <= set(await history(tmp_path, room, guest["token"]))


async def test_a_request_under_way_is_answered_before_the_end(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    slowly = f"import asyncio; open({str(begun)!r}, 'w').close(); await asyncio.sleep(0.5); return Empty()"
    body = PING.replace("return Empty()", slowly)
    third_party(tmp_path, "spikes", body)
    console = started(tmp_path / "data", path=(tmp_path,))
    async with aiohttp.ClientSession(await ready(console)) as http:
        request = asyncio.create_task(http.get("/api/spikes"))
        while not begun.exists():
            await asyncio.sleep(0.01)
        console.signal(signal.SIGTERM)
        response = await request
        assert (response.status, await response.json()) == (200, {})
    ended = await asyncio.to_thread(console.ended)
    assert (ended.code, ended.stderr) == (0, "")


async def test_neither_a_stuck_command_nor_a_stuck_plugin_holds_up_the_end(tmp_path: Path) -> None:
    third_party(tmp_path, "spikes", STUCK)
    console = started(tmp_path / "data", path=(tmp_path,))
    url = await ready(console)
    async with aiohttp.ClientSession(url) as http:
        guest = await post(http, "/api/auth/guest", {"name": "Ann"})
    device = await Device.connect(url, guest["token"])
    stuck = asyncio.create_task(device.call("spikes.start", {}))
    await asyncio.sleep(0.1)
    console.signal(signal.SIGTERM)
    with pytest.raises(Gone):
        await stuck
    ended = await asyncio.to_thread(console.ended)
    assert ended.code == 0
    assert "plugin_stop_failed" in ended.stderr


async def test_a_plugin_of_a_third_party_is_found_by_its_entry_point(tmp_path: Path) -> None:
    third_party(tmp_path, "spikes", PING, requires="auth")
    console = started(tmp_path / "data", path=(tmp_path,))
    async with aiohttp.ClientSession(await ready(console)) as http:
        assert (await http.get("/api/spikes")).status == 200
        listed = await (await http.get("/api/plugins")).json()
        told = {plugin["id"]: plugin for plugin in listed["plugins"]}
        assert (told["spikes"]["version"], told["spikes"]["state"]) == ("1.0.0", "running")
    console.signal(signal.SIGTERM)
    assert (await asyncio.to_thread(console.ended)).code == 0


async def test_switched_off_limits_are_said_out_loud(tmp_path: Path) -> None:
    console = started(tmp_path, "--set", "limits.enabled=false")
    await ready(console)
    assert "WARNING: limits.enabled=false" in console.stdout
    console.signal(signal.SIGTERM)
    assert (await asyncio.to_thread(console.ended)).code == 0


def test_a_plugin_that_fails_at_the_start_leaves_the_data_as_it_was(tmp_path: Path) -> None:
    third_party(tmp_path, "spikes", "async def start(self): 1 / 0")
    data = tmp_path / "data"
    assert "plugin spikes cannot start" in prickle("run", "--port", "0", "--data", str(data), path=[tmp_path]).refusal
    assert prickle("doctor", "--port", "0", "--data", str(data)).stdout.count("plugins start and stop") == 1


def test_the_installed_script_is_this_command(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("prickle")
    ended = subprocess.run(
        [script, "run", "--set", "limts.x=1"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "prickle: unknown setting limts; did you mean limits? (--set)\n"
