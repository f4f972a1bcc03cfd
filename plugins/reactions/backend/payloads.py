"""The wire shapes of reactions."""

from prickle.contract.emoji import EmojiField
from prickle.contract.payload import IdField, Payload, SeqField


class ReactionChange(Payload):
    """`seq`: the message."""

    room: IdField
    seq: SeqField
    emoji: EmojiField


class ReactionUpdated(Payload):
    """Everybody who reacts with `emoji` to the message `target` from now on, in the order in which they did.

    An empty list takes the emoji off the message. `seq` is this change's place in the log.
    """

    room: IdField
    seq: SeqField
    target: SeqField
    emoji: EmojiField
    users: list[IdField]
