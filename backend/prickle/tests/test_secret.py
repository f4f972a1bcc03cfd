import multiprocessing
import stat
from pathlib import Path

import pytest

from prickle.config.refusal import Refusal
from prickle.secret import deployment_secret


def test_a_generated_secret_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first = deployment_secret("", tmp_path)
    assert deployment_secret("", tmp_path) == first
    assert len(first) >= 32
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_given_secret_is_written_nowhere(tmp_path: Path) -> None:
    assert deployment_secret("x" * 32, tmp_path) == b"x" * 32
    assert not list(tmp_path.iterdir())


def test_two_deployments_have_two_secrets(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    assert deployment_secret("", folders[0]) != deployment_secret("", folders[1])


def test_replicas_that_start_at_once_agree(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(8) as pool:
        for number in range(20):
            folder = tmp_path / str(number)
            folder.mkdir()
            secrets = pool.starmap(deployment_secret, [("", folder)] * 8, chunksize=1)
            assert len(set(secrets)) == 1
            assert [file.name for file in folder.iterdir()] == ["secret"]


@pytest.mark.parametrize("kept", ["", "short", "\n"])
def test_a_secret_that_is_too_short_is_refused_not_replaced(kept: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(kept)
    with pytest.raises(Refusal, match="too short"):
        deployment_secret("", tmp_path)
    assert (tmp_path / "secret").read_text() == kept
