"""What may be said in a message."""

import unicodedata

from plugins.messages.api import mentioned
from prickle.contract.errors import InvalidInput

_UNSEEN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def checked_text(text: str, max_characters: int, max_mentions: int) -> str:
    """Return `text` without white space at its end; what stands before is the author's.

    Raises:
        InvalidInput: `messages.text_blank`: nothing to see, `messages.text_too_long` or `messages.too_many_mentions`.
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
    if len(mentioned(trimmed)) > max_mentions:
        raise InvalidInput(
            "messages.too_many_mentions", f"A message mentions at most {max_mentions} people.", limit=max_mentions
        )
    return trimmed
