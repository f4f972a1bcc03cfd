"""Uploads that go on after a cut (tus 1.0)."""

import base64
import socket
from urllib.parse import urlsplit

from plugins.files.tests.conftest import House
from prickle.testing import Answer

PART = {"content-type": "application/offset+octet-stream"}


async def begin(house: House, length: int, name: str = "고슴.bin") -> str:
    headers = {"upload-length": str(length), "upload-metadata": f"filename {base64.b64encode(name.encode()).decode()}"}
    answer = await house.raw("POST", f"/api/rooms/{house.room}/uploads", house.ann, headers)
    assert answer.status == 201, answer
    return answer.headers["Location"]


async def append(house: House, location: str, offset: int, body: bytes) -> Answer:
    headers = {**PART, "upload-offset": str(offset)}
    return await house.chat.request("PATCH", location, json=body, token=house.ann.token, headers=headers)


async def test_parts_become_one_file(house: House) -> None:
    location = await begin(house, 10)
    assert (await append(house, location, 0, b"01234")).headers["Upload-Offset"] == "5"
    last = await append(house, location, 5, b"56789")
    file = await house.download(last.headers["X-File-Id"], house.ann)
    assert file.body == b"0123456789"
    told = await house.raw("GET", location, house.ann, {})
    assert (told.body["id"], told.body["size"]) == (last.headers["X-File-Id"], 10)
    again = await append(house, location, 10, b"")
    assert again.headers["X-File-Id"] == last.headers["X-File-Id"]
    blobs = [blob.key async for blob in house.chat.app.engines.blobs.list("")]
    assert [key.partition("/")[0] for key in blobs] == ["content"]


async def test_what_arrived_before_a_cut_counts(house: House) -> None:
    location = await begin(house, 100_000)
    at = urlsplit(house.chat.url)
    head = (
        f"PATCH {location} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {house.ann.token}\r\nupload-offset: 0\r\n"
        f"content-type: {PART['content-type']}\r\ncontent-length: 100000\r\n\r\n"
    )
    with socket.create_connection((at.hostname, at.port)) as cut:
        cut.sendall(head.encode() + b"x" * 60_000)
        for _ in range(20):  # each round lets the server take what has arrived
            await house.raw("HEAD", location, house.ann, {})
        cut.shutdown(socket.SHUT_WR)
        offset = 0
        while offset == 0:
            progress = await house.raw("HEAD", location, house.ann, {})
            offset = int(progress.headers["Upload-Offset"])
    assert 0 < offset <= 60_000
    last = await append(house, location, offset, b"x" * (100_000 - offset))
    assert (await house.download(last.headers["X-File-Id"], house.ann)).body == b"x" * 100_000


async def test_a_wrong_offset_is_told_and_too_much_is_refused(house: House) -> None:
    location = await begin(house, 10)
    wrong = await append(house, location, 3, b"345")
    assert (wrong.status, wrong.body["code"], wrong.body["details"]) == (409, "files.wrong_offset", {"offset": 0})
    assert (await append(house, location, 0, b"x" * 11)).body["code"] == "files.too_large"
    assert (await house.raw("HEAD", location, house.ann, {})).headers["Upload-Offset"] == "0"


async def test_nobody_else_goes_on_with_an_upload(house: House) -> None:
    location = await begin(house, 10)
    for other in (house.bob, house.eve):
        assert (await house.raw("HEAD", location, other, {})).status == 404
    assert (await house.ann.delete(location)).status == 204
    assert (await house.raw("HEAD", location, house.ann, {})).status == 404
