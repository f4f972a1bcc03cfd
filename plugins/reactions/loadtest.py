"""What people do with it under load: they react to one message in fifty that they see, which is once to a message."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loadtest.common.plugin_tasks import Doer


def react(person: "Doer") -> None:
    emoji = "👍🎉😂🦔"[person.newest_seq % 4]
    person.tell("reactions.add", {"room": person.room, "seq": person.newest_seq, "emoji": emoji})


TASKS = (("seen", 0.02, 0.0, react),)
