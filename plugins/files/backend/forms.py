"""Takes the file out of a request while it arrives: the bare body, or the one file of a form."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from prickle.contract.errors import InvalidInput
from prickle.contract.http import Request

NAME_HEADER = "x-file-name"


@dataclass(slots=True)
class IncomingFile:
    """A file that is arriving."""

    name: str
    size: int | None
    chunks: AsyncIterator[bytes]


async def incoming_file(request: Request) -> IncomingFile:
    """Return the file: of `multipart/form-data`, its first part with a file name; else the body, named by `X-File-Name`
    (percent-encoded UTF-8).

    Raises:
        InvalidInput: `files.malformed_form`, `files.no_file`.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind == b"multipart/form-data":
        return await _FormFile(request, options.get(b"boundary", b"")).begin()
    length = request.headers.get("content-length", "")
    name = unquote(request.headers.get(NAME_HEADER, "file"), errors="replace")
    return IncomingFile(name, int(length) if length.isdigit() else None, request.chunks())


@dataclass(slots=True)
class _FormFile:
    """Feeds a form to the parser until the file's part begins, then hands out that part."""

    request: Request
    boundary: bytes
    name: str | None = None
    headers: dict[bytes, bytes] = field(default_factory=dict)
    waiting: list[bytes] = field(default_factory=list)
    in_file: bool = False
    done: bool = False
    _field: bytes = b""
    _value: bytes = b""

    async def begin(self) -> IncomingFile:
        if not self.boundary:
            raise _malformed()
        parser = MultipartParser(self.boundary, {
            "on_part_begin": self._part_begins,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._part_data,
            "on_part_end": self._part_ends,
        })  # fmt: skip
        chunks = self.request.chunks()
        while self.name is None:
            chunk = await anext(chunks, None)
            if chunk is None:
                raise InvalidInput("files.no_file", "The form holds no file.")
            self._feed(parser, chunk)
        return IncomingFile(self.name, None, self._rest(parser, chunks))

    async def _rest(self, parser: MultipartParser, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        while True:
            for waiting in self.waiting:
                yield waiting
            self.waiting.clear()
            if self.done:
                break
            chunk = await anext(chunks, None)
            if chunk is None:
                raise _malformed()  # the form breaks off in the middle of the file
            self._feed(parser, chunk)
        async for _ in chunks:
            pass  # fields behind the file, read so that the connection can go on

    def _feed(self, parser: MultipartParser, chunk: bytes) -> None:
        try:
            parser.write(chunk)
        except FormParserError as error:
            raise _malformed() from error

    def _part_begins(self) -> None:
        self.headers.clear()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_ends(self) -> None:
        self.headers[self._field.lower()] = self._value
        self._field = self._value = b""

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self.headers.get(b"content-disposition", b""))
        if self.name is None and b"filename" in options:
            self.name = options[b"filename"].decode("utf-8", "replace")
            self.in_file = True

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self.in_file:
            self.waiting.append(data[start:end])

    def _part_ends(self) -> None:
        if self.in_file:
            self.in_file, self.done = False, True


def _malformed() -> InvalidInput:
    return InvalidInput("files.malformed_form", "The form is malformed.")
