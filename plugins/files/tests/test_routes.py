"""Uploads and downloads on a running chat."""

import aiohttp
import pytest

from plugins.files.tests.conftest import House


async def test_what_was_uploaded_comes_back(house: House) -> None:
    file, _ = await house.sent(b"hello" * 1000, '고슴도치 "q".txt')
    assert (file["name"], file["size"], file["type"]) == ('고슴도치 "q".txt', 5000, "text/plain")
    answer = await house.download(file["id"])
    assert (answer.status, answer.body) == (200, b"hello" * 1000)
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_a_form_with_one_file_is_taken(house: House) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("note", "before")
    form.add_field("file", b"x" * 70_000, filename="고슴.bin")
    form.add_field("note", "after")
    headers = {"authorization": f"Bearer {house.ann.token}"}
    url = f"{house.chat.url}/api/rooms/{house.room}/files"
    async with aiohttp.ClientSession() as http, http.post(url, data=form, headers=headers) as answer:
        body = await answer.json()
    assert (answer.status, body["name"], body["size"]) == (201, "고슴.bin", 70_000)


@pytest.mark.parametrize(
    ("size", "asked", "status", "content_range", "length"),
    [
        (10, "bytes=0-", 206, "bytes 0-9/10", 10),
        (10, "bytes=0-0", 206, "bytes 0-0/10", 1),
        (10, "bytes=-1000", 206, "bytes 0-9/10", 10),
        (10, "bytes=-3", 206, "bytes 7-9/10", 3),
        (10, "bytes=-0", 416, "bytes */10", 0),
        (10, "bytes=10-", 416, "bytes */10", 0),
        (10, "bytes=5-4", 200, None, 10),
        (10, "bytes=0-0,2-3", 200, None, 10),
        (10, "bytes=x", 200, None, 10),
        (10, "lines=0-1", 200, None, 10),
        (0, "bytes=0-", 416, "bytes */0", 0),
        (0, "bytes=-5", 416, "bytes */0", 0),
    ],
)
async def test_ranges_are_exact(
    house: House, size: int, asked: str, status: int, content_range: str | None, length: int
) -> None:
    file, _ = await house.sent(b"0123456789"[:size])
    answer = await house.download(file["id"], range=asked)
    assert (answer.status, answer.headers.get("Content-Range"), len(answer.body)) == (status, content_range, length)
    assert answer.headers["Content-Length"] == str(length)
    head = await house.raw("HEAD", f"/api/files/{file['id']}", house.bob, {"range": asked})
    assert (head.status, head.body) == (status, b"")


async def test_validators_are_honoured(house: House) -> None:
    file, _ = await house.sent(b"0123456789")
    etag = (await house.download(file["id"])).headers["ETag"]
    assert (await house.download(file["id"], if_none_match=etag)).status == 304
    assert (await house.download(file["id"], range="bytes=0-1", if_range=etag)).status == 206
    assert (await house.download(file["id"], range="bytes=0-1", if_range='"old"')).status == 200


@pytest.mark.parametrize("name", ["", ".", "..", "a\x00b", "a\nb", "a" * 256, "고" * 86, "x\u202egpj.exe", "dir/"])
async def test_names_that_deceive_are_refused(house: House, name: str) -> None:
    answer = await house.upload(b"x", name)
    assert (answer.status, answer.body["code"]) == (400, "files.invalid_name")


@pytest.mark.parametrize("name", ["a" * 255, "고" * 85, "👩‍👩‍👧", "CON", "trailing.", 'q"\\%;.txt', " leading"])
async def test_odd_names_come_back_equal(house: House, name: str) -> None:
    expected = name.rpartition("\\")[2]
    assert (await house.uploaded(b"x", name))["name"] == expected


async def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(house: House) -> None:
    answer = await house.upload(b"x" * 200_001)
    assert (answer.status, answer.body["code"]) == (400, "files.too_large")
    assert [blob.key async for blob in house.chat.app.engines.blobs.list("")] == []


async def test_only_members_read_and_a_former_member_does_not(house: House) -> None:
    file, _ = await house.sent(b"secret")
    key = (await house.bob.get(f"/api/rooms/{house.room}/files/key")).body["key"]
    assert (await house.download(file["id"])).status == 200
    assert (await house.chat.request("GET", f"/api/files/{file['id']}?key={key}")).status == 200
    assert (await house.download(file["id"], house.eve)).status == 404
    assert (await house.eve.get(f"/api/rooms/{house.room}/files/key")).status == 404
    assert (await house.upload(b"x", who=house.eve)).status == 404
    assert (await house.ann.delete(f"/api/rooms/{house.room}/members/{house.bob.id}")).status < 300
    assert (await house.download(file["id"])).status == 404
    assert (await house.chat.request("GET", f"/api/files/{file['id']}?key={key}")).status == 404


async def test_a_forged_key_and_no_key_are_refused(house: House) -> None:
    file, _ = await house.sent(b"secret")
    key = (await house.bob.get(f"/api/rooms/{house.room}/files/key")).body["key"]
    for bad in (key[:-1] + ("A" if key[-1] != "A" else "B"), key.replace(house.bob.id, house.eve.id), "", "a.b.c.d"):
        assert (await house.chat.request("GET", f"/api/files/{file['id']}?key={bad}")).status == 401
    assert (await house.chat.request("GET", f"/api/files/{file['id']}")).status == 401


async def test_what_is_not_sent_is_seen_by_its_owner_alone(house: House) -> None:
    file = await house.uploaded(b"draft")
    assert (await house.download(file["id"], house.ann)).status == 200
    assert (await house.download(file["id"], house.bob)).status == 404
    assert (await house.ann.get(f"/api/rooms/{house.room}/files")).body == []
    assert (await house.ann.delete(f"/api/files/{file['id']}")).status == 204
    assert (await house.download(file["id"], house.ann)).status == 404


async def test_the_room_lists_what_was_sent_newest_first(house: House) -> None:
    sent = [await house.sent(str(number).encode()) for number in range(3)]
    page = await house.bob.get(f"/api/rooms/{house.room}/files?limit=2")
    assert [(file["id"], file["seq"]) for file in page.body] == [(file["id"], seq) for file, seq in sent[:0:-1]]
    rest = await house.bob.get(f"/api/rooms/{house.room}/files?limit=2&before={page.headers['X-Next-Cursor']}")
    assert [file["id"] for file in rest.body] == [sent[0][0]["id"]]


async def test_everybody_may_know_what_fits(house: House) -> None:
    answer = await house.chat.request("GET", "/api/files/limits")
    assert (answer.status, answer.body) == (200, {"max_file_bytes": 200_000, "max_files": 10, "retention_days": 30})
