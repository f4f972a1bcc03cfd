"""One Engine.IO path on Sanic: which request is a handshake, a poll, a post or an upgrade, and which is refused."""

import asyncio
from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, cast

import orjson
from sanic import HTTPResponse, Request, Sanic

from prickle.gateway import frames
from prickle.gateway.engine import Engine, MessageHandler, Probe, Session
from prickle.gateway.handshake import BadHandshake, Upgrader
from prickle.gateway.origins import Origins
from prickle.gateway.polling import PollQueue, PollRefused, body, receive
from prickle.http.proxies import Proxies

if TYPE_CHECKING:
    from sanic.http import Http

App = Sanic[Any, Any]

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_TEXT = "text/plain; charset=UTF-8"

UNKNOWN_TRANSPORT = (0, "Transport unknown")
UNKNOWN_SESSION = (1, "Session ID unknown")
BAD_METHOD = (2, "Bad handshake method")
BAD_REQUEST = (3, "Bad request")
FORBIDDEN = (4, "Forbidden")
BAD_VERSION = (5, "Unsupported protocol version")


class Refused(Exception):
    """The request is answered with an error of the Engine.IO protocol."""

    def __init__(self, error: tuple[int, str], status: int = 400) -> None:
        super().__init__(error[1])
        self.error, self.status = error, status


class Endpoint:
    """Serves `engine` under one path; `opens` makes the handler of each new session."""

    def __init__(
        self,
        engine: Engine,
        upgrader: Upgrader,
        origins: Origins,
        proxies: Proxies,
        opens: Callable[[Session], MessageHandler],
    ) -> None:
        self._engine = engine
        self._upgrader = upgrader
        self._origins = origins
        self._proxies = proxies
        self._opens = opens
        self.accepts = True

    def mount(self, app: App, path: str, name: str) -> None:
        """Answer every method under `path`, so that the protocol's own errors are what a client gets."""

        async def handle(request: Request) -> HTTPResponse | None:
            return await self.handle(request)

        # Sanic then takes no answer for an answer: the websocket has left it.
        handle.is_websocket = True  # type: ignore[attr-defined]
        app.add_route(handle, path, methods=_METHODS, name=name, stream=True)

    async def handle(self, request: Request) -> HTTPResponse | None:
        try:
            if not self._origins.allows(request):
                raise Refused(FORBIDDEN, 403)
            if request.method == "OPTIONS":
                return HTTPResponse(status=204, headers=self._preflight(request))
            return await self._route(request)
        except Refused as refused:
            code, message = refused.error
            return self._json(request, {"code": code, "message": message}, refused.status)
        except BadHandshake as error:
            return self._json(request, {"code": BAD_REQUEST[0], "message": str(error)}, 400)

    async def _route(self, request: Request) -> HTTPResponse | None:
        transport = request.args.get("transport")
        if transport != "websocket" and not (transport == "polling" and self._engine.settings.polling):
            raise Refused(UNKNOWN_TRANSPORT)
        session_id = request.args.get("sid")
        if session_id is not None:
            return await self._go_on(request, session_id, transport)
        if request.method != "GET":
            raise Refused(BAD_METHOD)
        if request.args.get("EIO") != "4":
            raise Refused(BAD_VERSION)
        if not self.accepts:
            raise Refused(FORBIDDEN, 503)
        remote = self._proxies.remote(request)
        session = Session(self._engine, remote, local=_is_this_machine(remote))
        if transport == "websocket":
            self._open_websocket(request, session)
            return None
        session.poll = session.channel = PollQueue(session, self._engine.settings.max_buffer_bytes)
        self._engine.add(session, self._opens(session))
        return self._plain(request, session.opened(["websocket"]).decode())

    def _open_websocket(self, request: Request, session: Session) -> None:
        websocket, begin = self._upgrader.upgrade(request, local=session.local)
        session.websocket, session.channel = websocket, websocket.outbox
        websocket.receiver = session
        websocket.outbox.send(session.opened([]))
        websocket.outbox.flush()
        self._engine.add(session, self._opens(session))
        begin()

    async def _go_on(self, request: Request, session_id: str, transport: str) -> HTTPResponse | None:
        session = self._engine.find(session_id)
        if transport == "polling" and request.method == "GET":
            return await self._poll(request, session_id, session)
        if session is None:
            raise Refused(UNKNOWN_SESSION)
        if transport == "websocket":
            self._probe(request, session)
            return None
        if request.method != "POST" or session.poll is None:
            raise Refused(BAD_REQUEST)
        return await self._post(request, session)

    async def _poll(self, request: Request, session_id: str, session: Session | None) -> HTTPResponse:
        if session is None:
            if words := self._engine.last_words(session_id):
                return self._plain(request, body(words))
            raise Refused(UNKNOWN_SESSION)
        if not isinstance(session.poll, PollQueue):
            raise Refused(BAD_REQUEST)
        try:
            return self._plain(request, await session.poll.poll())
        except PollRefused:
            raise Refused(BAD_REQUEST) from None

    def _probe(self, request: Request, session: Session) -> None:
        websocket, begin = self._upgrader.upgrade(request, local=session.local)
        probe = websocket.receiver = Probe(session, websocket)
        if session.poll is None or session.upgrading:
            websocket.fail(frames.POLICY, "this session has its websocket")
        asyncio.get_running_loop().call_later(self._engine.settings.connect_timeout_s, probe.expire)
        begin()

    async def _post(self, request: Request, session: Session) -> HTTPResponse:
        stream, posted = cast("Http", request.stream), bytearray()
        while chunk := await stream.read():
            posted += chunk
            if len(posted) > self._engine.settings.max_frame_bytes:
                session.close("parse error")
                raise Refused(BAD_REQUEST, 413)
        if not receive(session, bytes(posted)):
            raise Refused(BAD_REQUEST)
        return self._plain(request, "ok")

    def _plain(self, request: Request, text: str) -> HTTPResponse:
        headers = {"Cache-Control": "no-store", **self._origins.cors(request)}
        return HTTPResponse(text, headers=headers, content_type=_TEXT)

    def _json(self, request: Request, body: object, status: int) -> HTTPResponse:
        headers = {"Cache-Control": "no-store", **self._origins.cors(request)}
        return HTTPResponse(orjson.dumps(body), status, headers, "application/json")

    def _preflight(self, request: Request) -> dict[str, str]:
        return {
            **self._origins.cors(request),
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "content-type",
            "Access-Control-Max-Age": "86400",
        }


def _is_this_machine(remote: str) -> bool:
    """Tell whether `remote` is this machine, whose traffic uses no link."""
    try:
        return ip_address(remote).is_loopback
    except ValueError:
        return False
