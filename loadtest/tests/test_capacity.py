"""The capacity model: it predicts what was measured, and grows as it should."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from loadtest.capacity import (
    Use,
    bottlenecks,
    costs_of,
    mbps,
    people_on_link,
    predicted_mbps,
    read_measured,
    size_for,
    tables,
)
from loadtest.capacity_page import DRAWING, PAGE, drawing, page, taken

CALIBRATED, *OTHERS = read_measured()
COSTS = costs_of(CALIBRATED, OTHERS[-1])


@pytest.mark.parametrize("measured", OTHERS, ids=lambda measured: f"{measured['people']} people")
def test_the_prediction_is_within_a_tenth_of_the_measurement(measured: dict[str, float]) -> None:
    """The costs are those of the phase with the fewest people, so that this is a prediction and no fit."""
    assert measured["people"] > 2 * CALIBRATED["people"]
    assert predicted_mbps(COSTS, measured) == pytest.approx(measured["mbps"], rel=0.1)


def test_a_link_that_is_full_of_people_is_full() -> None:
    people = people_on_link(COSTS, Use(), 10)
    assert mbps(COSTS, Use(), people, 10) == pytest.approx(10, rel=0.02)


def test_there_is_a_measurement_to_predict() -> None:
    assert OTHERS
    assert all(phase["outcome"] == "within" for phase in (CALIBRATED, *OTHERS))


def test_fewer_people_fit_with_tls_and_more_who_do_not_type() -> None:
    use = Use()
    assert people_on_link(COSTS, replace(use, tls=True), 10) < people_on_link(COSTS, use, 10)
    assert people_on_link(COSTS, replace(use, types=False), 10) > people_on_link(COSTS, use, 10)
    assert people_on_link(COSTS, replace(use, files_per_hour=1), 10) < people_on_link(COSTS, use, 10)


def test_the_link_is_the_first_that_gives_way() -> None:
    assert next(iter(bottlenecks(COSTS, Use(), 10, replicas=2, machine_cores=2))) == "link"
    assert next(iter(bottlenecks(COSTS, Use(), 10_000, replicas=2, machine_cores=2))) != "link"


def test_ten_times_the_people_need_ten_times_the_link_and_more_of_everything() -> None:
    small, large = (size_for(COSTS, Use(), people) for people in (10**6, 10**7))
    assert large["link_mbps"] == pytest.approx(10 * small["link_mbps"])
    assert all(large[part] > small[part] for part in ("replicas", "mongo_shards", "redis_nodes"))


def test_the_tables_hold_every_size() -> None:
    text = "\n".join(tables(COSTS, Use()))
    assert "| 10,000,000 |" in text
    assert "nan" not in text


def test_the_page_says_what_was_measured_and_computed() -> None:
    phases = read_measured()
    text = PAGE.read_text(encoding="utf-8")
    assert page(text, phases) == text, "run python -m loadtest.capacity_page"
    assert DRAWING.read_text(encoding="utf-8") == drawing(phases)
    assert all(f"| {phase['people']:,} |" in text for phase in phases)


def test_only_phases_that_were_within_are_taken_and_none_too_near_to_the_first(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    phases = [{"people": people, "outcome": outcome}
              for people, outcome in ((3000, "within"), (600, "within"), (1100, "within"), (4000, "over"))]  # fmt: skip
    report.write_text(json.dumps({"conditions": {"seed": 1}, "phases": phases}), encoding="utf-8")
    assert [phase["people"] for phase in taken([report])["phases"]] == [600, 3000]
