"""One wheel of time for all connections: pings, their timeouts and the wait for CONNECT, without a timer each."""

import asyncio
import contextvars
import time
from typing import Protocol


class Beating(Protocol):
    """Something that wants to be called at a time; `slot` belongs to the wheel."""

    slot: int

    def beat(self) -> None: ...


class Wheel:
    """Calls `beat` at most one tick early and never late by more than one, since a timeout that is late is no timeout."""

    __slots__ = ("_advancing", "_context", "_slots", "_start", "_tick_s", "_timer", "_turn")

    def __init__(self, shortest_s: float) -> None:
        self._tick_s = max(0.005, min(0.25, shortest_s / 100))
        self._slots: dict[int, set[Beating]] = {}
        self._start = time.monotonic()
        self._turn = 0
        self._advancing = False
        self._timer: asyncio.TimerHandle | None = None
        # The timer sets itself again for ever: it must not keep the request alive in which it was first set.
        self._context = contextvars.copy_context()

    def set(self, member: Beating, delay_s: float) -> None:
        """Call `member.beat()` once after `delay_s`, instead of whatever was set before.

        Within a beat, `delay_s` counts from when that was due: a busy process is late once, not once more each time.
        """
        self.drop(member)
        due = int((self._now() + delay_s) / self._tick_s)
        member.slot = max(due, self._turn + 1)
        self._slots.setdefault(member.slot, set()).add(member)
        if self._timer is None:
            self._turn = int(self._now() / self._tick_s)
            self._arm()

    def drop(self, member: Beating) -> None:
        """Forget `member`."""
        slot = self._slots.get(member.slot)
        if slot is not None:
            slot.discard(member)
            if not slot:
                del self._slots[member.slot]

    def catch_up(self) -> None:
        """Do now what is overdue: a busy event loop hands out what has arrived before it looks at its timers."""
        if self._timer and self._now() >= (self._turn + 1) * self._tick_s:
            self._timer.cancel()
            self._advance()

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = None
        self._slots.clear()

    def _arm(self) -> None:
        if not self._slots:
            self._timer = None
            return
        due = self._start + (self._turn + 1) * self._tick_s
        delay_s = max(0.0, due - time.monotonic())
        self._timer = asyncio.get_running_loop().call_later(delay_s, self._advance, context=self._context)

    def _now(self) -> float:
        return self._turn * self._tick_s if self._advancing else time.monotonic() - self._start

    def _advance(self) -> None:
        last = int(self._now() / self._tick_s)
        self._advancing = True
        while self._turn < last:
            self._turn += 1
            for member in self._slots.pop(self._turn, ()):
                member.beat()
        self._advancing = False
        self._arm()
