"""What may be asked of messages, and how an answer looks."""

from typing import Any

import pytest
from pydantic import ValidationError

from plugins.messages.backend.payloads import HistoryQuery, MessageCreate, MessageView
from prickle.contract.log import Window
from prickle.contract.types import Seq

GIVEN = {"room": "room_1", "text": "hi", "client_id": "c1"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": ""},
        {"client_id": "x" * 65},
        {"client_id": "a b"},
        {"client_id": "\u00e9"},
        {"client_id": "a\n"},
        {"text": ""},
        {"text": {"$ne": 1}},
        {"text": "x" * 16_001},
        {"reply_to": 0},
        {"reply_to": "1"},
        {"reply_to": 1.5},
        {"room": {"$ne": 1}},
        {"author": "guest_b"},
        {"created_at": "2026-01-01T00:00:00Z"},
    ],
)
def test_a_message_of_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        MessageCreate.model_validate({**GIVEN, **wrong})


@pytest.mark.parametrize(
    ("query", "window"),
    [
        ({}, Window(50)),
        ({"before": "7", "limit": "1"}, Window(1, "before", Seq(7))),
        ({"after": "0"}, Window(50, "after", Seq(0))),
        ({"around": "7", "limit": "100"}, Window(100, "around", Seq(7))),
    ],
)
def test_a_page_is_the_newest_or_at_a_seq(query: dict[str, str], window: Window) -> None:
    assert HistoryQuery.model_validate(query).window() == window


@pytest.mark.parametrize(
    "query",
    [
        {"before": "1", "after": "1"},
        {"around": "1", "before": "1"},
        {"before": "0"},
        {"before": str(2**63)},
        {"x": "1"},
    ],
)
def test_a_page_at_two_places_or_at_none_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        HistoryQuery.model_validate(query)


def test_a_message_shows_what_other_plugins_added_to_it() -> None:
    view = MessageView(room="r", seq=1, author="g", text="hi", created_at="now", reactions={"x": ["g"]})
    assert view.model_dump(exclude_none=True)["reactions"] == {"x": ["g"]}
