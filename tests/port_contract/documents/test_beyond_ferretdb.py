"""What FerretDB 1.24 is known to do otherwise than MongoDB; every other engine keeps these promises too.

Its `findAndModify` reads and writes in two steps, so updates are lost and a condition may hold for two; it refuses a
list within a list and a key with a dot; it forgets the sign of zero.
"""

import asyncio
from typing import Any

import pytest

from tests.port_contract.documents.engines import Store
from tests.port_contract.documents.models import Entry, Person, Thing, entry

NOT_ON = {"ferretdb"}


async def test_fifty_callers_count_to_fifty(store: Store) -> None:
    await store.insert(Person(id="a", age=0))
    answers = await asyncio.gather(*(store.update(Person, Person.id == "a", inc={"age": 1}) for _ in range(50)))
    assert sorted(answer.age for answer in answers if answer and answer.age) == list(range(1, 51))


async def test_of_fifty_callers_with_one_condition_one_wins(store: Store) -> None:
    await store.insert(entry(1, text="free"))
    take = [
        store.update(Entry, Entry.seq == 1, Entry.text == "free", set={"text": f"taken by {caller}"})
        for caller in range(50)
    ]
    winners = [answer for answer in await asyncio.gather(*take) if answer]
    assert len(winners) == 1
    assert await store.find(Entry) == winners


async def test_fifty_upserts_of_one_key_make_one_document(store: Store) -> None:
    calls = [store.update(Person, Person.id == "a", inc={"age": 1}, upsert=Person(id="a", age=1)) for _ in range(50)]
    assert sorted(person.age or 0 for person in await asyncio.gather(*calls) if person) == list(range(1, 51))


@pytest.mark.parametrize("value", [-0.0, [[], [[1]], [None]], {"a.b": {"c.d": 1}}])
async def test_a_rare_value_comes_back_with_its_type(store: Store, value: Any) -> None:
    await store.insert(Thing(id="t", anything=value, data={"value": value}))
    found = await store.find_one(Thing, Thing.id == "t")
    assert found is not None
    assert (repr(found.anything), repr(found.data)) == (repr(value), repr({"value": value}))
