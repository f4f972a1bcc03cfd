"""History over HTTP, page by page, both ways and around a message."""

import pytest

from plugins.messages.tests.conftest import Crew
from prickle.testing import Answer


async def fill(crew: Crew, count: int) -> list[int]:
    return [await crew.send(crew.ann, f"message {place}", f"c{place}") for place in range(count)]


def seqs(answer: Answer) -> list[int]:
    assert answer.status == 200
    return [message["seq"] for message in answer.body]


async def test_pages_lead_to_the_beginning_newest_first(crew: Crew) -> None:
    sent = await fill(crew, 5)
    first = await crew.bob_guest.get(f"{crew.path}?limit=2")
    second = await crew.bob_guest.get(f"{crew.path}?limit=2&before={first.headers['x-next-cursor']}")
    third = await crew.bob_guest.get(f"{crew.path}?limit=2&before={second.headers['x-next-cursor']}")
    assert seqs(first) + seqs(second) + seqs(third) == sent[::-1]
    assert "x-next-cursor" not in third.headers


async def test_a_page_tells_the_logs_end_that_it_is_as_new_as(crew: Crew) -> None:
    sent = await fill(crew, 2)
    await crew.ann.ok("messages.delete", {"room": crew.room, "seq": sent[0]})
    assert (await crew.bob_guest.get(crew.path)).headers["x-last-seq"] == str(sent[1] + 1)


async def test_pages_after_and_around_a_message(crew: Crew) -> None:
    sent = await fill(crew, 9)
    assert seqs(await crew.bob_guest.get(f"{crew.path}?after={sent[2]}&limit=3")) == sent[5:2:-1]
    around = seqs(await crew.bob_guest.get(f"{crew.path}?around={sent[4]}&limit=4"))
    assert around == sent[6:2:-1]
    assert seqs(await crew.bob_guest.get(f"{crew.path}?after=0&limit=1")) == sent[:1]
    assert seqs(await crew.bob_guest.get(f"{crew.path}?after={sent[-1]}")) == []
    assert seqs(await crew.bob_guest.get(f"{crew.path}?before=1")) == []


async def test_an_empty_room_has_an_empty_page(crew: Crew) -> None:
    answer = await crew.bob_guest.get(crew.path)
    assert (seqs(answer), "x-next-cursor" in answer.headers) == ([], False)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=101", "limit=-1", "limit=1e9", "limit=50.7", "limit=NaN", "limit=", f"limit={2**63}",
        "limit=%EF%BC%91%EF%BC%90", "limit=5&limit=5", "before=0", "before=-1", "after=-1", "around=x", f"before={2**53}",
        "before=1&after=1", "around=1&before=1", "page=1", "before=%00", "before=%24ne",
    ],
)  # fmt: skip
async def test_a_page_of_another_shape_is_refused(crew: Crew, query: str) -> None:
    answer = await crew.bob_guest.get(f"{crew.path}?{query}")
    assert (answer.status, answer.body["kind"]) == (400, "invalid_input")


async def test_one_message_as_it_is_now(crew: Crew) -> None:
    [seq] = await fill(crew, 1)
    edited = await crew.ann.ok("messages.update", {"room": crew.room, "seq": seq, "text": "new"})
    assert (await crew.bob_guest.get(f"{crew.path}/{seq}")).body == edited
    assert (await crew.bob_guest.get(f"{crew.path}/1")).body["code"] == "messages.message_not_found"


@pytest.mark.parametrize("seq", ["0", "-1", "x", "1.0", str(2**53), "9" * 30])
async def test_what_is_no_number_is_refused(crew: Crew, seq: str) -> None:
    assert (await crew.bob_guest.get(f"{crew.path}/{seq}")).status == 400


async def test_a_stranger_and_a_former_member_cannot_read(crew: Crew) -> None:
    [seq] = await fill(crew, 1)
    for outsider in (crew.cat_guest, crew.dan_guest):
        for path in (crew.path, f"{crew.path}/{seq}"):
            assert (await outsider.get(path)).body["code"] == "rooms.room_not_found"
    assert (await crew.chat.request("GET", crew.path)).status == 401
