"""The settings of unread counts."""

from pydantic import Field

from prickle.contract.settings import Section


class UnreadSettings(Section):
    """`plugins.unread`."""

    notice_interval_s: float = Field(
        1.0, ge=0.1, le=60, description="Seconds between two counts that a guest is sent of one room that is not open."
    )
    report_alone_s: float = Field(
        20.0,
        ge=1,
        le=600,
        description="How long a guest's only device may wait before it tells what was read, in seconds.",
    )
    report_shared_s: float = Field(
        1.0, ge=0.5, le=60, description="The same while the guest has another device, which is to agree, in seconds."
    )
