"""Tells whether a text is exactly one emoji, as people see it and as Unicode recommends it for general interchange.

`emoji.txt` holds the fully-qualified sequences of Unicode's `emoji-test.txt`, version 18.0, one a line. What comes after
it is refused until the file is made anew, since no rule of syntax tells one picture from two that stand side by side.
"""

from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import AfterValidator, Field

_VARIATION_SELECTOR = "\ufe0f"


def qualified_emoji(text: str) -> str | None:
    """Return the one emoji that `text` is, in the one spelling that shows it in colour; `None` for anything else.

    Keyboards leave variation selectors out, so a red heart comes in two spellings: here they become one.
    """
    qualified = _by_plain_spelling().get(text.replace(_VARIATION_SELECTOR, ""))
    if qualified is None:
        return None
    rest = iter(qualified)
    return (
        qualified if all(character in rest for character in text) else None
    )  # a selector may be absent, not be elsewhere


@cache
def _by_plain_spelling() -> dict[str, str]:
    lines = files(__package__).joinpath("emoji.txt").read_text(encoding="utf-8").splitlines()
    return {line.replace(_VARIATION_SELECTOR, ""): line for line in lines}


def _one_emoji(text: str) -> str:
    qualified = qualified_emoji(text)
    if qualified is None:
        raise ValueError("must be exactly one emoji")
    return qualified


EmojiField = Annotated[str, Field(max_length=64), AfterValidator(_one_emoji)]
"""Exactly one emoji; it comes back fully qualified."""
