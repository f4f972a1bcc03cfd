from collections.abc import Iterator
from typing import Any

from prickle.apidocs import Declarations
from prickle.apidocs.asyncapi import asyncapi_document


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from references(item)


def followed(document: Any, reference: str) -> Any:
    for step in reference.removeprefix("#/").split("/"):
        document = document[step]
    return document


def test_every_reference_leads_somewhere(declared: Declarations) -> None:
    document = asyncapi_document(declared)
    found = list(references(document))
    assert found
    assert all(followed(document, reference) for reference in found)


def test_a_command_is_received_and_replied_to(declared: Declarations) -> None:
    create = asyncapi_document(declared)["operations"]["messages.create"]
    assert create["action"] == "receive"
    assert create["reply"]["messages"] == [{"$ref": "#/channels/socket/messages/messages.create.ack"}]
    assert create["x-max-bytes"] == 65536
    assert "members of `room`" in create["description"]


def test_an_ack_is_either_ok_with_data_or_not_ok_with_the_error(declared: Declarations) -> None:
    messages = asyncapi_document(declared)["channels"]["socket"]["messages"]
    good, bad = messages["messages.create.ack"]["payload"]["oneOf"]
    assert good["properties"] == {"ok": {"const": True}, "data": {"$ref": "#/components/schemas/MessageCreated"}}
    assert bad["properties"] == {"ok": {"const": False}, "error": {"$ref": "#/components/schemas/Error"}}


def test_a_notice_is_sent_and_tells_its_delivery_class(declared: Declarations) -> None:
    created = asyncapi_document(declared)["operations"]["messages.created"]
    assert created["action"] == "send"
    assert created["x-delivery"] == "durable"
    assert created["summary"] == "A new message."
