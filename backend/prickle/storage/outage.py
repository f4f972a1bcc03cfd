"""Keeps the log quiet while something is away."""

from prickle.contract.plugin import Logger


class Outage:
    """Logs when an outage begins and when it is over, however often somebody tries meanwhile."""

    def __init__(self, logger: Logger, *, began: str, ended: str) -> None:
        """`began` and `ended` are the names of the two log events."""
        self._logger = logger
        self._began = began
        self._ended = ended
        self._is_on = False

    def goes_on(self, reason: str) -> None:
        if not self._is_on:
            self._logger.warning(self._began, reason=reason)
        self._is_on = True

    def is_over(self) -> None:
        if self._is_on:
            self._logger.info(self._ended)
        self._is_on = False
