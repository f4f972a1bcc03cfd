"""The built webapp, as browsers, caches and attackers ask for it."""

import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path

import brotli
import orjson
import pytest

from prickle.contract.http import Route
from prickle.http.tests.edge_app import edge_app, raw, told
from tests.pytest_sanic_compat import SanicClient

Serve = Callable[..., Awaitable[SanicClient]]
INDEX, SCRIPT = b"<!doctype html><p>Prickle", b"console.log('hedgehog');" * 50


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_bytes(INDEX)
    (dist / "assets" / "app-1a2b.js").write_bytes(SCRIPT)
    (dist / "assets" / "app-1a2b.js.br").write_bytes(brotli.compress(SCRIPT))
    (dist / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (dist / "app.webmanifest").write_text("{}")
    (dist / "csp.json").write_bytes(orjson.dumps({"script-src": ["'sha256-x'"]}))
    (tmp_path / "secret").write_text("keep out")
    return dist


@pytest.fixture
async def client(sanic_client: Serve, dist: Path) -> SanicClient:
    return await sanic_client(edge_app(Route("GET", "/api/x", told, auth="none"), dist=dist))


@pytest.mark.parametrize("path", ["/", "/rooms/room_1", "/index.html", "/invite?x=1", "/api-news", "/%2e%2e%2fsecret"])
async def test_every_page_is_the_index_under_a_strict_policy(client: SanicClient, path: str) -> None:
    response = await client.get(path)
    assert (response.status_code, response.content) == (200, INDEX)
    assert response.headers["cache-control"] == "no-cache"
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "script-src 'self' 'sha256-x'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    "path",
    [
        "/api/nope",
        "/api",
        "/health",
        "/docs/x",
        "/metrics",
        "/socket.iox",
        "/nope.js",
        "/assets/nope.js",
        "/csp.json",
        "/app.js.br",
    ],
)
async def test_what_is_no_page_is_told_in_json(client: SanicClient, path: str) -> None:
    response = await client.get(path)
    assert (response.status_code, response.json()["code"]) == (404, "core.no_route")


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
async def test_a_page_is_only_read(client: SanicClient, method: str) -> None:
    assert (await getattr(client, method)("/rooms")).status_code in {404, 405}


@pytest.mark.parametrize(
    "path",
    ["/../secret", "/..%2fsecret", "/assets/../../secret", "/assets/..%2f..%2fsecret", "/%2e%2e/secret", "//etc/passwd",
     "/..%5csecret", "/assets/%00", "/....//secret"],
)  # fmt: skip
async def test_nothing_outside_of_the_build_is_ever_served(client: SanicClient, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    status, _, body = await raw(client._server.port, request)
    assert status in {200, 404}
    assert b"keep out" not in body
    assert b"root:" not in body


@pytest.mark.parametrize(
    ("accept", "encoding", "unpack"),
    [
        ("br, gzip", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("br;q=0", None, bytes),
    ],
)
async def test_an_asset_is_served_as_it_was_packed_for_ever(
    client: SanicClient, accept: str, encoding: str | None, unpack: Callable[[bytes], bytes]
) -> None:
    request = f"GET /assets/app-1a2b.js HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {accept}\r\nConnection: close\r\n\r\n"
    status, headers, body = await raw(client._server.port, request.encode())
    assert (status, headers.get("content-encoding"), unpack(body)) == (200, encoding, SCRIPT)
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["vary"] == "accept-encoding"
    assert "etag" not in headers
    assert headers["content-type"].startswith("text/javascript")


async def test_who_has_a_page_already_is_told_so(client: SanicClient) -> None:
    etag = (await client.get("/")).headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        response = await client.get("/rooms/x", headers={"if-none-match": known})
        assert (response.status_code, response.content, response.headers["etag"]) == (304, b"", etag)
    for unknown in ('"other"', "", etag[:-1], "x" + etag):
        assert (await client.get("/", headers={"if-none-match": unknown})).status_code == 200


async def test_head_of_a_page_has_no_body(client: SanicClient) -> None:
    response = await client.head("/")
    assert (response.status_code, response.content, response.headers["content-length"]) == (200, b"", str(len(INDEX)))


async def test_a_manifest_has_its_own_type(client: SanicClient) -> None:
    assert (await client.get("/app.webmanifest")).headers["content-type"] == "application/manifest+json"


async def test_without_a_build_the_page_says_what_to_do(sanic_client: Serve, tmp_path: Path) -> None:
    client = await sanic_client(edge_app(Route("GET", "/api/x", told, auth="none"), dist=tmp_path))
    response = await client.get("/")
    assert response.status_code == 200
    assert "make setup" in response.text
