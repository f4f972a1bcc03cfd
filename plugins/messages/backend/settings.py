"""The settings of messages."""

from pydantic import Field

from plugins.messages.backend.payloads import TEXT_CEILING
from prickle.contract.settings import Section


class MessageSettings(Section):
    """`plugins.messages`."""

    max_text_characters: int = Field(
        4000, ge=1, le=TEXT_CEILING, description="Characters (Unicode code points) that one message may have."
    )
    max_mentions: int = Field(20, ge=0, le=100, description="People whom one message may mention.")
    sends_per_s: float = Field(5.0, gt=0, description="Messages per second of one guest, on average.")
    send_burst: int = Field(50, ge=1, description="Messages of one guest at once.")
