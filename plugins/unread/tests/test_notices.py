"""Who is told what is unread, and who is not."""

from pathlib import Path

from plugins.unread.tests.conftest import ENABLED, QUICK, Scene, say, scene_in, told, unread_of
from prickle.storage.bus.memory import MemoryBus, MemoryHub
from prickle.testing import running_chat
from prickle.testing.clock import TurnableClock
from prickle.testing.rooms import inhabitant, new_room, room_of
from tests.source_tree import all_but

UPDATED = "unread.updated"


async def test_a_member_who_has_not_opened_the_room_is_told_and_nobody_else_is(scene: Scene) -> None:
    outsider = await (await scene.chat.guest("Eve")).connect()
    former = await inhabitant(await scene.chat.guest("Cid"), scene.room)
    await former.device.ok("rooms.leave", {"room": scene.room})
    seq = await say(scene.ann.device, scene.room)
    counts = await told(scene.bob.device, scene.room, unread=1)
    assert counts == {"last_seq": seq, "unread": 1, "mentions": 0}
    for device in (scene.ann.device, outsider, former.device):
        await device.settled()
        assert not device.received(UPDATED)
    assert not scene.bob.device.received("messages.created")


async def test_many_messages_of_a_moment_are_one_notice(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[ENABLED, "plugins.unread.notice_interval_s=60"]) as chat:
        scene = await scene_in(chat)
        await say(scene.ann.device, scene.room)
        await told(scene.bob.device, scene.room, unread=1)
        for _ in range(20):
            await say(scene.ann.device, scene.room)
        await scene.bob.device.settled()
        assert len(scene.bob.device.received(UPDATED)) == 1


async def test_the_more_is_unread_the_seldomer_it_is_told_but_a_mention_is_told_at_once(
    tmp_path: Path, clock: TurnableClock
) -> None:
    async with running_chat(tmp_path, settings=[ENABLED, QUICK], clock=clock) as chat:
        scene = await scene_in(chat)
        for _ in range(40):
            await say(scene.ann.device, scene.room)
        clock.turn(4)
        await told(scene.bob.device, scene.room, unread=40)
        await say(scene.ann.device, scene.room)
        await say(scene.ann.device, scene.room, f"<@{scene.bob.id}>")
        await told(scene.bob.device, scene.room, unread=42, mentions=1)
        await say(scene.ann.device, scene.room)
        clock.turn(30)
        await told(scene.bob.device, scene.room, unread=43)
        assert len(scene.bob.device.received(UPDATED)) < 12


async def test_a_device_that_opens_the_room_is_told_no_more_and_its_sibling_is(scene: Scene) -> None:
    phone = await scene.bob.guest.connect()
    await scene.bob.device.ok("rooms.join", {"room": scene.room})
    await say(scene.ann.device, scene.room)
    await told(phone, scene.room, unread=1)
    await phone.ok("rooms.join", {"room": scene.room})
    await phone.settled()
    before = len(phone.received(UPDATED))
    await say(scene.ann.device, scene.room)
    await phone.notice("messages.created")
    cid = await inhabitant(await scene.chat.guest("Cid"), scene.room)
    await cid.device.ok("rooms.close", {"room": scene.room})
    await say(scene.ann.device, scene.room)
    await told(cid.device, scene.room, unread=1)
    assert len(phone.received(UPDATED)) == before


async def test_the_first_message_in_a_room_of_two_reaches_the_other_one(scene: Scene) -> None:
    room = (await scene.ann.guest.post("/api/rooms", {"direct": scene.bob.id})).body["id"]
    await say(scene.ann.device, room)
    counts = await told(scene.bob.device, room, unread=1)
    assert counts["mentions"] == 0


async def test_it_reaches_a_member_on_the_other_replica_who_joined_on_this_one(tmp_path: Path) -> None:
    hub = MemoryHub()
    async with (
        running_chat(tmp_path, settings=[ENABLED, QUICK], bus=MemoryBus(hub)) as here,
        running_chat(tmp_path, settings=[ENABLED, QUICK], bus=MemoryBus(hub)) as there,
    ):
        ann, bob = await here.guest("Ann"), await here.guest("Bob")
        phone = await there.device(bob.token)
        room, (ann_here,) = await room_of(ann)
        direct = (await ann.post("/api/rooms", {"direct": bob.id})).body["id"]
        await (await inhabitant(bob, room)).device.close()
        for where in (room, direct):
            await say(ann_here.device, where)
            await told(phone, where, unread=1)


async def test_a_read_on_one_replica_counts_on_the_other(tmp_path: Path) -> None:
    hub = MemoryHub()
    async with (
        running_chat(tmp_path, settings=[ENABLED, QUICK], bus=MemoryBus(hub)) as here,
        running_chat(tmp_path, settings=[ENABLED, QUICK], bus=MemoryBus(hub)) as there,
    ):
        scene = await scene_in(here)
        phone = await there.device(scene.bob.guest.token)
        seq = await say(scene.ann.device, scene.room)
        await told(phone, scene.room, unread=1)
        report = await scene.bob.device.ok("unread.read", {"room": scene.room, "seq": seq})
        assert report["wait_s"] == 1
        await told(phone, scene.room, unread=0)
        await say(scene.ann.device, scene.room)
        await told(phone, scene.room, unread=1, last_seq=seq + 1)


async def test_whoever_comes_back_begins_anew(scene: Scene) -> None:
    await say(scene.ann.device, scene.room)
    await scene.bob.device.ok("rooms.leave", {"room": scene.room})
    await say(scene.ann.device, scene.room)
    await scene.bob.device.ok("rooms.join", {"room": scene.room})
    assert (await unread_of(scene.bob.guest, scene.room))["unread"] == 0
    await say(scene.ann.device, scene.room)
    assert (await unread_of(scene.bob.guest, scene.room))["unread"] == 1


async def test_without_the_plugin_the_chat_works(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[all_but("unread")]) as chat:
        room, (ann, bob) = await new_room(chat, "Ann", "Bob")
        await say(ann.device, room)
        assert (await bob.device.notice("messages.created"))["text"] == "hi"
        assert (await ann.guest.get("/api/unread")).status == 404
