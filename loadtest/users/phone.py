"""Somebody on the move: writes less, and loses the network now and then without the server being told."""

from typing import Any

import gevent

from loadtest.users.chatter import Chatter

AWAY_S = (1.0, 20.0)
STAYS_S = 60.0
FLAPS = 0.2
"""So many of the losses come three at a time."""


class Phone(Chatter):
    """A chatter whose connection breaks once a minute, three times in a row now and then."""

    def on_start(self) -> None:
        super().on_start()
        self._moving = gevent.spawn(self._move)

    def on_stop(self) -> None:
        self._moving.kill(block=False)
        super().on_stop()

    def end_absence(self) -> None:
        self._moving.kill(block=False)
        super().end_absence()

    def say(self, text: str, **more: Any) -> None:
        """Say nothing while away: how long that takes to arrive is nobody's latency."""
        if self.is_connected:
            super().say(text, **more)

    def _move(self) -> None:
        while True:
            gevent.sleep(self.dice.expovariate(1 / STAYS_S))
            for _ in range(3 if self.dice.random() < FLAPS else 1):
                if self.run_state.is_settled_in and self.is_connected:
                    self.leave(politely=False)
                    gevent.sleep(self.dice.uniform(*AWAY_S))
                    self.come_back()
