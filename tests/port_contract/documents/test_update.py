"""`update`: one document, atomically, with its new state as the answer; `delete` beside it."""

import asyncio
from typing import Any

import pytest
from pydantic import ValidationError

from prickle.contract.documents import DuplicateKey, UnsupportedQuery
from tests.port_contract.documents.engines import Store
from tests.port_contract.documents.models import Colour, Entry, Person, Size, Thing, entry, moment


async def test_set_and_inc_return_the_new_state(store: Store) -> None:
    await store.insert(Person(id="a", age=1, height=0.5), Person(id="b"))
    changes = {"colour": Colour.RED, "seen_at": moment(1, 1_500), "room": "r", "nick": "x"}
    changed = await store.update(Person, Person.id == "a", set=changes, inc={"age": 4, "height": 1})
    expected = Person(id="a", age=5, height=1.5, colour=Colour.RED, seen_at=moment(1, 1_000), room="r", nick="x")
    assert changed == expected
    assert await store.find_one(Person, Person.id == "a") == expected
    assert await store.find_one(Person, Person.id == "b") == Person(id="b")


async def test_lists_and_embedded_models_can_be_set(store: Store) -> None:
    await store.insert(Thing(id="t"))
    values = {"sizes": [Size(width=1)], "size": {"width": 2}, "data": {"a": {"b": moment(1)}}, "numbers": {1}}
    changed = await store.update(Thing, Thing.id == "t", set=values)
    assert changed == Thing(
        id="t", sizes=[Size(width=1)], size=Size(width=2), data={"a": {"b": moment(1)}}, numbers={1}
    )
    assert await store.find_one(Thing) == changed


async def test_none_unsets(store: Store) -> None:
    await store.insert(Person(id="a", email="x", age=1))
    await store.update(Person, Person.id == "a", set={"email": None, "age": None})
    await store.insert(Person(id="b", email="x"))
    assert await store.count(Person, Person.age == None) == 2  # noqa: E711 - a query


async def test_inc_counts_from_zero_where_the_value_is_none(store: Store) -> None:
    await store.insert(Person(id="a"))
    changed = await store.update(Person, Person.id == "a", inc={"age": 2, "height": 0.5})
    assert changed == Person(id="a", age=2, height=0.5)


async def test_where_nothing_matches_nothing_happens(store: Store) -> None:
    await store.insert(Person(id="a", age=1))
    assert await store.update(Person, Person.id == "a", Person.age == 2, set={"age": 3}) is None
    assert await store.find(Person) == [Person(id="a", age=1)]


async def test_one_document_changes_even_if_more_match(store: Store) -> None:
    await store.insert(*(Person(id=name, age=1) for name in "abc"))
    await store.update(Person, Person.age == 1, set={"age": 2})
    assert (await store.count(Person, Person.age == 1), await store.count(Person, Person.age == 2)) == (2, 1)


async def test_upsert_is_inserted_as_it_is_where_nothing_matches(store: Store) -> None:
    fresh = Person(id="a", age=10)
    assert await store.update(Person, Person.id == "a", inc={"age": 1}, upsert=fresh) == fresh
    changed = await store.update(Person, Person.id == "a", inc={"age": 1}, upsert=fresh)
    assert changed == Person(id="a", age=11)
    assert await store.count(Person) == 1


async def test_without_a_change_update_finds_or_inserts(store: Store) -> None:
    fresh = Person(id="a", age=10)
    assert await store.update(Person, Person.id == "a") is None
    assert await store.update(Person, Person.id == "a", upsert=fresh) == fresh
    assert await store.update(Person, Person.id == "a", upsert=Person(id="a", age=99)) == fresh


async def test_an_upsert_that_collides_is_refused(store: Store) -> None:
    await store.insert(Person(id="a", age=1))
    with pytest.raises(DuplicateKey) as refused:
        await store.update(Person, Person.id == "a", Person.age == 2, set={"age": 3}, upsert=Person(id="a"))
    assert refused.value.fields == ("id",)
    assert await store.find(Person) == [Person(id="a", age=1)]


async def test_a_new_state_that_collides_is_refused_and_changes_nothing(store: Store) -> None:
    await store.insert(Person(id="a", email="x"), Person(id="b", email="y", age=1))
    with pytest.raises(DuplicateKey) as refused:
        await store.update(Person, Person.id == "b", set={"email": "x"}, inc={"age": 1})
    assert (refused.value.fields, refused.value.collection) == (("email",), "people")
    assert await store.find_one(Person, Person.id == "b") == Person(id="b", email="y", age=1)


@pytest.mark.parametrize(
    ("to_set", "inc"),
    [
        ({"nobody": 1}, {}),
        ({"id": "z"}, {}),
        ({"_id": "z"}, {}),
        ({"age": 1}, {"age": 1}),
        ({"age": "old"}, {}),
        ({"age": -1}, {}),
        ({"age": 2**63}, {}),
        ({"is_admin": None}, {}),
        ({"theme": "pink"}, {}),
        ({"email": "\ud83d"}, {}),
        ({}, {"email": 1}),
        ({}, {"age": 0.5}),
        ({}, {"age": True}),
        ({}, {"age": 2**63}),
        ({}, {"height": float("inf")}),
        ({}, {"is_admin": 1}),
    ],
)
async def test_a_change_that_does_not_fit_is_refused(store: Store, to_set: Any, inc: Any) -> None:
    await store.insert(Person(id="a", age=5))
    with pytest.raises((ValueError, ValidationError)):
        await store.update(Person, Person.id == "a", set=to_set, inc=inc)
    assert await store.find(Person) == [Person(id="a", age=5)]


async def test_a_sum_beyond_64_bits_is_refused_and_changes_nothing(store: Store) -> None:
    await store.insert(Person(id="a", age=2**62))
    with pytest.raises(ValueError, match="64 bits"):
        await store.update(Person, Person.id == "a", inc={"age": 2**62})
    assert await store.find(Person) == [Person(id="a", age=2**62)]


async def test_of_fifty_inserts_of_one_number_one_wins(store: Store) -> None:
    calls = [store.insert(entry(1, once=str(caller))) for caller in range(50)]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(answer is None for answer in answers) == 1
    assert sum(isinstance(answer, DuplicateKey) for answer in answers) == 49


async def test_a_cancelled_caller_harms_nobody(store: Store) -> None:
    calls = [asyncio.create_task(store.insert(entry(seq))) for seq in range(1, 101)]
    await asyncio.sleep(0)
    for call in calls[::2]:
        call.cancel()
    answers = await asyncio.gather(*calls, return_exceptions=True)
    acked = {seq for seq, answer in enumerate(answers, 1) if answer is None}
    assert {each.seq for each in await store.find(Entry)} >= acked >= set(range(2, 101, 2))
    await store.insert(entry(101))


async def test_delete_removes_every_match_and_counts_them(store: Store) -> None:
    await store.insert(*(entry(seq) for seq in range(1, 6)), entry(1, room="other"))
    assert await store.delete(Entry, Entry.room == "r", Entry.seq > 2) == 3
    assert await store.delete(Entry, Entry.room == "nowhere") == 0
    assert await store.count(Entry) == 3


async def test_delete_removes_thousands(store: Store) -> None:
    await store.insert(*(entry(seq) for seq in range(1, 2_501)), entry(1, room="other"))
    assert await store.delete(Entry, Entry.room == "r") == 2_500
    assert await store.count(Entry) == 1


async def test_delete_without_a_condition_is_refused(store: Store) -> None:
    await store.insert(entry(1))
    with pytest.raises(UnsupportedQuery):
        await store.delete(Entry)
    assert await store.count(Entry) == 1


async def test_what_was_deleted_may_be_inserted_again(store: Store) -> None:
    await store.insert(entry(1))
    await store.delete(Entry, Entry.seq == 1)
    await store.insert(entry(1))
    assert await store.count(Entry) == 1
