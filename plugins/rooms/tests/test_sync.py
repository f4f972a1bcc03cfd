"""An old snapshot and the notices since then make the fresh snapshot."""

from typing import Any

from plugins.rooms.tests.conftest import Crew

Snapshot = dict[str, Any]
SHOWN = ("name", "visibility", "icon", "member_count")


async def snapshot(crew: Crew) -> Snapshot:
    room = (await crew.ann.get(crew.path)).body
    return {"members": set(await crew.members()), **{name: room.get(name) for name in SHOWN}}


def applied(before: Snapshot, event: str, payload: dict[str, Any]) -> Snapshot:
    """Do what a client does with a notice."""
    if event == "rooms.updated":
        return {**before, **{name: payload.get(name) for name in ("name", "visibility", "icon")}}
    members = (
        before["members"] | {payload["user"]} if event == "rooms.joined" else before["members"] - {payload["user"]}
    )
    return {**before, "members": members, "member_count": len(members)}


async def test_notices_bring_an_old_snapshot_up_to_date(crew: Crew) -> None:
    device = await crew.ann.connect()
    seq = (await device.ok("rooms.join", {"room": crew.room}))["last_seq"]
    old = await snapshot(crew)
    await crew.ann.patch(crew.path, {"visibility": "public", "icon": "\U0001f994"})
    await (await crew.cat.connect()).ok("rooms.join", {"room": crew.room})
    await crew.remove_bob()
    await crew.ann.patch(crew.path, {"name": "Night crew", "icon": None})
    await device.notice("rooms.updated", place=1)
    missed = (await device.ok("messages.sync", {"room": crew.room, "after": seq}))["entries"]
    live = [[event, payload] for event, payload in device.notices if payload.get("seq", 0) > seq]
    assert live == missed
    for event, payload in live:
        old = applied(old, event, payload)
    assert old == await snapshot(crew)
