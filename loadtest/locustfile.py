"""What Locust loads: the users, the shape, and the wiring of both to the figures. See loadtest/README.md."""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # Locust puts this file's own folder there instead

import gevent
from locust import events, runners
from locust.env import Environment
from locust.runners import LocalRunner, MasterRunner, WorkerRunner

from loadtest.common.options import add_options
from loadtest.common.recorder import Figures
from loadtest.common.run import Run, options_of, run_of
from loadtest.shapes.timeline import Timeline
from loadtest.users.chatter import Chatter
from loadtest.users.lurker import Lurker
from loadtest.users.newcomer import Newcomer
from loadtest.users.phone import Phone
from loadtest.users.reader import Reader
from loadtest.users.uploader import Uploader

runners.WORKER_REPORT_INTERVAL = 1.0  # three by default: figures are by the second

PEOPLE = {person.__name__.lower(): person for person in (Chatter, Lurker, Newcomer, Phone, Reader, Uploader)}

__all__ = ["Chatter", "Lurker", "Newcomer", "Phone", "Reader", "Timeline", "Uploader"]


def declare(parser: Any) -> None:
    add_options(parser)


def choose_people(environment: Environment, **_: Any) -> None:
    """Weigh the classes of people as `--mix` says."""
    weights = dict(part.split(":") if ":" in part else (part, "1") for part in options_of(environment).mix.split(","))
    if unknown := set(weights) - set(PEOPLE):
        sys.exit(f"--mix: nobody is called {', '.join(sorted(unknown))}; there are {', '.join(PEOPLE)}.")
    for name, weight in weights.items():
        PEOPLE[name].weight = int(weight)
    environment.user_classes = [PEOPLE[name] for name in weights]


def join_workers(environment: Environment, **_: Any) -> None:
    """Let the figures and the phases of a distributed run go between master and workers."""
    runner, shape = environment.runner, environment.shape_class
    if isinstance(runner, WorkerRunner):
        runner.register_message("phase", lambda msg, **_: run_of(environment).enter(msg.data["phase"]))
        environment.events.report_to_master.add_listener(lambda data, **_: data.update(chat=_taken(environment)))
    if isinstance(runner, MasterRunner) and isinstance(shape, Timeline):
        environment.events.worker_report.add_listener(
            lambda client_id, data, **_: shape.heard(client_id, data["chat"]) if data["chat"] else None
        )


def _taken(environment: Environment) -> Figures | None:
    return run_of(environment).recorder.take() if "chat_run" in vars(environment) else None


def begin(environment: Environment, **_: Any) -> None:
    """Start the figures: where there are users, who count, and where the lines are written."""
    runner = environment.runner
    if not isinstance(runner, MasterRunner):
        run = Run(environment.host or "", options_of(environment))
        vars(environment)["chat_run"] = run
        gevent.spawn(run.watch_lag)
        gevent.spawn(run.heal)
    record = options_of(environment).record
    if isinstance(runner, MasterRunner | LocalRunner) and record and isinstance(environment.shape_class, Timeline):
        sink = Path(record).open("w", encoding="utf-8")  # noqa: SIM115 - it is written to until the process ends
        gevent.spawn(environment.shape_class.write, sink)


events.init_command_line_parser.add_listener(declare)
events.init.add_listener(choose_people)
events.init.add_listener(join_workers)
events.test_start.add_listener(begin)
