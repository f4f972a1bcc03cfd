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


async def test_who_asks_is_told_how_the_request_arrives(tmp_path: Path) -> None:
    proxied = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "chat.example"}
    trusting = ["plugins.enabled=auth,rooms", 'gateway.trusted_proxies=["127.0.0.1/32"]']
    async with running_chat(tmp_path, settings=trusting) as chat:
        seen = await chat.request("GET", "/health/seen", headers=proxied)
        assert seen.body == {"address": "203.0.113.7", "origin": "https://chat.example"}
        assert seen.headers["Cache-Control"] == "no-store"
    async with running_chat(tmp_path, settings=["plugins.enabled=auth,rooms"]) as chat:
        assert (await chat.request("GET", "/health/seen", headers=proxied)).body["address"] == "127.0.0.1"
