"""The search for the largest number of people: what it asks, and one small search that is played."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtest.capacity_page import drawing_of_knee
from loadtest.knee import RUNS, bisect, main, rows
from loadtest.link.stage import ROOT


@given(low=st.integers(1, 500), steps=st.integers(0, 60), step=st.integers(1, 40), knee=st.integers(0, 4000))
def test_it_finds_the_largest_that_is_within_and_asks_nobody_twice(low: int, steps: int, step: int, knee: int) -> None:
    asked: list[int] = []

    def is_within(people: int) -> bool:
        asked.append(people)
        return people <= knee

    candidates = range(low, low + steps * step + 1, step)
    assert bisect(low, candidates[-1], step, is_within) == max(
        (people for people in candidates if people <= knee), default=None
    )
    assert len(asked) == len(set(asked)) <= 2 + len(candidates).bit_length()
    assert set(asked) <= set(candidates)


def test_what_lies_above_the_last_step_is_not_asked_about() -> None:
    assert bisect(100, 399, 100, lambda _: True) == 300


SMALL = "--low 10 --high 20 --step 10 --no-link --untimed --messages-per-minute 30 --warm-s 2 --measure-s 5"


def phase(people: int, p99_ms: float, outcome: str) -> dict[str, Any]:
    return {"people": people, "mbps": 7.8, "tls_mbps": 8.5, "p50_ms": 90.0, "p95_ms": p99_ms / 2, "p99_ms": p99_ms,
            "outcome": outcome}  # fmt: skip


def drawing(phases: list[dict[str, Any]], folder: Path) -> str:
    (folder / RUNS).write_text(json.dumps(phases), encoding="utf-8")
    return drawing_of_knee([folder])


def test_every_run_is_told_and_the_best_of_each_number_drawn(tmp_path: Path) -> None:
    phases = [phase(900, 1500, "over"), phase(600, 80, "within"), phase(900, 400, "within")]
    told = list(rows(phases))
    assert [line.split()[0] for line in told[1:]] == ["600", "900", "900"]
    assert [line.split()[-1] for line in told[1:]] == ["within", "over", "within"]
    assert drawing(phases, tmp_path) == drawing(phases[1:], tmp_path), (
        "the worse of the two runs of 900 changes nothing"
    )


@pytest.mark.parametrize("wrong", ["--low 0", "--low 300 --high 200", "--step 0", "--tries 0"])
def test_what_makes_no_search_is_refused(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*wrong.split(), "--out", str(tmp_path)])
    assert ended.value.code == 2


def test_a_search_plays_its_runs_and_keeps_them(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL.split(), "--out", str(tmp_path)]) == 0
    assert "At most 20 people are within." in capfd.readouterr().out
    assert [run["people"] for run in json.loads((tmp_path / RUNS).read_text())] == [20]


def test_ctrl_c_leaves_nothing_running(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "loadtest.knee", *SMALL.split(), "--measure-s", "60", "--out", str(tmp_path)]
    search = subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert search.stdout
    printed = []
    for line in search.stdout:
        printed.append(line)
        if "20 of 20 people" in line:
            break
    os.killpg(search.pid, signal.SIGINT)
    rest, _ = search.communicate(timeout=60)
    assert (search.returncode, "Traceback" in rest) == (1, False), "".join(printed) + rest
    assert "Ended before the largest number was found." in rest
    assert running_in(tmp_path) == []


def running_in(folder: Path) -> list[str]:
    """Return the command lines of processes that name the folder."""
    found = []
    for told in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            line = told.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(folder) in line:
                found.append(line)
    return found
