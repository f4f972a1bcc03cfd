"""The settings of presence."""

from pydantic import Field

from prickle.contract.settings import Section


class PresenceSettings(Section):
    """`plugins.presence`."""

    grace_s: float = Field(
        15.0, ge=0, le=300, description="How long a guest without a connection is still shown as there, in seconds."
    )
    max_listed: int = Field(
        100, ge=0, le=1000, description="Rooms with more people online than this show their number and some names."
    )
    last_seen: bool = Field(
        False, description="Keep when guests were last there, and tell it to those who share a room with them."
    )
    notice_interval_s: float = Field(1.0, ge=0.05, le=60, description="Changes of so many seconds are told together.")
