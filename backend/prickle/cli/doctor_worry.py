"""What `prickle doctor` finds that works, but not for long or not for all; what does not work is a `Refusal`."""

from prickle.config.refusal import Refusal

CLOCK_WARN_S = 2.0
"""A `Date` header is a second coarse, and the way takes time."""
CLOCK_FAIL_S = 10.0
"""A token is taken for so long after it has expired (`limits.token_leeway_s`)."""


class Worry(Exception):
    """One line: what it is, and what to do."""


def compare_clocks(whose: str, their_time_s: float, our_time_s: float) -> str:
    """Return what to say of another clock that agrees with ours.

    Raises:
        Worry: it differs.
        Refusal: it differs by so much that tokens and leases go wrong.
    """
    off_s = their_time_s - our_time_s
    if abs(off_s) <= CLOCK_WARN_S:
        return f"that of {whose} agrees with this machine's"
    where = "ahead of" if off_s > 0 else "behind"
    said = f"that of {whose} is {abs(off_s):.0f} s {where} this machine's; let both follow NTP (timedatectl)"
    raise Refusal(said) if abs(off_s) > CLOCK_FAIL_S else Worry(said)
