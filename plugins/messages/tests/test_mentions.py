"""Whom a text mentions, and how many it may."""

import pytest

from plugins.messages.api import mentioned
from plugins.messages.backend.text import checked_text
from prickle.contract.errors import InvalidInput
from prickle.contract.types import UserId

# Always the same ones: they name the tests, which several processes share out by name.
ANN, BOB, CID = (UserId(f"guest_06h16e7f7741gn50khz{last}") for last in "012")


def test_ids_in_a_text_are_mentions() -> None:
    assert mentioned(f"<@{ANN}> and <@{BOB}>, again <@{ANN}>") == {ANN, BOB}


@pytest.mark.parametrize(
    "text",
    ["", "@Ann", f"@{ANN}", f"<@{ANN}", f"<{ANN}>", "<@guest_>", f"<@{ANN}0>", f"<@ {ANN}>", f"<@{ANN.upper()}>"],
)
def test_anything_else_is_text(text: str) -> None:
    assert not mentioned(text)


def test_a_message_mentions_so_many_people_and_each_as_often_as_it_likes() -> None:
    text = f"<@{ANN}><@{BOB}>" * 3
    assert checked_text(text, 1000, 2) == text
    with pytest.raises(InvalidInput) as refused:
        checked_text(f"{text}<@{CID}>", 1000, 2)
    assert (refused.value.code, refused.value.details) == ("messages.too_many_mentions", {"limit": 2})
