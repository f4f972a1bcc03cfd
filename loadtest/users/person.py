"""A guest with the room open: connects, comes back, and checks every entry of the room's log. Behaviour is in its subclasses."""

import logging
from typing import Any

import gevent
from locust import User
from locust.exception import StopUser

from loadtest.common.chat_client import ChatClient, CommandFailed, Payload
from loadtest.common.plugin_tasks import Moment, PluginTask
from loadtest.common.recorder import rounded
from loadtest.common.run import HEAL_EVERY_S, run_of
from loadtest.common.sight import Sight
from loadtest.common.stamps import age_ms, now_ms
from loadtest.common.web import Answer, WebFailed
from loadtest.common.websocket import ConnectionLost

ATTEMPTS = 6
BACK_AFTER_S = (0.3, 2.0)
BROKEN = (ConnectionLost, CommandFailed, WebFailed)

logger = logging.getLogger(__name__)


class Person(User):
    """One guest on one device."""

    abstract = True

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self.run_state = run_of(environment)
        self.number, self.shared_room, self.dice = self.run_state.place()
        self.recorder = self.run_state.recorder
        self.sight = Sight()
        self.unacked: dict[int, Payload] = {}
        self.room = ""
        self.newest_seq = 0
        self._token = self._user_id = ""
        self._client: ChatClient | None = None
        self._hole_since: float | None = None
        self._returning: gevent.Greenlet | None = None

    def on_start(self) -> None:
        """Sign in, connect, and open the room; whoever cannot after some attempts takes no part, and is counted."""
        self.recorder.levels["people"] += 1
        for attempt in range(ATTEMPTS):
            try:
                self.arrive()
            except BROKEN as error:
                self.fail("arrive", error)
                gevent.sleep(self.dice.uniform(*BACK_AFTER_S) * (attempt + 1))
            else:
                self.run_state.people.add(self)
                return
        self.recorder.counts["never_arrived"] += 1
        raise StopUser

    def on_stop(self) -> None:
        self.leave()
        self.recorder.levels["people"] -= 1
        self.run_state.people.discard(self)

    def arrive(self) -> None:
        """Become a guest, and open the room on a new connection."""
        web = self.run_state.web
        if not self._token:
            answer = web.ask("POST", "/api/auth/guest", {"name": f"Person {self.number}"})
            guest = answer.json()
            self._token, self._user_id = guest["token"], guest["user"]["id"]
        self.room = self.shared_room.find(web, self._token)
        self._connect()

    def leave(self, *, politely: bool = True) -> None:
        """End the connection; without `politely` as a phone does that loses its network."""
        if self._returning:
            self._returning.kill(block=False)
        if self._client:
            self._count_bytes()
            if self._client.is_open:
                self.recorder.levels["connected"] -= 1
            self._client.close(politely=politely)

    def forget(self) -> None:
        """Become somebody who was never here."""
        self._token, self.sight = "", Sight()

    def come_back(self) -> None:
        """Connect until it succeeds, each time after a random wait."""
        while True:
            gevent.sleep(self.dice.uniform(*BACK_AFTER_S))
            try:
                self._connect()
            except BROKEN as error:
                self.fail("come back", error)
            else:
                return

    def tell(self, command: str, payload: dict[str, Any]) -> None:
        """Send a command whose ack holds nothing of interest; without a connection nobody would."""
        if self.is_connected:
            self._send(command, payload, lambda ack, _: None if ack["ok"] else self.fail(command, ack["error"]["code"]))

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Ask over HTTP as this guest.

        Raises:
            WebFailed: no success.
        """
        answer = self.run_state.web.ask(method, path, body, token=self._token or None, **headers)
        self.recorder.counts.update(bytes_in=answer.bytes_in, bytes_out=answer.bytes_out)
        return answer

    def say(self, text: str, **more: Any) -> None:
        """Send a message; who sees it measures how long it took."""
        began = now_ms()
        self.recorder.counts["sent"] += 1
        self.unacked[began] = {"room": self.room, "text": text, "client_id": f"{self.number:x}-{began:x}", **more}
        if self.is_connected:
            self._create(began)

    def end_absence(self) -> None:
        """Come back at once, wherever one is: the end of the run is checked."""
        if self.sight.has_begun and not self.is_connected and not self._returning:
            self._returning = gevent.spawn(self.come_back)

    def fail(self, what: str, error: object) -> None:
        self.recorder.errors[f"{what}: {error}"] += 1

    def heal(self, now_s: float) -> None:
        """Ask for what is missing, once a hole has stood for a while; and count the bytes so far."""
        self._count_bytes()
        if not self.sight.has_hole or not self.is_connected:
            self._hole_since = None
        elif self._hole_since is None:
            self._hole_since = now_s
        elif now_s - self._hole_since > HEAL_EVERY_S:
            self._hole_since = now_s
            self.recorder.counts["holes"] += 1
            self._send("messages.sync", {"room": self.room, "after": self.sight.last_seq}, self._synced)

    @property
    def missing(self) -> int:
        """How many entries never came that others of the room know of; a newcomer on the way misses none."""
        return self.sight.missing(self.shared_room.last_seq) if self.sight.has_begun else 0

    @property
    def is_owed(self) -> bool:
        """Whether anything is on its way to this person, or the person on the way back."""
        return bool(self.missing or self.unacked or not self.is_connected)

    @property
    def is_connected(self) -> bool:
        return self._client is not None and self._client.is_open

    def tasks_at(self, moment: Moment) -> list[PluginTask]:
        """Return those tasks of plugins that are done this time."""
        return [task for task in self.run_state.tasks if task.moment == moment and self.dice.random() < task.share]

    def _connect(self) -> None:
        """Open the room on a new connection, which is the person's once that has succeeded: nobody has two."""
        web, is_back = self.run_state.web, self.sight.has_begun
        client = ChatClient(web.url, self._token, headers=web.headers, on_notice=self._notice)
        self.sight.reconnected()
        try:
            data = client.call("rooms.join", {"room": self.room} | ({"after": self.sight.last_seq} if is_back else {}))
        except (*BROKEN, gevent.GreenletExit):
            client.close()
            raise
        self._count_bytes()
        self._client = client
        self.recorder.levels["connected"] += 1
        self.recorder.counts["came"] += 1
        client.when_lost(self._lost)
        if is_back:
            self._catch_up(data)
        self.sight.begin(data["last_seq"])
        for began in list(self.unacked):
            self._create(began)

    def _create(self, began: int) -> None:
        """Send a message, for the first time or again after the connection broke."""

        def acked(ack: Payload, at_ms: int) -> None:
            if self.unacked.pop(began, None) is None:
                return
            failure = None if ack["ok"] else CommandFailed(ack["error"]["code"])
            self.environment.events.request.fire(
                request_type="ack", name="messages.create", response_time=at_ms - began, response_length=0,
                exception=failure, context={},
            )  # fmt: skip
            if failure:
                self.fail("messages.create", failure)
                return
            self.recorder.counts["acked"] += 1
            self.recorder.acks[rounded(at_ms - began)] += 1
            self._learn(ack["data"]["seq"])

        self._send("messages.create", self.unacked[began], acked)

    def _notice(self, event: str, payload: Payload, at_ms: int) -> None:
        seq = payload.get("seq")
        if seq is None or payload.get("room") != self.room:
            return
        newest = self.sight.newest_live
        if wrong := self.sight.live(seq):
            self.recorder.counts[wrong] += 1
            logger.warning("%s: person %d in room %s got %d after %d", wrong, self.number, self.room, seq, newest)
        self._learn(seq)
        if event == "messages.created" and payload["author"] != self._user_id:
            self._see(seq, age_ms(payload["text"], at_ms))

    def _see(self, seq: int, latency_ms: int | None) -> None:
        """Take in another's message."""
        if latency_ms is None:
            return
        self.newest_seq = seq
        self.recorder.counts["delivered"] += 1
        self.recorder.latencies[rounded(latency_ms)] += 1
        if self.run_state.is_chatting:
            for task in self.tasks_at("seen"):
                task.do(self)

    def _learn(self, seq: int) -> None:
        self.sight.learn(seq)
        self.shared_room.last_seq = max(self.shared_room.last_seq, seq)

    def _synced(self, ack: Payload, _at_ms: int) -> None:
        if ack["ok"]:
            self._catch_up(ack["data"])
        else:
            self.fail("messages.sync", ack["error"]["code"])

    def _catch_up(self, data: Payload) -> None:
        if data.get("reload"):
            self.recorder.counts["reloads"] += 1
            self.sight.skip_to(data["last_seq"])
        for _event, payload in data.get("entries") or ():
            self.recorder.counts["caught_up"] += 1
            self._learn(payload["seq"])

    def _send(self, command: str, payload: Payload, on_ack: Any) -> None:
        try:
            if self._client is None:
                raise ConnectionLost("not connected")
            self._client.send(command, payload, on_ack)
        except ConnectionLost as error:
            self.fail(command, error)

    def _lost(self, why: str) -> None:
        self.recorder.levels["connected"] -= 1
        self.fail("connection", why)
        self._returning = gevent.spawn(self.come_back)

    def _count_bytes(self) -> None:
        if self._client:
            self.recorder.counts.update(self._client.websocket.carried)
            self._client.websocket.carried.clear()
