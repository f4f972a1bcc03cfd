"""Holds what the clients were told against what the store has: the promises about delivery, counted."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from loadtest.faults.client import ChatClient


@dataclass(frozen=True)
class Verdict:
    """The figures of one round. All of `lost`, `doubled`, `out_of_order`, `disagreeing` and `unexplained` have to be 0."""

    acknowledged: int = 0
    lost: int = 0
    """Texts that were acknowledged and are not in the room's history."""
    doubled: int = 0
    """Texts that stand in the history more than once."""
    out_of_order: int = 0
    """Entries that a client has under another `seq` than the history, or that came under two."""
    disagreeing: int = 0
    """Clients that, at the end, did not know the whole history, or still had something unacknowledged."""
    agreed_after_s: Sequence[float] = ()
    """For each client, seconds from the end of the fault until it knew all that had been acknowledged by then."""
    reloads: int = 0
    """How often a client was too far behind to be given the entries, and read the history instead."""
    errors: Counter[str] = field(default_factory=Counter)
    """What clients saw meanwhile, by kind. Errors are allowed; what follows from them must heal."""
    unexplained: int = 0
    """Refusals without a word about when to try again."""
    health: Sequence[str] = ()
    """What replicas told wrongly about what they depend on."""

    @property
    def is_clean(self) -> bool:
        broken = self.lost or self.doubled or self.out_of_order or self.disagreeing or self.unexplained or self.health
        return self.acknowledged > 0 and not broken


def judge(
    clients: Iterable[ChatClient],
    histories: Mapping[str, Mapping[int, str]],
    agreed_after_s: Sequence[float],
    health: Sequence[str] = (),
) -> Verdict:
    """Compare each client with the history of its room, `{seq: text}` as a newcomer reads it."""
    clients = list(clients)
    errors: Counter[str] = Counter()
    for client in clients:
        errors.update(client.errors)
    return Verdict(
        acknowledged=sum(len(client.acknowledged) for client in clients),
        lost=sum(_lost(client, histories[client.room]) for client in clients),
        doubled=sum(_doubled(history) for history in histories.values()),
        out_of_order=sum(_misplaced(client, histories[client.room]) for client in clients),
        disagreeing=sum(_disagrees(client, histories[client.room]) for client in clients),
        agreed_after_s=agreed_after_s,
        reloads=sum(client.reloads for client in clients),
        errors=errors,
        unexplained=sum(client.unexplained for client in clients),
        health=health,
    )


def _lost(client: ChatClient, history: Mapping[int, str]) -> int:
    return len(client.acknowledged.keys() - set(history.values()))


def _doubled(history: Mapping[int, str]) -> int:
    return sum(times - 1 for times in Counter(history.values()).values())


def _misplaced(client: ChatClient, history: Mapping[int, str]) -> int:
    acks = sum(1 for text, seq in client.acknowledged.items() if text in history.values() and history.get(seq) != text)
    seen = sum(1 for seq, text in client.sight.entries.items() if seq in history and text and history[seq] != text)
    return acks + seen + client.sight.conflicts


def _disagrees(client: ChatClient, history: Mapping[int, str]) -> bool:
    start = client.started_at_seq
    expected = {seq for seq in history if start is None or seq > start}
    return bool(client.outbox) or start is None or not expected <= client.sight.entries.keys()
