"""The wire shapes of files."""

from typing import Annotated, Literal

from pydantic import Field

from prickle.contract.payload import AfterField, Payload, Query, Timestamp


class FileView(Payload):
    """A file as messages and lists show it. `width` and `height` are those of the upright image."""

    id: str
    name: str
    size: int
    type: str
    width: int | None = None
    height: int | None = None
    color: str | None = None


class ExpiredFile(FileView):
    """What its message shows of a file that has gone by age, or for want of space."""

    expired: Literal[True] = True


class FileLimits(Payload):
    """What fits and how long it stays, for whoever wants to know it before the upload."""

    max_file_bytes: int
    max_files: int
    retention_days: int
    """Files go at this age; 0: they do not."""


class RoomFile(FileView):
    """A file in the list of its room; `seq` is its message."""

    owner: str
    created_at: Timestamp
    seq: int | None = None
    expires_at: Timestamp | None = None
    """When it goes by its age; told in the last tenth of it."""
    is_next: Literal[True] | None = None
    """The room or the server is nearly full, and this is among the oldest, which then make way."""


class FileListQuery(Query):
    """Newest first; `before` is `X-Next-Cursor` of the page before."""

    before: AfterField | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class FileQuery(Query):
    """`key` is for pages, where no header can be set: see `GET /api/rooms/<room>/files/key`."""

    key: Annotated[str, Field(max_length=512)] | None = None


class ThumbnailQuery(FileQuery):
    """`width`: the smallest thumbnail that is at least this wide."""

    width: Annotated[int, Field(ge=1, le=4096)] = 320


class AccessKey(Payload):
    """Add `?key=` to the addresses of this room's files and thumbnails until it expires."""

    key: str
    expires_at: Timestamp
