"""What a client missed brings it to the same state as what it would fetch anew."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plugins.reactions.tests.conftest import Scene


async def test_an_old_snapshot_and_the_entries_since_make_the_new_snapshot(scene: "Scene") -> None:
    before = await scene.message()
    for person, emoji in ((scene.bob, "🎉"), (scene.ann, "🎉"), (scene.ann, "🦔"), (scene.bob, "🔥")):
        await person.device.ok("reactions.add", scene.reaction(emoji))
    await scene.bob.device.ok("reactions.remove", scene.reaction("🎉"))
    await scene.bob.device.ok("reactions.remove", scene.reaction("🔥"))
    missed = await scene.bob.device.ok("messages.sync", {"room": scene.room, "after": scene.seq})
    assert missed["entries"] == [
        ["reactions.updated", notice] for notice in scene.bob.device.received("reactions.updated")
    ]
    for snapshot in (before, await scene.message()):  # the second one: a page may be newer than the end it names
        for _, notice in missed["entries"]:
            snapshot = applied(snapshot, notice)
        assert snapshot == await scene.message()


def applied(message: dict[str, Any], notice: dict[str, Any]) -> dict[str, Any]:
    """Return `message` as a client would have it after `notice`."""
    reactions = {**message.get("reactions", {}), notice["emoji"]: notice["users"]}
    shown = {emoji: users for emoji, users in reactions.items() if users}
    return {**message, "reactions": shown}
