"""`insert`: order, what stays after a refusal, and what unique means."""

import pytest

from prickle.contract.documents import DuplicateKey, asc
from tests.port_contract.documents.engines import Store
from tests.port_contract.documents.models import Entry, Person, Thing, entry


async def seqs(store: Store, room: str = "r") -> list[int]:
    return [each.seq for each in await store.find(Entry, Entry.room == room, sort=[asc(Entry.seq)])]


async def test_an_inserted_document_is_found(store: Store) -> None:
    written = entry(1, text="hello")
    await store.insert(written)
    assert await store.find(Entry) == [written]


async def test_inserting_nothing_is_fine(store: Store) -> None:
    await store.insert()


async def test_documents_of_several_collections_go_in_one_call(store: Store) -> None:
    await store.insert(entry(1), Person(id="a"), entry(2), Thing(id="t"))
    assert (await store.count(Entry), await store.count(Person), await store.count(Thing)) == (2, 1, 1)


async def test_a_refused_document_keeps_those_before_it_and_stops_those_after_it(store: Store) -> None:
    await store.insert(entry(3))
    with pytest.raises(DuplicateKey) as refused:
        await store.insert(entry(1), entry(2), entry(3, once="other"), entry(4))
    assert refused.value.inserted == 2
    assert refused.value.collection == "entries"
    assert await seqs(store) == [1, 2, 3]


async def test_a_refusal_in_a_later_collection_counts_all_documents_before_it(store: Store) -> None:
    await store.insert(Person(id="a"))
    with pytest.raises(DuplicateKey) as refused:
        await store.insert(entry(1), entry(2), Person(id="b"), Person(id="a"), entry(3))
    assert (refused.value.inserted, refused.value.fields) == (3, ("id",))
    assert await seqs(store) == [1, 2]


async def test_duplicates_within_one_call_are_refused(store: Store) -> None:
    with pytest.raises(DuplicateKey) as refused:
        await store.insert(entry(1), entry(1, once="again"))
    assert refused.value.inserted == 1


async def test_the_refusal_names_the_fields_of_the_index(store: Store) -> None:
    await store.insert(entry(1, once="x"))
    with pytest.raises(DuplicateKey) as by_number:
        await store.insert(entry(1, once="y"))
    with pytest.raises(DuplicateKey) as by_key:
        await store.insert(entry(2, once="x"))
    assert by_number.value.fields == ("room", "seq")
    assert by_key.value.fields == ("room", "once")


async def test_a_compound_unique_index_lets_one_half_repeat(store: Store) -> None:
    await store.insert(entry(1, room="a"), entry(1, room="b"))
    assert await store.count(Entry) == 2


async def test_the_primary_field_is_unique(store: Store) -> None:
    written = entry(1)
    await store.insert(written)
    copy = written.model_copy(update={"seq": 2, "once": "#2"})
    with pytest.raises(DuplicateKey) as refused:
        await store.insert(copy)
    assert refused.value.fields == ("id",)


async def test_a_unique_index_lets_none_repeat(store: Store) -> None:
    await store.insert(Person(id="a"), Person(id="b"), Person(id="c", email="x"))
    with pytest.raises(DuplicateKey) as refused:
        await store.insert(Person(id="d", email="x"))
    assert refused.value.fields == ("email",)
    assert await store.count(Person, Person.email == None) == 2  # noqa: E711 - a query


async def test_what_was_written_is_what_is_kept_when_the_document_changes_later(store: Store) -> None:
    thing = Thing(id="t", tags=["a"])
    await store.insert(thing)
    thing.tags.append("b")
    assert (await store.find(Thing))[0].tags == ["a"]


@pytest.mark.parametrize("number", [1, 64, 65, 128, 200])
async def test_a_refusal_deep_in_a_long_call_keeps_all_before_it(store: Store, number: int) -> None:
    await store.insert(entry(number, once="other"))
    with pytest.raises(DuplicateKey) as refused:
        await store.insert(*(entry(seq) for seq in range(1, 201)))
    assert (refused.value.inserted, refused.value.fields) == (number - 1, ("room", "seq"))
    assert sorted(each.seq for each in await store.find(Entry)) == list(range(1, number + 1))
