"""Somebody who scrolls back: pages of history, as far as there are any."""

from locust import between, task

from loadtest.common.web import WebFailed
from loadtest.users.person import Person

PAGE = 50


class Reader(Person):
    """Reads one page of history after the other, and begins again at the newest."""

    wait_time = between(2, 20)

    def on_start(self) -> None:
        self._before = ""
        super().on_start()

    @task
    def scroll(self) -> None:
        path = f"/api/rooms/{self.room}/messages?limit={PAGE}{self._before}"
        try:
            answer = self.ask("GET", path)
        except WebFailed as error:
            self.fail("history", error)
            return
        cursor = answer.headers.get("X-Next-Cursor")
        self._before = f"&before={cursor}" if cursor else ""
