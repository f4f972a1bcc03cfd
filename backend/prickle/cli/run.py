"""`prickle run`: one replica in the foreground."""

import asyncio
import gc
import sys
from typing import Any

import typer
import uvloop
from sanic import Sanic

from prickle.app import create_app
from prickle.config.loading import load_core
from prickle.config.settings import Settings
from prickle.config.sources import RawSettings
from prickle.logs import configure_logs
from prickle.serving import bind, serve

SWITCH_S = 0.0005
"""After so long a busy event loop lets the thread go on that writes messages to disk, which asks some twenty times in each
commit: with Python's 5 ms an ack took 100 ms beside a full processor."""
GC_YOUNG_OBJECTS = 100_000
"""Collections of the youngest generation then come once per so many new objects: 19 % less CPU under fan-out."""


def run_server(raw: RawSettings) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        Refusal: it cannot start.
    """
    settings = load_core(raw)
    configure_logs(settings.log)
    bound = bind(settings.server.host, settings.server.port)
    sanic = create_app(raw)
    host, port = bound.getsockname()[:2]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        gc.collect()
        gc.freeze()
        gc.set_threshold(GC_YOUNG_OBJECTS, 20, 50)
        sys.setswitchinterval(SWITCH_S)
        runner.run(serve(sanic, bound, settings.server.stop_timeout_s, lambda: _announce(sanic, settings, host, port)))


def _announce(sanic: Sanic[Any, Any], settings: Settings, host: str, port: int) -> None:
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104  # compared, not bound
    shown = f"[{shown}]" if ":" in shown else shown
    plugins = ", ".join(host.id for host in sanic.ctx.prickle.plugins)
    lines = [f"Prickle is ready: {settings.server.public_url or f'http://{shown}:{port}'}"]
    lines.append(f"  plugins {plugins}; data in {settings.storage.data_dir}; Ctrl-C ends it")
    if not settings.limits.enabled:
        lines.append("  WARNING: limits.enabled=false: nothing is limited. For benchmarks only.")
    if settings.gateway.conformance:
        lines.append("  WARNING: gateway.conformance=true: echo endpoints are open to everybody. For tests only.")
    typer.echo("\n".join(lines))
    sys.stdout.flush()
