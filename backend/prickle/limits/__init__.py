"""How much anybody may ask for: one port, counted in this process or in Redis for all replicas together."""

from prickle.limits.memory import MemoryRateLimits
from prickle.limits.port import NoRateLimits, RateLimits

__all__ = ["MemoryRateLimits", "NoRateLimits", "RateLimits"]
