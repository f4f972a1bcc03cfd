"""Somebody who comes for the first time: the page, its assets, a room; and leaves again after a while."""

import re

from locust import between, task

from loadtest.common.web import WebFailed
from loadtest.users.person import BROKEN, Person

_ASSET = re.compile(rb'(?:src|href)="(/assets/[^"]+)"')


class Newcomer(Person):
    """Each time another guest, with an empty cache."""

    wait_time = between(20, 60)

    @task
    def visit_anew(self) -> None:
        if not self.run_state.is_chatting:
            return
        self.leave()
        self.forget()
        try:
            page = self.ask("GET", "/")
            for asset in sorted(set(_ASSET.findall(page.body))):
                self.ask("GET", asset.decode())
            self.arrive()
        except WebFailed as error:
            self.fail("first visit", error)
        except BROKEN as error:
            self.fail("arrive", error)
