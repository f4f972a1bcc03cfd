"""Whom the edge believes about addresses."""

from ipaddress import ip_network
from types import SimpleNamespace
from typing import Any

import pytest
from multidict import CIMultiDict

from prickle.http.proxies import Proxies

OURS = [ip_network("10.0.0.0/16"), ip_network("127.0.0.0/8"), ip_network("fd00::/8")]


def request(ip: str, *headers: tuple[str, str], scheme: str = "http") -> Any:
    given: Any = CIMultiDict(headers)
    return SimpleNamespace(ip=ip, headers=_Headers(given), scheme=scheme)


class _Headers(CIMultiDict[str]):
    def getall(self, key: str, default: Any = ()) -> Any:
        return super().getall(key, default)


def forwarded(*values: str) -> list[tuple[str, str]]:
    return [("x-forwarded-for", value) for value in values]


@pytest.mark.parametrize(
    ("ip", "hops", "remote"),
    [
        ("203.0.113.5", [], "203.0.113.5"),
        ("203.0.113.5", ["1.2.3.4"], "203.0.113.5"),
        ("127.0.0.1", ["1.2.3.4"], "1.2.3.4"),
        ("127.0.0.1", ["9.9.9.9, 1.2.3.4"], "1.2.3.4"),
        ("127.0.0.1", ["9.9.9.9", "1.2.3.4"], "1.2.3.4"),
        ("127.0.0.1", ["1.2.3.4, 10.0.1.2"], "1.2.3.4"),
        ("127.0.0.1", ["9.9.9.9, 1.2.3.4, 10.0.1.2, 10.0.1.3"], "1.2.3.4"),
        ("127.0.0.1", ["10.0.1.2"], "10.0.1.2"),
        ("127.0.0.1", ["1.2.3.4, nonsense"], "nonsense"),
        ("127.0.0.1", ["x" * 500], "x" * 64),
        ("127.0.0.1", [""], ""),
        ("::ffff:127.0.0.1", ["::ffff:1.2.3.4"], "1.2.3.4"),
        ("fd00::1", ["2001:DB8::1"], "2001:db8::1"),
    ],
)
def test_the_remote_is_the_nearest_address_that_is_no_proxy_of_ours(ip: str, hops: list[str], remote: str) -> None:
    assert Proxies(OURS, "").remote(request(ip, *forwarded(*hops))) == remote


def test_without_trusted_proxies_nobody_is_believed() -> None:
    assert Proxies([], "").remote(request("127.0.0.1", *forwarded("1.2.3.4"))) == "127.0.0.1"


@pytest.mark.parametrize(
    ("ip", "headers", "origin"),
    [
        ("203.0.113.5", [("host", "chat.example:8000")], "http://chat.example:8000"),
        ("203.0.113.5", [("host", "a"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "evil")], "http://a"),
        ("127.0.0.1", [("host", "a"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "b")], "https://b"),
        ("127.0.0.1", [("host", "a"), ("x-forwarded-proto", "HTTPS")], "https://a"),
        ("127.0.0.1", [("host", "a"), ("x-forwarded-proto", "javascript")], ""),
        ("127.0.0.1", [("host", "a b")], ""),
        ("127.0.0.1", [("host", 'a"><script>')], ""),
        ("127.0.0.1", [("host", "a/b")], ""),
        ("127.0.0.1", [("host", "user@a")], ""),
        ("127.0.0.1", [], ""),
        ("127.0.0.1", [("host", "[::1]:8000")], "http://[::1]:8000"),
    ],
)
def test_the_origin_is_as_the_client_sees_it_and_never_markup(
    ip: str, headers: list[tuple[str, str]], origin: str
) -> None:
    assert Proxies(OURS, "").origin(request(ip, *headers)) == origin


def test_a_set_public_url_wins() -> None:
    assert Proxies(OURS, "https://chat.example/").origin(request("127.0.0.1", ("host", "a"))) == "https://chat.example"
