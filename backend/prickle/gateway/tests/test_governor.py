"""The governor: what a busy link and a busy processor change, and that it comes back by itself."""

import time

import pytest

from prickle.gateway.allowance import Allowance
from prickle.gateway.governor import Governor, Stage, link_wait_s
from prickle.gateway.pacing import Pacer
from prickle.gateway.settings import GatewaySettings
from prickle.gateway.traffic import Traffic


class Clocks:
    """Time that the test turns."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **settings: object) -> None:
        self.now, self.cpu = 1000.0, 5.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "process_time", lambda: self.cpu)
        given = GatewaySettings(**settings)  # type: ignore[arg-type]
        self.traffic = Traffic()
        self.pacer = Pacer(Allowance(self.traffic.far, given))
        self.governor = Governor(given, self.traffic, self.pacer)

    def pass_by(
        self, seconds: float, *, use: float = 0.0, up: float = 0.0, cpu: float = 0.3, late_s: float = 0.0
    ) -> None:
        """Let time pass with this much use of 10 Mbps and of the processor."""
        for _ in range(round(seconds * 10)):
            self.now += 0.1 + late_s
            self.cpu += cpu * (0.1 + late_s)
            self.traffic.far.bytes_out += round(use * 125_000)
            self.traffic.far.bytes_in += round(up * 125_000)
            self.governor.look(0.1)


def test_stages_follow_the_use_of_the_link_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = Clocks(monkeypatch)
    seen = []
    for use in (0.2, 0.5, 0.8, 1.3, 0.9, 0.65, 0.5, 0.3):
        clocks.pass_by(15, use=use)
        seen.append(clocks.governor.stage)
    busy, tight, full = Stage.BUSY, Stage.TIGHT, Stage.FULL
    assert seen == [Stage.FREE, busy, tight, full, full, tight, busy, Stage.FREE]
    assert (clocks.pacer.wait_s, clocks.pacer.ride_s, clocks.pacer.ephemeral_alone) == (0.0, 0.0, True)


def test_the_wait_grows_with_use_to_its_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = [link_wait_s(use / 20) for use in range(25)]
    assert waits == sorted(waits)
    assert waits[10] == 0.0
    clocks = Clocks(monkeypatch, max_wait_ms=500)
    clocks.pass_by(15, use=1.3)
    assert clocks.pacer.wait_s == 0.5


def test_the_wait_ends_slowly_so_that_nothing_leaves_in_a_burst(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = Clocks(monkeypatch)
    clocks.pass_by(15, use=1.3)
    assert clocks.pacer.wait_s == 0.6
    clocks.pass_by(4, use=0.1)
    assert clocks.pacer.wait_s == pytest.approx(0.4, abs=0.02)
    clocks.pass_by(12, use=0.1)
    assert clocks.pacer.wait_s == 0.0


def test_both_directions_count_together_where_the_link_sums_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for counts, stage in (("each", Stage.FREE), ("sum", Stage.BUSY)):
        clocks = Clocks(monkeypatch, link_counts=counts)
        clocks.pass_by(15, use=0.3, up=0.3)
        assert clocks.governor.stage is stage


def test_a_link_that_sums_is_full_before_it_drops_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    for counts, stage in (("each", Stage.TIGHT), ("sum", Stage.FULL)):
        clocks = Clocks(monkeypatch, link_counts=counts)
        clocks.pass_by(15, use=0.88)
        assert (clocks.governor.stage, round(clocks.governor.use, 2)) == (stage, 0.88)
        assert (
            max(each for each in clocks.governor.thresholds.values() if each <= 0.88)
            == (clocks.governor.thresholds[stage.name.lower()])
        )


def test_replicas_share_the_link(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = Clocks(monkeypatch, replicas=2)
    clocks.pass_by(15, use=0.5)
    assert clocks.governor.stage is Stage.FULL
    assert clocks.governor.spare_bytes_per_s == pytest.approx(0.05 * 625_000)


def test_the_wait_stays_where_it_is_while_looks_vary_about_the_aim(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = Clocks(monkeypatch)
    clocks.pass_by(0.8, cpu=0.97)
    wait_s = clocks.pacer.wait_s
    assert 0.005 < wait_s < 0.05
    for cpu in (0.95, 0.75) * 100:
        clocks.pass_by(0.1, cpu=cpu)
    assert clocks.pacer.wait_s == pytest.approx(wait_s)


@pytest.mark.parametrize(("cpu", "late_s"), [(0.95, 0.0), (0.2, 0.05)])
def test_a_short_processor_makes_writes_wait_whoever_uses_it(
    monkeypatch: pytest.MonkeyPatch, cpu: float, late_s: float
) -> None:
    clocks = Clocks(monkeypatch)
    clocks.pass_by(3, cpu=cpu, late_s=late_s)
    assert clocks.pacer.wait_s == 0.05
    assert clocks.pacer.ride_s > 0
    clocks.pass_by(3, cpu=0.3)
    assert (clocks.pacer.wait_s, clocks.pacer.ride_s) == (0.0, 0.0)
