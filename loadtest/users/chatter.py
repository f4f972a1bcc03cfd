"""Somebody who writes: types, sends, and does what the plugins' tasks say, at random moments."""

import gevent
from locust import task

from loadtest.common.stamps import now_ms, stamped
from loadtest.users.person import Person


class Chatter(Person):
    """Sends `--messages-per-minute`; moments of different people are independent, as between people in fact."""

    def wait_time(self) -> float:
        return self.dice.expovariate(1 / self.run_state.silence_s)

    def on_start(self) -> None:
        self._begins = self.dice.random()
        super().on_start()
        gevent.sleep(self.wait_time())

    @task
    def write(self) -> None:
        if self.run_state.has_begun(self._begins):
            gevent.spawn(self._message)

    def _message(self) -> None:
        """Runs beside the wait for the next, so that typing makes nobody write less often."""
        for task_before in self.tasks_at("before_message"):
            task_before.do(self)
            gevent.sleep(task_before.lead_s)
        if self.run_state.is_chatting:
            self.say(stamped(self.run_state.corpus.text(self.dice), now_ms()))
            for task_after in self.tasks_at("after_message"):
                task_after.do(self)
