"""Origins: our own page and those of the list, also behind a proxy that is trusted, and behind one that is not."""

from typing import Any

import pytest

from prickle.gateway.tests.conftest import running_gateway

FORWARDED = {"X_Forwarded_Host": "chat.example", "X_Forwarded_Proto": "https"}


@pytest.mark.parametrize(
    ("settings", "headers", "status"),
    [
        ({}, {}, 101),
        ({}, {"Origin": "http://127.0.0.1:{port}"}, 101),
        ({}, {"Origin": "http://127.0.0.1:1"}, 403),
        ({}, {"Origin": "http://evil.example"}, 403),
        ({}, {"Origin": "null"}, 403),
        ({}, {"Origin": ""}, 403),
        ({}, {"Origin": "http://[bad"}, 403),
        ({}, {"Host": "chat.example", "Origin": "https://chat.example"}, 101),
        ({}, {"Host": "chat.example", "Origin": "https://chat.example.evil.example"}, 403),
        ({"origins": ("https://other.example",)}, {"Origin": "https://other.example"}, 101),
        ({"origins": ("*",)}, {"Origin": "https://any.example"}, 101),
        ({}, {**FORWARDED, "Origin": "https://chat.example"}, 403),
        ({"trusted_proxies": ("127.0.0.1",)}, {**FORWARDED, "Origin": "https://chat.example"}, 101),
        ({"trusted_proxies": ("127.0.0.1",)}, {**FORWARDED, "Origin": "https://evil.example"}, 403),
    ],
)
async def test_a_page_may_connect_if_it_is_ours_or_listed(
    settings: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    async with running_gateway(**settings) as gateway:
        given = {name: value.format(port=gateway.port) for name, value in headers.items()}
        wire = await gateway.open(**given)
        assert wire.head.startswith(f"HTTP/1.1 {status}")


@pytest.mark.parametrize(("trusted", "remote"), [((), "127.0.0.1"), (("127.0.0.0/8",), "203.0.113.9")])
async def test_the_clients_address_comes_from_trusted_proxies_alone(trusted: tuple[str, ...], remote: str) -> None:
    async with running_gateway(trusted_proxies=trusted) as gateway:
        await gateway.wire(X_Forwarded_For="198.51.100.1, 203.0.113.9, 127.0.0.2")
        assert gateway.socket().remote == remote


async def test_only_traffic_to_other_machines_counts_against_the_link() -> None:
    async with running_gateway(trusted_proxies=("127.0.0.1",)) as gateway:
        await gateway.wire()
        assert gateway.server.traffic.far.bytes_out == 0
        await gateway.wire(X_Forwarded_For="203.0.113.9")
        assert gateway.server.traffic.far.bytes_out > 0
