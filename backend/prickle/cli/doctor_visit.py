"""How `prickle doctor` visits a deployment: single requests, each on a connection of its own."""

import socket
import ssl
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

from websockets.typing import Origin

from prickle.config.refusal import Refusal

PATIENCE_S = 8.0
OTHER_LOOPBACK = "127.0.0.2"
"""From 127.0.0.1 a visitor could not be told from a proxy on the same machine."""


@dataclass(frozen=True)
class Answer:
    """`from_address` is our own end of the connection."""

    status: int
    headers: Message
    body: bytes
    from_address: str


def unreachable(url: str, error: Exception) -> Refusal:
    """Return what to say when nobody answers."""
    return Refusal(
        f"{url} does not answer ({error or type(error).__name__}): the domain's record, the firewall, the proxy?"
    )


@dataclass(frozen=True)
class Site:
    """Where a deployment is found."""

    is_secure: bool
    host: str
    port: int

    @classmethod
    def at(cls, url: str) -> Self:
        """Raises:
        Refusal: it is no address of a site.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = -1
        if parts.scheme not in {"http", "https"} or not parts.hostname or port == -1 or parts.path.strip("/"):
            raise Refusal(f"--url {url}: it must be like https://chat.example.org")
        return cls(parts.scheme == "https", parts.hostname, port or (443 if parts.scheme == "https" else 80))

    @property
    def url(self) -> str:
        """As a browser writes it: without the port that goes without saying."""
        scheme, usual = ("https", 443) if self.is_secure else ("http", 80)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}" if self.port == usual else f"{scheme}://{host}:{self.port}"

    @property
    def origin(self) -> Origin:
        return Origin(self.url)

    def unverified(self) -> ssl.SSLContext:
        """Return what takes any certificate: whether it is good is a check of its own."""
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        """Ask once.

        Raises:
            Refusal: nobody answers.
        """
        connection = self._connection()
        try:
            connection.request("GET", path, headers=headers or {})
            from_address = connection.sock.getsockname()[0]
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read(), from_address)
        except (OSError, HTTPException) as error:
            raise unreachable(f"{self.url}{path}", error) from None
        finally:
            connection.close()

    def certificate_expires_at(self) -> float:
        """Return when it runs out, in seconds since 1970.

        Raises:
            Refusal: browsers do not take it.
        """
        context = ssl.create_default_context()
        try:
            with (
                socket.create_connection((self.host, self.port), PATIENCE_S) as plain,
                context.wrap_socket(plain, server_hostname=self.host) as secure,
            ):
                certificate = secure.getpeercert() or {}
        except ssl.SSLCertVerificationError as error:
            raise Refusal(f"browsers warn of it: {error.verify_message}; see ops/certificates/renew.sh") from None
        except OSError as error:
            raise unreachable(self.url, error) from None
        return float(ssl.cert_time_to_seconds(str(certificate["notAfter"])))

    def _connection(self) -> HTTPConnection:
        source = (OTHER_LOOPBACK, 0) if self._is_this_machine() else None
        if self.is_secure:
            return HTTPSConnection(
                self.host, self.port, timeout=PATIENCE_S, source_address=source, context=self.unverified()
            )
        return HTTPConnection(self.host, self.port, timeout=PATIENCE_S, source_address=source)

    def _is_this_machine(self) -> bool:
        try:
            if not ip_address(self.host).is_loopback or ":" in self.host:
                return False
            with socket.socket() as probe:
                probe.bind((OTHER_LOOPBACK, 0))
        except (ValueError, OSError):
            return False  # a name, or a system whose loopback has one address only
        return True
