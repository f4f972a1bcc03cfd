"""What has expired goes; what has not stays."""

from typing import Any

from plugins.auth.backend.models import DeviceLink, Guest, Session
from plugins.auth.events import GuestExpired
from prickle.testing import Chat
from prickle.testing.clock import TurnableClock

DAY_S = 86_400


def auth_of(chat: Chat) -> Any:
    return next(host.plugin for host in chat.app.plugins if host.id == "auth")


async def test_expired_sessions_and_links_are_deleted(chat: Chat, clock: TurnableClock) -> None:
    ann = await chat.guest("Ann")
    await ann.post("/api/auth/link")
    clock.turn(15 * DAY_S)
    bob = await chat.guest("Bob")
    await auth_of(chat)._sweep.sweep()
    assert [session.user for session in await chat.app.documents.find(Session)] == [bob.id]
    assert await chat.app.documents.find(DeviceLink) == []
    assert len(await chat.app.documents.find(Guest)) == 2


async def test_a_guest_who_never_came_back_is_forgotten_after_all_were_told(chat: Chat, clock: TurnableClock) -> None:
    ann, told = await chat.guest("Ann"), []

    async def hear(event: GuestExpired) -> None:
        told.append((event.user, (await chat.app.documents.find_one(Guest, Guest.id == event.user)) is not None))

    auth_of(chat).context.events.subscribe(GuestExpired, hear)
    clock.turn(91 * DAY_S)
    bob = await chat.guest("Bob")
    await auth_of(chat)._sweep.sweep()
    assert told == [(ann.id, True)]
    assert [guest.id for guest in await chat.app.documents.find(Guest)] == [bob.id]


async def test_a_guest_who_renews_is_kept(chat: Chat, clock: TurnableClock) -> None:
    ann = await chat.guest("Ann")
    token = ann.token
    for _ in range(10):
        clock.turn(10 * DAY_S)
        token = (await chat.request("POST", "/api/auth/renew", token=token)).body["token"]
    await auth_of(chat)._sweep.sweep()
    assert (await chat.request("GET", "/api/me", token=token)).body["name"] == "Ann"
