"""What people do with it under load: their client tells what was read, about every 20 s, as the server asks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loadtest.common.plugin_tasks import Doer


def tell_what_was_read(person: "Doer") -> None:
    person.tell("unread.read", {"room": person.room, "seq": person.newest_seq})


TASKS = (("seen", 0.025, 0.0, tell_what_was_read),)
