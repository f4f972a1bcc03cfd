"""`prickle doctor`: does this machine give what the chat needs, and what is in front of it let it through? One line a check."""

from collections.abc import Callable

from rich.console import Console
from rich.markup import escape

from prickle.cli.doctor_deployment import deployment_checks
from prickle.cli.doctor_machine import machine_checks
from prickle.cli.doctor_worry import Worry
from prickle.config.refusal import Refusal
from prickle.config.sources import RawSettings

COLOURS = {"ok": "green", "warn": "yellow", "FAIL": "red"}


def run_checks(raw: RawSettings, url: str | None = None) -> int:
    """Print the checks, with a `url` those of a running deployment too; returns 0, or 1 if one failed."""
    checks = {**machine_checks(raw, is_deployed=url is not None), **(deployment_checks(url) if url else {})}
    console, failed = Console(highlight=False, soft_wrap=True), False
    for name, check in checks.items():
        mark, said = _outcome(check)
        console.print(f"[{COLOURS[mark]}]{mark:<4}[/] {name}: {escape(said)}")
        failed |= mark == "FAIL"
    return 1 if failed else 0


def _outcome(check: Callable[[], str]) -> tuple[str, str]:
    try:
        return "ok", check()
    except Worry as worry:
        return "warn", str(worry)
    except Refusal as refusal:
        return "FAIL", str(refusal)
