"""One setting says how large a file may be: to pages, to the replicas, and through nginx before them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from ops.children import free_port
from ops.cluster import Cluster
from plugins.files.tests.conftest import SETTINGS, House, new_house
from prickle.testing import Answer, Chat

MIB = 2**20


@pytest.fixture(params=[MIB, 66 * MIB])
async def behind_nginx(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[House, int]]:
    settings = [*SETTINGS, f"plugins.files.max_file_bytes={request.param}", "plugins.enabled=auth,rooms,messages,files"]
    cluster = Cluster(tmp_path, free_port(), [part for setting in settings for part in ("--set", setting)], 1)
    try:
        await cluster.start()
        async with aiohttp.ClientSession() as http:
            chat = Chat(f"http://127.0.0.1:{cluster.port}", None, http)  # type: ignore[arg-type]  # nobody looks inside
            yield await new_house(chat), request.param
            await chat.close_devices()
    finally:
        await cluster.stop()


async def sent(house: House, method: str, path: str, size: int, **headers: str) -> Answer:
    async def body() -> AsyncIterator[bytes]:
        for start in range(0, size, MIB):
            yield bytes(min(MIB, size - start))

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await asked(house, method, path, body(), {**named, "content-length": str(size)})


async def asked(house: House, method: str, path: str, body: Any, headers: dict[str, str]) -> Answer:
    given = {**headers, "authorization": f"Bearer {house.ann.token}"}
    async with (
        aiohttp.ClientSession() as http,
        http.request(method, house.chat.url + path, data=body, headers=given) as answer,
    ):
        is_json = answer.content_type == "application/json"
        return Answer(answer.status, await answer.json() if is_json else await answer.read(), answer.headers)


async def test_page_nginx_and_server_agree_on_the_largest_file(behind_nginx: tuple[House, int]) -> None:
    house, limit = behind_nginx
    files, uploads = f"/api/rooms/{house.room}/files", f"/api/rooms/{house.room}/uploads"
    assert (await house.chat.request("GET", "/api/files/limits")).body["max_file_bytes"] == limit
    whole = await sent(house, "POST", files, limit)
    assert (whole.status, whole.body["size"]) == (201, limit)
    too_large = await sent(house, "POST", files, limit + 1)
    assert (too_large.status, too_large.body["code"], too_large.body["details"]) == (
        400,
        "files.too_large",
        {"max_bytes": limit},
    )
    place = (await asked(house, "POST", uploads, None, {"upload-length": str(limit)})).headers["Location"]
    part = await sent(house, "PATCH", place, limit, upload_offset="0", content_type="application/offset+octet-stream")
    assert part.headers["Upload-Offset"] == str(limit)
    assert (await asked(house, "POST", uploads, None, {"upload-length": str(limit + 1)})).status == 400
