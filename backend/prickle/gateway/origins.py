"""Which pages may connect: our own and those of a list; programs that are no browsers send no Origin."""

from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from sanic import Request

from prickle.http.proxies import Proxies

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origins:
    """The rule for one server."""

    def __init__(self, allowed: Sequence[str], proxies: Proxies) -> None:
        self._allowed = {origin.rstrip("/").lower() for origin in allowed}
        self._proxies = proxies

    def allows(self, request: Request) -> bool:
        """Tell whether the page that asks may connect."""
        origin = request.headers.getone("origin", None)
        if origin is None or "*" in self._allowed or origin.lower() in self._allowed:
            return True
        try:
            page, here = urlsplit(origin), urlsplit(self._proxies.origin(request))
            # By host and port alone: behind a proxy that ends TLS unasked, our own scheme is not known.
            return bool(page.hostname) and (page.hostname, _port(page)) == (here.hostname, _port(here, page.scheme))
        except ValueError:
            return False

    def cors(self, request: Request) -> dict[str, str]:
        """Return the headers that let a page of another allowed origin read the answer."""
        origin = request.headers.getone("origin", None)
        if origin is None or not self.allows(request):
            return {}
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}


def _port(parts: SplitResult, scheme: str = "") -> int | None:
    return parts.port or _DEFAULT_PORTS.get(scheme or parts.scheme)
