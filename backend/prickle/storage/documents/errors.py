"""What the engines say when they cannot start or cannot answer."""

from prickle.contract.errors import Unavailable

RETRY_AFTER_S = 2.0


class StoreRefused(Exception):
    """The store cannot be used as it is; the message is one line for whoever starts the server, with the way out."""


def unavailable() -> Unavailable:
    """Return the error for an engine that is away, full or failing."""
    return Unavailable("core.store_unavailable", "The store is not available right now.", retry_after_s=RETRY_AFTER_S)
