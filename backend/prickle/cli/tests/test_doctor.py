"""`prickle doctor` on the machine itself; what it says of a deployment is tested on a real nginx, in `ops/tests`."""

import re
import socket
from pathlib import Path

import pytest

from prickle.cli import doctor_machine
from prickle.cli.doctor_worry import Worry, compare_clocks
from prickle.cli.tests.console import prickle
from prickle.config.refusal import Refusal
from prickle.config.sources import read_sources

PLAIN = {"NO_COLOR": "1", "TERM": "dumb"}


def test_a_healthy_machine_is_told_so(tmp_path: Path) -> None:
    ended = prickle("doctor", "--data", str(tmp_path), "--port", "0", environment=PLAIN)
    assert "FAIL" not in ended.stdout.replace("FAIL disk", "")
    assert re.search(r"^ok   stores and plugins: \d+ plugins start and stop$", ended.stdout, re.MULTILINE)


def test_every_problem_is_told_and_the_others_are_looked_for(tmp_path: Path) -> None:
    (tmp_path / "prickle.db").write_bytes(b"no database " * 100)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = prickle("doctor", "--data", str(tmp_path), "--port", port, environment=PLAIN)
    assert ended.code == 1
    assert "Traceback" not in ended.stdout + ended.stderr
    assert re.search(r"^FAIL stores and plugins: .*prickle\.db", ended.stdout, re.MULTILINE)
    assert re.search(rf"^FAIL address: cannot listen on 127\.0\.0\.1:{port}", ended.stdout, re.MULTILINE)
    assert re.search(r"^ok   clock: ", ended.stdout, re.MULTILINE)


def test_settings_that_are_none_are_refused() -> None:
    assert prickle("doctor", "--set", "limts.x=1").refusal.startswith("unknown setting limts")


@pytest.mark.parametrize("url", ["chat.example.org", "ftp://chat.example.org", "http://", "http://a:b", "http://a/b"])
def test_an_address_that_is_none_is_refused(url: str, tmp_path: Path) -> None:
    assert prickle("doctor", "--data", str(tmp_path), "--url", url).refusal.startswith(f"--url {url}: it must be like")


def test_a_deployment_that_is_not_there_is_told(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        ended = prickle("doctor", "--data", str(tmp_path), "--url", url, environment=PLAIN)
    assert ended.code == 1
    failed = re.findall(r"^FAIL (.*?): .* does not answer \(", ended.stdout, re.MULTILINE)
    assert {"replica", "clock of the deployment", "client address", "links", "websocket"} <= set(failed)
    assert "address: 127.0.0.1:8000" not in ended.stdout


def test_a_clock_that_differs_a_little_is_a_worry_and_one_that_differs_more_a_failure() -> None:
    assert compare_clocks("Redis", 1000.0, 1001.5) == "that of Redis agrees with this machine's"
    with pytest.raises(Worry, match=r"that of Redis is 5 s behind this machine's"):
        compare_clocks("Redis", 1000.0, 1005.0)
    with pytest.raises(Refusal, match=r"that of Redis is 60 s ahead of this machine's"):
        compare_clocks("Redis", 1060.0, 1000.0)


def test_a_disk_that_fills_is_a_worry_and_a_full_one_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = read_sources(assignments=[f"storage.data_dir={tmp_path}"])
    disk = doctor_machine.machine_checks(raw, is_deployed=True)["disk"]
    usage = type(doctor_machine.shutil.disk_usage(tmp_path))
    monkeypatch.setattr(doctor_machine.shutil, "disk_usage", lambda _: usage(10**11, 0, 10**10 - 1))
    with pytest.raises(Worry, match=r"only 9536 MiB free in .*, 9 % of the disk"):
        disk()
    monkeypatch.setattr(doctor_machine.shutil, "disk_usage", lambda _: usage(10**11, 0, 100 * 2**20))
    with pytest.raises(Refusal, match=r"only 100 MiB free in .*; make room for at least 500"):
        disk()


@pytest.mark.parametrize(
    ("setting", "check", "said"),
    [
        ("storage.bus_url=redis://127.0.0.1:1", "clock of the bus", "the bus does not answer"),
        (
            "storage.documents_url=mongodb://127.0.0.1:1/",
            "clock of the documents",
            "the documents' server does not answer",
        ),
    ],
)
def test_the_clock_of_a_server_that_is_away_is_not_known(tmp_path: Path, setting: str, check: str, said: str) -> None:
    arguments = ("--data", str(tmp_path), "--port", "0", "--set", setting)
    ended = prickle("doctor", *arguments, environment=PLAIN)
    assert ended.code == 1
    assert re.search(rf"^FAIL {check}: {said}", ended.stdout, re.MULTILINE), ended.stdout
