"""Who asks, and from which page: addresses and origins, believed from proxies only where the settings trust them."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from sanic import Request

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origins:
    """The rule for one server."""

    def __init__(self, allowed: Sequence[str], proxies: Sequence[IPv4Network | IPv6Network]) -> None:
        self._allowed = {origin.rstrip("/").lower() for origin in allowed}
        self._proxies = tuple(proxies)

    def remote(self, request: Request) -> str:
        """Return the client's address: the last hop that is not one of our proxies."""
        hop = str(request.ip)
        if not self._trusts(hop):
            return hop
        chain = [part.strip() for value in request.headers.getall("x-forwarded-for", []) for part in value.split(",")]
        for earlier in reversed(chain):
            if not _is_address(earlier):
                break
            hop = earlier
            if not self._trusts(hop):
                break
        return hop

    def allows(self, request: Request) -> bool:
        """Tell whether the page that asks may: no Origin (not a browser), our own, or one of the list."""
        origin = request.headers.getone("origin", None)
        if origin is None or "*" in self._allowed or origin.lower() in self._allowed:
            return True
        host = request.headers.getone("host", "")
        if self._trusts(str(request.ip)):
            host = request.headers.getone("x-forwarded-host", host)
        try:
            page = urlsplit(origin)
            here = urlsplit(f"{page.scheme}://{host}")
            return bool(page.hostname) and (page.hostname, _port(page)) == (here.hostname, _port(here))
        except ValueError:
            return False

    def cors(self, request: Request) -> dict[str, str]:
        """Return the headers that let a page of another allowed origin read the answer."""
        origin = request.headers.getone("origin", None)
        if origin is None or not self.allows(request):
            return {}
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}

    def _trusts(self, hop: str) -> bool:
        if not self._proxies or not _is_address(hop):
            return False
        address = ip_address(hop)
        return any(address in network for network in self._proxies)


def is_local(remote: str) -> bool:
    """Tell whether `remote` is this machine, whose traffic uses no link."""
    return _is_address(remote) and ip_address(remote).is_loopback


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _port(parts: SplitResult) -> int | None:
    return parts.port or _DEFAULT_PORTS.get(parts.scheme)
