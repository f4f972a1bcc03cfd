"""Serves the built webapp from memory: precompressed, immutable where the name has a hash, under a strict policy."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from sanic import HTTPResponse
from sanic import Request as SanicRequest

from prickle.http.page_headers import page_headers
from prickle.http.replies import accepts

IMMUTABLE_PREFIX = "/assets/"
SERVER_PREFIXES = ("/api/", "/socket.io", "/health", "/docs", "/metrics")
"""What is never a page of the webapp."""
ENCODINGS = {"br": ".br", "gzip": ".gz"}
NOT_BUILT = b"<!doctype html><title>Prickle</title><p>The webapp is not built yet: run <code>make setup</code>."


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in every encoding that the build made."""

    bodies: dict[str, bytes]
    content_type: str
    etag: str
    immutable: bool

    @property
    def caching(self) -> dict[str, str]:
        """The headers that say how long a client may keep it; a name with a hash needs no ETag, and there are many."""
        if self.immutable:
            return {"cache-control": "public, max-age=31536000, immutable"}
        return {"etag": self.etag, "cache-control": "no-cache"}


class Webapp:
    """The files of one build."""

    def __init__(self, dist: Path) -> None:
        self._assets = _load(dist) if (dist / "index.html").is_file() else {}
        self._index = self._assets.get("/index.html") or Asset(
            {"": NOT_BUILT}, "text/html; charset=utf-8", '"-"', False
        )
        self._page_headers = page_headers(dist)

    def answer(self, request: SanicRequest) -> HTTPResponse | None:
        """Return the file, or for any other page the index; `None` where this is not the webapp's address."""
        path = request.path
        asset = self._assets.get(path)
        if asset is None:
            if path.startswith(SERVER_PREFIXES) or path == "/api" or "." in path.rpartition("/")[2]:
                return None
            asset = self._index
        return self._not_modified(asset) if _has(request, asset.etag) else self._full(request, asset)

    def _not_modified(self, asset: Asset) -> HTTPResponse:
        return HTTPResponse(status=304, headers=asset.caching)

    def _full(self, request: SanicRequest, asset: Asset) -> HTTPResponse:
        headers = asset.caching
        if asset is self._index:
            headers.update(self._page_headers)
        if len(asset.bodies) > 1:
            headers["vary"] = "accept-encoding"
        encoding = next((name for name in ENCODINGS if name in asset.bodies and accepts(request, name)), "")
        if encoding:
            headers["content-encoding"] = encoding
        return HTTPResponse(asset.bodies[encoding], headers=headers, content_type=asset.content_type)


def _has(request: SanicRequest, etag: str) -> bool:
    """Tell whether the client has this version (RFC 9110, 13.1.2); a proxy that compresses makes its ETag a weak one."""
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    return etag in known or "*" in known


def _load(dist: Path) -> dict[str, Asset]:
    assets = {}
    for file in sorted(dist.rglob("*")):
        if not file.is_file() or file.suffix in ENCODINGS.values() or file.name == "csp.json":
            continue
        bodies = {"": file.read_bytes()}
        for encoding, suffix in ENCODINGS.items():
            if (packed := file.with_name(file.name + suffix)).is_file():
                bodies[encoding] = packed.read_bytes()
        path = "/" + file.relative_to(dist).as_posix()
        etag = f'"{hashlib.sha256(bodies[""]).hexdigest()[:16]}"'
        assets[path] = Asset(bodies, _content_type(file), etag, path.startswith(IMMUTABLE_PREFIX))
    return assets


def _content_type(file: Path) -> str:
    if file.suffix == ".webmanifest":
        return "application/manifest+json"
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
