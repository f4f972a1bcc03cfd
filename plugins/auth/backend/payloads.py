"""The wire shapes of guest identity."""

from typing import Annotated

from pydantic import AfterValidator, Field

from prickle.contract.payload import NameField, Payload, Query, Timestamp

MAX_USERS_PER_QUERY = 100
TokenField = Annotated[str, Field(min_length=1, max_length=2048)]


class GuestCreate(Payload):
    """Without a name, one is made up."""

    name: NameField | None = None


class GuestUpdate(Payload):
    """A new name."""

    name: NameField


class UserView(Payload):
    """A guest as everybody sees them."""

    id: str
    name: str


class Grant(Payload):
    """A token and whom it speaks for."""

    token: str
    expires_at: Timestamp
    user: UserView


class LinkView(Payload):
    """A one-time link; the token stands in the fragment of `url`, which no server and no Referer ever sees."""

    url: str
    token: str
    expires_at: Timestamp


class LinkRedeem(Payload):
    """The token of a one-time link."""

    token: TokenField


class TokenUpdate(Payload):
    """A renewed token of the same guest and session."""

    token: TokenField


class TokenUpdated(Payload):
    """Until when the socket may stay."""

    expires_at: Timestamp


def _at_most_hundred(ids: str) -> str:
    if ids.count(",") >= MAX_USERS_PER_QUERY:
        raise ValueError(f"at most {MAX_USERS_PER_QUERY} ids")
    return ids


class UsersQuery(Query):
    """`ids=a,b`."""

    ids: Annotated[
        str, Field(max_length=65 * MAX_USERS_PER_QUERY, pattern=r"^[A-Za-z0-9_,-]+$"), AfterValidator(_at_most_hundred)
    ]

    def listed(self) -> set[str]:
        """Return the ids, each once."""
        return {user for user in self.ids.split(",") if user}
