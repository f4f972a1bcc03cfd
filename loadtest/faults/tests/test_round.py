"""The harness notices what is broken, and finds nothing where nothing is: real servers, each with a real fault."""

import sys
from pathlib import Path

import pytest

from loadtest.faults.catalogue import FAULTS
from loadtest.faults.rig import PRICKLE, single_process
from loadtest.faults.round import Plan, play
from loadtest.faults.verdict import Verdict

BROKEN_SERVER = Path(__file__).parent / "broken_server.py"
PLAN = Plan(clients=6, sends=120, patience_s=6.0)


async def verdict_on(folder: Path, fault: str, variant: str | None = None) -> Verdict:
    rig = single_process(
        folder / "data", command=[sys.executable, BROKEN_SERVER, variant, "run"] if variant else PRICKLE
    )
    try:
        await rig.start()
        return await play(rig, FAULTS[fault], PLAN)
    finally:
        await rig.stop()


async def test_a_sound_server_that_is_killed_keeps_every_promise(tmp_path: Path) -> None:
    assert (await verdict_on(tmp_path, "kill")).is_clean


async def test_a_sound_server_whose_answers_are_lost_keeps_every_promise(tmp_path: Path) -> None:
    assert (await verdict_on(tmp_path, "swallow")).is_clean


async def test_an_ack_before_the_write_is_noticed(tmp_path: Path) -> None:
    verdict = await verdict_on(tmp_path, "kill", "acknowledge_before_the_write")
    assert verdict.lost > 0
    assert not verdict.is_clean


async def test_an_edit_that_is_acknowledged_but_not_written_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loadtest.faults.client.EDITED_SHARE", 0.5)
    verdict = await verdict_on(tmp_path, "kill", "acknowledge_edits_without_writing")
    assert verdict.lost > 0
    assert not verdict.is_clean


async def test_a_retry_that_is_taken_for_a_new_message_is_noticed(tmp_path: Path) -> None:
    verdict = await verdict_on(tmp_path, "swallow", "forget_client_ids")
    assert verdict.doubled > 0
    assert not verdict.is_clean


async def test_a_catch_up_that_leaves_something_out_is_noticed(tmp_path: Path) -> None:
    verdict = await verdict_on(tmp_path, "kill", "send_nothing_that_was_missed")
    assert verdict.disagreeing > 0
    assert not verdict.is_clean
