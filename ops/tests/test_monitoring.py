"""What is watched exists: every figure that a rule or a panel names is one that a replica tells, or a script writes."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families

from ops.cluster import ROOT
from prickle.testing.chat import running_chat

MONITORING = ROOT / "ops" / "monitoring"
SCRIPTS = [ROOT / "ops" / "certificates" / "renew.sh", ROOT / "ops" / "backup" / "backup.sh"]


def expressions() -> Iterator[str]:
    for group in yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    dashboard = json.loads((MONITORING / "grafana" / "prickle.json").read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def named() -> set[str]:
    return {name for expression in expressions() for name in re.findall(r"prickle_\w+", expression)}


def written_by_scripts() -> set[str]:
    texts = [script.read_text(encoding="utf-8") for script in SCRIPTS]
    return {name for text in texts for name in re.findall(r'echo "(prickle_\w+) ', text)}


async def test_every_figure_that_is_watched_is_told(tmp_path: Path) -> None:
    async with running_chat(tmp_path) as chat:
        answer = await chat.request("GET", "/metrics")
    told = set(written_by_scripts())
    for family in text_string_to_metric_families(answer.body.decode()):
        told |= {family.name, f"{family.name}_total"} if family.type == "counter" else {family.name}
    assert written_by_scripts()
    assert named() - told == set()


def test_the_scraped_addresses_are_the_replicas() -> None:
    jobs = yaml.safe_load((MONITORING / "prometheus.yaml").read_text(encoding="utf-8"))["scrape_configs"]
    targets = {target for entry in jobs[0]["static_configs"] for target in entry["targets"]}
    services = yaml.safe_load((ROOT / "ops" / "compose" / "compose.yaml").read_text(encoding="utf-8"))["services"]
    addresses = {services[name]["networks"]["chat"]["ipv4_address"] for name in ("backend-1", "backend-2")}
    assert targets == {f"{address}:8000" for address in addresses}
