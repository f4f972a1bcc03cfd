"""The queries of unread counts."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from plugins.unread.backend.models import Mention, Position, Reader
from prickle.contract.documents import Documents, DuplicateKey, in_
from prickle.contract.log import Place
from prickle.contract.types import RoomId, Seq, UserId

KEYS_PER_QUERY = 500


class UnreadStore:
    """Positions and mentions."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def positions(self, readers: Collection[Reader]) -> dict[str, Place]:
        """Return by key how far those of `readers` have read who ever told."""
        found = {}
        for keys in _chunks(readers):
            for position in await self._documents.find(Position, in_(Position.id, keys)):
                found[position.id] = position.place
        return found

    async def mentions(self, readers: Collection[Reader]) -> dict[str, list[int]]:
        """Return by key which messages mention the reader; old ones may be missing."""
        found: dict[str, list[int]] = defaultdict(list)
        for keys in _chunks(readers):
            for mention in await self._documents.find(Mention, in_(Mention.reader, keys)):
                found[mention.reader].append(mention.seq)
        return found

    async def move(self, reader: Reader, place: Place) -> None:
        """Move a position forward; one that is as far already stays."""
        try:
            await self._documents.update(
                Position,
                Position.id == reader.key,
                Position.seq < place.seq,
                set=_place(place),
                upsert=_position(reader, place),
            )
        except DuplicateKey:
            return  # it is there, and not behind

    async def put(self, reader: Reader, place: Place) -> None:
        """Set a position, backward too."""
        await self._documents.update(
            Position, Position.id == reader.key, set=_place(place), upsert=_position(reader, place)
        )

    async def add_mention(self, reader: Reader, seq: Seq) -> None:
        """Note a mention; every replica that hears of the message may do so."""
        key = reader.key
        mention = Mention(id=f"{key}:{seq}", reader=key, room=reader.room, user=reader.user, seq=seq)
        try:
            await self._documents.insert(mention)
        except DuplicateKey:
            return

    async def forget_mentions(self, reader: Reader, until: int) -> None:
        await self._documents.delete(Mention, Mention.reader == reader.key, Mention.seq <= until)

    async def forget(self, reader: Reader) -> None:
        await self._documents.delete(Position, Position.id == reader.key)
        await self._documents.delete(Mention, Mention.reader == reader.key)

    async def forget_room(self, room: RoomId) -> None:
        await self._documents.delete(Position, Position.room == room)
        await self._documents.delete(Mention, Mention.room == room)

    async def forget_user(self, user: UserId) -> None:
        await self._documents.delete(Position, Position.user == user)
        await self._documents.delete(Mention, Mention.user == user)


def _position(reader: Reader, place: Place) -> Position:
    return Position(id=reader.key, room=reader.room, user=reader.user, **_place(place))


def _place(place: Place) -> dict[str, int]:
    return {"seq": place.seq, "records": place.records}


def _chunks(readers: Collection[Reader]) -> Iterator[Sequence[str]]:
    keys = [reader.key for reader in readers]
    return (keys[start : start + KEYS_PER_QUERY] for start in range(0, len(keys), KEYS_PER_QUERY))
