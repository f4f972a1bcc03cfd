"""How long files stay in their room. Sweeps act by it, and the room's list announces the same beforehand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from plugins.files.backend.models import StoredFile
from plugins.files.backend.settings import FileSettings
from plugins.files.backend.store import SERVER, FileStore
from prickle.contract.payload import epoch_ms
from prickle.contract.ports import Clock
from prickle.contract.types import RoomId

DAY_MS = 24 * 3600_000
ROOM_FILL = 0.9
"""Of `max_room_bytes`; a sweep brings a room back to this, for a full one takes no upload."""
UNANNOUNCED = 0.9
"""Of a file's life, in days as in bytes that come after it; the rest is announced."""
BATCH = 200


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a room's files take of what it may keep, and which go before long."""

    used_bytes: int
    allowed_bytes: int
    lifetime_ms: int
    """0: files do not go by age."""
    aging_ms: int
    """Files that came no later are in the last tenth of their time."""
    next_ms: int
    """Files that came no later make way when the room or the server is full."""

    def expires_ms(self, file: StoredFile) -> int | None:
        """Return when the file goes by its age, if that is soon."""
        return file.created_ms + self.lifetime_ms if self.lifetime_ms and file.created_ms <= self.aging_ms else None

    def is_next(self, file: StoredFile) -> bool:
        return file.created_ms <= self.next_ms


class Lifetime:
    """The two ends of a file: its age, and younger files that need its space."""

    def __init__(self, settings: FileSettings, store: FileStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lifetime_ms = settings.retention_days * DAY_MS
        self._allowed_bytes = int(settings.max_room_bytes * ROOM_FILL)
        self._max_server_bytes = settings.max_server_bytes

    async def too_old(self) -> list[StoredFile]:
        """Return files that have reached their age, at most a batch of them."""
        return await self._store.oldest(self._now_ms() - self._lifetime_ms, BATCH) if self._lifetime_ms else []

    async def too_many(self, room: RoomId, used_bytes: int) -> list[StoredFile]:
        """Return the room's oldest files that have to go until it is back at what it may keep, at most a batch."""
        return await self._oldest(used_bytes - self._allowed_bytes, room)

    async def too_many_in_all(self) -> list[StoredFile]:
        """Return the server's oldest files that have to go, at most a batch."""
        return await self._oldest(await self._store.used(SERVER) - self._max_server_bytes)

    async def outlook(self, room: RoomId) -> Outlook:
        used_bytes, used_in_all = await self._store.used(f"room:{room}"), await self._store.used(SERVER)
        next_files = [
            *await self._oldest(used_bytes - int(self._allowed_bytes * UNANNOUNCED), room),
            *await self._oldest(used_in_all - int(self._max_server_bytes * UNANNOUNCED)),
        ]
        return Outlook(
            used_bytes=used_bytes,
            allowed_bytes=self._allowed_bytes,
            lifetime_ms=self._lifetime_ms,
            aging_ms=self._now_ms() - int(self._lifetime_ms * UNANNOUNCED),
            next_ms=max((file.created_ms for file in next_files), default=0),
        )

    async def _oldest(self, excess: int, room: RoomId | None = None) -> list[StoredFile]:
        """Return the oldest files of the room, or of all, that take `excess` bytes together; at most a batch."""
        if excess <= 0:
            return []
        oldest = self._store.oldest_of_room(room, BATCH) if room else self._store.oldest(self._now_ms(), BATCH)
        return list(_first_bytes(await oldest, excess))

    def _now_ms(self) -> int:
        return epoch_ms(self._clock.now())


def _first_bytes(files: Sequence[StoredFile], size: int) -> Iterator[StoredFile]:
    """Return the first of `files` until they take `size` together."""
    for file in files:
        if size <= 0:
            return
        size -= file.size
        yield file
