"""What the engines need to know of a model: its fields with their kinds, its indexes, and how documents are taken apart."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

from odmantic.bson import ObjectId as DeclaredObjectId
from odmantic.index import ODMCompoundIndex, ODMSingleFieldIndex
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from prickle.contract.documents import Model
from prickle.storage.documents.errors import StoreRefused
from prickle.storage.documents.kinds import Kind, bare, is_plain, kind_of
from prickle.storage.documents.plain import check_size, plain

M = TypeVar("M", bound=Model)
_set = object.__setattr__


@dataclass(frozen=True, slots=True)
class StoredField:
    """One declared top-level field. `key` is its name in odmantic's expressions (`_id` for the primary field)."""

    name: str
    key: str
    kind: Kind
    nullable: bool
    adapter: TypeAdapter[Any]
    info: FieldInfo
    restore: Callable[[Any], Any] | None
    """From the plain value to the declared type; `None` where they are the same."""

    @property
    def default(self) -> Any:
        """The plain value for a document that was stored before the field was declared, or `None`."""
        if self.nullable or self.info.is_required():
            return None
        return plain(self.info.get_default(call_default_factory=True, validated_data={}))

    def validated(self, value: Any) -> Any:
        """Return `value`, checked against the declaration, as a plain value.

        Raises:
            ValueError: it does not fit.
        """
        return plain(self.adapter.validate_python(value))


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """Fields by name, each with 1 (ascending) or -1."""

    fields: tuple[tuple[str, int], ...]
    unique: bool

    @property
    def name(self) -> str:
        """A name that says all of it, so that a changed declaration is another index."""
        parts = ["-" * (direction < 0) + name for name, direction in self.fields]
        return ("unique " if self.unique else "") + " ".join(parts)


@dataclass(frozen=True, slots=True)
class Collection(Generic[M]):
    """A declared model, read once."""

    model: type[M]
    name: str
    primary: str
    fields: Mapping[str, StoredField]
    indexes: Sequence[StoredIndex]
    by_key: Mapping[str, StoredField] = field(repr=False)

    def take_apart(self, document: Model) -> dict[str, Any]:
        """Return the document's plain values by field name.

        Raises:
            ValueError: a value cannot be stored, or the document is too big.
        """
        held = document.__dict__
        values = {name: plain(held[name]) for name in self.fields}
        if values[self.primary] is None:
            raise ValueError(f"{self.name}: a document has a {self.primary}")
        check_size(values, self.name)
        return values

    def put_together(self, values: dict[str, Any]) -> M:
        """Return the document with these plain values; they were checked when they were stored, so not again."""
        for stored in self.fields.values():
            value = values.get(stored.name)
            if value is None and not stored.nullable:
                value = self._default_of(stored)
            if value is not None and stored.restore is not None:
                value = stored.restore(value)
            values[stored.name] = value
        return self._build(values)

    def _default_of(self, stored: StoredField) -> Any:
        if stored.info.is_required():
            raise ValueError(f"{self.name}: a stored document lacks {stored.name}, which has no default")
        return stored.default

    def _build(self, values: dict[str, Any]) -> M:
        document = self.model.__new__(self.model)
        _set(document, "__dict__", values)
        _set(document, "__pydantic_fields_set__", set(self.fields))
        _set(document, "__pydantic_extra__", None)
        _set(document, "__pydantic_private__", None)
        _set(document, "__fields_modified__", set())
        return document


def read_models(models: Iterable[type[Model]]) -> dict[type[Model], Collection[Any]]:
    """Read the declarations of all models.

    Raises:
        StoreRefused: one declares something that not every engine keeps, or two declare one collection.
    """
    collections = {model: _read_model(model) for model in models}
    names = [collection.name for collection in collections.values()]
    for name in names:
        if names.count(name) > 1:
            raise StoreRefused(f"{name}: more than one model declares this collection")
    return collections


def _read_model(model: type[M]) -> Collection[M]:
    name = model.__collection__
    if model.__references__ or model.model_config.get("extra") == "allow" or model.__private_attributes__:
        raise StoreRefused(f"{name}: references, extra fields and private attributes are not stored; leave them out")
    fields = {field_name: _read_field(model, field_name) for field_name in model.__odm_fields__}
    by_key = {stored.key: stored for stored in fields.values()}
    indexes = tuple(_read_index(name, index, by_key) for index in model.__indexes__())
    return Collection(model, name, model.__primary_field__, fields, indexes, by_key)


def _read_field(model: type[Model], name: str) -> StoredField:
    info = model.model_fields[name]
    annotation = info.annotation
    try:
        kind = kind_of(annotation)
    except TypeError as error:
        raise StoreRefused(f"{model.__collection__}.{name}: {error}") from error
    declared: Any = Annotated[(annotation, info)]
    adapter: TypeAdapter[Any] = TypeAdapter(declared)
    return StoredField(
        name=name,
        key=model.__odm_fields__[name].key_name,
        kind=kind,
        nullable=_accepts_none(adapter),
        adapter=adapter,
        info=info,
        restore=_restorer(annotation, kind, adapter),
    )


def _accepts_none(adapter: TypeAdapter[Any]) -> bool:
    try:
        adapter.validate_python(None)
    except ValidationError:
        return False
    return True


def _restorer(annotation: Any, kind: Kind, adapter: TypeAdapter[Any]) -> Callable[[Any], Any] | None:
    cls = bare(annotation)
    if isinstance(cls, type) and issubclass(cls, Enum):
        return cls
    if kind is Kind.NUMBER:
        return float  # a server may hold a whole number as an integer
    if is_plain(annotation) or cls is DeclaredObjectId or (kind is not Kind.JSON and not isinstance(cls, type)):
        return None
    return adapter.validate_python


def _read_index(collection: str, index: Any, by_key: Mapping[str, StoredField]) -> StoredIndex:
    if not isinstance(index, (ODMSingleFieldIndex, ODMCompoundIndex)):
        raise StoreRefused(f"{collection}: declare an index with Index(...), not with a driver's own class")
    fields = []
    for key, direction in index.get_index_specifier():
        stored = by_key.get(key)
        if stored is None or not stored.kind.is_queryable:
            raise StoreRefused(f"{collection}: {key} cannot be indexed; an index is on declared scalar fields")
        fields.append((stored.name, direction))
    return StoredIndex(tuple(fields), index.unique)
