"""What a client of the harness has been told, put in order."""

from dataclasses import dataclass, field

EDITED = " (edited)"
"""Ends the text of a message that was edited: such a text is newer than the same without it."""


@dataclass
class Sight:
    """What one client knows of its room: `entries` by `seq`, without a gap up to `last_seq`. A message has its newest text."""

    last_seq: int = 0
    highest_seq: int = 0
    entries: dict[int, str] = field(default_factory=dict)
    conflicts: int = 0
    """How often something else arrived under a `seq` that was taken."""

    def see(self, seq: int, what: str) -> None:
        """Take in an entry, from a notice, an ack or a catch-up, however often it comes."""
        known = self.entries.get(seq) or what
        self.conflicts += known.removesuffix(EDITED) != what.removesuffix(EDITED)
        self.entries[seq] = what if what.endswith(EDITED) else known
        self._advance(seq)

    def start_at(self, last_seq: int) -> None:
        """Begin behind what came before this client."""
        self.last_seq = max(self.last_seq, last_seq)
        self._advance(last_seq)

    def skip_to(self, last_seq: int) -> None:
        """Take the unknown entries up to `last_seq` for such as are no messages: a reload has read all those."""
        for seq in range(self.last_seq + 1, last_seq + 1):
            self.entries.setdefault(seq, "")
        self.start_at(last_seq)

    @property
    def has_hole(self) -> bool:
        return self.highest_seq > self.last_seq

    def _advance(self, seq: int) -> None:
        self.highest_seq = max(self.highest_seq, seq)
        while self.last_seq + 1 in self.entries:
            self.last_seq += 1
