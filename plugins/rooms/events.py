"""The events of rooms, for plugins that keep something about connected members in memory."""

from collections.abc import Mapping

from prickle.contract.events import Event
from prickle.contract.types import RoomId, Seq, UserId


class MembersConnected(Event):
    """Guests have connected to this replica and these are their rooms, with the entry by which they became members.

    Published a moment after their first socket has come, for all who came in that moment at once.
    """

    members: Mapping[UserId, Mapping[RoomId, Seq]]


class MemberJoined(Event):
    """A guest became a member, by the entry `since`; published on every replica."""

    room: RoomId
    user: UserId
    since: Seq


class MemberLeft(Event):
    """A membership has ended; published on every replica."""

    room: RoomId
    user: UserId
