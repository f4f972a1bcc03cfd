"""What `prickle doctor --url` asks a running deployment, the way browsers come: through every proxy in front of it."""

import json
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

from websockets.exceptions import InvalidHandshake, InvalidMessage, WebSocketException
from websockets.sync.client import connect

from prickle.cli.doctor_visit import PATIENCE_S, Site, unreachable
from prickle.cli.doctor_worry import Worry, compare_clocks
from prickle.config.refusal import Refusal

FORGED = "203.0.113.77"
"""From the block for documentation: nobody has it."""
RENEWED_BY_DAYS, URGENT_DAYS = 14, 3


def deployment_checks(url: str) -> dict[str, Callable[[], str]]:
    """Return the checks of what is behind `url` by name.

    Raises:
        Refusal: it is no address.
    """
    site = Site.at(url)
    checks = {
        "replica": lambda: _replica(site),
        "clock of the deployment": lambda: _clock(site),
        "client address": lambda: _client_address(site),
        "links": lambda: _links(site),
        "websocket": lambda: _websocket(site),
    }
    if site.is_secure:
        checks["certificate"] = lambda: _certificate(site)
    if site.is_secure and site.port == 443:
        checks["http"] = lambda: sends_on(Site(is_secure=False, host=site.host, port=80), site)
    return checks


def _replica(site: Site) -> str:
    answer = site.get("/health/ready")
    try:
        state = json.loads(answer.body)
        away = [name for name, said in state["dependencies"].items() if said != "ok"]
    except (ValueError, KeyError, TypeError):
        raise Refusal(
            f"{site.url}/health/ready answers {answer.status}, and not as Prickle does; is it behind this?"
        ) from None
    if away:
        raise Refusal(f"{state['gateway']['replica']} does not reach: {', '.join(away)}; look at its log")
    return f"{state['gateway']['replica']} is ready"


def _clock(site: Site) -> str:
    before = time.time()
    date = site.get("/health").headers["Date"]
    if date is None:
        raise Worry("the answers carry no Date")
    their_time_s = parsedate_to_datetime(date).timestamp() + 0.5  # whole seconds, rounded down
    return compare_clocks(site.host, their_time_s, (before + time.time()) / 2)


def _seen(site: Site, headers: dict[str, str] | None = None) -> tuple[IPv4Address | IPv6Address, str, str]:
    """Return as whom the server sees us, under which address, and from which of our own addresses we came."""
    answer = site.get("/health/seen", headers)
    try:
        seen = json.loads(answer.body)
        return ip_address(seen["address"]), seen["origin"], answer.from_address
    except (ValueError, KeyError, TypeError):
        raise Refusal(f"{site.url}/health/seen answers {answer.status}, and not as Prickle does") from None


def _client_address(site: Site) -> str:
    if str(_seen(site, {"X-Forwarded-For": FORGED})[0]) == FORGED:
        said = "whoever sends X-Forwarded-For is believed, and so escapes every limit"
        raise Refusal(f"{said}: trust proxies alone (gateway.trusted_proxies; set_real_ip_from in nginx)")
    address, _, ours = _seen(site)
    if str(address) != ours and not address.is_global:
        said = (
            f"this machine ({ours}) is seen as {address}: if that is a proxy, all people look like one to every limit"
        )
        raise Worry(f"{said}. Each proxy must pass X-Forwarded-For on, and be trusted by the next (docs/deploy.md)")
    return f"people are told apart: this machine is {address}"


def _links(site: Site) -> str:
    origin = _seen(site)[1]
    if origin != site.url:
        said = f"invitations would begin with {origin or 'nothing'}, not with {site.url}"
        raise Refusal(f"{said}: pass X-Forwarded-Proto and -Host on from trusted proxies, or set server.public_url")
    return f"invitations begin with {origin}"


def _websocket(site: Site) -> str:
    url = f"{site.url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
    context = site.unverified() if site.is_secure else None
    try:
        with connect(url, origin=site.origin, ssl=context, open_timeout=PATIENCE_S, proxy=None) as websocket:
            first = websocket.recv(timeout=PATIENCE_S, decode=True)
            compressed = bool(websocket.protocol.extensions)
    except (InvalidHandshake, InvalidMessage) as error:
        said = f"the upgrade is refused ({error})"
        raise Refusal(f"{said}: proxies must speak HTTP/1.1 and pass Upgrade, Connection, Host and Origin on") from None
    except (OSError, TimeoutError, WebSocketException) as error:
        raise unreachable(url, error) from None
    if not first.startswith("0{"):
        raise Refusal(f"something else than Prickle answers: {first[:60]!r}")
    if not compressed:
        raise Worry("opens, but uncompressed: a proxy removes Sec-WebSocket-Extensions, or gateway.compression is off")
    return "opens through the proxies, compressed"


def _certificate(site: Site) -> str:
    days = (site.certificate_expires_at() - time.time()) / 86400
    said = f"of {site.host} runs out in {days:.0f} days"
    if days < URGENT_DAYS:
        raise Refusal(f"{said}: renew it now (ops/certificates/renew.sh says what is in the way)")
    if days < RENEWED_BY_DAYS:
        raise Worry(f"{said} and should have been renewed (ops/certificates/renew.sh says what is in the way)")
    return said


def sends_on(plain: Site, site: Site) -> str:
    """Return what to say of who comes without TLS and is sent to where it is.

    Raises:
        Worry: nobody is sent there.
    """
    try:
        answer = plain.get("/")
    except Refusal as refusal:
        raise Worry(f"who types the name without https:// is not sent on: {refusal}") from None
    if not (answer.headers["Location"] or "").startswith(site.url):
        raise Worry(f"{plain.url} answers {answer.status} and does not send people to {site.url}")
    return f"{plain.url} sends people to {site.url}"
