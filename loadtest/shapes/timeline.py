"""Plays a shape in Locust: asks it once a second, tells the users the phase, and writes a line of figures."""

import json
import time
from typing import IO, Any

import gevent
from locust import LoadTestShape
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from loadtest.common.recorder import Figures, merged, percentile
from loadtest.common.run import options_of, run_of
from loadtest.shapes import Shape, View
from loadtest.shapes.overload import overload
from loadtest.shapes.ramp import ramp
from loadtest.shapes.restart import restart
from loadtest.shapes.soak import soak
from loadtest.shapes.spike import spike
from loadtest.shapes.steady import steady

SHAPES: dict[str, Shape] = {
    "steady": steady, "ramp": ramp, "spike": spike, "restart": restart, "soak": soak, "overload": overload,
}  # fmt: skip


class Timeline(LoadTestShape):
    """The shape that `--shape` names."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Locust's
        self._steps: Any = None
        self.view: View | None = None
        self.phase = "connect"
        self.people = 0
        self.from_workers: list[Figures] = []
        self._latencies: dict[str, int] = {}
        self._levels_of: dict[str, dict[str, int]] = {}

    def tick(self) -> tuple[int, float] | None:
        if self._steps is None:
            self.view = View(options_of(self._environment))
            self._steps = SHAPES[self.view.options.shape](self.view)
        step = next(self._steps, None)
        if step is None:
            return None
        if step.phase != self.phase:
            self._enter(step.phase)
        self.people = step.people
        return step.people, step.per_s

    def write(self, sink: IO[str]) -> None:
        """Write a line a second, for ever."""
        while True:
            gevent.sleep(1.0)
            figures = self._figures()
            if self.view:
                levels = figures["levels"]
                self.view.connected, self.view.settling = levels.get("connected", 0), levels.get("settling", 0)
                self._judge(figures)
            line = {"at": time.time(), "phase": self.phase, "people": self.people, **figures}
            sink.write(json.dumps(line) + "\n")
            sink.flush()

    def heard(self, worker: str, figures: Figures) -> None:
        """Take in the figures of a worker."""
        self._levels_of[worker] = figures["levels"]
        self.from_workers.append({**figures, "levels": {}})

    @property
    def _environment(self) -> Environment:
        assert self.runner  # noqa: S101 - Locust sets it before the first tick
        return self.runner.environment

    def _figures(self) -> Figures:
        if isinstance(self._environment.runner, MasterRunner):
            levels = [
                {"counts": {}, "latencies": {}, "acks": {}, "errors": {}, "levels": of, "lag_ms": 0.0, "cpu": 0.0}
                for of in self._levels_of.values()
            ]
            figures, self.from_workers = merged([*self.from_workers, *levels]), []
            return figures
        return run_of(self._environment).recorder.take()

    def _judge(self, figures: Figures) -> None:
        """End a ramp where a promise is broken; the report says which."""
        assert self.view  # noqa: S101 - see above
        for ms, count in figures["latencies"].items():
            self._latencies[ms] = self._latencies.get(ms, 0) + count
        bad = sum(figures["counts"].get(name, 0) for name in ("lost", "doubled", "out_of_order"))
        is_measured = self.phase.startswith("measure")
        if is_measured and (
            bad
            or (percentile(self._latencies, 0.99) >= self.view.options.p99_ms and sum(self._latencies.values()) > 1000)
        ):
            self.view.is_over = True

    def _enter(self, phase: str) -> None:
        self.phase, self._latencies = phase, {}
        runner = self._environment.runner
        if isinstance(runner, MasterRunner):
            runner.send_message("phase", {"phase": phase})
        elif not isinstance(runner, WorkerRunner):
            run_of(self._environment).enter(phase)
