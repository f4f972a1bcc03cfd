"""Sets right what is noted of the bytes that guests, rooms and all together use, where a crash came before the note."""

from collections import Counter
from typing import TYPE_CHECKING

from plugins.files.backend.store import SERVER, FileStore

if TYPE_CHECKING:
    from collections.abc import Mapping

BATCH = 200


class Recount:
    """What is wrong in the same way at two rounds is no upload on its way, and is corrected."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._wrong: Mapping[str, tuple[int | None, int]] = {}

    async def run(self) -> None:
        noted, counted = await self._noted(), await self._counted()
        found = {holder: (noted.get(holder), counted[holder]) for holder in {*noted, *counted}}
        wrong = {holder: each for holder, each in found.items() if each[0] != each[1] or each[1] == 0}
        for holder, each in wrong.items():
            if self._wrong.get(holder) == each:
                await self._store.correct_use(holder, *each)
        self._wrong = wrong

    async def _noted(self) -> dict[str, int]:
        noted: dict[str, int] = {}
        last = ""
        while uses := await self._store.uses(after_id=last, limit=BATCH):
            noted |= {use.id: use.bytes for use in uses}
            last = uses[-1].id
        return noted

    async def _counted(self) -> Counter[str]:
        counted: Counter[str] = Counter()
        last = ""
        while files := await self._store.files(after_id=last, limit=BATCH):
            for file in files:
                counted.update({f"guest:{file.owner}": file.size, f"room:{file.room}": file.size, SERVER: file.size})
            last = files[-1].id
        return counted
