"""Somebody who has the room open and only reads."""

from locust import constant, task

from loadtest.users.person import Person


class Lurker(Person):
    """Reads along; its cost is what the room's notices cost."""

    wait_time = constant(3600)

    @task
    def read_along(self) -> None:
        """All of it happens in the reader of the connection."""
