"""What the port does not offer is refused before anything runs, never answered wrongly."""

import re
from typing import Any

import pytest
from odmantic import query

from prickle.contract.documents import Model, UnsupportedQuery, and_, asc, in_, or_
from tests.port_contract.documents.engines import Store
from tests.port_contract.documents.models import Entry, Person, Thing, moment


class Stranger(Model):
    name: str


@pytest.mark.parametrize(
    "where",
    [
        {"age": 1},
        {"$where": "1"},
        query.QueryExpression({"$where": "1"}),
        query.QueryExpression({"age": 1}),
        query.QueryExpression({"age": {"$exists": True}}),
        query.QueryExpression({"age": {"$gt": 1, "$lt": 3}}),
        query.QueryExpression({"nobody": {"$eq": 1}}),
        query.QueryExpression({}),
        query.match(Person.email, re.compile("x")),
        query.not_in(Person.age, [1]),
        query.nor_(Person.age == 1),
        and_(),
        or_(),
        and_(Person.age == 1, or_()),
        and_(Person.age == 1, {"age": 2}),
        or_(Person.age == 1, True),
        True,
        None,
        "age = 1",
        Person.age < None,
        Person.age >= None,
        Person.age == "1",
        Person.age == 1.5,
        Person.age == True,  # noqa: E712 - a query
        Person.age == {"$ne": 1},
        Person.age == [1],
        Person.age == 2**63,
        Person.email == 1,
        Person.email == {"$ne": ""},
        Person.email == "\ud83d",
        Person.email == "a\x00",
        Person.height == float("nan"),
        Person.is_admin == 1,
        Person.seen_at == moment(1).replace(tzinfo=None),
        Person.seen_at == 5,
        in_(Person.age, [1, "2"]),
        in_(Person.age, [[1]]),
        Entry.seq == 1,
    ],
)
async def test_a_query_outside_the_port_is_refused(store: Store, where: Any) -> None:
    await store.insert(Person(id="a", age=1))
    for call in (
        store.find(Person, where),
        store.find_one(Person, Person.age == 1, where),
        store.count(Person, where),
        store.update(Person, where, set={"age": 2}),
        store.delete(Person, where),
    ):
        with pytest.raises(UnsupportedQuery):
            await call
    assert await store.find(Person) == [Person(id="a", age=1)]


@pytest.mark.parametrize(
    "where",
    [
        Thing.tags == ["a"],
        Thing.data == {},
        Thing.raw == b"",
        Thing.sizes == [],
        Thing.either == 1,
        Thing.anything == None,  # noqa: E711 - a query
    ],
)
async def test_a_field_that_is_no_scalar_is_not_compared(store: Store, where: Any) -> None:
    with pytest.raises(UnsupportedQuery, match="scalar"):
        await store.find(Thing, where)


@pytest.mark.parametrize(
    "sort", [["age"], [Person.age], [{"age": 1}], [query.SortExpression({"nobody": 1})], [query.SortExpression()]]
)
async def test_a_sort_outside_the_port_is_refused(store: Store, sort: Any) -> None:
    with pytest.raises(UnsupportedQuery):
        await store.find(Person, sort=sort)


async def test_sorting_by_what_is_no_scalar_is_refused(store: Store) -> None:
    with pytest.raises(UnsupportedQuery):
        await store.find(Thing, sort=[asc(Thing.tags)])


async def test_a_model_that_was_not_declared_is_refused(store: Store) -> None:
    for call in (store.insert(Stranger(name="x")), store.find(Stranger), store.count(Stranger)):
        with pytest.raises(UnsupportedQuery, match="Stranger"):
            await call
