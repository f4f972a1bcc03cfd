"""JSON schemas of the declared models, collected so that each is written once and referred to."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

REF_TEMPLATE = "#/components/schemas/{model}"

Mode = Literal["validation", "serialization"]
Schema = dict[str, Any]

ERROR_KINDS = (
    "invalid_input",
    "unauthenticated",
    "forbidden",
    "not_found",
    "conflict",
    "rate_limited",
    "unavailable",
    "internal",
)

ERROR_SCHEMA: Schema = {
    "type": "object",
    "description": "What went wrong: a closed `kind`, an open `code` of the plugin that raised it, a `message` to show.",
    "required": ["kind", "code", "message", "details", "trace_id"],
    "additionalProperties": False,
    "properties": {
        "kind": {"enum": list(ERROR_KINDS)},
        "code": {"type": "string", "examples": ["rooms.room_not_found"]},
        "message": {"type": "string"},
        "details": {
            "type": "object",
            "properties": {
                "retry_after_s": {"type": "number", "description": "Seconds after which it is worth a retry."}
            },
        },
        "trace_id": {"type": "string", "description": "Names the line of the server's log that tells more."},
    },
}


class _PlainTitles(GenerateJsonSchema):
    """Leaves out the titles that pydantic makes from field names: they say nothing new."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class SchemaCollection:
    """Turns models into schemas. All are handed in at once, so that two models of one name get two names."""

    def __init__(self, models: Sequence[tuple[Any, Mode]]) -> None:
        inputs = [(str(number), mode, TypeAdapter(model)) for number, (model, mode) in enumerate(models)]
        found, definitions = TypeAdapter.json_schemas(inputs, ref_template=REF_TEMPLATE, schema_generator=_PlainTitles)
        self._schemas = [found[key, mode] for key, mode, _ in inputs]
        self._models = list(models)
        self.definitions: dict[str, Schema] = {"Error": ERROR_SCHEMA, **definitions.get("$defs", {})}

    def of(self, model: Any, mode: Mode) -> Schema:
        """Return the schema of a model that was handed in: for a class, a reference into `definitions`."""
        return dict(self._schemas[self._models.index((model, mode))])


def reference(name: str) -> Schema:
    """Return a reference to a collected definition."""
    return {"$ref": REF_TEMPLATE.format(model=name)}
