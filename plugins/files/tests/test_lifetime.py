"""People are told how long files stay, which go next, and which have gone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from plugins.files.tests.conftest import SETTINGS, House, open_house
from plugins.files.tests.order import LONG_LIVES, LaterClock
from plugins.files.tests.order import sweeper as sweeper_of
from prickle.testing import Answer

DAY = timedelta(days=1)
SMALL_ROOM = "plugins.files.max_room_bytes=1000"


@pytest.fixture
def clock() -> LaterClock:
    return LaterClock()


@asynccontextmanager
async def house_with(folder: Path, clock: LaterClock, *settings: str) -> AsyncIterator[House]:
    async with open_house(folder, [*SETTINGS, *LONG_LIVES, *settings], clock) as house:
        yield house


async def listed(house: House) -> Answer:
    return await house.bob.get(f"/api/rooms/{house.room}/files")


def announced(answer: Answer, name: str) -> dict[str, Any]:
    return {file["id"]: file.get(name) for file in answer.body}


async def shown(house: House, seq: int) -> Any:
    return (await house.bob.get(f"/api/rooms/{house.room}/messages/{seq}")).body["files"]


async def test_a_file_in_the_last_tenth_of_its_time_says_when_it_goes(tmp_path: Path, clock: LaterClock) -> None:
    async with house_with(tmp_path, clock, "plugins.files.retention_days=20") as house:
        old, _ = await house.sent(b"old")
        clock.ahead = 18 * DAY - timedelta(minutes=5)
        young, _ = await house.sent(b"young")
        assert announced(await listed(house), "expires_at") == {young["id"]: None, old["id"]: None}
        clock.ahead = 18 * DAY
        expires_at = announced(await listed(house), "expires_at")
        came_at = (await listed(house)).body[-1]["created_at"]
        assert expires_at[young["id"]] is None
        assert expires_at[old["id"]][11:] == came_at[11:]  # the same time of another day
        clock.ahead = 20 * DAY + timedelta(minutes=1)
        await sweeper_of(house.chat).sweep()
        assert list(announced(await listed(house), "expires_at")) == [young["id"]]


async def test_files_that_are_kept_for_ever_announce_no_end(tmp_path: Path, clock: LaterClock) -> None:
    async with house_with(tmp_path, clock, "plugins.files.retention_days=0") as house:
        file, _ = await house.sent(b"kept")
        clock.ahead = 40 * DAY
        assert announced(await listed(house), "expires_at") == {file["id"]: None}


async def test_the_oldest_say_so_while_the_room_is_nearly_full(tmp_path: Path, clock: LaterClock) -> None:
    async with house_with(tmp_path, clock, SMALL_ROOM) as house:
        files = [(await house.sent(bytes([number]) * size))[0] for number, size in enumerate((40, 40, 730))]
        answer = await listed(house)
        assert (answer.headers["X-Used-Bytes"], answer.headers["X-Allowed-Bytes"]) == ("810", "900")
        assert set(announced(answer, "is_next").values()) == {None}
        await house.uploaded(b"x" * 41)  # what waits for its message counts, too
        answer = await listed(house)
        assert answer.headers["X-Used-Bytes"] == "851"
        assert announced(answer, "is_next") == {files[2]["id"]: None, files[1]["id"]: True, files[0]["id"]: True}


async def test_what_is_announced_is_what_a_full_room_loses(tmp_path: Path, clock: LaterClock) -> None:
    async with house_with(tmp_path, clock, SMALL_ROOM) as house:
        for number in range(9):
            await house.sent(bytes([number]) * 99)
        before = announced(await listed(house), "is_next")
        await house.sent(b"x" * 99)
        await sweeper_of(house.chat).sweep()
        kept = announced(await listed(house), "is_next")
        assert [id for id in before if id not in kept] == [id for id, is_next in before.items() if is_next]


async def test_a_full_server_announces_its_oldest_wherever_they_are(tmp_path: Path, clock: LaterClock) -> None:
    async with house_with(tmp_path, clock, "plugins.files.max_server_bytes=1000") as house:
        old, _ = await house.sent(b"old" * 50)
        other = (await house.ann.post("/api/rooms", {"name": "elsewhere", "visibility": "public"})).body["id"]
        elsewhere = replace(house, room=other)
        young, _ = await elsewhere.sent(b"young" * 150)
        assert announced(await listed(house), "is_next") == {old["id"]: None}
        last, _ = await elsewhere.sent(b"last" * 30)
        assert announced(await listed(house), "is_next") == {old["id"]: True}
        answer = await house.ann.get(f"/api/rooms/{other}/files")
        assert announced(answer, "is_next") == {last["id"]: None, young["id"]: None}
        await sweeper_of(house.chat).sweep()
        assert announced(await listed(house), "is_next") == {}


async def test_a_message_whose_files_went_says_so_to_those_who_see_it(tmp_path: Path, clock: LaterClock) -> None:
    async with house_with(tmp_path, clock, SMALL_ROOM) as house:
        ann, bob, eve = [await guest.connect() for guest in (house.ann, house.bob, house.eve)]
        await bob.ok("rooms.join", {"room": house.room})
        files = [await house.uploaded(bytes([number]) * size) for number, size in enumerate((300, 300, 350))]
        payload = {"room": house.room, "text": "three", "client_id": "1", "files": [file["id"] for file in files]}
        seq = (await ann.ok("messages.create", payload))["seq"]
        await sweeper_of(house.chat).sweep()
        notice = await bob.notice("messages.updated")
        assert notice["message"]["files"] == [{**files[0], "expired": True}, *files[1:]]
        assert (notice["message"]["seq"], notice["message"]["text"]) == (seq, "three")
        assert await shown(house, seq) == notice["message"]["files"]
        await eve.settled()
        assert eve.received("messages.updated") == []


async def test_a_sweep_that_was_cut_off_after_the_message_is_told_once(tmp_path: Path, clock: LaterClock) -> None:
    async with house_with(tmp_path, clock) as house:
        _, seq = await house.sent(b"old")
        clock.ahead = 31 * DAY
        sweeper = sweeper_of(house.chat)
        store = sweeper._store
        [file] = await store.of_message(house.room, seq)
        await sweeper.sweep()
        await store.add(file)  # as a crash before its removal leaves it
        await sweeper.sweep()
        assert await store.of_message(house.room, seq) == []
        last_seq = (await house.bob.get(f"/api/rooms/{house.room}/messages")).headers["X-Last-Seq"]
        assert (int(last_seq), (await shown(house, seq))[0]["expired"]) == (seq + 1, True)


async def test_the_sweep_leaves_the_message_of_a_deleted_room_alone(tmp_path: Path, clock: LaterClock) -> None:
    async with house_with(tmp_path, clock) as house:
        file, _ = await house.sent(b"old")
        assert (await house.ann.delete(f"/api/rooms/{house.room}")).status < 300
        clock.ahead = 31 * DAY
        await sweeper_of(house.chat).sweep()
        assert (await house.download(file["id"])).status == 404
