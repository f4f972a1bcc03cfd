"""What rooms tell their members."""

from plugins.rooms.backend.payloads import (
    MemberNotice,
    RoomAddedNotice,
    RoomDeletedNotice,
    RoomRemovedNotice,
    RoomUpdatedNotice,
)
from prickle.contract.gateway import Delivery, Notice

UPDATED = Notice("rooms.updated", RoomUpdatedNotice, Delivery.DURABLE, "Name, icon or visibility changed.")
JOINED = Notice("rooms.joined", MemberNotice, Delivery.DURABLE, "A guest became a member.")
LEFT = Notice("rooms.left", MemberNotice, Delivery.DURABLE, "A member left or was removed.")
DELETED = Notice("rooms.deleted", RoomDeletedNotice, Delivery.DURABLE, "The room was deleted; nothing follows.")
ADDED = Notice("rooms.added", RoomAddedNotice, Delivery.STATE, "To one guest: this room is now in your list.")
REMOVED = Notice("rooms.removed", RoomRemovedNotice, Delivery.STATE, "To one guest: this room left your list.")

NOTICES = (UPDATED, JOINED, LEFT, DELETED, ADDED, REMOVED)
