"""The verdict: within, over, or not measurable, and what it names."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from loadtest.capacity_page import drawing_of_overload
from loadtest.report.figures import Measured, counted_until, deltas, measure, phases
from loadtest.report.page import Findings, page, summary
from loadtest.report.verdict import Limits, Outcome, Verdict, declared_budgets, judge

LOUD_PLUGIN = Path(__file__).with_name("loud_plugin")
LIMITS = Limits(budgets={"messages": 100, "typing": 25})


def line(at: float, **counts: int) -> dict[str, Any]:
    counts = {"delivered": 500, "sent": 26, "acked": 26} | counts
    levels = {"people": 40, "connected": 40}
    return {"at": at, "phase": "measure", "people": 40, "counts": counts, "latencies": {"20": 490, "300": 10},
            "acks": {"15": 26}, "errors": {}, "levels": levels, "lag_ms": 4.0, "cpu": 0.2}  # fmt: skip


def sample(at: float, *, wire: float = 50_000, typing: float = 5_000) -> dict[str, Any]:
    """A server that has sent `wire` bytes a second since time 0, and so many for typing."""
    told = {
        "event_bytes_total": {
            "messages|messages.created|durable|out": at * 30_000,
            "typing|typing.updated|ephemeral|out": at * typing,
            "typing|typing.start|command|in": at * 900,
        },
        "link_bytes_total": {
            "out|payload": at * wire / 2,
            "in|payload": at * 900, "out|wire": at * wire, "in|wire": at * wire / 2},
        "dropped_packets_total": {"ephemeral": at},
        "governor_stage": {"busy": 1.0},
        "link_use": 0.5, "write_wait_seconds": 0.01, "loop_lag_seconds": 0.0, "sockets": 40.0,
    }  # fmt: skip
    process = {"pid": 7, "name": "prickle", "cpu_s": at * 0.3, "rss_mb": 100.0}
    return {
        "at": at,
        "replicas": {"1": told},
        "processes": [process],
        "interface": None,
        "dropped": 0,
        "machine": (at, at * 2),
    }


def judged(lines: list[dict[str, Any]], samples: list[dict[str, Any]], limits: Limits = LIMITS) -> Verdict:
    return judge(measure(lines, samples, "measure"), counted_until(lines, "measure"), limits)


LINES = [line(float(at)) for at in range(12)]
SAMPLES = [sample(float(at)) for at in range(12)]


def test_a_quiet_run_is_within() -> None:
    assert judged(LINES, SAMPLES) == Verdict(Outcome.WITHIN, [])


def test_more_than_the_link_carries_is_over() -> None:
    verdict = judged(LINES, [sample(float(at), wire=1e6) for at in range(12)])
    assert verdict.outcome is Outcome.OVER
    assert "12.00 Mbps" in verdict.reasons[0]


def test_a_plugin_beyond_its_budget_is_named() -> None:
    verdict = judged(LINES, [sample(float(at), typing=500 * 40) for at in range(12)])
    assert verdict.outcome is Outcome.OVER
    assert verdict.reasons == ["plugin typing spends 40 B per message delivered; its budget is 25"]


def test_what_arrivals_cost_is_nobodys_budget() -> None:
    loud = [sample(float(at), typing=500 * 40) for at in range(12)]
    assert judged([line(float(at), came=20) for at in range(12)], loud).outcome is Outcome.WITHIN


@pytest.mark.parametrize("what", ["lost", "doubled", "out_of_order", "unacked", "never_arrived"])
def test_one_violation_fails_the_run(what: str) -> None:
    verdict = judged([*LINES[:-1], line(11.0, **{what: 1})], SAMPLES)
    assert verdict == Verdict(Outcome.OVER, [f"{what.replace('_', ' ')}: 1"])


def test_a_step_answers_for_what_went_wrong_up_to_its_end_and_the_last_one_for_what_is_lost() -> None:
    steps = [{**line(1.0), "phase": "measure 100"}, {**line(2.0, doubled=1), "phase": "measure 200"},
             {**line(3.0, lost=1), "phase": "drain"}]  # fmt: skip
    assert counted_until(steps, "measure 100") == Counter(delivered=500, sent=26, acked=26)
    assert {"doubled": 1, "lost": 1}.items() <= counted_until(steps, "measure 200").items()


def test_slow_deliveries_are_over_unless_times_are_not_judged() -> None:
    slow = [{**line(float(at)), "latencies": {"1200": 500}} for at in range(12)]
    assert judged(slow, SAMPLES).outcome is Outcome.OVER
    assert judged(slow, SAMPLES, Limits(checks_time=False, budgets=LIMITS.budgets)).outcome is Outcome.WITHIN


def test_an_overload_may_be_slower_and_typing_has_to_come_back_after_it() -> None:
    def phase(name: str, typing: float, latency_ms: int) -> tuple[Measured, Verdict]:
        lines = [{**told, "phase": name, "latencies": {str(latency_ms): 500}} for told in LINES]
        found = measure(lines, [sample(float(at), typing=typing) for at in range(12)], name)
        return found, judge(found, counted_until(lines, name), LIMITS, before)

    before: Measured | None = None
    before, first = phase("measure before", 5_000, 20)
    assert first.outcome is Outcome.WITHIN
    assert phase("measure overload", 100, 1_900)[1].outcome is Outcome.WITHIN
    assert phase("measure overload", 100, 2_100)[1].outcome is Outcome.OVER
    assert phase("measure again", 5_000, 20)[1].outcome is Outcome.WITHIN
    assert phase("measure again", 5_000, 1_900)[1].outcome is Outcome.OVER
    (reason,) = phase("measure again", 3_000, 20)[1].reasons
    assert "ephemeral" in reason


def test_failures_count_against_all_that_was_tried() -> None:
    failing = [{**line(float(at)), "errors": {"arrive: 503": 9}} for at in range(12)]
    verdict = judged(failing, SAMPLES)
    assert verdict.outcome is Outcome.OVER
    assert "arrive: 503" in verdict.reasons[0]


def test_connections_may_end_and_people_wait_while_a_replica_is_dead_and_only_then() -> None:
    failing = [{**line(float(at)), "errors": {"connection: closed": 9}} for at in range(12)]
    assert judged(failing, SAMPLES).outcome is Outcome.OVER
    killing = [{**one, "phase": "measure restart", "latencies": {"2000": 500}} for one in failing]
    assert judge(measure(killing, SAMPLES, "measure restart"), {}, LIMITS).outcome is Outcome.WITHIN


def test_no_data_is_not_measurable() -> None:
    assert judged([], []).outcome is Outcome.NOT_MEASURABLE
    assert judged([line(float(at), delivered=0) for at in range(12)], SAMPLES).outcome is Outcome.NOT_MEASURABLE


@pytest.mark.parametrize("sign", [{"cpu": 0.97}, {"lag_ms": 400.0}])
def test_a_busy_load_generator_measures_nothing(sign: dict[str, float]) -> None:
    assert judged([{**line(float(at)), **sign} for at in range(12)], SAMPLES).outcome is Outcome.NOT_MEASURABLE


def test_counters_of_a_replica_that_began_anew_are_not_taken_back() -> None:
    samples = [sample(8.0), sample(9.0), {**sample(10.0), "replicas": {"1": None}}, sample(2.0), sample(3.0)]
    assert deltas(samples, "dropped_packets_total") == {"ephemeral": 1 + 2 + 1}


def test_typing_leaves_alone_where_nothing_waits_and_the_link_is_free() -> None:
    samples = [sample(float(at)) for at in range(12)]
    for number, looked in enumerate(samples):
        looked["replicas"]["1"]["write_wait_seconds"] = 0.0 if number < 9 else 0.01
        looked["replicas"]["1"]["governor_stage"] = {"free": 1.0} if number >= 6 else {"busy": 1.0}
    assert measure(LINES, samples, "measure").typing_alone == pytest.approx(3 / 12)


def test_what_is_on_the_interface_counts_before_what_the_server_believes() -> None:
    wired = [
        {**one, "interface": {"rx_bytes": at * 100_000, "tx_bytes": at * 400_000, "rx_packets": 0, "tx_packets": 0}}
        for at, one in enumerate(SAMPLES)
    ]
    measured = measure(LINES, wired, "measure")
    assert (measured.mbps_out, measured.mbps_in, measured.source) == (
        pytest.approx(3.2),
        pytest.approx(0.8),
        "the interface",
    )


def test_the_report_is_one_page_that_needs_nothing_else() -> None:
    measured = measure(LINES, SAMPLES, phases(LINES)[0])
    verdict = judged(LINES, SAMPLES)
    html = page(Findings([(measured, verdict)], measured, verdict, LIMITS, {"seed": 1}, LINES, SAMPLES))
    assert html.count("<svg") > 8
    assert "typing.updated" in html
    assert not [word for word in ("<script", "<link", "src=", "@import") if word in html]
    assert "within" in summary(measured, verdict)


def test_budgets_are_what_the_manifests_of_installed_plugins_declare(monkeypatch: pytest.MonkeyPatch) -> None:
    assert declared_budgets()["messages"] > 0
    monkeypatch.syspath_prepend(str(LOUD_PLUGIN))
    assert declared_budgets()["loud"] == 20


def test_the_drawing_of_an_overload_shows_latency_over_the_stages(tmp_path: Path) -> None:
    for name, rows in (("people", LINES), ("server", [sample(-5.0), *SAMPLES])):
        (tmp_path / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    drawn = drawing_of_overload(tmp_path)
    assert drawn.startswith("<svg font-size")
    assert "durable p99" in drawn
    assert drawn.count("busy") == 1, "one stage all the time, from the first line on"
