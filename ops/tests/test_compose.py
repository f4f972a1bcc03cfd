"""The Compose files say what a deployment needs, and the sizes fit their machines."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from ops.compose import sizes

COMPOSE = Path(__file__).resolve().parent.parent / "compose"
STORES = {"mongodb", "redis", "minio"}
ONCE = {"bucket", "tool"}
"""What runs and ends."""


def services(file: str = "compose.yaml") -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((COMPOSE / file).read_text(encoding="utf-8"))["services"]
    return loaded


@pytest.mark.parametrize("size", ["free", "seed"])
def test_each_size_fits_its_machine(size: str) -> None:
    assert sizes.misfits(sizes.read(size)) == []


def test_what_does_not_fit_is_told() -> None:
    values = {**sizes.read("free"), "MONGODB_MEMORY": "6g", "REDIS_RESERVED_MEMORY": "2g", "NGINX_RESERVED_CPUS": "1"}
    assert len(sizes.misfits(values)) == 3


def test_the_sizes_count_every_container_that_is_kept_running() -> None:
    counted = sum(sizes.SERVICES.values())
    assert counted == len(services().keys() - ONCE)


@pytest.mark.parametrize("size", ["free", "seed"])
def test_a_size_gives_every_value_that_the_file_asks_for(size: str) -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)\}", (COMPOSE / "compose.yaml").read_text(encoding="utf-8")))
    assert asked <= sizes.read(size).keys()


@pytest.mark.parametrize("file", ["compose.yaml", "compose.small.yaml"])
def test_every_service_is_confined(file: str) -> None:
    for name, service in services(file).items():
        assert service["read_only"] is True, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}, name


def test_those_who_chat_in_a_load_test_are_confined_and_start_only_when_asked_for() -> None:
    added = {name: service for name, service in services("compose.loadtest.yaml").items() if "image" in service}
    assert added.keys() == {"locust-master", "locust-worker"}
    for service in added.values():
        assert service["profiles"] == ["locust"]
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}


def test_every_service_that_stays_is_watched_and_comes_back() -> None:
    for name, service in services().items():
        if name in ONCE:
            continue
        assert service["restart"] == "unless-stopped", name
        assert "test" in service["healthcheck"], name
        assert service["deploy"]["resources"]["reservations"].keys() == {"cpus", "memory"}, name


def test_only_nginx_is_open_and_no_secret_is_in_an_environment() -> None:
    assert [name for name, service in services().items() if "ports" in service] == ["nginx"]
    for name, service in services().items():
        for variable, value in service.get("environment", {}).items():
            is_secret = re.search("PASSWORD|SECRET|_URL$", variable) and variable != "PRICKLE_SERVER__PUBLIC_URL"
            assert not is_secret or str(value).startswith(("file:/run/secrets/", "/run/secrets/")), (name, variable)


def test_stores_run_as_somebody_and_wait_for_nobody() -> None:
    everything = services()
    for name in STORES:
        assert int(everything[name]["user"].split(":")[0]) > 0
        assert "depends_on" not in everything[name]
    assert everything["backend-2"]["depends_on"].keys() == {"mongodb", "redis", "bucket"}


def test_nginx_knows_the_addresses_that_compose_gives() -> None:
    site = COMPOSE / "nginx" / "site"
    everything = services()
    for name, file in [("backend-1", "replicas"), ("backend-2", "replicas"), ("frontend", "pages")]:
        address = everything[name]["networks"]["chat"]["ipv4_address"]
        assert f"server {address}:" in (site / f"{file}.conf").read_text(encoding="utf-8")
    proxy = everything["nginx"]["networks"]["chat"]["ipv4_address"]
    assert f'"{proxy}/32"' in (COMPOSE / "prickle.toml").read_text(encoding="utf-8")


def test_secrets_are_made_once_and_only_their_owner_reaches_them(tmp_path: Path) -> None:
    script = tmp_path / "secrets.sh"
    script.write_bytes((COMPOSE / "secrets.sh").read_bytes())
    subprocess.run(["sh", script], check=True, capture_output=True)
    first = {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()}
    subprocess.run(["sh", script], check=True, capture_output=True)
    assert {file.name: file.read_text() for file in (tmp_path / "secrets").iterdir()} == first
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    declared = yaml.safe_load((COMPOSE / "compose.yaml").read_text(encoding="utf-8"))["secrets"]
    assert {Path(secret["file"]).name for secret in declared.values()} <= first.keys()


def test_the_replicas_settings_are_settings(tmp_path: Path) -> None:
    options = ["--config", COMPOSE / "prickle.toml", "--data", tmp_path]
    shown = subprocess.run(
        [Path(sys.executable).with_name("prickle"), "settings", *options], capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
