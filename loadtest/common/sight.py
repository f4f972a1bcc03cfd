"""Checks what one member sees of a room's log: nothing twice, nothing out of order, nothing missing."""

from dataclasses import dataclass, field

DOUBLED, OUT_OF_ORDER = "doubled", "out_of_order"


@dataclass
class Sight:
    """What one client knows of its room: everything up to `last_seq`, and what is in `ahead` of a hole."""

    last_seq: int = 0
    has_begun: bool = False
    ahead: set[int] = field(default_factory=set)
    newest_live: int = 0
    """The newest that came by itself on this connection, or was there before it."""

    def begin(self, last_seq: int) -> None:
        """Start behind what came before this client; called again, it changes nothing."""
        if not self.has_begun:
            self.has_begun, self.last_seq = True, last_seq
            self.newest_live = max(self.newest_live, last_seq)
            self._close_up()

    def reconnected(self) -> None:
        """Tell that a new connection begins, on which a catch-up and live notices may overlap."""
        self.newest_live = 0

    def live(self, seq: int) -> str:
        """Take in a notice that came by itself: each only once on a connection, and in order; return what is wrong."""
        newest, self.newest_live = self.newest_live, max(seq, self.newest_live)
        self.learn(seq)
        if seq > newest:
            return ""
        return DOUBLED if seq == newest else OUT_OF_ORDER

    def learn(self, seq: int) -> None:
        """Take in an entry from an ack or a catch-up."""
        if seq > self.last_seq:
            self.ahead.add(seq)
            self._close_up()

    def skip_to(self, last_seq: int) -> None:
        """Take what came before for read otherwise, after an order to reload."""
        self.last_seq = max(self.last_seq, last_seq)
        self._close_up()

    def missing(self, last_seq: int) -> int:
        """Return how many entries up to `last_seq` never came."""
        known = sum(seq <= last_seq for seq in self.ahead)
        return max(0, last_seq - self.last_seq - known)

    @property
    def has_hole(self) -> bool:
        return bool(self.ahead)

    def _close_up(self) -> None:
        while self.last_seq + 1 in self.ahead:
            self.last_seq += 1
            self.ahead.discard(self.last_seq)
        if self.ahead:
            self.ahead = {seq for seq in self.ahead if seq > self.last_seq}
