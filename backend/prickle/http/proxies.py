"""Who asks and under which address, when trusted proxies stand in between."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from sanic import Request as SanicRequest

Network = IPv4Network | IPv6Network
HOST_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]")


class Proxies:
    """Believes `X-Forwarded-*` only where the hop that sent it is trusted."""

    def __init__(self, trusted: Sequence[Network], public_url: str) -> None:
        self._trusted = trusted
        self._public_url = public_url.rstrip("/")

    def remote(self, request: SanicRequest) -> str:
        """Return the nearest address that is no trusted proxy."""
        hops = [hop.strip() for value in request.headers.getall("x-forwarded-for", []) for hop in value.split(",")]
        address: str = request.ip
        while hops and self._is_trusted(address):
            address = hops.pop()
        return _plain(address)

    def origin(self, request: SanicRequest) -> str:
        """Return scheme and host under which the client reached us, such as `https://chat.example`."""
        if self._public_url:
            return self._public_url
        scheme, host = request.scheme, request.headers.get("host", "")
        if self._is_trusted(request.ip):
            scheme = request.headers.get("x-forwarded-proto", scheme).lower()
            host = request.headers.get("x-forwarded-host", host)
        if scheme not in {"http", "https"} or not host or not HOST_CHARACTERS.issuperset(host):
            return ""
        return f"{scheme}://{host}"

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ip_address(_plain(address))
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)


def _plain(address: str) -> str:
    """An IPv4 address that arrives in IPv6 clothes is that IPv4 address."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.strip())
    except ValueError:
        return address[:64]
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)
