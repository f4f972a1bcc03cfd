"""A sweep that is killed at any point is carried on by the next one: nothing stays behind, and nothing that is shown goes."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from plugins.files.tests.conftest import SETTINGS, House, open_house
from plugins.files.tests.order import stream, sweeper
from plugins.files.tests.test_images import encoded
from plugins.files.tests.test_uploads import append, begin
from tests.port_contract.minio_server import servers

LEAST_CALLS = 60
"""Or the sweep has not met what it should."""
STEPS = [("", 3), *((server, 12) for server in servers()[:1])]
"""Every third call on the folder: any three runs of three steps in a row are of the same kind. 1 tries them all, in a minute."""


async def leave_work(house: House) -> list[str]:
    """Leave something for every step of a sweep; return the files that have to stay."""
    kept, _ = await house.sent(b"kept", "kept.txt")
    picture = encoded(Image.new("RGB", (50, 40), "red"), "PNG")
    shown, _ = await house.sent(picture, "shown.png")
    _, same = await house.sent(picture, "same.png")
    _, alone = await house.sent(encoded(Image.new("RGB", (50, 40), "blue"), "PNG"), "alone.png")
    device = await house.ann.connect()
    for seq in (same, alone):
        await device.ok("messages.delete", {"room": house.room, "seq": seq})
    await house.uploaded(b"never sent")
    location = await begin(house, 10)
    await append(house, location, 0, b"01234")
    for key in ("incoming/upload_x", "content/content_x", "thumbnail/content_x/320", "upload/upload_x/0"):
        await house.chat.app.engines.blobs.put(key, stream(b"left by a crash"))
    await sweeper(house.chat)._store.use(
        f"guest:{house.ann.id}", 77, 2**40
    )  # noted before a crash, with no file after it
    gone = (await house.ann.post("/api/rooms", {"name": "Gone", "visibility": "public"})).body["id"]
    home, house.room = house.room, gone
    await house.sent(b"goes with its room")
    assert (await house.ann.delete(f"/api/rooms/{gone}")).status < 300
    house.room = home
    return [kept["id"], shown["id"]]


@pytest.mark.parametrize(("store", "step"), STEPS)
async def test_a_sweep_that_is_killed_at_any_call_is_carried_on(tmp_path: Path, store: str, step: int) -> None:
    left, folder = tmp_path / "left", tmp_path / "copies"
    async with open_house(left, SETTINGS) as house:
        kept = await leave_work(house)
    (left / "kept").write_text(" ".join(kept))
    folder.mkdir()
    command = [sys.executable, "-m", "plugins.files.tests.dying_sweep", str(left), str(folder), str(step), store]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    told = json.loads(output.splitlines()[-1])
    assert told["found"] == {}
    assert told["ended"] == 0
    assert told["calls"] >= LEAST_CALLS
