"""The AsyncAPI 3 document of the declared socket commands and notices, as the server sees them."""

from typing import Any

from prickle.apidocs.declarations import SOCKET_DESCRIPTION, Declarations
from prickle.apidocs.schemas import Mode, SchemaCollection, reference
from prickle.contract.gateway import Command, Notice
from prickle.contract.payload import Empty

CHANNEL = "#/channels/socket"


def asyncapi_document(declared: Declarations) -> dict[str, Any]:
    """Return the whole document as plain JSON values."""
    schemas = SchemaCollection(_models(declared))
    messages: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for plugin, command in declared.commands:
        messages[command.name] = _message(
            plugin, command.name, command.summary, schemas.of(command.payload, "validation")
        )
        messages[f"{command.name}.ack"] = _message(plugin, f"{command.name}.ack", "", _ack(command, schemas))
        operations[command.name] = _command(plugin, command)
    for plugin, notice in declared.notices:
        messages[notice.name] = _message(
            plugin, notice.name, notice.summary, schemas.of(notice.payload, "serialization")
        )
        operations[notice.name] = _notice(plugin, notice)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Prickle",
            "version": declared.version,
            "description": SOCKET_DESCRIPTION,
            "license": {"name": "MIT"},
            "tags": [{"name": plugin} for plugin in declared.plugins],
        },
        "defaultContentType": "application/json",
        "channels": {"socket": {"address": "/socket.io/", "messages": messages}},
        "operations": operations,
        "components": {"schemas": schemas.definitions},
    }


def _models(declared: Declarations) -> list[tuple[Any, Mode]]:
    models: list[tuple[Any, Mode]] = []
    for _, command in declared.commands:
        models += [(command.payload, "validation"), (command.result or Empty, "serialization")]
    return [*models, *((notice.payload, "serialization") for _, notice in declared.notices)]


def _message(plugin: str, name: str, summary: str, payload: dict[str, Any]) -> dict[str, Any]:
    message = {"name": name, "tags": [{"name": plugin}], "payload": payload}
    return {**message, "summary": summary} if summary else message


def _ack(command: Command[Any], schemas: SchemaCollection) -> dict[str, Any]:
    data = schemas.of(command.result or Empty, "serialization")
    return {"oneOf": [_shape(True, "data", data), _shape(False, "error", reference("Error"))]}


def _shape(ok: bool, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["ok", name],
        "properties": {"ok": {"const": ok}, name: schema},
        "additionalProperties": False,
    }


def _command(plugin: str, command: Command[Any]) -> dict[str, Any]:
    operation = {
        **_operation("receive", plugin, command.name, command.summary),
        "reply": {"channel": {"$ref": CHANNEL}, "messages": [{"$ref": f"{CHANNEL}/messages/{command.name}.ack"}]},
        "x-rate-limit": {"per_s": command.rate.per_s, "burst": command.rate.burst},
        "x-max-bytes": command.max_bytes,
        "x-time-limit-s": command.time_limit_s,
    }
    if command.member_of:
        operation["description"] = f"For members of `{command.member_of}` only."
    return operation


def _notice(plugin: str, notice: Notice[Any]) -> dict[str, Any]:
    return {**_operation("send", plugin, notice.name, notice.summary), "x-delivery": notice.delivery.value}


def _operation(action: str, plugin: str, name: str, summary: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "action": action,
        "channel": {"$ref": CHANNEL},
        "messages": [{"$ref": f"{CHANNEL}/messages/{name}"}],
        "tags": [{"name": plugin}],
    }
    return {**operation, "summary": summary} if summary else operation
