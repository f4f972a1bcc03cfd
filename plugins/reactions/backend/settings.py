"""The settings of reactions."""

from pydantic import Field

from prickle.contract.settings import Section


class ReactionSettings(Section):
    """`plugins.reactions`. Every reader of a message downloads its reactions, so both are small."""

    max_kinds: int = Field(20, ge=1, le=100, description="Different emoji on one message.")
    max_users: int = Field(100, ge=1, le=1000, description="Guests who may react with one emoji to one message.")
