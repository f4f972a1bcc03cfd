"""Downloads past the server: members are sent to the store itself, by a link that is signed and ends."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from yarl import URL

from plugins.files.backend.names import disposition
from plugins.files.tests.awkward import AWKWARD, HTML, PNG
from plugins.files.tests.conftest import SETTINGS, House, open_house
from prickle.storage.blobs.s3 import S3Blobs
from prickle.testing import Answer, Guest
from tests.port_contract.minio_server import new_bucket, servers

BIG = b"0123456789" * 100_000
SVG = AWKWARD["SVG that runs"].body
NAMES = ['고슴도치 "q".html', "a%22b;c='d'.svg", "👩‍👩‍👧", " leading; filename=b.html", "a" * 255]
PATIENCE_S = 30


@pytest.fixture(params=servers())
def bucket(request: pytest.FixtureRequest) -> str:
    return new_bucket(request.param)


@pytest.fixture
async def linked(tmp_path: Path, bucket: str) -> AsyncIterator[House]:
    settings = [SETTINGS[0], SETTINGS[2], "plugins.files.direct_links=true", f"storage.blobs_url={bucket}"]
    async with open_house(tmp_path, settings) as house:
        yield house


async def asked(house: House, file_id: str, who: Guest | None = None) -> Answer:
    """Ask the server for the file, and go nowhere else."""
    headers = {"authorization": f"Bearer {(who or house.bob).token}"}
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{house.chat.url}/api/files/{file_id}", headers=headers, allow_redirects=False) as answer,
    ):
        return Answer(answer.status, await answer.read(), answer.headers)


async def got(link: str, **headers: str) -> Answer:
    """Read where the server has sent somebody, without a token."""
    async with aiohttp.ClientSession() as http, http.get(URL(link, encoded=True), headers=headers) as answer:
        return Answer(answer.status, await answer.read(), answer.headers)


def name_in(header: str) -> str:
    """Return the name that a reader of RFC 6266 finds."""
    kind, options = aiohttp.multipart.parse_content_disposition(header)
    assert (kind, set(options)) == ("attachment", {"filename", "filename*"})
    return aiohttp.multipart.content_disposition_filename(options) or ""


async def test_a_big_file_comes_from_the_store_to_members_alone(linked: House) -> None:
    file, _ = await linked.sent(BIG, "big.bin")
    answer = await asked(linked, file["id"])
    assert (answer.status, answer.headers["Cache-Control"], answer.body) == (302, "no-store", b"")
    link = answer.headers["Location"]
    assert parse_qs(urlsplit(link).query)["X-Amz-Expires"] == ["300"]
    from_store = await got(link)
    assert (from_store.status, from_store.body) == (200, BIG)
    part = await got(link, Range="bytes=999990-")
    assert (part.status, part.body, part.headers["Content-Range"]) == (
        206,
        b"0123456789",
        "bytes 999990-999999/1000000",
    )
    assert (await asked(linked, file["id"], linked.eve)).status == 404
    assert (await linked.ann.delete(f"/api/rooms/{linked.room}/members/{linked.bob.id}")).status < 300
    assert (await asked(linked, file["id"])).status == 404


async def test_a_link_is_good_for_one_file_and_a_while(linked: House, bucket: str) -> None:
    file, _ = await linked.sent(BIG)
    other, _ = await linked.sent(b"another")
    link = (await asked(linked, file["id"])).headers["Location"]
    other_path = urlsplit((await asked(linked, other["id"])).headers["Location"]).path
    signature = parse_qs(urlsplit(link).query)["X-Amz-Signature"][0]
    forged = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    altered = [
        link.replace(signature, forged),
        link.replace("X-Amz-Expires=300", "X-Amz-Expires=301"),
        link.replace("attachment", "inline"),
        urlsplit(link)._replace(path=other_path).geturl(),
        urlsplit(link)._replace(query="").geturl(),
    ]
    assert [(await got(each)).status for each in altered] == [403] * len(altered)
    [key] = [blob.key async for blob in S3Blobs(bucket).list("content/") if blob.size == len(BIG)]
    brief = await S3Blobs(bucket).link(key, expires_in_s=1, headers={})
    async with asyncio.timeout(PATIENCE_S):
        while (answer := await got(brief or "")).status == 200:
            assert answer.body == BIG
    assert answer.status == 403


@pytest.mark.parametrize("body", [HTML, SVG])
@pytest.mark.parametrize("name", NAMES)
async def test_what_could_run_is_a_download_by_its_own_name(linked: House, body: bytes, name: str) -> None:
    file, _ = await linked.sent(body, name)
    from_store = await got((await asked(linked, file["id"])).headers["Location"])
    assert (from_store.body, from_store.headers["Content-Type"]) == (body, "application/octet-stream")
    assert name_in(from_store.headers["Content-Disposition"]) == file["name"]


@pytest.mark.parametrize("name", ["a\nb: c", "\x00", "x\u202egpj.exe", "\u2066\u200f", 'a"; filename=b', "\x7f\\"])
def test_no_name_can_break_out_of_its_header(name: str) -> None:
    header = disposition(name, inline=False)
    assert header.isascii()
    assert header.isprintable()
    assert name_in(header) == name


async def test_what_pages_show_comes_from_the_server_and_media_as_a_download(linked: House) -> None:
    picture, _ = await linked.sent(PNG, "a.png")
    answer = await asked(linked, picture["id"])
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    assert (await asked(linked, f"{picture['id']}/thumbnail")).headers["Content-Type"] == "image/webp"
    film, _ = await linked.sent(AWKWARD["MP4"].body, "a.mp4")
    from_store = await got((await asked(linked, film["id"])).headers["Location"])
    assert (from_store.body, from_store.headers["Content-Type"]) == (AWKWARD["MP4"].body, "video/mp4")
    assert name_in(from_store.headers["Content-Disposition"]) == "a.mp4"


async def test_a_folder_has_no_links(tmp_path: Path) -> None:
    async with open_house(tmp_path, [*SETTINGS, "plugins.files.direct_links=true"]) as house:
        file, _ = await house.sent(b"here")
        assert (await asked(house, file["id"])).body == b"here"
