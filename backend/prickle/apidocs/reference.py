"""What people read of a declared model: its fields in a table, or its outline in one line."""

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from prickle.apidocs.schemas import Mode, Schema


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field: `kind` is its type in words, `note` its bounds and description."""

    name: str
    kind: str
    required: bool
    note: str


def field_rows(model: Any, mode: Mode) -> list[FieldRow]:
    """Return the fields of a model; of a list of models, the fields of one."""
    schema = TypeAdapter(model).json_schema(mode=mode)
    definitions = schema.get("$defs", {})
    schema = _resolved(schema, definitions)
    if schema.get("type") == "array":
        schema = _resolved(schema.get("items", {}), definitions)
    required = schema.get("required", ())
    return [
        FieldRow(name, _kind(field, definitions), name in required, _note(field))
        for name, field in schema.get("properties", {}).items()
    ]


def outline(model: Any, mode: Mode) -> str:
    """Return `{room, text, reply_to?}`, or `[{id, name}]` for a list; a question mark stands for what may be left out."""
    schema = TypeAdapter(model).json_schema(mode=mode)
    return _outline(schema, schema.get("$defs", {}))


def _outline(schema: Schema, definitions: dict[str, Schema]) -> str:
    schema = _resolved(schema, definitions)
    if schema.get("type") == "array":
        return f"[{_outline(schema.get('items', {}), definitions)}]"
    if "properties" in schema:
        required = schema.get("required", ())
        return "{" + ", ".join(name if name in required else f"{name}?" for name in schema["properties"]) + "}"
    return "{}" if schema.get("type") == "object" else _kind(schema, definitions)


def _resolved(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    while "$ref" in schema:
        schema = {**definitions[schema["$ref"].rsplit("/", 1)[-1]], **{k: v for k, v in schema.items() if k != "$ref"}}
    return schema


def _kind(schema: Schema, definitions: dict[str, Schema]) -> str:
    schema = _resolved(schema, definitions)
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(_kind(choice, definitions) for choice in choices)
    if "const" in schema or "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}), definitions)}"
    if schema.get("type") == "object" and "properties" in schema:
        return _outline(schema, definitions)
    kind = schema.get("type", "anything")
    return str({"integer": "whole number", "object": "object"}.get(kind, kind))


def _note(schema: Schema) -> str:
    parts = [schema["description"].rstrip(".") + "."] if "description" in schema else []
    for choice in [schema, *schema.get("anyOf", ())]:
        bounds = _bounds(choice)
        parts += [bounds] if bounds else []
    return " ".join(parts)


def _bounds(schema: Schema) -> str:
    pairs = [("minLength", "maxLength", " characters"), ("minItems", "maxItems", " items"), ("minimum", "maximum", "")]
    for low, high, unit in pairs:
        if low in schema and high in schema:
            return f"{schema[low]} to {schema[high]}{unit}."
        if high in schema:
            return f"At most {schema[high]}{unit}."
        if low in schema:
            return f"At least {schema[low]}{unit}."
    return ""
