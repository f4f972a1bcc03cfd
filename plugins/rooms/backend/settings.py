"""The settings of rooms."""

from pydantic import Field, model_validator

from prickle.contract.settings import Section


class RoomSettings(Section):
    """`plugins.rooms`. Limits are checked before a write, so callers in one tick may pass one by a few."""

    max_rooms_per_guest: int = Field(200, ge=1, description="Rooms that one guest may be a member of.")
    max_name_characters: int = Field(64, ge=1, le=64, description="Longest name of a room.")
    max_members: int = Field(10_000, ge=2, description="Members that one room may have.")
    max_invites: int = Field(100, ge=1, description="Invites of one room that may be open at a time.")
    invite_ttl_s: int = Field(
        7 * 86_400, ge=1, description="How long an invite holds unless the request says otherwise, in seconds."
    )
    max_invite_ttl_s: int = Field(30 * 86_400, ge=1, description="The longest that an invite may hold, in seconds.")
    member_cache_s: float = Field(
        5.0,
        ge=0,
        le=60,
        description="How long a replica that was not told may take a former member for one, in seconds.",
    )
    search_scan: int = Field(
        1000,
        ge=100,
        le=10_000,
        description="Public rooms that one search reads at most before it answers with a cursor.",
    )
    welcome_rooms: int = Field(
        4, ge=0, le=20, description="Public rooms that are shown to those who have not given a name yet; 0 shows none."
    )
    creates_per_s: float = Field(0.2, gt=0, description="New rooms and invites per second and guest, on average.")
    create_burst: int = Field(20, ge=1, description="New rooms and invites of one guest at once.")

    @model_validator(mode="after")
    def _default_is_allowed(self) -> "RoomSettings":
        if self.invite_ttl_s > self.max_invite_ttl_s:
            raise ValueError("invite_ttl_s must not be longer than max_invite_ttl_s")
        return self
