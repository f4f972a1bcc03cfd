"""All that a plugin may import from the core. Stable within the major version in `CORE_VERSION`."""

CORE_VERSION = "1.0.0"
