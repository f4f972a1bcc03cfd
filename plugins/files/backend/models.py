"""What is kept about files, their contents, uploads that are under way, and who uses how much."""

from typing import Any, ClassVar

from prickle.contract.documents import Field, Index, Model, asc


class StoredFile(Model):
    """One file of one room, with the name that its owner gave it. Several may share one content."""

    id: str = Field(primary_field=True)
    room: str
    owner: str
    name: str
    size: int
    type: str
    content: str
    """Of `StoredContent`."""
    width: int | None = None
    height: int | None = None
    color: str | None = None
    """Average colour of an image, `#rrggbb`, for its place before it loads."""
    created_ms: int
    once: str | None = None
    """The `client_id` of the message that it is bound to."""
    seq: int | None = None
    """The message's number, once it is known."""

    model_config: ClassVar[Any] = {
        "collection": "files",
        "indexes": lambda: [
            Index(asc(StoredFile.room), asc(StoredFile.created_ms)),
            Index(asc(StoredFile.room), asc(StoredFile.seq)),
            Index(asc(StoredFile.owner), asc(StoredFile.seq)),
            Index(asc(StoredFile.content)),
            Index(asc(StoredFile.seq), asc(StoredFile.created_ms)),
            Index(asc(StoredFile.created_ms)),
        ],
    }


class StoredContent(Model):
    """Bytes that are kept once, however many files show them. Its blobs are `content/<id>` and `thumbnail/<id>/<size>`."""

    id: str = Field(primary_field=True)
    sha256: str
    """Of the bytes as they were received, in hex."""
    size: int
    type: str
    width: int | None = None
    height: int | None = None
    color: str | None = None
    thumbnails: list[int] = Field(default_factory=list)
    """Widths for which there is a thumbnail."""
    created_ms: int
    condemned_ms: int = 0
    """When a sweep found no file that shows it; it goes at a later sweep unless one has come."""

    model_config: ClassVar[Any] = {
        "collection": "file_contents",
        "indexes": lambda: [
            Index(asc(StoredContent.sha256), unique=True),
            Index(asc(StoredContent.condemned_ms)),
            Index(asc(StoredContent.created_ms)),
        ],
    }


class Upload(Model):
    """A resumable upload (tus 1.0) that is not complete. Its parts are the blobs `upload/<id>/<offset>`."""

    id: str = Field(primary_field=True)
    room: str
    owner: str
    name: str
    length: int
    offset: int = 0
    parts: list[str] = Field(default_factory=list)
    file: str | None = None
    """The finished file."""
    touched_ms: int

    model_config: ClassVar[Any] = {"collection": "file_uploads", "indexes": lambda: [Index(asc(Upload.touched_ms))]}


class FileUse(Model):
    """Bytes that a guest's or a room's files take: `guest:<id>`, `room:<id>`. Recounted by sweeps."""

    id: str = Field(primary_field=True)
    bytes: int

    model_config: ClassVar[Any] = {"collection": "file_uses"}
