"""Who is there: one state per guest over all sockets of all replicas, told in rounds to the rooms they share.

Each replica holds, as leases, one state for each guest whose sockets it has, and how many of a room's members it has.
What others see is made of the leases of all living replicas; a change is told by the replica that made it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress

from plugins.presence.backend.connected import Connected
from plugins.presence.backend.last_seen import LastSeenTimes
from plugins.presence.backend.models import State, together
from plugins.presence.backend.notices import UPDATED
from plugins.presence.backend.payloads import PresenceUpdated
from plugins.presence.backend.settings import PresenceSettings
from plugins.rooms.api import RoomDirectory
from prickle.contract.errors import Unavailable
from prickle.contract.gateway import Audience, Gateway
from prickle.contract.plugin import Logger
from prickle.contract.ports import Clock, Leases
from prickle.contract.types import RoomId, UserId

NUMBER_EVERY_S = 5.0
"""So often a room that shows a number is told it."""
KEPT_ROUNDS = 64
"""A socket that does not keep up keeps so many rounds; whoever is further behind asks again when somebody looks."""

Changes = dict[RoomId, dict[UserId, State]]


class Presence:
    """Collects what has changed, and tells it once per round."""

    def __init__(
        self,
        connected: Connected,
        leases: Leases,
        last_seen: LastSeenTimes,
        rooms: RoomDirectory,
        gateway: Gateway,
        clock: Clock,
        logger: Logger,
        settings: PresenceSettings,
    ) -> None:
        self._connected = connected
        self._leases = leases
        self._last_seen = last_seen
        self._rooms = rooms
        self._gateway = gateway
        self._clock = clock
        self._logger = logger
        self._settings = settings
        self._changed: dict[UserId, str | None] = {}
        """With what this replica held of each when others were last told."""
        self._changed_rooms: set[RoomId] = set()
        self._lost: set[UserId] = set()
        """Those who have gone, or whose replica has: whatever they are now is told."""
        self._introduced: dict[UserId, set[RoomId]] = {}
        self._expected: list[tuple[float, Mapping[UserId, str]]] = []
        """Guests of a replica that stopped with what others know of them, and when they must have turned up elsewhere."""
        self._held: dict[str, str] = {}
        self._number_told_at: dict[RoomId, float] = {}
        self._round = 0
        self._wake = asyncio.Event()

    def changed(self, users: Iterable[UserId] = (), rooms: Iterable[RoomId] = ()) -> None:
        """Look at these again in the next round."""
        for user in users:
            self._changed.setdefault(user, self._held.get(_user(user)) or self._left_as(user))
        self._changed_rooms.update(rooms)
        self._wake.set()

    def introduce(self, user: UserId, room: RoomId) -> None:
        """A new member of `room`, whose state nobody there has been told."""
        self._introduced.setdefault(user, set()).add(room)
        self.changed([user], [room])

    def lost(self, keys: Collection[str]) -> None:
        """A replica has died that held these."""
        self._lost.update(UserId(key[5:]) for key in keys if key.startswith("user:"))
        self.changed(rooms=[RoomId(key[5:]) for key in keys if key.startswith("room:")])

    def expect(self, users: Mapping[UserId, str]) -> None:
        """A replica stops that had these guests: they have the usual grace to come back somewhere."""
        self._expected.append((self._clock.monotonic() + self._settings.grace_s, users))
        self._wake.set()

    async def run(self) -> None:
        """Hold and tell, for ever."""
        while True:
            await self._something_to_do()
            try:
                await self._one_round()
            except Unavailable as error:
                self._logger.warning("presence_not_told", reason=error.code)
                self._wake.set()
            await asyncio.sleep(self._settings.notice_interval_s)

    async def states(self, users: Collection[UserId]) -> dict[UserId, State]:
        """Return the states of those who are there."""
        held = await self._leases.held([_user(user) for user in users])
        states = {}
        for user in users:
            said = list(held.get(_user(user), ()))
            # Whoever has just come is held only with the next round, and looks at themselves before that.
            if shown := self._connected.shown(user):
                said.append(shown)
            if said:
                states[user] = together(said)
        return states

    async def numbers(self, rooms: Collection[RoomId]) -> dict[RoomId, int]:
        """Return how many members of each room are there; who is on two replicas counts twice."""
        held = await self._leases.held([_room(room) for room in rooms])
        return {room: sum(map(int, held.get(_room(room), ()))) for room in rooms}

    async def _something_to_do(self) -> None:
        waits = self._connected.is_anybody_leaving or self._expected
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.notice_interval_s if waits else None):
                await self._wake.wait()
        self._wake.clear()

    async def _one_round(self) -> None:
        now = self._clock.monotonic()
        gone = self._connected.forget_gone(now - self._settings.grace_s)
        self._missing(now)
        self.changed(gone, rooms={room for rooms in gone.values() for room in rooms or ()})
        rooms, self._changed_rooms = self._changed_rooms, set()
        lost, self._lost = self._lost | gone.keys(), set()
        await self._hold(self._changed, rooms)
        # Whoever has just come is told of when their rooms are known.
        loading = {user for user in self._changed if user in self._connected and self._connected.rooms_of(user) is None}
        before = {user: self._changed.pop(user) for user in self._changed.keys() - loading}
        try:
            news = await self._news(before, lost)
            # First, so that whoever is told can ask.
            await self._last_seen.went([user for user, state in news.items() if state == "offline"])
            await self._tell(await self._by_room(news, gone), rooms)
        except Unavailable:
            self._lost |= lost | before.keys()
            self._changed_rooms |= rooms
            raise

    def _left_as(self, user: UserId) -> str | None:
        """Return what others know of a guest whose replica stopped a moment ago."""
        return next((users[user] for _, users in reversed(self._expected) if user in users), None)

    def _missing(self, now: float) -> None:
        while self._expected and self._expected[0][0] <= now:
            self._lost.update(self._expected.pop(0)[1])

    async def _hold(self, users: Iterable[UserId], rooms: Iterable[RoomId]) -> None:
        wanted = {_user(user): self._connected.shown(user) for user in users}
        wanted |= {_room(room): str(self._connected.in_room[room] or "") for room in rooms}
        new = {key: value for key, value in wanted.items() if value and self._held.get(key) != value}
        old = [key for key, value in wanted.items() if not value and self._held.pop(key, "")]
        self._held |= new
        await self._leases.hold(new)
        await self._leases.drop(old)

    async def _news(self, before: dict[UserId, str | None], lost: set[UserId]) -> dict[UserId, State]:
        held = await self._leases.held([_user(user) for user in {*before, *lost}])
        news: dict[UserId, State] = {}
        for user in {*before, *lost}:
            values = list(held.get(_user(user), ()))
            after = together(values)
            if user in lost and after != "online":  # those who are back need no word
                news[user] = after
            elif user in before:
                with suppress(ValueError):
                    values.remove(self._held.get(_user(user), ""))
                old = before[user]
                if together([*values, old] if old else values) != after:
                    news[user] = after
        return news

    async def _by_room(self, news: dict[UserId, State], gone: dict[UserId, set[RoomId] | None]) -> Changes:
        known = {user: gone.get(user) or self._connected.rooms_of(user) for user in news}
        unknown = [user for user, rooms in known.items() if rooms is None]
        asked = await self._rooms.rooms_of(unknown) if unknown else {}
        changes: Changes = defaultdict(dict)
        for user, state in news.items():
            for room in known[user] or asked.get(user, {}):
                changes[room][user] = state
        introduced, self._introduced = self._introduced, {}
        for user, rooms in introduced.items():
            for room in rooms:
                changes[room][user] = together([shown] if (shown := self._connected.shown(user)) else [])
        return changes

    async def _tell(self, changes: Changes, rooms: set[RoomId]) -> None:
        self._round += 1
        numbers = await self.numbers({*changes, *rooms})
        for room, number in numbers.items():
            if number > self._settings.max_listed:
                self._tell_number(room, number)
            elif room in changes:
                payload = self._listed(room, number, changes[room])
                self._gateway.send(UPDATED, Audience(room=room), payload, key=f"{room} {self._round % KEPT_ROUNDS}")

    def _listed(self, room: RoomId, number: int, states: dict[UserId, State]) -> PresenceUpdated:
        users = {str(user): state for user, state in states.items()}
        if room not in self._number_told_at:
            return PresenceUpdated(users=users)
        # Those who were told a number cannot count: they know some of the people only.
        return PresenceUpdated(users=users, room=room, online=number)

    def _tell_number(self, room: RoomId, number: int) -> None:
        now = self._clock.monotonic()
        if now - self._number_told_at.get(room, float("-inf")) < NUMBER_EVERY_S:
            self._changed_rooms.add(room)
            self._wake.set()
            return
        self._number_told_at[room] = now
        self._gateway.send(UPDATED, Audience(room=room), PresenceUpdated(users={}, room=room, online=number), key=room)


def _user(user: UserId) -> str:
    return f"user:{user}"


def _room(room: RoomId) -> str:
    return f"room:{room}"
