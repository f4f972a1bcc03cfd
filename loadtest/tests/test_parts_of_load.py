"""Texts, times, sums and plugins' tasks: the small parts of a load test."""

import random
import statistics
from pathlib import Path
from typing import Any

import pytest

from loadtest.common.corpus import Corpus, read_corpus
from loadtest.common.plugin_tasks import collect
from loadtest.common.recorder import merged, percentile, rounded
from loadtest.common.stamps import age_ms, stamped
from loadtest.report.plot import BAND_COLOUR, Band, Series, chart, nice


@pytest.mark.parametrize("at_ms", [0, 36**5 - 1, 36**5 * 3 + 77])
def test_a_text_tells_how_old_it_is(at_ms: int) -> None:
    assert age_ms(stamped("hi ~there", at_ms), at_ms + 1234) == 1234


def test_a_text_without_a_time_has_no_age() -> None:
    assert age_ms("hello", 5) is None


def test_texts_are_as_long_as_in_real_chat_and_seldom_the_same() -> None:
    dice, corpus = random.Random(1), read_corpus("mixed")
    texts = [corpus.text(dice) for _ in range(2000)]
    assert 45 <= statistics.mean(map(len, texts)) <= 60
    assert len(set(texts)) > 1800
    assert "{" not in "".join(texts)


def test_a_run_with_the_same_seed_says_the_same() -> None:
    corpus = read_corpus("korean")
    assert corpus.text(random.Random(3)) == corpus.text(random.Random(3))


def test_a_corpus_may_be_any_file_with_a_text_a_line(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("# ours\n\nyes\n", encoding="utf-8")
    said = read_corpus(str(tmp_path / "own.txt")).text(random.Random(2))
    assert set(said) <= set("yes ")


def test_slots_are_filled() -> None:
    assert "tea" in {Corpus(["food: tea | cake", "{food}"]).text(random.Random(seed)) for seed in range(9)}


def test_figures_of_workers_add_up_and_the_worst_lag_counts() -> None:
    one: dict[str, Any] = {
        "counts": {"sent": 2},
        "latencies": {"7": 1},
        "acks": {},
        "errors": {"x": 1},
        "levels": {"people": 3},
    }
    both = merged([{**one, "lag_ms": 9.0, "cpu": 0.1}, {**one, "lag_ms": 4.0, "cpu": 0.5}])
    assert both == {"counts": {"sent": 4}, "latencies": {"7": 2}, "acks": {}, "errors": {"x": 2}, "levels": {"people": 6},
                    "lag_ms": 9.0, "cpu": 0.5}  # fmt: skip


def test_percentiles_are_of_all_that_was_counted() -> None:
    assert percentile({"10": 98, "500": 1, "2000": 1}, 0.98) == 10
    assert percentile({"10": 98, "500": 1, "2000": 1}, 0.99) == 500
    assert percentile({}, 0.5) != percentile({}, 0.5)


def test_latencies_are_kept_to_about_a_tenth() -> None:
    assert [rounded(ms) for ms in (7, 99, 123, 1999)] == [7, 99, 120, 1900]


def test_plugins_bring_their_own_tasks() -> None:
    assert {"typing", "reactions"} <= {task.plugin for task in collect()}
    assert [task.lead_s for task in collect(["typing"])] == [1.2]
    assert collect([]) == []


def test_a_plugin_without_tasks_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match="nosuch"):
        collect(["nosuch"])


def test_a_chart_has_a_gap_where_nothing_is_known_and_a_line_at_the_limit() -> None:
    svg = chart("Mbps", "", [Series("sum", [(0, 1.0), (1, float("nan")), (2, 3.0)])], limit=10)
    assert svg.count("<polyline") == 2
    assert svg.count("stroke-dasharray") == 1


def test_what_held_meanwhile_is_a_shade_behind_the_lines_and_named_once() -> None:
    bands = [Band("tight", 0, 1, 0.6), Band("full", 1, 2, 1.0), Band("tight", 2, 3, 0.6)]
    svg = chart("p99", "ms", [Series("p99", [(0, 1.0), (3, 2.0)])], bands=bands)
    assert svg.count(f'fill="{BAND_COLOUR}"') == 3 + 2
    assert svg.index("<rect") < svg.index("<polyline")
    assert svg.count(">tight<") == svg.count(">full<") == 1


@pytest.mark.parametrize(("value", "top"), [(0, 1), (3, 5), (10, 10), (10.1, 20), (240, 250)])
def test_axes_end_at_round_numbers(value: float, top: float) -> None:
    assert nice(value) == top
