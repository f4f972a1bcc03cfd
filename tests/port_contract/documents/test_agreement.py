"""The same random operations on SQLite and on MongoDB's protocol give the same answers."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prickle.contract.documents import DuplicateKey, UnsupportedQuery, and_, asc, desc, in_, or_
from tests.port_contract.documents.engines import Place, Store
from tests.port_contract.documents.models import Colour, Level, Person, moment

NOT_ON = {"sqlite"}
"""It is the other side of each comparison."""

Operation = Callable[[Store], Any]

# FerretDB forgets the sign of zero, see test_beyond_ferretdb.
numbers = st.floats(allow_nan=False, allow_infinity=False).map(lambda number: number + 0.0)
names = st.sampled_from(["a", "b", "c", "", "A", "é", "🦔"])
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "room": st.none() | names,
    "email": st.none() | names,
    "age": st.none() | st.integers(0, 3) | st.integers(0, 2**63 - 1),
    "height": st.none() | st.sampled_from([0.0, 1.5, 2.0]) | numbers,
    "is_admin": st.booleans(),
    "seen_at": st.none() | st.integers(-5, 5).map(lambda step: moment(1) + timedelta(microseconds=700 * step)),
    "colour": st.none() | st.sampled_from(Colour),
    "level": st.sampled_from(Level),
    "theme": st.sampled_from(["dark", "light"]),
    "nick": names,
}
people = st.builds(Person, id=names, **VALUES)


@st.composite
def comparisons(draw: st.DrawFn) -> Any:
    name = draw(st.sampled_from(["id", *VALUES]))
    field, values = getattr(Person, name), VALUES.get(name, names)
    operator = draw(st.sampled_from(["eq", "ne", "lt", "lte", "gt", "gte", "in"]))
    if operator == "in":
        return in_(field, draw(st.lists(values, max_size=4)))
    return getattr(field, operator)(draw(values))


conditions = st.recursive(
    comparisons(),
    lambda inner: st.builds(
        lambda join, parts: join(*parts), st.sampled_from([and_, or_]), st.lists(inner, min_size=1, max_size=3)
    ),
)
orders = st.lists(
    st.builds(
        lambda way, name: way(getattr(Person, name)), st.sampled_from([asc, desc]), st.sampled_from(list(VALUES))
    ),
    max_size=2,
)


def insert(documents: Sequence[Person]) -> Operation:
    return lambda store: store.insert(*documents)


def find(where: Sequence[Any], sort: Sequence[Any], limit: int | None) -> Operation:
    return lambda store: store.find(Person, *where, sort=[*sort, asc(Person.id)], limit=limit)


def count(where: Sequence[Any]) -> Operation:
    return lambda store: store.count(Person, *where)


def delete(where: Any) -> Operation:
    return lambda store: store.delete(Person, where)


@st.composite
def updates(draw: st.DrawFn) -> Operation:
    # Which of several matches changes is the engine's choice: with the id there is one at most.
    where = [Person.id == draw(names), *draw(st.lists(comparisons(), max_size=1))]
    changes = draw(st.fixed_dictionaries({}, optional=VALUES))
    amounts = {"age": st.integers(-3, 3) | st.integers(-(2**63), 2**63 - 1), "height": st.sampled_from([-1, 0.5, 2.0])}
    inc = draw(
        st.fixed_dictionaries({}, optional={name: each for name, each in amounts.items() if name not in changes})
    )
    upsert = draw(st.none() | people)
    return lambda store: store.update(Person, *where, set=changes, inc=inc, upsert=upsert)


operations = st.one_of(
    st.builds(insert, st.lists(people, max_size=3)),
    st.builds(find, st.lists(conditions, max_size=2), orders, st.none() | st.integers(0, 3)),
    st.builds(count, st.lists(conditions, max_size=2)),
    st.builds(delete, conditions),
    updates(),
)


async def answer(store: Store, operation: Operation) -> Any:
    try:
        return await operation(store)
    except DuplicateKey as refused:
        return ("duplicate", refused.collection, refused.inserted)
    except (UnsupportedQuery, ValueError) as refused:
        return type(refused)


async def compare(stores: Sequence[Store], script: Sequence[Operation]) -> None:
    for store in stores:
        await store.delete(Person, Person.id != "nobody")
    for operation in [*script, find([], [], None)]:
        first, second = [await answer(store, operation) for store in stores]
        assert first == second
        assert repr(first) == repr(second)


def test_both_engines_give_the_same_answers(place: Place, tmp_path: Any) -> None:
    stores = [Place("sqlite", str(tmp_path / "documents.sqlite")).store([Person]), place.store([Person])]
    with asyncio.Runner() as runner:

        @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(operations, min_size=1, max_size=12))
        def check(script: Sequence[Operation]) -> None:
            runner.run(compare(stores, script))

        for store in stores:
            runner.run(store.open())
        try:
            check()
        finally:
            for store in stores:
                runner.run(store.close())
