"""The routes of files."""

from collections.abc import Sequence

from plugins.files.backend.access import AccessKeys
from plugins.files.backend.downloads import Downloads
from plugins.files.backend.forms import incoming_file
from plugins.files.backend.lifetime import Lifetime, Outlook
from plugins.files.backend.models import StoredFile
from plugins.files.backend.payloads import (
    AccessKey,
    FileLimits,
    FileListQuery,
    FileQuery,
    FileView,
    RoomFile,
    ThumbnailQuery,
)
from plugins.files.backend.service import FileService, file_view
from plugins.files.backend.settings import FileSettings
from plugins.files.backend.store import FileStore
from plugins.messages.api import MAX_FILES
from prickle.contract.errors import NotFound, Unauthenticated
from prickle.contract.gateway import Rate
from prickle.contract.http import Reply, Request, Route
from prickle.contract.payload import from_epoch_ms
from prickle.contract.ports import Authenticator, Membership
from prickle.contract.types import RoomId, UserId

UPLOAD_RATE = Rate(per_s=2, burst=20)
SHOW_RATE = Rate(per_s=50, burst=300)
FORM_OVERHEAD_BYTES = 64 * 1024


class FileRoutes:
    """HTTP in, service call, bytes out."""

    def __init__(
        self,
        service: FileService,
        store: FileStore,
        lifetime: Lifetime,
        downloads: Downloads,
        keys: AccessKeys,
        authenticator: Authenticator,
        membership: Membership,
        settings: FileSettings,
    ) -> None:
        self._service = service
        self._store = store
        self._lifetime = lifetime
        self._downloads = downloads
        self._keys = keys
        self._authenticator = authenticator
        self._membership = membership
        self._settings = settings

    def all(self) -> Sequence[Route]:
        max_bytes = self._settings.max_file_bytes + FORM_OVERHEAD_BYTES
        return (
            Route(
                "POST", "/api/rooms/<room>/files", self.upload, result=FileView, status=201, member_of="room",
                stream=True, max_body_bytes=max_bytes, rate=UPLOAD_RATE,
                summary="Upload a file: the body itself with its name in `X-File-Name`, or a form with one file.",
            ),
            Route(
                "GET", "/api/rooms/<room>/files", self.listed, query=FileListQuery, result=list[RoomFile],
                member_of="room",
                summary="Files in the room's messages, newest first. `X-Used-Bytes` is what the room's files take, "
                "`X-Allowed-Bytes` above what the oldest go.",
            ),
            Route(
                "GET", "/api/rooms/<room>/files/key", self.key, result=AccessKey, member_of="room",
                summary="A key with which a page shows this room's files for a while.",
            ),
            Route(
                "GET", "/api/files/limits", self.limits, result=FileLimits, auth="none",
                summary="The size of the largest file, how many one message carries, and the days after which files go.",
            ),
            Route(
                "GET", "/api/files/<file>", self.download, query=FileQuery, auth="none", rate=SHOW_RATE,
                summary="The file, with ranges and ETag. By token or by key.",
            ),
            Route(
                "GET", "/api/files/<file>/thumbnail", self.thumbnail, query=ThumbnailQuery, auth="none",
                rate=SHOW_RATE, summary="A small WebP of an image. By token or by key.",
            ),
            Route(
                "DELETE", "/api/files/<file>", self.drop, status=204,
                summary="Drop one's own upload that is in no message.",
            ),
        )  # fmt: skip

    async def upload(self, request: Request) -> FileView:
        file = await incoming_file(request)
        room, owner = RoomId(request.path["room"]), request.identity.user
        return file_view(await self._service.upload(room, owner, file.name, file.chunks, file.size))

    async def listed(self, request: Request) -> Reply:
        query: FileListQuery = request.query
        room = RoomId(request.path["room"])
        files = await self._store.page(room, query.before, query.limit)
        outlook = await self._lifetime.outlook(room)
        headers = {"X-Used-Bytes": str(outlook.used_bytes), "X-Allowed-Bytes": str(outlook.allowed_bytes)}
        if len(files) == query.limit:
            headers["X-Next-Cursor"] = str(files[-1].created_ms)
        return Reply([_in_list(file, outlook) for file in files], headers=headers)

    async def key(self, request: Request) -> AccessKey:
        return self._keys.make(request.identity.user, RoomId(request.path["room"]))

    async def limits(self, _request: Request) -> FileLimits:
        settings = self._settings
        return FileLimits(
            max_file_bytes=settings.max_file_bytes, max_files=MAX_FILES, retention_days=settings.retention_days
        )

    async def download(self, request: Request) -> Reply:
        return await self._downloads.file(await self._readable(request), request.headers)

    async def thumbnail(self, request: Request) -> Reply:
        file = await self._readable(request)
        content = await self._store.content(file.content)
        if content is None:
            raise NotFound("files.no_thumbnail", "This file has no thumbnail.")
        return await self._downloads.thumbnail(content, request.query.width, request.headers)

    async def drop(self, request: Request) -> None:
        await self._service.drop(request.path["file"], request.identity.user)

    async def _readable(self, request: Request) -> StoredFile:
        """Return the file if who asks is a member of its room now; else there is no such file."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        key = request.query.key
        if key is None and scheme.lower() != "bearer":
            raise Unauthenticated("core.no_token", "Pass a token, or a key in the address.")
        user = (await self._authenticator.authenticate(token)).user if key is None else None
        file = await self._service.get(request.path["file"])
        room = RoomId(file.room)
        await self._check_member(user or self._keys.user(key or "", room), room)
        if file.seq is None and file.once is None and user is not None and user != file.owner:
            raise NotFound("files.file_not_found", "There is no such file.")
        return file

    async def _check_member(self, user: UserId, room: RoomId) -> None:
        try:
            await self._membership.require_member(user, room)
        except NotFound as error:
            raise NotFound("files.file_not_found", "There is no such file.") from error


def _in_list(file: StoredFile, outlook: Outlook) -> RoomFile:
    expires_ms = outlook.expires_ms(file)
    return RoomFile(
        **file_view(file).model_dump(),
        owner=file.owner,
        created_at=from_epoch_ms(file.created_ms),
        seq=file.seq,
        expires_at=None if expires_ms is None else from_epoch_ms(expires_ms),
        is_next=True if outlook.is_next(file) else None,
    )
