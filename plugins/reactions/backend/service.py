"""The rules of reactions. They live in the message's own record: `reactions`, guests by emoji."""

from collections.abc import Callable, Mapping

from plugins.reactions.backend.notices import UPDATED
from plugins.reactions.backend.settings import ReactionSettings
from prickle.contract.errors import Conflict, Forbidden, NotFound
from prickle.contract.log import Log, Record, Revision
from prickle.contract.types import RoomId, Seq, UserId


class ReactionService:
    """Adds and removes. Callers have checked that the guest is a member of the room."""

    def __init__(self, log: Log, settings: ReactionSettings) -> None:
        self._log = log
        self._max_kinds = settings.max_kinds
        self._max_users = settings.max_users

    async def add(self, room: RoomId, seq: Seq, emoji: str, user: UserId) -> None:
        """Let `user` react with `emoji`; who does so already changes nothing.

        Raises:
            NotFound: `reactions.message_not_found`.
            Conflict: `reactions.message_deleted`.
            Forbidden: `reactions.too_many_kinds` or `reactions.too_many_users`.
        """

        def change(message: Record) -> Revision | None:
            if message.state.get("deleted"):
                raise Conflict("reactions.message_deleted", "This message has been deleted.")
            users = _users(message, emoji)
            if user in users:
                return None
            self._require_room_for_one_more(_reactions(message), users)
            return _revision(message, emoji, [*users, user])

        await self._revise(room, seq, change, user)

    async def remove(self, room: RoomId, seq: Seq, emoji: str, user: UserId) -> None:
        """Take `user`'s reaction away; where there is none, nothing changes.

        Raises:
            NotFound: `reactions.message_not_found`.
        """

        def change(message: Record) -> Revision | None:
            users = _users(message, emoji)
            if user not in users:
                return None
            return _revision(message, emoji, [other for other in users if other != user])

        await self._revise(room, seq, change, user)

    async def _revise(self, room: RoomId, seq: Seq, change: Callable[[Record], Revision | None], user: UserId) -> None:
        try:
            await self._log.revise(room, seq, UPDATED, change, author=user)
        except NotFound as error:
            raise NotFound("reactions.message_not_found", "There is no such message in this room.") from error

    def _require_room_for_one_more(self, reactions: Mapping[str, list[str]], users: list[str]) -> None:
        if not users and len(reactions) >= self._max_kinds:
            raise Forbidden("reactions.too_many_kinds", "This message has enough emoji.", limit=self._max_kinds)
        if len(users) >= self._max_users:
            raise Forbidden("reactions.too_many_users", "Enough people have chosen this one.", limit=self._max_users)


def _reactions(message: Record) -> Mapping[str, list[str]]:
    return message.state.get("reactions") or {}


def _users(message: Record, emoji: str) -> list[str]:
    return _reactions(message).get(emoji, [])


def _revision(message: Record, emoji: str, users: list[str]) -> Revision:
    reactions = {**_reactions(message), emoji: users}
    if not users:
        del reactions[emoji]
    state = {**message.state, "reactions": reactions or None}
    return Revision(state, {"target": message.seq, "emoji": emoji, "users": users})
