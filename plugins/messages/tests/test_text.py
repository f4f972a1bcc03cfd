"""A message has a text that can be seen, and not too much of it."""

import pytest

from plugins.messages.backend.text import checked_text
from prickle.contract.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("hi", "hi"),
        ("  hi \n\n", "  hi"),
        ("\u110b\u1161", "\u110b\u1161"),
        ("e\u0301", "e\u0301"),
        ("🦔", "🦔"),
        ("a\u200db", "a\u200db"),
    ],
)
def test_a_text_is_kept_as_it_is_but_for_white_space_at_its_end(text: str, kept: str) -> None:
    assert checked_text(text, 10, 2) == kept


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u00a0", "\u200b", "\u2060\u3000", "\ufeff"])
def test_a_text_with_nothing_to_see_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_text(text, 10, 2)
    assert refused.value.code == "messages.text_blank"


def test_length_counts_characters_after_trimming() -> None:
    assert checked_text("🦔" * 10 + "  ", 10, 2) == "🦔" * 10
    with pytest.raises(InvalidInput) as refused:
        checked_text("🦔" * 11, 10, 2)
    assert refused.value.details == {"limit": 10, "length": 11}
