"""What the users of one process share: figures, rooms, texts, the phase of the run, and the check at its end."""

import itertools
import logging
import random
import time
from argparse import Namespace
from typing import TYPE_CHECKING

import gevent
from gevent.lock import Semaphore

from loadtest.common.corpus import Corpus, read_corpus
from loadtest.common.plugin_tasks import PluginTask, collect
from loadtest.common.recorder import Recorder
from loadtest.common.web import ELSEWHERE, Web
from loadtest.shapes.overload import OVERLOAD_PHASE

if TYPE_CHECKING:
    from locust.env import Environment

    from loadtest.users.person import Person

HEAL_EVERY_S = 1.5
BEGINNING = 0.6
"""Share of the warm-up over which people begin to chat."""
HEALED_AT_ONCE = 100
LAG_EVERY_S = 0.05
LOOK_EVERY_S = 0.5
SILENCE_S = 4.0
"""How long nobody speaks before it is checked at all: what comes twice comes late."""
SETTLE_PATIENCE_S = 25.0
"""What has not come by then does not come: replicas look for what they miss every three seconds."""

logger = logging.getLogger(__name__)


class Room:
    """A room of this process; `last_seq` is the newest that anybody here knows of."""

    def __init__(self) -> None:
        self.id = ""
        self.last_seq = 0
        self._making = Semaphore()

    def find(self, web: Web, token: str) -> str:
        """Return its id; the first who asks makes it."""
        with self._making:
            if not self.id:
                body = {"name": "Load test", "visibility": "public"}
                self.id = web.ask("POST", "/api/rooms", body, token=token).json()["id"]
        return self.id


class Run:
    """One run in one process."""

    def __init__(self, url: str, options: Namespace) -> None:
        self.options = options
        self.web = Web(url.rstrip("/"), ELSEWHERE if options.elsewhere else {})
        self.recorder = Recorder()
        self.corpus: Corpus = read_corpus(options.corpus)
        self.tasks: list[PluginTask] = collect(chosen(options.tasks))
        self.people: set[Person] = set()
        self.phase = "connect"
        self._began_at: float | None = None
        self._rooms: dict[int, Room] = {}
        self._numbers = itertools.count()

    @property
    def is_chatting(self) -> bool:
        """Whether people may send: not before the first have all arrived, nor while the last notices are on their way.

        Arrivals beside a chat are what a spike and the steps of a ramp are about; elsewhere both would share the link.
        """
        return self._began_at is not None and self.phase != "drain"

    def has_begun(self, share: float) -> bool:
        """Whether somebody chats by now who begins after `share` of those who are there at first have begun.

        They begin one after the other over most of the warm-up: thousands in one second would be a spike, on cold windows.
        """
        if self._began_at is None or self.phase == "drain":
            return False
        beginning_s: float = BEGINNING * self.options.warm_s
        return time.monotonic() - self._began_at >= share * beginning_s

    @property
    def silence_s(self) -> float:
        """How long a chatter is silent between two messages, in the mean."""
        per_minute: float = self.options.messages_per_minute
        return 60 / per_minute / (self.options.overload if self.phase == OVERLOAD_PHASE else 1)

    @property
    def is_settled_in(self) -> bool:
        """Whether all have arrived and none leaves yet; until then who waits for everybody must not lose anybody."""
        return self.phase not in {"connect", "drain"}

    def enter(self, phase: str) -> None:
        """Begin a phase. Whatever is on its way when people fall silent has the phase to arrive."""
        self.phase = phase
        if self._began_at is None and phase != "connect":
            self._began_at = time.monotonic()
        if phase == "drain":
            self.recorder.levels["settling"] = 1
            for person in list(self.people):
                person.end_absence()
            gevent.spawn(self.settle)

    def place(self) -> tuple[int, Room, random.Random]:
        """Return the number of one more person, the room, and the dice."""
        number = next(self._numbers)
        room = self._rooms.setdefault(number // self.options.room_of, Room())
        return number, room, random.Random(f"{self.options.seed}-{number}")

    def watch_lag(self) -> None:
        """Measure for ever how late this process is."""
        while True:
            due = time.monotonic() + LAG_EVERY_S
            gevent.sleep(LAG_EVERY_S)
            self.recorder.late((time.monotonic() - due) * 1000)

    def heal(self) -> None:
        """Let everybody with a hole ask for what is missing, for ever."""
        while True:
            gevent.sleep(HEAL_EVERY_S)
            now = time.monotonic()
            for number, person in enumerate(list(self.people)):
                person.heal(now)
                if number % HEALED_AT_ONCE == 0:
                    gevent.sleep(0)  # thousands in one go would delay what they read, and that would be measured

    def settle(self) -> None:
        """Wait until everybody has everything; then count what never came, and messages that were never acknowledged."""
        patient_until = time.monotonic() + SETTLE_PATIENCE_S
        gevent.sleep(SILENCE_S)
        while any(person.is_owed for person in self.people) and time.monotonic() < patient_until:
            gevent.sleep(LOOK_EVERY_S)
        for person in self.people:
            if person.is_owed:
                missing, unacked = person.missing, len(person.unacked)
                self.recorder.counts.update(lost=missing, unacked=unacked)
                logger.warning(
                    "lost: person %d in room %s misses %d, unacked %d", person.number, person.room, missing, unacked
                )
        self.recorder.levels["settling"] = 0


def chosen(plugins: str) -> list[str] | None:
    """Return the plugins named in `--tasks`; `None` for all."""
    return {"all": None, "none": []}.get(plugins, [name.strip() for name in plugins.split(",")])


def run_of(environment: "Environment") -> Run:
    """Return the run that `locustfile.py` put there."""
    run: Run = vars(environment)["chat_run"]
    return run


def options_of(environment: "Environment") -> Namespace:
    """Return the options; an environment that Locust's command line has made has some."""
    options = environment.parsed_options
    assert isinstance(options, Namespace)  # noqa: S101 - see above
    return options
