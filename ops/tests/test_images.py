"""What the images are made of, as far as it shows without a container: their steps and their configuration, run here."""

import asyncio
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
import yaml

from ops.children import Child, answers, free_ports
from ops.cluster import ROOT, SBIN
from prickle.http.page_headers import page_headers

COMPOSE = ROOT / "ops" / "compose"
DIST = ROOT / "webapp" / "dist"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the backend's image copies, made by the same script."""
    prefix = tmp_path_factory.mktemp("image") / "prickle"
    subprocess.run(["sh", COMPOSE / "build" / "backend.sh", ROOT, prefix], check=True, cwd=prefix.parent)
    return prefix


def local(text: str, folder: Path, ports: dict[str, int]) -> str:
    """Point a configuration of a container to this machine."""
    for name, port in ports.items():
        text = text.replace(name, f"{name.partition(' ')[0]} 127.0.0.1:{port}")
    replaced = {"/tmp/": f"{folder}/", "/srv/webapp": f"{folder}/webapp", "/var/log/nginx": str(folder)}  # noqa: S108  # in a container
    for old, new in replaced.items():
        text = text.replace(old, new)
    return text


def lay_out(folder: Path, sources: list[Path], ports: dict[str, int]) -> Path:
    for source in sources:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    (folder / "webapp").symlink_to(DIST)  # the checkout's own path may hold what nginx reads as two words
    for file in folder.rglob("*.conf"):
        file.write_text(local(file.read_text(encoding="utf-8"), folder, ports), encoding="utf-8")
    return folder


def nginx(name: str, folder: Path, port: int, path: str) -> Child:
    options = f"daemon off; pid {folder}/nginx.pid; user root;"
    command: list[str | Path] = ["nginx", "-c", folder / "nginx.conf", "-e", "stderr", "-g", options]
    environment = {"PATH": f"/usr/bin:/bin:{SBIN}"}
    return Child(name, command, probe=answers(port, path), log=folder / "log", environment=environment)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chat(prefix: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The deployed nginx and frontend before one replica of the image, with embedded engines."""
    folder = tmp_path_factory.mktemp("chat")
    replica, other_replica, pages, front = free_ports(4)
    site = lay_out(folder / "frontend", [ROOT / "ops/nginx", COMPOSE / "frontend"], {"listen 8080": pages})
    (site / "page_headers.conf").write_text("".join(f'add_header {n} "{v}";\n' for n, v in page_headers(DIST).items()))
    ports = {
        "server 172.20.0.21:8000": replica,
        "server 172.20.0.22:8000": other_replica,
        "server 172.20.0.11:8080": pages,
        "listen 8080": front,
    }
    server = lay_out(folder / "nginx", [ROOT / "ops/nginx", COMPOSE / "nginx"], ports)
    options = ["--port", str(replica), "--data", folder / "data", "--config", COMPOSE / "prickle.toml"]
    children = [
        Child("replica", [prefix / "bin/prickle", "run", *options], probe=answers(replica, "/health/ready")),
        nginx("frontend", site, pages, "/"),
        nginx("nginx", server, front, "/nginx-health"),
    ]
    try:
        for child in children:
            await child.start(patience_s=40)
        yield f"http://127.0.0.1:{front}"
    finally:
        for child in reversed(children):
            await child.stop()


def locust(service: str, **values: str) -> list[str]:
    """Return the arguments that Compose gives a service of the load test, with these values for its variables."""
    loaded = yaml.safe_load((COMPOSE / "compose.loadtest.yaml").read_text(encoding="utf-8"))
    given = (
        re.sub(r"\$\{(\w+):-(.*)\}", lambda m: values.get(m[1], m[2]), part)
        for part in loaded["services"][service]["command"]
    )
    return [values.get(part, part) for part in given]


def forbidden(prefix: Path) -> Iterator[Path]:
    for package in ("prickle", "plugins"):
        for folder in prefix.glob(f"lib/*/site-packages/{package}"):
            yield from (file for file in folder.rglob("*") if file.suffix in {".js", ".ts", ".vue"})


async def test_the_backend_holds_neither_the_webapp_nor_tests(prefix: Path) -> None:
    assert list(forbidden(prefix)) == []
    assert not list(prefix.glob("lib/*/site-packages/p*/**/test_*.py"))


async def test_pages_come_from_the_frontend_and_everything_else_from_the_replica(chat: str) -> None:
    async with aiohttp.ClientSession(chat) as http:
        for path in ("/", "/rooms/any", "/index.html"):
            async with http.get(path) as page:
                assert (page.status, await page.read()) == (200, (DIST / "index.html").read_bytes())
                assert {name: page.headers[name] for name in page_headers(DIST)} == page_headers(DIST)
        async with http.get("/api/plugins") as answer:
            assert answer.status == 200
        async with http.post("/api/auth/guest", json={"name": "Ann"}) as answer:
            assert answer.status == 201
        async with http.get("/csp.json") as answer:
            assert answer.status == 404


async def test_assets_are_shared_compressed_and_for_ever(chat: str) -> None:
    asset = next((DIST / "assets").glob("*.js.br")).name.removesuffix(".br")
    async with aiohttp.ClientSession(chat) as http, http.get(f"/assets/{asset}") as answer:
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, "br")
        assert "immutable" in answer.headers["Cache-Control"]


async def test_people_of_the_load_tests_image_chat_on_several_workers(chat: str, prefix: Path, tmp_path: Path) -> None:
    subprocess.run(["sh", COMPOSE / "build" / "loadtest.sh", ROOT, prefix], check=True, cwd=tmp_path)
    locustfile = next(prefix.glob("lib/*/site-packages/loadtest/locustfile.py"))
    record = tmp_path / "record"
    port = str(free_ports(1)[0])
    values = {"LOADTEST_HOST": chat, "LOADTEST_PEOPLE": "8", "LOADTEST_MEASURE_S": "2", "locust-master": "127.0.0.1"}
    master = [*locust("locust-master", **values, **{"/dev/stdout": str(record)}), "--master-bind-port", port]
    # One room for each worker, and quickly.
    master += ["--room-of", "4", "--warm-s", "1", "--messages-per-minute", "60", "--arrive-per-s", "8"]
    worker = [*locust("locust-worker", **values), "--master-port", port]
    start = [prefix / "bin/python", "-m", "locust", "-f", locustfile]
    processes = [
        Child(f"locust {number}", [*start, *arguments], log=tmp_path / f"locust-{number}.log")
        for number, arguments in enumerate([master, worker, worker])
    ]
    try:
        for process in processes:
            await process.start()
        assert await asyncio.wait_for(processes[0].wait(), 240) == 0, (tmp_path / "locust-0.log").read_text()
    finally:
        for process in processes:
            await process.stop()
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    counts = sum((Counter(line["counts"]) for line in lines), Counter())
    assert max(line["levels"].get("connected", 0) for line in lines) == 8
    assert counts["delivered"] > 0
    assert (counts["lost"], counts["doubled"], counts["out_of_order"]) == (0, 0, 0)


async def test_steps_of_the_dockerfile_copy_what_is_there() -> None:
    lines = (COMPOSE / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    missing = [name for names in copied for name in names if not (ROOT / name).exists()]
    assert copied
    assert missing == []
