"""`health.sh` tells what is wrong with a deployment, and only that."""

import os
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from ops.children import free_port
from ops.cluster import ROOT, Cluster


@pytest_asyncio.fixture
async def cluster(tmp_path: Path) -> AsyncIterator[Cluster]:
    cluster = Cluster(tmp_path / "data", free_port())
    try:
        await cluster.start()
        yield cluster
    finally:
        await cluster.stop()


def problems(folder: Path, port: int) -> tuple[int, list[str]]:
    environment = {
        "PRICKLE_DEPLOYMENT": str(folder / "deployment.env"),
        "PRICKLE_PORT": str(port),
        "PRICKLE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PRICKLE_VOLUMES": str(folder),
        "PRICKLE_LIVE": str(folder),
        "PRICKLE_FIGURES": str(folder),
    }
    command = ["bash", ROOT / "ops" / "health.sh"]
    told = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    return told.returncode, re.findall(r"^problem  ([^:]+):", told.stdout, re.MULTILINE)


def lay_out(folder: Path, days: int) -> None:
    (folder / "deployment.env").write_text("DOMAIN=localhost.invalid\n")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", str(days), "-subj", "/CN=x", "-keyout", folder / "key.pem", "-out", folder / "fullchain.pem"]
    subprocess.run(command, check=True, capture_output=True)


async def test_only_what_is_wrong_is_told(cluster: Cluster, tmp_path: Path) -> None:
    lay_out(tmp_path, days=60)
    (tmp_path / "backup.prom").touch()
    nothing_listens_on_80 = (1, ["80 sends to 443"])
    assert problems(tmp_path, cluster.port) == nothing_listens_on_80


async def test_a_deployment_that_is_down_is_told_in_full(tmp_path: Path) -> None:
    lay_out(tmp_path, days=13)
    code, told = problems(tmp_path, free_port())
    assert code == 1
    assert {"nginx", "replicas and their stores", "websocket through nginx", "HTTPS from outside"} <= set(told)
    assert {"certificate for two weeks more", "backup of the last 36 hours"} <= set(told)
