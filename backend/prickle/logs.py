"""Structured log lines on standard error: JSON for machines, colours for a person at a terminal."""

import logging
import sys
from contextlib import suppress
from typing import TextIO

import orjson
import structlog

from prickle.config.settings import LogSettings


def configure_logs(settings: LogSettings) -> None:
    """Set up structlog, and send what libraries log through the same lines."""
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    as_console = settings.format == "console" or (settings.format == "auto" and sys.stderr.isatty())
    shared: list[structlog.types.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: list[structlog.types.Processor] = [
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    ]
    if not as_console:
        renderer = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(_Unfailing(sys.stderr)),  # type: ignore[arg-type]  # all that it calls
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(level, logging.WARNING))
    for name in ("sanic.root", "sanic.error", "sanic.server", "sanic.access", "sanic.websockets"):
        library = logging.getLogger(name)
        library.handlers, library.propagate = [], True
        library.setLevel(logging.CRITICAL if name == "sanic.error" else logging.WARNING)  # JsonErrors has told it
    logging.getLogger("urllib3").setLevel(logging.ERROR)  # it tells of each new try; whoever asked tells how it ended


class _Unfailing:
    """Loses lines that cannot be written, such as on a full disk: whoever logs an error goes on, and answers."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def _json(event: dict[str, object], **_: object) -> str:
    return orjson.dumps(event, default=repr).decode()
