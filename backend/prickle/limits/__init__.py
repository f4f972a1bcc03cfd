"""How much anybody may ask for: one port, counted in this process or in Redis for all replicas together."""

from prickle.limits.memory import MemoryRateLimits
from prickle.limits.port import NoRateLimits, RateLimits, take_or_refuse

__all__ = ["MemoryRateLimits", "NoRateLimits", "RateLimits", "take_or_refuse"]
