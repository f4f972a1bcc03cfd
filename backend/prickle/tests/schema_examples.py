"""Valid and broken values for any declared model, made from its JSON Schema."""

from collections.abc import Iterator, Mapping
from typing import Any

ONE_MEGABYTE_TEXT = "x" * 1_000_000
"""More than any field takes, and less than a frame of the socket."""
DEEP_NESTING = "[" * 20_000
WRONG_TYPES: dict[str, str] = {
    "null": "null",
    "boolean": "true",
    "integer": "7",
    "number": "7.5",
    "string": '"seven"',
    "array": "[7]",
    "object": '{"$ne": 1}',
}
"""A JSON text per JSON type; the object is the operator that has opened databases."""
BROKEN_STRINGS: dict[str, str] = {
    "NUL": '"a\\u0000b"',
    "a lone surrogate": '"a\\ud83d"',
    "a megabyte": f'"{ONE_MEGABYTE_TEXT}"',
}
BROKEN_NUMBERS: dict[str, str] = {
    "2^63": str(2**63),
    "2^64 and a half": f"{2**64}.5",
    "1e400": "1e400",
    "-1": "-1",
    "-2^63 - 1": str(-(2**63) - 1),
    "NaN": "NaN",
    "infinity": "Infinity",
    "full-width digits": '"\uff11"',
    "a thousand digits": "9" * 1000,
}


class UnknownField(AssertionError):
    """No example can be made up: the field needs an entry in the registry of examples."""


def example(schema: Mapping[str, Any], registry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the smallest valid value of a model: its required fields, by name from `registry` or from the schema.

    Where required fields alone are not valid, `registry` has the whole value under the model's name.

    Raises:
        UnknownField: neither knows a value.
    """
    if schema.get("title") in registry:
        return dict(registry[schema["title"]])
    properties = schema.get("properties", {})
    return {
        name: registry[name] if name in registry else _made_up(name, resolved(properties[name], schema), schema)
        for name in schema.get("required", ())
    }


def json_types(field: Mapping[str, Any], schema: Mapping[str, Any]) -> set[str]:
    """Return the JSON types that a field takes."""
    field = resolved(field, schema)
    if "anyOf" in field:
        return {kind for option in field["anyOf"] for kind in json_types(option, schema)}
    if "type" in field:
        return {field["type"]}
    values = field.get("enum", [field["const"]] if "const" in field else [])
    if not values:
        raise UnknownField(f"a field without a type: {field}")
    return {"string" for value in values if isinstance(value, str)}


def broken_values(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what no client may send in this field: a label and a JSON text."""
    taken = json_types(field, schema)
    if "number" in taken:
        taken.add("integer")
    yield from ((f"{kind} {WRONG_TYPES[kind][:20]}", WRONG_TYPES[kind]) for kind in WRONG_TYPES if kind not in taken)
    if "string" in taken:
        yield from BROKEN_STRINGS.items()
    if taken & {"integer", "number"}:
        yield from BROKEN_NUMBERS.items()
    yield "20,000 nested arrays", DEEP_NESTING


def resolved(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference into the schema's own definitions."""
    reference = field.get("$ref")
    return schema["$defs"][reference.rpartition("/")[2]] if reference else field


def _made_up(name: str, field: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    if "enum" in field:
        return field["enum"][0]
    if "const" in field:
        return field["const"]
    if field.get("type") == "boolean":
        return True
    if field.get("type") == "integer" and "minimum" in field:
        return field["minimum"]
    if field.get("type") == "object" and "properties" in field:
        return example({**field, "$defs": schema.get("$defs", {})}, {})
    raise UnknownField(f"add an example of `{name}` to the registry of the walk: {dict(field)}")
