"""Nothing stays behind, and nothing that is shown goes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from plugins.files.tests.conftest import SETTINGS, House, open_house
from plugins.files.tests.order import AFTER_GRACE, LONG_LIVES, NEXT_DAY, LaterClock, disorder, sweep_all
from plugins.files.tests.order import sweeper as sweeper_of

if TYPE_CHECKING:
    from plugins.files.backend.sweeper import Sweeper

NEXT_MONTH = timedelta(days=31)


@pytest.fixture
def clock() -> LaterClock:
    return LaterClock()


@pytest.fixture
async def later_house(tmp_path: Path, clock: LaterClock) -> AsyncIterator[House]:
    async with open_house(tmp_path, [*SETTINGS, *LONG_LIVES], clock) as house:
        yield house


def sweeper(house: House) -> "Sweeper":
    return sweeper_of(house.chat)


async def sweep_through_grace(house: House, clock: LaterClock) -> None:
    await sweeper(house).sweep()
    clock.ahead += AFTER_GRACE
    await sweeper(house).sweep()


async def blobs(house: House) -> list[str]:
    return sorted([blob.key async for blob in house.chat.app.engines.blobs.list("")])


async def test_the_same_content_is_kept_once_and_goes_with_its_last_file(later_house: House, clock: LaterClock) -> None:
    house = later_house
    _, first = await house.sent(b"same")
    second_file, second = await house.sent(b"same", "other.bin")
    assert len(await blobs(house)) == 1
    ann = await house.ann.connect()
    await ann.ok("messages.delete", {"room": house.room, "seq": first})
    await sweep_through_grace(house, clock)
    assert (await house.download(second_file["id"])).body == b"same"
    await ann.ok("messages.delete", {"room": house.room, "seq": second})
    await sweep_through_grace(house, clock)
    assert await blobs(house) == []


async def test_a_content_that_comes_again_while_it_is_condemned_stays(later_house: House, clock: LaterClock) -> None:
    house = later_house
    file = await house.uploaded(b"again")
    await house.ann.delete(f"/api/files/{file['id']}")
    await sweeper(house).sweep()
    again, _ = await house.sent(b"again")
    clock.ahead += AFTER_GRACE
    await sweeper(house).sweep()
    assert (await house.download(again["id"])).body == b"again"


async def test_an_upload_that_is_never_sent_goes_and_a_sent_one_stays(later_house: House, clock: LaterClock) -> None:
    house = later_house
    waiting = await house.uploaded(b"waiting")
    sent, _ = await house.sent(b"sent")
    clock.ahead = NEXT_DAY
    await sweeper(house).sweep()
    assert (await house.download(waiting["id"], house.ann)).status == 404
    assert (await house.download(sent["id"])).status == 200


async def test_a_sent_file_whose_note_was_lost_is_found_again(later_house: House, clock: LaterClock) -> None:
    house = later_house
    file, seq = await house.sent(b"sent")
    await sweeper(house)._store.set_seq(file["id"], None)  # type: ignore[arg-type]  # as a crash leaves it
    clock.ahead = NEXT_DAY
    await sweeper(house).sweep()
    listed = await house.ann.get(f"/api/rooms/{house.room}/files")
    assert [(found["id"], found["seq"]) for found in listed.body] == [(file["id"], seq)]


async def test_old_files_go_by_age(later_house: House, clock: LaterClock) -> None:
    house = later_house
    file, _ = await house.sent(b"old")
    clock.ahead = NEXT_MONTH
    await sweeper(house).sweep()
    assert (await house.download(file["id"])).status == 404


async def test_the_files_of_a_deleted_room_go(later_house: House, clock: LaterClock) -> None:
    house = later_house
    await house.sent(b"room")
    assert (await house.ann.delete(f"/api/rooms/{house.room}")).status < 300
    await sweep_through_grace(house, clock)
    assert await blobs(house) == []


async def test_quotas_count_what_is_there(tmp_path: Path, clock: LaterClock) -> None:
    async with open_house(tmp_path, [*SETTINGS, "plugins.files.max_guest_bytes=1000"], clock) as house:
        file = await house.uploaded(b"x" * 900)
        refused = await house.upload(b"y" * 200)
        assert (refused.status, refused.body["code"]) == (400, "files.quota_exceeded")
        await house.ann.delete(f"/api/files/{file['id']}")
        await house.uploaded(b"y" * 200)


async def test_a_room_that_fills_up_loses_its_oldest_files_and_others_none(tmp_path: Path, clock: LaterClock) -> None:
    async with open_house(tmp_path, [*SETTINGS, "plugins.files.max_room_bytes=1000"], clock) as house:
        home = house.room
        house.room = (await house.ann.post("/api/rooms", {"name": "Other", "visibility": "public"})).body["id"]
        elsewhere = await house.uploaded(b"e" * 500)
        house.room = home
        files = [await house.uploaded(bytes([number]) * 300) for number in range(3)]
        await sweeper(house).sweep()
        assert (await house.upload(b"y" * 200)).body["code"] == "files.quota_exceeded"
        await house.uploaded(b"z" * 99)
        await sweeper(house).sweep()
        statuses = [(await house.download(file["id"], house.ann)).status for file in [elsewhere, *files]]
        assert statuses == [200, 404, 200, 200]


async def test_the_oldest_files_go_where_all_take_too_much(tmp_path: Path, clock: LaterClock) -> None:
    async with open_house(tmp_path, [*SETTINGS, "plugins.files.max_server_bytes=1000"], clock) as house:
        files = [await house.uploaded(bytes([number]) * 400) for number in range(3)]
        await sweeper(house).sweep()
        assert [(await house.download(file["id"], house.ann)).status for file in files] == [404, 200, 200]


async def test_what_is_noted_wrong_is_counted_again(later_house: House, clock: LaterClock) -> None:
    house = later_house
    await house.sent(b"x" * 900)
    store = sweeper(house)._store
    await store.use(f"guest:{house.ann.id}", 77, 10**6)  # an upload that a crash has ended after this
    await store.free("server", 100)
    await store.remove_use(f"room:{house.room}")
    assert len(await disorder(house.chat)) == 3
    await sweep_all(sweeper(house), clock)
    assert await disorder(house.chat) == []


async def test_an_upload_under_way_is_not_counted_as_wrong(later_house: House) -> None:
    house = later_house
    store, holder = sweeper(house)._store, f"guest:{house.ann.id}"
    await sweeper(house).sweep()
    await store.use(holder, 77, 10**6)
    await sweeper(house).sweep()
    assert [use.bytes for use in await store.uses(after_id="", limit=9) if use.id == holder] == [77]
