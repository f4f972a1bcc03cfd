"""Uploads that go on after a cut, by the core of tus 1.0 (https://tus.io/protocols/resumable-upload) with creation."""

import asyncio
import base64
import binascii
from collections import deque
from collections.abc import AsyncIterator, Sequence

from plugins.files.backend.contents import Contents
from plugins.files.backend.models import Upload
from plugins.files.backend.payloads import FileView
from plugins.files.backend.service import FileService, file_view
from plugins.files.backend.settings import FileSettings
from plugins.files.backend.store import FileStore
from prickle.contract.blobs import BlobMissing
from prickle.contract.errors import ChatError, Conflict, InvalidInput, NotFound
from prickle.contract.gateway import Rate
from prickle.contract.http import Reply, Request, Route
from prickle.contract.payload import epoch_ms
from prickle.contract.plugin import PluginContext
from prickle.contract.types import RoomId, UserId

VERSION = {"Tus-Resumable": "1.0.0"}
PART_RATE = Rate(per_s=10, burst=100)
OFFSET_TYPE = "application/offset+octet-stream"
MAX_WAITING_CHUNKS = 8


class ResumableUploads:
    """Each PATCH is kept as one part; what arrived before a cut counts."""

    def __init__(
        self,
        context: PluginContext,
        settings: FileSettings,
        store: FileStore,
        contents: Contents,
        service: FileService,
    ) -> None:
        self._settings = settings
        self._context = context
        self._store = store
        self._contents = contents
        self._service = service

    def routes(self) -> Sequence[Route]:
        return (
            Route(
                "POST", "/api/rooms/<room>/uploads", self.create, status=201, member_of="room", rate=PART_RATE,
                summary="Begin a resumable upload (tus 1.0): `Upload-Length`, `Upload-Metadata: filename <base64>`.",
            ),
            Route(
                "GET", "/api/rooms/<room>/uploads/<upload>", self.progress, member_of="room", rate=PART_RATE,
                summary="How far it is, in `Upload-Offset` (tus asks with HEAD); the body is the file, once there is one.",
            ),
            Route(
                "PATCH", "/api/rooms/<room>/uploads/<upload>", self.append, member_of="room", stream=True,
                max_body_bytes=self._settings.max_file_bytes + 1, rate=PART_RATE,
                summary="Send more of it from `Upload-Offset`; the last answer names the file in `X-File-Id`.",
            ),
            Route(
                "DELETE", "/api/rooms/<room>/uploads/<upload>", self.cancel, status=204, member_of="room",
                summary="Give it up.",
            ),
        )  # fmt: skip

    async def create(self, request: Request) -> Reply:
        length = _number(request, "upload-length")
        owner = request.identity.user
        # In the end the parts and the whole are there at once.
        name = await self._service.check_upload(owner, _filename(request), length, copies=2)
        upload = Upload(
            id=self._context.new_id("upload"),
            room=request.path["room"],
            owner=owner,
            name=name,
            length=length,
            touched_ms=self._now_ms(),
        )
        await self._store.add_upload(upload)
        location = f"/api/rooms/{upload.room}/uploads/{upload.id}"
        return Reply(status=201, headers={**VERSION, "Location": location, "Upload-Offset": "0"})

    async def progress(self, request: Request) -> Reply:
        upload = await self._mine(request)
        file = None if upload.file is None else file_view(await self._service.get(upload.file))
        return self._state(upload, status=200, body=file or b"")

    async def append(self, request: Request) -> Reply:
        upload = await self._mine(request)
        if request.headers.get("content-type") != OFFSET_TYPE:
            raise InvalidInput("files.wrong_type", f"Send {OFFSET_TYPE}.")
        if _number(request, "upload-offset") != upload.offset:
            raise Conflict("files.wrong_offset", "The upload is elsewhere.", offset=upload.offset)
        if upload.file is None and upload.offset < upload.length:
            await self._contents.require_space(int(request.headers.get("content-length") or 0))
            upload = await self._take(upload, request)
        if upload.offset == upload.length and upload.file is None:
            upload = await self._finish(upload)
        return self._state(upload, status=204)

    async def cancel(self, request: Request) -> None:
        upload = await self._mine(request)
        await self._context.blobs.delete(*upload.parts)
        await self._store.remove_upload(upload.id)

    async def _take(self, upload: Upload, request: Request) -> Upload:
        """Keep what arrives, also what has arrived when the connection is cut, which cancels this."""
        arriving = Arriving()
        keeping = asyncio.create_task(self._keep_part(upload, arriving), name=f"part of {upload.id}")
        try:
            async for chunk in request.chunks():
                if not await arriving.put(chunk, keeping):
                    break
        except ChatError as error:
            arriving.break_off(error)
        finally:
            arriving.end()
        return await asyncio.shield(keeping)

    async def _keep_part(self, upload: Upload, arriving: "Arriving") -> Upload:
        part = f"upload/{upload.id}/{upload.offset:015d}"
        received = await self._contents.receive(part, arriving.chunks(), upload.length - upload.offset)
        moved = await self._store.advance(upload, part, upload.offset + received.size, self._now_ms())
        if moved is None:
            raise Conflict("files.wrong_offset", "Somebody else sends this upload.")
        return moved

    async def _finish(self, upload: Upload) -> Upload:
        """Make a file of the parts, which go last: until then this may be cut off and run again."""

        async def whole() -> AsyncIterator[bytes]:
            for part in upload.parts:
                async for chunk in self._context.blobs.read(part):
                    yield chunk

        try:
            received = await self._contents.receive(self._context.new_id("incoming/upload"), whole(), upload.length)
        except BlobMissing as error:
            raise Conflict("files.wrong_offset", "Somebody else sends this upload.") from error
        file = await self._service.add(RoomId(upload.room), UserId(upload.owner), upload.name, received)
        if not await self._store.finish_upload(upload.id, file.id):
            await self._service.remove(file)
        await self._context.blobs.delete(*upload.parts)
        return await self._store.upload(upload.id) or upload

    async def _mine(self, request: Request) -> Upload:
        upload = await self._store.upload(request.path["upload"])
        if upload is None or upload.owner != request.identity.user or upload.room != request.path["room"]:
            raise NotFound("files.upload_not_found", "There is no such upload.")
        return upload

    def _state(self, upload: Upload, *, status: int, body: FileView | bytes | None = None) -> Reply:
        headers = {**VERSION, "Upload-Offset": str(upload.offset), "Upload-Length": str(upload.length)}
        if upload.file is not None:
            headers["X-File-Id"] = upload.file
        return Reply(body, status=status, headers=headers)

    def _now_ms(self) -> int:
        return epoch_ms(self._context.clock.now())


class Arriving:
    """Chunks on their way from a connection to the store, a few at a time."""

    def __init__(self) -> None:
        self._queue: deque[bytes] = deque()
        self._changed = asyncio.Event()
        self._taken = asyncio.Event()
        self._ended = False
        self._error: ChatError | None = None

    async def put(self, chunk: bytes, taker: asyncio.Task[Upload]) -> bool:
        """Hand over `chunk` when there is room; false if `taker` has ended and takes no more."""
        self._queue.append(chunk)
        self._changed.set()
        while len(self._queue) >= MAX_WAITING_CHUNKS and not taker.done():
            self._taken.clear()
            room = asyncio.ensure_future(self._taken.wait())
            await asyncio.wait({room, taker}, return_when=asyncio.FIRST_COMPLETED)
            room.cancel()
        return not taker.done()

    def break_off(self, error: ChatError) -> None:
        self._error = error

    def end(self) -> None:
        self._ended = True
        self._changed.set()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield what was put, until the end."""
        while self._queue or not self._ended:
            while self._queue:
                yield self._queue.popleft()
                self._taken.set()
            self._changed.clear()
            if not self._ended:
                await self._changed.wait()
        if self._error is not None:
            raise self._error


def _number(request: Request, header: str) -> int:
    value = request.headers.get(header, "")
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise InvalidInput("files.invalid_header", f"{header} must be a whole number of bytes.")
    return int(value)


def _filename(request: Request) -> str:
    for pair in request.headers.get("upload-metadata", "").split(","):
        name, _, value = pair.strip().partition(" ")
        if name == "filename":
            try:
                return base64.b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError) as error:
                raise InvalidInput("files.invalid_header", "The file's name must be UTF-8 in base64.") from error
    return "file"
