"""The renewal of certificates against stand-ins for `oci` and `certbot` that keep a load balancer and record each call."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "certificates" / "renew.sh"
STAND_INS = Path(__file__).resolve().parent / "stand_ins"
LISTENER = {
    "default-backend-set-name": "chat",
    "port": 443,
    "protocol": "HTTP",
    "rule-set-names": [],
    "hostname-names": None,
    "path-route-set-name": None,
    "routing-policy-name": None,
    "connection-configuration": {"idle-timeout": 300},
    "ssl-configuration": {
        "certificate-name": "bootstrap-1",
        "protocols": ["TLSv1.2", "TLSv1.3"],
        "cipher-suite-name": "oci-tls-12-13-wider-ssl-cipher-suite-v1",
        "server-order-preference": "DISABLED",
        "has-session-resumption": True,
        "verify-depth": 1,
        "verify-peer-certificate": False,
    },
}


@dataclass
class Machine:
    """A machine with the script, whose tools are the stand-ins."""

    folder: Path

    @property
    def balancer(self) -> dict[str, Any]:
        balancer: dict[str, Any] = json.loads((self.folder / "balancer.json").read_text())["data"]
        return balancer

    @property
    def shown(self) -> str:
        return str(self.balancer["listeners"]["https"]["ssl-configuration"]["certificate-name"])

    def calls(self) -> list[str]:
        """Return what the tools were asked to do since the last time, such as `certificate create`."""
        log = self.folder / "calls"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [line for line in lines if line != "load-balancer get"]

    def start(self, **environment: str) -> "subprocess.Popen[str]":
        settings = {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "STAND_IN": str(self.folder),
            "PRICKLE_DEPLOYMENT": str(self.folder / "deployment.env"),
            "PRICKLE_ACME": str(self.folder / "acme"),
            "PRICKLE_LIVE": str(self.folder / "live"),
            "PRICKLE_LOCK": str(self.folder / "lock"),
            "PRICKLE_FIGURES": str(self.folder / "figures"),
        }
        return subprocess.Popen(["bash", SCRIPT], env={**settings, **environment}, stderr=subprocess.PIPE, text=True)

    def renew(self, **environment: str) -> tuple[int, str]:
        """Run the script; return its exit code and what it said."""
        process = self.start(**environment)
        said = process.communicate(timeout=60)[1]
        return process.returncode, said


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "bin").mkdir()
    for tool in ("oci", "certbot", "getent"):
        file = tmp_path / "bin" / tool
        file.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{STAND_INS / "tools.py"}" {tool} "$@"\n')
        file.chmod(0o755)
    (tmp_path / "deployment.env").write_text("DOMAIN=chat.example.org\nEMAIL=me@example.org\nLOAD_BALANCER_ID=lb\n")
    balancer = {
        "ip-addresses": [{"ip-address": "192.0.2.7"}],
        "certificates": {"bootstrap-1": {}},
        "listeners": {"https": LISTENER},
    }
    (tmp_path / "balancer.json").write_text(json.dumps({"data": balancer}))
    return Machine(tmp_path)


def test_the_first_certificate_is_hung_in_and_everything_else_of_the_listener_stays(machine: Machine) -> None:
    code, _ = machine.renew()
    assert code == 0
    assert machine.calls() == ["getent", "certbot issue", "certificate create", "listener update"]
    assert machine.shown.startswith("prickle-")
    kept = {**LISTENER, "ssl-configuration": {**LISTENER["ssl-configuration"], "certificate-name": machine.shown}}  # type: ignore[dict-item]  # a literal
    assert machine.balancer["listeners"]["https"] == {name: value for name, value in kept.items() if value is not None}


def test_when_nothing_is_due_nothing_is_changed(machine: Machine) -> None:
    machine.renew()
    machine.calls()
    assert machine.renew()[0] == 0
    assert machine.calls() == ["certbot keep"]


def test_a_renewal_removes_the_old_one_and_leaves_terraforms(machine: Machine) -> None:
    machine.renew()
    first = machine.shown
    machine.calls()
    assert machine.renew(CERTBOT="issue")[0] == 0
    assert machine.calls() == ["certbot issue", "certificate create", "listener update", "certificate delete"]
    assert machine.shown != first
    assert machine.balancer["certificates"].keys() == {"bootstrap-1", machine.shown}


def test_a_domain_that_points_elsewhere_costs_no_request(machine: Machine) -> None:
    code, said = machine.renew(ADDRESS="198.51.100.1")
    assert (code, machine.calls()) == (1, ["getent"])
    assert "does not point to 192.0.2.7" in said


def test_a_rate_limit_leaves_what_is_in_use(machine: Machine) -> None:
    machine.renew()
    before = machine.shown
    code, said = machine.renew(CERTBOT="limit")
    assert (code, machine.shown) == (1, before)
    assert "too many" in said


@pytest.mark.parametrize("step", ["certificate create", "listener update", "certificate delete"])
def test_a_run_that_broke_off_is_completed_by_the_next(machine: Machine, step: str) -> None:
    machine.renew()
    before = machine.shown
    code, _ = machine.renew(CERTBOT="issue", FAIL=step)
    assert code != 0
    assert (machine.shown == before) is (step != "certificate delete")
    assert machine.renew()[0] == 0
    assert machine.balancer["certificates"].keys() == {"bootstrap-1", machine.shown}
    assert machine.shown != before


def test_two_at_once_are_one(machine: Machine) -> None:
    first = machine.start(SLOW="1")
    while not (machine.folder / "certbot-is-running").exists():
        assert first.poll() is None
    code, said = machine.renew()
    assert (code, said) == (0, "Another renewal is under way.\n")
    (machine.folder / "go-on").touch()
    first.communicate(timeout=60)
    assert machine.calls().count("certificate create") == 1


def test_two_weeks_before_the_end_there_is_an_alarm(machine: Machine) -> None:
    code, said = machine.renew(DAYS="13")
    assert code == 2
    assert "ALARM: the certificate of chat.example.org runs out in" in said
    assert (machine.folder / "figures" / "certificate.prom").read_text().startswith("prickle_certificate_expires")
