"""What people do with it under load: they type before each message."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loadtest.common.plugin_tasks import Doer


def begin(person: "Doer") -> None:
    person.tell("typing.start", {"room": person.room})


TASKS = (("before_message", 1.0, 1.2, begin),)
