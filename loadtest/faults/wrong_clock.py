"""Prickle on a machine whose clock is an hour ahead: `wrong_clock.py run ...`."""

from datetime import UTC, datetime, timedelta

from prickle.cli.main import main
from prickle.clock import SystemClock

AHEAD = timedelta(hours=1)


def wrong_now(_: SystemClock) -> datetime:
    return datetime.now(UTC) + AHEAD


if __name__ == "__main__":
    SystemClock.now = wrong_now  # type: ignore[method-assign, assignment]
    main()
