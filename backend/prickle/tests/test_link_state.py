"""What readiness tells the about page's link meter."""

from pathlib import Path

from prickle.testing import running_chat


async def test_readiness_tells_the_share_of_the_link_and_where_the_governor_acts(tmp_path: Path) -> None:
    settings = ["plugins.enabled=auth,rooms", "gateway.link_mbps=8", "gateway.replicas=2"]
    async with running_chat(tmp_path, settings=settings) as chat:
        gateway = (await chat.request("GET", "/health/ready")).body["gateway"]
    assert gateway["link_bytes_per_s"] == 500_000
    assert list(gateway["stage_thresholds"]) == ["free", "busy", "tight", "full"]
    assert sorted(gateway["stage_thresholds"].values()) == list(gateway["stage_thresholds"].values())
    assert gateway["sent_bytes"] == {"durable": 0, "state": 0, "ephemeral": 0}
