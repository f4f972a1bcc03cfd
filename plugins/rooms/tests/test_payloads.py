"""What a room may be asked for."""

from typing import Any

import pytest
from pydantic import ValidationError

from plugins.rooms.backend.payloads import PageQuery, RoomCreate, RoomsQuery, RoomUpdate


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"direct": "guest_b", "name": "x"},
        {"direct": "guest_b", "visibility": "public"},
        {"direct": {"$ne": 1}},
        {"name": ""},
        {"name": "   "},
        {"name": "x" * 65},
        {"name": "a\u202eb"},
        {"name": "x", "visibility": "secret"},
        {"name": "x", "icon": "ab"},
        {"name": "x", "created_by": "guest_b"},
    ],
)
def test_a_room_that_is_neither_named_nor_direct_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RoomCreate.model_validate(body)


def test_a_room_is_private_unless_it_says_otherwise() -> None:
    assert RoomCreate(name=" trail  crew ").visibility == "private"
    assert RoomCreate(name=" trail  crew ").name == "trail crew"


def test_an_update_tells_what_was_given_from_what_was_not() -> None:
    assert RoomUpdate().changes() == {}
    assert RoomUpdate(icon=None).changes() == {"icon": None}


@pytest.mark.parametrize("body", [{"name": None}, {"visibility": None}, {"member_count": 3}])
def test_an_update_of_what_cannot_go_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RoomUpdate.model_validate(body)


@pytest.mark.parametrize(
    "limit", ["0", "-1", "1000000000", "50.7", "NaN", "", "9223372036854775808", "\uff11\uff10", "1_0"]
)
@pytest.mark.parametrize("query", [PageQuery, RoomsQuery])
def test_a_limit_is_1_to_100_in_ascii_digits(query: type[PageQuery], limit: str) -> None:
    with pytest.raises(ValidationError):
        query.model_validate({"limit": limit})
