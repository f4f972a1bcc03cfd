"""Engine.IO v4 sessions: packets, heartbeats and the change from long-polling to websocket, whatever they carry."""

import secrets
from typing import Protocol

import orjson

from prickle.contract.gateway import Delivery
from prickle.gateway import frames
from prickle.gateway.heartbeat import Wheel
from prickle.gateway.settings import GatewaySettings
from prickle.gateway.websocket import WebSocket

_MAX_LAST_WORDS = 100


class Channel(Protocol):
    """The way to a client: a websocket's outbox, or what waits for its next poll."""

    lagging: bool

    def send(self, packet: bytes) -> int: ...
    def send_riding(self, packet: bytes, within_s: float) -> None: ...
    def send_binary(self, data: bytes) -> int: ...
    def share(self, packet: bytes, frame: bytes) -> int: ...
    def skip(self, key: tuple[str, str], packet: bytes, delivery: Delivery) -> int: ...
    def flush(self) -> None: ...
    def send_latest(self, key: tuple[str, str], packet: bytes, delivery: Delivery) -> int: ...


class MessageHandler(Protocol):
    """Who gets a session's messages. `size` is what the packet took on the wire."""

    def text(self, text: str, size: int) -> None: ...
    def binary(self, data: bytes, size: int) -> None: ...
    def ended(self, reason: str) -> None: ...


class Poll(Channel, Protocol):
    """The polling side of a session; see `polling.py`."""

    def release(self) -> None: ...
    def end(self, last: str | None) -> list[str | bytes]: ...


class Session:
    """One client of the engine. It opens on one transport and may change once, from polling to websocket."""

    __slots__ = (
        "_awaits_pong", "_engine", "channel", "handler", "id", "local", "poll", "remote", "slot", "upgrading", "websocket",
    )  # fmt: skip

    def __init__(self, engine: "Engine", remote: str, *, local: bool) -> None:
        self.id = secrets.token_urlsafe(15)
        self.remote = remote
        self.local = local
        self.slot = -1
        self.upgrading = False
        self.handler: MessageHandler | None = None
        self.websocket: WebSocket | None = None
        self.poll: Poll | None = None
        self.channel: Channel
        self._engine = engine
        self._awaits_pong = False

    @property
    def is_open(self) -> bool:
        return self.handler is not None

    def opened(self, upgrades: list[str]) -> bytes:
        """Return the OPEN packet."""
        settings = self._engine.settings
        return b"0" + orjson.dumps(
            {
                "sid": self.id,
                "upgrades": upgrades,
                "pingInterval": round(settings.ping_interval_s * 1000),
                "pingTimeout": round(settings.ping_timeout_s * 1000),
                "maxPayload": settings.max_frame_bytes,
            }
        )

    def text(self, text: str, size: int) -> None:
        """Take one text packet."""
        kind = text[:1]
        if kind == "4":
            if self.handler:
                self.handler.text(text[1:], size)
        elif kind == "3":
            if self._awaits_pong:
                self._awaits_pong = False
                self._engine.rest(self)
        elif kind == "1":
            self.close("transport close", noop=True)
        elif kind not in {"5", "6"} or len(text) > 1:
            self.close("parse error")

    def binary(self, data: bytes, size: int) -> None:
        """Take one binary message."""
        if self.handler:
            self.handler.binary(data, size)

    def lost(self, reason: str) -> None:
        """The websocket is gone."""
        self.websocket = None
        self.close(reason)

    def beat(self) -> None:
        """Send a ping, or give up on a client that has not answered the last one."""
        if not self.is_open:
            return
        if self._awaits_pong:
            self.close("ping timeout")
            return
        self._awaits_pong = True
        # The client's time to answer runs from now: the ping must not spend much of it waiting.
        self.channel.send_riding(b"2", self._engine.settings.ping_timeout_s / 4)
        self._engine.await_pong(self)

    def close(self, reason: str, *, noop: bool = False, farewell: bool = False, code: int = frames.NORMAL) -> None:
        """End the session; what is due leaves first.

        `noop` ends a waiting poll without telling it to close; `farewell` keeps what no poll has taken for the next one.
        """
        handler, self.handler = self.handler, None
        if handler is None:
            return
        self._engine.forget(self)
        websocket, self.websocket = self.websocket, None
        if websocket:
            websocket.receiver = None
            websocket.fail(frames.PROTOCOL_ERROR if reason == "parse error" else code, "")
        if self.poll:
            untaken = self.poll.end("6" if noop else "1")
            self.poll = None
            if untaken and farewell:
                self._engine.leave(self.id, untaken)
        handler.ended(reason)

    def upgrade(self, websocket: WebSocket) -> None:
        """Go on over `websocket`, beginning with what the last poll did not take."""
        self.upgrading = False
        websocket.receiver = self
        self.websocket = websocket
        self.channel = websocket.outbox
        poll, self.poll = self.poll, None
        for packet in poll.end(None) if poll else ():
            if isinstance(packet, str):
                websocket.outbox.send(packet.encode())
            else:
                websocket.outbox.send_binary(packet)


class Probe:
    """A websocket that wants to take over a polling session: `2probe`, `3probe`, `5`."""

    __slots__ = ("_probed", "_session", "_websocket")

    def __init__(self, session: Session, websocket: WebSocket) -> None:
        self._session = session
        self._websocket = websocket
        self._probed = False

    def text(self, text: str, size: int) -> None:
        if text == "2probe" and self._session.is_open:
            self._probed = True
            self._websocket.outbox.send(b"3probe")
            self._session.upgrading = True
            if self._session.poll:
                self._session.poll.release()
        elif text == "5" and self._probed and self._session.is_open and self._session.poll:
            self._session.upgrade(self._websocket)
        else:
            self._websocket.fail(frames.PROTOCOL_ERROR, "")

    def binary(self, data: bytes, size: int) -> None:
        self._websocket.fail(frames.PROTOCOL_ERROR, "")

    def lost(self, reason: str) -> None:
        self._session.upgrading = False

    def expire(self) -> None:
        """Give up a websocket that has not taken over in time."""
        if self._websocket.receiver is self:
            self._websocket.fail(frames.POLICY, "upgrade timeout")


class Engine:
    """All sessions under one path."""

    def __init__(self, settings: GatewaySettings, wheel: Wheel) -> None:
        self.settings = settings
        self.sessions: dict[str, Session] = {}
        self._wheel = wheel
        self._last_words: dict[str, list[str | bytes]] = {}

    def add(self, session: Session, handler: MessageHandler) -> None:
        session.handler = handler
        self.sessions[session.id] = session
        self.rest(session)

    def find(self, session_id: str) -> Session | None:
        """Return the session, unless its time is up."""
        self._wheel.catch_up()
        return self.sessions.get(session_id)

    def rest(self, session: Session) -> None:
        """Nothing is owed: the next ping is an interval away."""
        self._wheel.set(session, self.settings.ping_interval_s)

    def await_pong(self, session: Session) -> None:
        self._wheel.set(session, self.settings.ping_timeout_s)

    def forget(self, session: Session) -> None:
        self.sessions.pop(session.id, None)
        self._wheel.drop(session)

    def leave(self, session_id: str, packets: list[str | bytes]) -> None:
        """Keep what an ended polling session had still to say, for the poll that is on its way."""
        self._last_words[session_id] = [*packets, "1"]
        while len(self._last_words) > _MAX_LAST_WORDS:
            del self._last_words[next(iter(self._last_words))]

    def last_words(self, session_id: str) -> list[str | bytes]:
        """Return them, once."""
        return self._last_words.pop(session_id, [])
