"""The names of groups of sockets and of bus channels; nobody else spells one."""

from prickle.contract.types import RoomId, UserId

CONTROL_CHANNEL = "control"
"""What every replica must do: shut rooms, end sockets."""


def room_group(room: RoomId) -> str:
    return f"room:{room}"


def user_group(user: UserId) -> str:
    return f"user:{user}"


def notice_channel(group: str) -> str:
    """The channel that carries a group's state and ephemeral notices between replicas."""
    return f"notices:{group}"
