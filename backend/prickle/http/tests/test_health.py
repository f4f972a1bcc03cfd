"""Liveness and readiness of the running server."""

from pathlib import Path

from prickle.storage.bus.memory import MemoryBus
from prickle.testing import running_chat


async def test_a_running_server_is_alive_ready_and_lists_its_plugins(tmp_path: Path) -> None:
    async with running_chat(tmp_path, settings=["plugins.enabled=auth,rooms"]) as chat:
        assert (await chat.request("GET", "/health")).body == {"status": "ok"}
        ready = await chat.request("GET", "/health/ready")
        assert (ready.status, ready.body["status"]) == (200, "ready")
        assert set(ready.body["dependencies"].values()) == {"ok"}
        plugins = (await chat.request("GET", "/api/plugins")).body["plugins"]
        assert [(plugin["id"], plugin["state"]) for plugin in plugins] == [("auth", "running"), ("rooms", "running")]


async def test_readiness_names_what_is_away_and_liveness_goes_on(tmp_path: Path) -> None:
    bus = MemoryBus()
    async with running_chat(tmp_path, settings=["plugins.enabled=auth,rooms"], bus=bus) as chat:
        bus.healthy = False
        ready = await chat.request("GET", "/health/ready")
        assert (ready.status, ready.body["status"]) == (503, "not ready")
        assert ready.body["dependencies"]["bus"] == "core.bus_unavailable"
        assert ready.body["dependencies"]["documents"] == "ok"
        assert (await chat.request("GET", "/health")).status == 200
