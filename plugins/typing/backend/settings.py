"""The settings of typing."""

from pydantic import Field

from prickle.contract.settings import Section


class TypingSettings(Section):
    """`plugins.typing`."""

    max_open_sockets: int = Field(
        200, ge=0, description="Rooms that more sockets than this have open on one replica show nobody typing."
    )
