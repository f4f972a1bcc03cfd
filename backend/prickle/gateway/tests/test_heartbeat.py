"""The wheel: everybody is called once, at the time, whatever happens meanwhile."""

import time

from prickle.gateway.heartbeat import Wheel
from prickle.gateway.tests.conftest import until


class Member:
    slot = -1

    def __init__(self, calls: list["Member"]) -> None:
        self.calls = calls

    def beat(self) -> None:
        self.calls.append(self)


async def test_members_are_called_in_the_order_of_their_times() -> None:
    wheel, calls = Wheel(1.0), []  # type: ignore[var-annotated]
    members = [Member(calls) for _ in range(5)]
    for delay_s, member in zip((0.25, 0.05, 0.2, 0.1, 0.15), members, strict=True):
        wheel.set(member, delay_s)
    await until(lambda: len(calls) == 5)
    assert calls == [members[index] for index in (1, 3, 4, 2, 0)]


async def test_a_member_that_is_set_again_is_called_once_and_a_dropped_one_never() -> None:
    wheel, calls = Wheel(1.0), []  # type: ignore[var-annotated]
    moved, dropped, last = Member(calls), Member(calls), Member(calls)
    wheel.set(moved, 0.02)
    wheel.set(dropped, 0.02)
    wheel.set(moved, 0.1)
    wheel.drop(dropped)
    wheel.set(last, 0.2)
    await until(lambda: last in calls)
    assert calls == [moved, last]


async def test_what_is_overdue_is_done_before_an_answer() -> None:
    wheel, calls = Wheel(1.0), []  # type: ignore[var-annotated]
    member = Member(calls)
    wheel.set(member, 0.01)
    time.sleep(0.03)  # the loop is busy; its timer has not run
    wheel.catch_up()
    assert calls == [member]
    wheel.stop()
