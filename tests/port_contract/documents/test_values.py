"""Odd values come back as they went in, or are refused before anything runs."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.port_contract.documents.engines import Store
from tests.port_contract.documents.models import Colour, Level, Person, Size, Thing, moment


async def kept(store: Store, thing: Thing) -> Thing:
    await store.insert(thing)
    found = await store.find_one(Thing, Thing.id == thing.id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -1,
        2**31,
        2**53,
        2**53 + 1,
        2**63 - 1,
        -(2**63),
        0.1,
        1.0,
        1e300,
        5e-324,
        "",
        "0",
        "null",
        "🦔👨‍👩‍👧 고슴도치\u200d",
        'a"b\\c\n\t\x01',
        "$date",
        b"",
        bytes(range(256)),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
        [],
        {},
        [{}, None, {"a": []}],
        {"_id": 2, "": 1, "a b": {"x": [1, 2.5, "three", None, True]}, "고": "🦔", "🦔": 1, "__proto__": 1},
        {"deep": [{"at": moment(1), "raw": b"x"}, {"at": [moment(2)]}]},
    ],
)
async def test_a_value_comes_back_with_its_type(store: Store, value: Any) -> None:
    found = await kept(store, Thing(id="t", anything=value, data={"value": value}))
    assert (found.anything, found.data) == (value, {"value": value})
    assert type(found.anything) is type(value)
    assert repr(found.anything) == repr(value)


async def test_embedded_models_come_back_as_models(store: Store) -> None:
    size = Size(width=3, taken_at=moment(1))
    thing = Thing(id="t", size=size, sizes=[size, Size(width=1)], by_name={"x": size}, either="7", numbers={3, 1})
    assert await kept(store, thing) == thing


async def test_every_scalar_comes_back_with_its_declared_type(store: Store) -> None:
    person = Person(id="🦔", age=7, height=2.0, is_admin=True, seen_at=moment(5), colour=Colour.BLUE, level=Level.HIGH)
    await store.insert(person)
    found = await store.find_one(Person)
    assert found == person
    assert [type(getattr(found, name)) for name in Person.model_fields] == [
        type(getattr(person, name)) for name in Person.model_fields
    ]


async def test_what_comes_back_can_be_changed_and_copied(store: Store) -> None:
    found = await kept(store, Thing(id="t"))
    found.tags = ["new"]
    assert found.model_copy(update={"id": "u"}).tags == ["new"]
    assert found.model_dump()["tags"] == ["new"]


async def test_a_date_is_cut_to_the_millisecond_and_comes_back_in_utc(store: Store) -> None:
    seoul = timezone(timedelta(hours=9))
    await store.insert(Person(id="a", seen_at=moment(1, 999_999).astimezone(seoul)))
    found = await store.find_one(Person, Person.seen_at == moment(1, 999_123))
    assert found is not None
    assert found.seen_at == moment(1, 999_000)
    assert found.seen_at.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        2**63,
        -(2**63) - 1,
        float("nan"),
        float("inf"),
        "\ud83d",
        "a\x00b",
        datetime(2026, 1, 1),  # noqa: DTZ001 - naive on purpose
        {1: "x"},
        {"$set": 1},
        {"a\x00": 1},
        {"\ud83d": 1},
        [object()],
        1j,
    ],
)
async def test_a_value_that_cannot_be_kept_is_refused_before_anything_runs(store: Store, value: Any) -> None:
    for thing in (Thing(id="b", anything=value), Thing(id="b", data={"deep": [value]})):
        with pytest.raises(ValueError):
            await store.insert(Thing(id="a"), thing)
    assert await store.count(Thing) == 0


async def test_a_document_of_one_mebibyte_is_kept_and_a_bigger_one_is_refused(store: Store) -> None:
    found = await kept(store, Thing(id="t", anything="x" * (1024 * 1024 - 500)))
    assert len(found.anything) == 1024 * 1024 - 500
    with pytest.raises(ValueError, match="1 MiB"):
        await store.insert(Thing(id="u", anything="x" * 1024 * 1024))
    with pytest.raises(ValueError, match="1 MiB"):
        await store.update(Thing, Thing.id == "t", set={"anything": ["x" * 1024 * 1024]})
