"""What people do with it under load: as with typing, once before each message."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loadtest.common.plugin_tasks import Doer


def type_loudly(person: "Doer") -> None:
    person.tell("loud.type", {"room": person.room})


TASKS = (("before_message", 1.0, 0.0, type_loudly),)
