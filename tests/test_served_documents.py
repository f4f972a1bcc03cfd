"""The documents that a whole running server serves are valid by the published rules of their formats."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from prickle.testing import Chat, running_chat
from tests.source_tree import ROOT

ASYNCAPI_SCHEMA = ROOT / "tests" / "clients" / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    async with running_chat(tmp_path) as chat:
        yield chat


async def test_the_routes_are_valid_openapi_3_1(chat: Chat) -> None:
    answer = await chat.request("GET", "/docs/openapi.json")
    assert answer.body["openapi"] == "3.1.0"
    assert "/api/rooms/{room}/messages" in answer.body["paths"]
    OpenAPIV31SpecValidator(answer.body).validate()


async def test_the_commands_and_notices_are_valid_asyncapi_3(chat: Chat) -> None:
    answer = await chat.request("GET", "/docs/asyncapi.json")
    assert {"messages.create", "messages.created"} <= set(answer.body["operations"])
    schema = json.loads(ASYNCAPI_SCHEMA.read_text(encoding="utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(answer.body)] == []
    assert list(Draft7Validator(schema).iter_errors({**answer.body, "channels": 1}))


async def test_the_page_names_every_plugin_and_allows_no_script(chat: Chat) -> None:
    answer = await chat.request("GET", "/docs")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    page = answer.body.decode()
    for host in chat.app.plugins:
        assert f'<h2 id="{host.id}">' in page
