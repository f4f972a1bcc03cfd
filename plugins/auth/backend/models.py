"""What is kept about guests."""

from typing import Any, ClassVar

from pydantic import AwareDatetime

from prickle.contract.documents import Field, Model
from prickle.contract.types import UserId


class Guest(Model):
    """One person as the others see them; `seen_at` moves with each new or renewed token."""

    id: str = Field(primary_field=True)
    name: str
    created_at: AwareDatetime
    seen_at: AwareDatetime = Field(index=True)

    model_config: ClassVar[Any] = {"collection": "guests"}

    @property
    def user(self) -> UserId:
        return UserId(self.id)


class Session(Model):
    """One sign-in on one device. A session that is not here has ended: logging out deletes it."""

    id: str = Field(primary_field=True)
    user: str = Field(index=True)
    created_at: AwareDatetime
    expires_at: AwareDatetime = Field(index=True)

    model_config: ClassVar[Any] = {"collection": "sessions"}


class DeviceLink(Model):
    """A one-time link. Its id is a hash, so that a copy of the store opens nothing."""

    id: str = Field(primary_field=True)
    user: str = Field(index=True)
    expires_at: AwareDatetime = Field(index=True)
    used_at: AwareDatetime | None = None

    model_config: ClassVar[Any] = {"collection": "device_links"}
