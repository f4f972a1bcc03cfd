"""The wire shapes of typing."""

from typing import Annotated

from pydantic import Field

from prickle.contract.payload import IdField, Payload

MAX_NAMES = 3


class TypingIn(Payload):
    """The room that the guest is writing in."""

    room: IdField


class TypingUpdated(Payload):
    """Who is writing, longest first and at most three; the one who reads it may be among them.

    Each of them counts as writing for 5 s, or until their message. Every replica speaks for the guests who are connected
    to it: a list that shares somebody with an earlier one replaces that one, and an empty list ends the only one there is.
    """

    room: IdField
    users: Annotated[list[IdField], Field(max_length=MAX_NAMES)]
