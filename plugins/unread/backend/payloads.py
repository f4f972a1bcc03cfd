"""The wire shapes of unread counts."""

from prickle.contract.payload import AfterField, IdField, Payload, SeqField


class ReadUpTo(Payload):
    """Everything in `room` up to `seq` has been on a screen."""

    room: IdField
    seq: SeqField


class UnreadFrom(Payload):
    """The message `seq` and what follows it are to be unread again."""

    room: IdField
    seq: SeqField


class RoomUnread(Payload):
    """How many messages a guest has not read in a room, and how many of these mention them.

    `last_seq`: as far as the count goes. `read_seq`: everything up to here has been read; told where it may have moved.
    """

    last_seq: AfterField
    unread: AfterField
    mentions: AfterField
    read_seq: AfterField | None = None


class Reported(RoomUnread):
    """The count after a change, and how long this device may wait before it tells the next one."""

    wait_s: float


class UnreadUpdated(Payload):
    """Counts by room; without any, another device has just come, and what was read and not told is to be told now."""

    rooms: dict[IdField, RoomUnread]
