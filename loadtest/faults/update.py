"""`python -m loadtest.faults.update`: one replica after the other is replaced while people send and visitors ask over HTTP.

Ends with 0 only where no visitor was refused, and nothing was lost, doubled or put into another order.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from loadtest.faults.catalogue import Fault
from loadtest.faults.history import bearer
from loadtest.faults.rig import Rig, cluster
from loadtest.faults.round import Plan, play
from loadtest.faults.verdict import Verdict
from ops.cluster import roll

ALL_SENDS_PER_S = 200.0
VISITORS = 4
VISIT_EVERY_S = 0.05


@dataclass
class Visits:
    """What people who come meanwhile are answered: each becomes a guest and asks for the rooms."""

    answers: Counter[str] = field(default_factory=Counter)
    took_s: list[float] = field(default_factory=list)

    @property
    def refused(self) -> int:
        return sum(times for answer, times in self.answers.items() if not answer.startswith("2"))

    async def go_on(self, url: str) -> None:
        """Visit until cancelled."""
        async with aiohttp.ClientSession(url) as http:
            while True:
                guest = await self._ask(http, "POST", "/api/auth/guest", json={"name": "Visitor"})
                if guest:
                    await self._ask(http, "GET", "/api/rooms", headers=bearer(guest["token"]))
                await asyncio.sleep(VISIT_EVERY_S)

    async def _ask(self, http: aiohttp.ClientSession, method: str, path: str, **given: Any) -> Any:
        """Return what is answered, or nothing if it is refused."""
        started = time.monotonic()
        try:
            async with http.request(method, path, **given) as answer:
                body = await answer.json()
                self.answers[str(answer.status)] += 1
                return body if answer.ok else None
        except aiohttp.ClientError as error:
            self.answers[type(error).__name__] += 1
            return None
        finally:
            self.took_s.append(time.monotonic() - started)


def update_among(visits: Visits) -> Fault:
    """Return the rolling restart with visitors all the while."""

    async def inject(rig: Rig) -> None:
        visitors = [asyncio.create_task(visits.go_on(rig.direct_url)) for _ in range(VISITORS)]
        try:
            await roll(rig.replicas)
        finally:
            for visitor in visitors:
                visitor.cancel()
            await asyncio.gather(*visitors, return_exceptions=True)

    return Fault("update", "every replica replaced, one after the other", inject)


async def update(plan: Plan) -> tuple[Verdict, Visits]:
    """Play it on a cluster of its own."""
    visits = Visits()
    with tempfile.TemporaryDirectory(prefix="prickle-update-") as folder:
        rig = cluster(Path(folder) / "data")
        try:
            await rig.start()
            return await play(rig, update_among(visits), plan), visits
        finally:
            await rig.stop()


def tell(plan: Plan, verdict: Verdict, visits: Visits) -> None:
    """Print the figures."""
    kept = f"{verdict.lost} lost, {verdict.doubled} doubled, {verdict.out_of_order} out of order"
    print(f"{plan.clients} people in {plan.rooms} rooms: {verdict.acknowledged} messages acknowledged, {kept}.")
    if agreed := verdict.agreed_after_s:
        known = f"{statistics.median(agreed):.2f} s (median; at most {max(agreed):.2f} s)"
        print(f"{len(agreed)} of them knew all of it {known} after the last replica was replaced.")
    answers = ", ".join(f"{times} x {answer}" for answer, times in sorted(visits.answers.items()))
    p99_s = statistics.quantiles(visits.took_s, n=100)[98]
    print(f"Visitors over HTTP: {answers}; {visits.refused} refused; 99 % answered within {p99_s * 1000:.0f} ms.")


def main(arguments: Sequence[str]) -> int:
    """Read the command line and play; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m loadtest.faults.update", description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rooms", type=int, default=20)
    options = parser.parse_args(arguments)
    plan = Plan(options.clients, options.rooms, sends_per_s=ALL_SENDS_PER_S / options.clients)
    verdict, visits = asyncio.run(update(plan))
    tell(plan, verdict, visits)
    return 0 if verdict.is_clean and not visits.refused else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
