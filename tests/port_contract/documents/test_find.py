"""`find`, `find_one` and `count`: each comparison, order, limit, and what `None` means."""

from datetime import timedelta, timezone
from typing import Any

import pytest
from bson import ObjectId

from prickle.contract.documents import and_, asc, desc, in_, or_
from tests.port_contract.documents.engines import Store
from tests.port_contract.documents.models import Colour, Entry, Level, Person, entry, moment

PEOPLE = [
    Person(id="a", age=1, height=1.5, seen_at=moment(1), colour=Colour.RED, level=Level.HIGH),
    Person(id="b", age=2, height=-0.5, seen_at=moment(2), colour=Colour.BLUE, is_admin=True, theme="dark"),
    Person(id="c", age=3, height=0.1 + 0.2, seen_at=moment(3), room="r"),
    Person(id="d", nick="dee"),
]


async def ids(store: Store, *where: Any) -> str:
    return "".join(person.id for person in await store.find(Person, *where, sort=[asc(Person.id)]))


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Person.age == 2, "b"),
        (Person.age != 2, "acd"),
        (Person.age < 2, "a"),
        (Person.age <= 2, "ab"),
        (Person.age > 2, "c"),
        (Person.age >= 2, "bc"),
        (Person.age == None, "d"),  # noqa: E711 - a query
        (Person.age != None, "abc"),  # noqa: E711 - a query
        (in_(Person.age, [1, 3, 99]), "ac"),
        (in_(Person.age, [1, None]), "ad"),
        (in_(Person.age, [None]), "d"),
        (in_(Person.age, []), ""),
        (in_(Person.id, ["a", "d", "nobody", "a"]), "ad"),
        (Person.height == 0.1 + 0.2, "c"),
        (in_(Person.height, [0.1 + 0.2, 1.5]), "ac"),
        (Person.height < 0, "b"),
        (Person.is_admin == True, "b"),  # noqa: E712 - a query
        (in_(Person.is_admin, [False]), "acd"),
        (Person.is_admin != False, "b"),  # noqa: E712 - a query
        (Person.seen_at <= moment(2), "ab"),
        (Person.seen_at == moment(2).astimezone(timezone(timedelta(hours=9))), "b"),
        (in_(Person.seen_at, [moment(1), moment(3)]), "ac"),
        (Person.colour == Colour.RED, "a"),
        (in_(Person.colour, list(Colour)), "ab"),
        (Person.level == Level.HIGH, "a"),
        (in_(Person.level, [Level.LOW, Level.HIGH]), "abcd"),
        (Person.theme == "dark", "b"),
        (Person.room == "r", "c"),
        (Person.nick == "dee", "d"),
        (and_(Person.age > 1, Person.age < 3), "b"),
        (or_(Person.age == 1, Person.age == None), "ad"),  # noqa: E711 - a query
        ((Person.age > 1) & ((Person.id == "b") | (Person.id == "d")), "b"),
        (or_(and_(Person.id == "a", Person.age == 9), and_(Person.id == "b", Person.age == 2)), "b"),
        (and_(Person.id == "a"), "a"),
    ],
)
async def test_a_condition_finds_what_it_says(store: Store, where: Any, expected: str) -> None:
    await store.insert(*PEOPLE)
    assert await ids(store, where) == expected
    assert await store.count(Person, where) == len(expected)


async def test_all_conditions_must_hold(store: Store) -> None:
    await store.insert(*PEOPLE)
    assert await ids(store, Person.age >= 2, Person.age != 3, Person.is_admin == True) == "b"  # noqa: E712 - a query


async def test_no_condition_finds_all(store: Store) -> None:
    await store.insert(*PEOPLE)
    assert await ids(store) == "abcd"
    assert await store.count(Person) == 4


async def test_none_comes_first_going_up_and_last_going_down(store: Store) -> None:
    await store.insert(*PEOPLE)
    up = await store.find(Person, sort=[asc(Person.age)])
    down = await store.find(Person, sort=[desc(Person.age)])
    assert ["".join(person.id for person in people) for people in (up, down)] == ["dabc", "cbad"]


async def test_a_second_field_orders_what_the_first_leaves_equal(store: Store) -> None:
    await store.insert(entry(1, room="b"), entry(2, room="a"), entry(3, room="a"), entry(4, room="b"))
    found = await store.find(Entry, sort=[asc(Entry.room), desc(Entry.seq)])
    assert [each.seq for each in found] == [3, 2, 4, 1]


async def test_text_is_ordered_by_code_point(store: Store) -> None:
    names = ["Z", "a", "é", "고", "\uffee", "🦔", "", "A", "a b", "a.b"]
    await store.insert(*(Person(id=name) for name in names))
    found = await store.find(Person, sort=[asc(Person.id)])
    assert [person.id for person in found] == sorted(names)


async def test_text_is_compared_exactly(store: Store) -> None:
    await store.insert(Person(id="é"), Person(id="e\u0301"), Person(id="É"), Person(id=" é"))
    assert await ids(store, Person.id == "é") == "é"


async def test_limit_cuts_after_sorting(store: Store) -> None:
    await store.insert(*(entry(seq) for seq in range(1, 11)))
    page = await store.find(Entry, Entry.room == "r", Entry.seq < 8, sort=[desc(Entry.seq)], limit=3)
    assert [each.seq for each in page] == [7, 6, 5]


@pytest.mark.parametrize(("limit", "expected"), [(0, 0), (1, 1), (5, 3), (None, 3)])
async def test_limit_may_be_anything_that_is_not_negative(store: Store, limit: int | None, expected: int) -> None:
    await store.insert(*(entry(seq) for seq in range(1, 4)))
    assert len(await store.find(Entry, limit=limit)) == expected


async def test_a_negative_limit_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="limit"):
        await store.find(Entry, limit=-1)


async def test_find_one_is_the_first_of_find(store: Store) -> None:
    await store.insert(entry(1), entry(2))
    last = await store.find_one(Entry, Entry.room == "r", sort=[desc(Entry.seq)])
    assert last is not None
    assert last.seq == 2
    assert await store.find_one(Entry, Entry.room == "other") is None


async def test_in_takes_thousands_of_values(store: Store) -> None:
    await store.insert(*(entry(seq) for seq in range(1, 21)))
    assert await store.count(Entry, in_(Entry.seq, range(5, 20_000))) == 16
    assert await store.count(Entry, in_(Entry.once, [f"#{seq}" for seq in range(20_000)])) == 20


async def test_or_takes_a_hundred_pairs(store: Store) -> None:
    await store.insert(*(entry(seq, room=str(seq)) for seq in range(1, 101)))
    pairs = [and_(Entry.room == str(seq), Entry.seq == seq) for seq in range(0, 200, 2)]
    assert await store.count(Entry, or_(*pairs)) == 50


async def test_an_object_id_finds_its_document(store: Store) -> None:
    first, second = entry(1), entry(2)
    await store.insert(first, second)
    assert await store.find(Entry, Entry.id == first.id) == [first]
    assert await store.find(Entry, in_(Entry.id, [second.id, ObjectId()])) == [second]
