"""`prickle doctor --url` on a real nginx: as deployed it finds nothing, and each way of getting a proxy wrong is told."""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import pytest_asyncio

from ops.children import Child, accepts, answers, free_port, free_ports
from ops.cluster import ROOT, SBIN, Cluster
from prickle.cli import doctor_deployment
from prickle.cli.doctor_deployment import deployment_checks, sends_on
from prickle.cli.doctor_visit import Site
from prickle.cli.doctor_worry import Worry
from prickle.config.refusal import Refusal

PRICKLE = ROOT / ".venv" / "bin" / "prickle"
pytestmark = pytest.mark.asyncio(loop_scope="module")

UPGRADE = "proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;"
FORWARD = """proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Host $http_host;"""
FRONTS = {
    "sends on": "return 301 https://127.0.0.1$request_uri;",
    "tls": UPGRADE + FORWARD,
    "says nothing": UPGRADE + "proxy_set_header Host $host;",  # and lets through what the visitor says of himself
    "hides people": UPGRADE + FORWARD.replace("X-Forwarded-For $remote_addr", 'X-Forwarded-For ""'),
    "no upgrade": FORWARD,
    "believes anybody": UPGRADE + FORWARD.replace("$remote_addr", "$http_x_forwarded_for"),
    "uncompressed": UPGRADE + FORWARD + 'proxy_set_header Sec-WebSocket-Extensions "";',
}
"""How somebody might write the proxy before Prickle."""


class Fronts:
    """One nginx with a port for each of `FRONTS`, before a replica that trusts it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.replica, *ports = free_ports(1 + len(FRONTS))
        self.ports = dict(zip(FRONTS, ports, strict=True))

    def url(self, name: str) -> str:
        return f"{'https' if name == 'tls' else 'http'}://127.0.0.1:{self.ports[name]}"

    def certify(self, days: int) -> None:
        """Make the certificate of the front with TLS: for the address of this machine, signed by itself."""
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-subj", "/CN=x", "-addext", "subjectAltName=IP:127.0.0.1", "-days", str(days)]
        command += ["-keyout", str(self.folder / "key.pem"), "-out", str(self.folder / "certificate.pem")]
        subprocess.run(command, check=True, capture_output=True)

    def nginx(self) -> Child:
        servers = []
        for name, lines in FRONTS.items():
            listen = f"listen 127.0.0.1:{self.ports[name]};"
            if name == "tls":
                pair = f'ssl_certificate "{self.folder}/certificate.pem"; ssl_certificate_key "{self.folder}/key.pem";'
                listen = f"{listen[:-1]} ssl; {pair}"
            location = f"location / {{ {lines} proxy_pass http://127.0.0.1:{self.replica}; }}"
            servers.append(f"server {{ {listen} {location} }}")
        kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        paths = "".join(f'{kind}_temp_path "{self.folder}/{kind}"; ' for kind in kinds)
        configuration = self.folder / "nginx.conf"
        configuration.write_text(f"events {{}}\nhttp {{ access_log off; {paths}\n" + "\n".join(servers) + "\n}\n")
        owner = " user root;" if os.geteuid() == 0 else ""
        options = f'daemon off; pid "{self.folder}/nginx.pid";{owner}'
        command: list[str | Path] = ["nginx", "-c", configuration, "-e", "stderr", "-g", options]
        environment = {"PATH": f"{os.environ['PATH']}:{SBIN}"}
        return Child(
            "nginx", command, probe=accepts(self.ports["tls"]), log=self.folder / "log", environment=environment
        )

    def prickle(self) -> Child:
        options = ["--port", str(self.replica), "--data", str(self.folder / "data")]
        options += ["--set", 'gateway.trusted_proxies=["127.0.0.1/32"]']
        return Child("replica", [PRICKLE, "run", *options], probe=answers(self.replica, "/health/ready"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fronts(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Fronts]:
    fronts = Fronts(tmp_path_factory.mktemp("fronts"))
    fronts.certify(days=60)
    children = [fronts.prickle(), fronts.nginx()]
    try:
        for child in children:
            await child.start()
        yield fronts
    finally:
        for child in reversed(children):
            await child.stop()


async def outcomes(url: str) -> dict[str, str]:
    """Return `ok` or what is said, by check."""

    def ask() -> dict[str, str]:
        said = {}
        for name, check in deployment_checks(url).items():
            try:
                check()
                said[name] = "ok"
            except (Worry, Refusal) as told:
                said[name] = f"{'warn' if isinstance(told, Worry) else 'FAIL'} {told}"
        return said

    return await asyncio.to_thread(ask)


async def wrong(url: str) -> dict[str, str]:
    return {name: said for name, said in (await outcomes(url)).items() if said != "ok"}


async def test_behind_tls_that_ends_in_a_proxy_everything_is_well(
    fronts: Fronts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(fronts.folder / "certificate.pem"))
    assert await wrong(fronts.url("tls")) == {}


async def test_a_certificate_that_browsers_do_not_take_is_told(fronts: Fronts) -> None:
    told = await wrong(fronts.url("tls"))
    assert told.keys() == {"certificate"}
    assert told["certificate"].startswith("FAIL browsers warn of it: self-signed certificate")


@pytest.mark.parametrize(("days", "mark"), [(10, "warn"), (2, "FAIL")])
async def test_a_certificate_that_runs_out_is_told(tmp_path: Path, fronts: Fronts, days: int, mark: str) -> None:
    other = Fronts(tmp_path)
    other.replica = fronts.replica
    other.certify(days)
    nginx = other.nginx()
    await nginx.start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
            assert (await wrong(other.url("tls")))["certificate"].startswith(
                f"{mark} of 127.0.0.1 runs out in {days} days"
            )
    finally:
        await nginx.stop()


@pytest.mark.parametrize(
    ("front", "told"),
    [
        (
            "says nothing",
            {
                "client address": "FAIL whoever sends X-Forwarded-For is believed",
                "links": "FAIL invitations would begin with http://127.0.0.1, not with http://127.0.0.1:",
                "websocket": "FAIL the upgrade is refused",  # the page's address is not the one that the server knows
            },
        ),
        ("hides people", {"client address": "warn this machine (127.0.0.2) is seen as 127.0.0.1: if that is a proxy"}),
        ("no upgrade", {"websocket": "FAIL the upgrade is refused"}),
        ("believes anybody", {"client address": "FAIL whoever sends X-Forwarded-For is believed"}),
        ("uncompressed", {"websocket": "warn opens, but uncompressed"}),
    ],
)
async def test_what_a_proxy_does_wrong_is_told_and_nothing_else(
    fronts: Fronts, front: str, told: dict[str, str]
) -> None:
    found = await wrong(fronts.url(front))
    assert found.keys() == told.keys(), found
    for name, beginning in told.items():
        assert found[name].startswith(beginning), found[name]


async def test_who_comes_without_tls_is_sent_on(fronts: Fronts) -> None:
    site = Site.at("https://127.0.0.1")
    assert await asyncio.to_thread(sends_on, Site.at(fronts.url("sends on")), site)
    with pytest.raises(Worry, match="does not send people to"):
        await asyncio.to_thread(sends_on, Site.at(fronts.url("uncompressed")), site)
    with pytest.raises(Worry, match="is not sent on"):
        await asyncio.to_thread(sends_on, Site.at(f"http://127.0.0.1:{free_port()}"), site)


async def test_a_clock_that_differs_is_told(fronts: Fronts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_deployment, "time", SimpleNamespace(time=lambda: time.time() + 60))
    said = (await wrong(fronts.url("uncompressed")))["clock of the deployment"]
    assert re.match(r"FAIL that of 127\.0\.0\.1 is (59|60|61) s behind this machine's", said), said


async def test_something_else_than_prickle_is_told(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", tmp_path, str(port)]
    server = Child("another server", command, probe=answers(port, "/"), log=tmp_path / "log")
    await server.start()
    try:
        found = await wrong(f"http://127.0.0.1:{port}")
        assert "answers 404, and not as Prickle does" in found["replica"]
        assert {"replica", "client address", "links", "websocket"} == found.keys()
    finally:
        await server.stop()


async def test_the_deployed_configuration_with_its_stores_has_nothing_wrong(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "data", free_port())
    try:
        await cluster.start()
        stores = ["--set", f"storage.bus_url=redis://127.0.0.1:{cluster.redis_port}/0"]
        command = [PRICKLE, "doctor", "--data", cluster.data, *stores, "--url", f"http://127.0.0.1:{cluster.port}"]
        doctor = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        told = (await doctor.communicate())[0].decode()
    finally:
        await cluster.stop()
    marks = {line.partition(":")[0].split(maxsplit=1)[1]: line.split()[0] for line in told.splitlines()}
    marks = {name: mark for name, mark in marks.items() if name not in {"disk", "open files"}}  # of this machine
    assert set(marks.values()) == {"ok"}, told
    assert {"clock of the bus", "client address", "links", "websocket", "replica"} <= marks.keys()
