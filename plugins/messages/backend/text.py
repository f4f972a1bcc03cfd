"""What may be said in a message."""

import unicodedata

from prickle.contract.errors import InvalidInput

_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def checked_text(text: str, max_characters: int) -> str:
    """Return `text` without white space at its end; what stands before is the author's.

    Raises:
        InvalidInput: `messages.text_blank`: nothing to see, or `messages.text_too_long`.
    """
    trimmed = text.rstrip()
    if all(unicodedata.category(character) in _UNSEEN for character in trimmed):
        raise InvalidInput("messages.text_blank", "A message needs a text.")
    if len(trimmed) > max_characters:
        raise InvalidInput(
            "messages.text_too_long",
            f"A message has at most {max_characters} characters.",
            limit=max_characters,
            length=len(trimmed),
        )
    return trimmed
