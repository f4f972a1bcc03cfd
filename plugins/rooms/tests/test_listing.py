"""Lists of rooms, whole or searched, page by page."""

from pathlib import Path

from plugins.rooms.tests.conftest import SETTINGS, Crew
from prickle.testing import Answer, Chat, Guest, running_chat


async def public(guest: Guest, query: str = "") -> Answer:
    return await guest.get(f"/api/rooms?scope=public{query}")


def names(answer: Answer) -> list[str]:
    return [room["name"] for room in answer.body]


async def make(guest: Guest, *rooms: str, visibility: str = "public") -> list[str]:
    made = [await guest.post("/api/rooms", {"name": name, "visibility": visibility}) for name in rooms]
    return [answer.body["id"] for answer in made]


async def test_the_public_list_has_no_private_rooms_and_mine_no_strangers(crew: Crew) -> None:
    await make(crew.ann, "Open")
    assert names(await public(crew.cat)) == ["Open"]
    assert names(await crew.cat.get("/api/rooms?scope=mine")) == []
    assert sorted(names(await crew.ann.get("/api/rooms"))) == ["Open", "Trail crew"]
    assert names(await crew.bob.get("/api/rooms")) == ["Trail crew"]


async def test_pages_go_through_all_rooms_once_the_youngest_first(chat: Chat) -> None:
    ann = await chat.guest("Ann")
    made = await make(ann, *(f"Room {number}" for number in range(5)))
    for scope in ("public", "mine"):
        seen, cursor = [], ""
        while True:
            page = await ann.get(f"/api/rooms?scope={scope}&limit=2{cursor}")
            seen += [room["id"] for room in page.body]
            if "x-next-cursor" not in page.headers:
                break
            cursor = f"&cursor={page.headers['x-next-cursor']}"
        assert seen == sorted(made, reverse=True)


async def test_a_search_finds_part_of_a_name_in_any_case(chat: Chat) -> None:
    ann = await chat.guest("Ann")
    await make(ann, "Straße", "산책 모임", "Ångström", "Trail")
    for q, found in (
        ("STRASSE", ["Straße"]),
        ("책 모", ["산책 모임"]),
        ("a\u030angs", ["Ångström"]),
        ("%25", []),
        (".*", []),
    ):
        assert names(await public(ann, f"&q={q}")) == found
        assert names(await ann.get(f"/api/rooms?scope=mine&q={q}")) == found


async def test_a_search_that_reads_much_goes_on_from_its_cursor(tmp_path: Path) -> None:
    settings = [*SETTINGS, "plugins.rooms.search_scan=200", "plugins.rooms.max_rooms_per_guest=1000"]
    async with running_chat(tmp_path, settings=settings) as chat:
        ann = await chat.guest("Ann")
        await make(ann, "Needle", *(f"Hay {number}" for number in range(200)))
        first = await public(ann, "&q=needle")
        assert names(first) == []
        assert names(await public(ann, f"&q=needle&cursor={first.headers['x-next-cursor']}")) == ["Needle"]


async def test_a_renamed_room_is_found_by_its_new_name(crew: Crew) -> None:
    await crew.ann.patch(crew.path, {"visibility": "public", "name": "Night Owls"})
    assert names(await public(crew.cat, "&q=owls")) == ["Night Owls"]
    assert names(await public(crew.cat, "&q=trail")) == []


async def test_those_without_a_name_see_a_few_public_rooms_and_nothing_private(crew: Crew) -> None:
    made = await make(crew.ann, *(f"Open {number}" for number in range(5)))
    answer = await crew.chat.request("GET", "/api/rooms/open")
    assert answer.status == 200
    assert answer.body[0] == {"id": made[-1], "name": "Open 4", "member_count": 1}
    assert names(answer) == ["Open 4", "Open 3", "Open 2", "Open 1"]


async def test_a_server_may_show_no_rooms_to_those_without_a_name(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=[*SETTINGS, "plugins.rooms.welcome_rooms=0"]) as chat:
        await make(await chat.guest("Ann"), "Open")
        assert (await chat.request("GET", "/api/rooms/open")).body == []


async def test_a_list_of_another_shape_is_refused(chat: Chat) -> None:
    ann = await chat.guest("Ann")
    for query in ("scope=all", "q=%00", f"q={'x' * 65}", "cursor=a/b", "cursor=", "page=2", "q=a&q=b"):
        assert (await ann.get(f"/api/rooms?{query}")).status == 400
