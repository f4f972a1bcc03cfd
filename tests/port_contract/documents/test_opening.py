"""Opening a store: what it makes, brings forward and refuses to touch."""

from datetime import datetime
from typing import Any, ClassVar

import pytest
from bson import ObjectId
from pydantic import AwareDatetime

from prickle.contract.documents import DuplicateKey, Field, Index, Migration, Model
from prickle.storage.documents import StoreRefused
from tests.port_contract.documents.engines import Place, Store
from tests.port_contract.documents.models import MODELS, Entry, entry, moment


def note(fields: dict[str, Any], *, indexes: Any = None) -> type[Model]:
    """Return a version of the collection `notes`: annotations by name, or pairs of annotation and default."""
    namespace: dict[str, Any] = {"__module__": __name__, "__qualname__": "Note", "__annotations__": {"id": str}}
    namespace["id"] = Field(primary_field=True)
    for name, declared in fields.items():
        annotation, *default = declared if isinstance(declared, tuple) else (declared,)
        namespace["__annotations__"][name] = annotation
        if default:
            namespace[name] = default[0]
    namespace["model_config"] = {"collection": "notes", "indexes": indexes}
    return type(Model)("Note", (Model,), namespace)


async def opened(place: Place, model: type[Model], *migrations: Migration) -> Store:
    store = place.store([model], migrations)
    await store.open()
    return store


async def written(place: Place, model: type[Model], *rows: dict[str, Any]) -> None:
    store = await opened(place, model)
    try:
        await store.insert(*(model(**row) for row in rows))
    finally:
        await store.close()


async def test_what_was_written_is_there_after_opening_again(place: Place, store: Store) -> None:
    await store.insert(entry(1, text="🦔"))
    await store.close()
    again = place.store(MODELS)
    await again.open()
    assert [each.text for each in await again.find(Entry)] == ["🦔"]
    await again.check()
    await again.close()


async def test_two_stores_of_one_place_see_each_other(place: Place, store: Store) -> None:
    other = place.store(MODELS)
    await other.open()
    await store.insert(entry(1))
    with pytest.raises(DuplicateKey):
        await other.insert(entry(1, once="other"))
    await other.update(Entry, Entry.seq == 1, set={"text": "other"})
    assert [each.text for each in await store.find(Entry)] == ["other"]
    await other.close()


async def test_a_new_field_is_added_and_filled_with_its_default(place: Place) -> None:
    await written(place, note({"text": str}), {"id": "a", "text": "x"})
    newer = note({"text": str, "stars": (int, 3), "tags": (list[str], []), "seen_at": (AwareDatetime | None, None)})
    store = await opened(place, newer)
    assert await store.find(newer, newer.stars == 3, newer.seen_at == None) == [newer(id="a", text="x")]  # noqa: E711
    await store.close()


async def test_a_field_that_goes_is_no_trouble(place: Place) -> None:
    await written(place, note({"text": str, "stars": (int, 3)}), {"id": "a", "text": "x", "stars": 4})
    older = note({"text": str})
    store = await opened(place, older)
    await store.insert(older(id="b", text="y"))
    assert await store.count(older) == 2
    await store.close()


async def test_a_new_required_field_is_refused_where_documents_lack_it(place: Place) -> None:
    await written(place, note({}))
    newer = note({"text": str})
    await (await opened(place, newer)).close()
    await written(place, newer, {"id": "a", "text": "x"})
    with pytest.raises(StoreRefused, match=r"notes\.stars is new"):
        await opened(place, note({"text": str, "stars": int}))


async def test_a_field_that_changes_its_kind_needs_a_migration(place: Place) -> None:
    await written(place, note({"stars": str}), {"id": "a", "stars": "3"})
    newer = note({"stars": int})
    with pytest.raises(StoreRefused, match=r"notes\.stars is kept as text but declared as integer"):
        await opened(place, newer)
    store = await opened(place, newer, Migration("notes", 1, lambda old: {**old, "stars": int(old["stars"])}))
    assert await store.find(newer, newer.stars == 3) == [newer(id="a", stars=3)]
    await store.close()


async def test_migrations_run_once_per_document_and_in_order(place: Place) -> None:
    first = note({"text": str, "at": AwareDatetime, "owner": ObjectId, "data": (dict[str, Any], {})})
    data = {"deep": [moment(1)]}
    await written(
        place, first, *({"id": name, "text": name, "at": moment(1), "owner": ObjectId(), "data": data} for name in "ab")
    )
    steps = [
        Migration("notes", 2, lambda old: {**old, "text": old["text"] + "2"}),
        Migration("notes", 1, lambda old: {**old, "text": old["text"] + "1"}),
    ]
    for count in (1, 2, 2):
        store = await opened(place, first, *steps[2 - count :])
        await store.close()
    store = await opened(place, first, *steps)
    found = sorted(await store.find(first), key=lambda each: each.id)
    assert [(each.text, each.at, each.data) for each in found] == [("a12", moment(1), data), ("b12", moment(1), data)]
    await store.close()


async def test_a_migration_that_fails_changes_nothing_and_can_run_again(place: Place) -> None:
    model = note({"text": str})
    await written(place, model, {"id": "a", "text": "x"})

    def fail(old: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("defect")

    with pytest.raises(RuntimeError, match="defect"):
        await opened(place, model, Migration("notes", 1, fail))
    store = await opened(place, model, Migration("notes", 1, lambda old: {**old, "text": "y"}))
    assert [each.text for each in await store.find(model)] == ["y"]
    await store.close()


async def test_data_of_a_newer_version_is_refused_with_the_way_out(place: Place) -> None:
    model = note({"text": str})
    store = await opened(place, model, Migration("notes", 1, lambda old: old))
    await store.close()
    with pytest.raises(
        StoreRefused, match="notes: its data has schema 1, this version knows 0; start the newer version"
    ):
        await opened(place, model)


@pytest.mark.parametrize("numbers", [[2], [0], [1, 1], [1, 3]])
async def test_migrations_are_numbered_from_one_without_gaps(place: Place, numbers: list[int]) -> None:
    with pytest.raises(StoreRefused, match="numbered"):
        await opened(place, note({}), *(Migration("notes", number, lambda old: old) for number in numbers))


async def test_a_migration_of_an_unknown_collection_is_refused(place: Place) -> None:
    with pytest.raises(StoreRefused, match="nobody"):
        await opened(place, note({}), Migration("nobody", 1, lambda old: old))


async def test_indexes_come_and_go_with_their_declaration(place: Place) -> None:
    plain = note({"text": str})
    unique = note({"text": str}, indexes=lambda: [Index(unique.text, unique=True)])
    await written(place, unique, {"id": "a", "text": "x"})
    with pytest.raises(DuplicateKey):
        await written(place, unique, {"id": "b", "text": "x"})
    await written(place, plain, {"id": "b", "text": "x"})
    with pytest.raises(StoreRefused, match="notes: its data breaks the new index"):
        await opened(place, unique)


class Naive(Model):
    at: datetime


class Loose(Model):
    model_config: ClassVar[Any] = {"extra": "allow"}


@pytest.mark.parametrize(("model", "reason"), [(Naive, "AwareDatetime"), (Loose, "extra fields")])
async def test_a_model_that_cannot_be_kept_everywhere_is_refused(place: Place, model: type[Model], reason: str) -> None:
    with pytest.raises(StoreRefused, match=reason):
        place.store([model])


async def test_two_models_of_one_collection_are_refused(place: Place) -> None:
    with pytest.raises(StoreRefused, match="notes: more than one model"):
        place.store([note({}), note({})])


async def test_an_index_on_what_is_no_scalar_is_refused(place: Place) -> None:
    model = note({"tags": list[str]}, indexes=lambda: [Index(model.tags)])
    with pytest.raises(StoreRefused, match="tags cannot be indexed"):
        place.store([model])
