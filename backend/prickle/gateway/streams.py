"""Shared compression: one deflate context serves every client that has received all of it.

A client inflates with a window of what it was sent compressed, and uncompressed frames do not enter it (RFC 7692, 7.2).
So clients that get the same compressed frames, and nothing else compressed, hold the same window, and one compressor
writes for all of them. Frames of a compressor that has just begun refer to nothing before, so that a client may change
over to a new one at any frame.
"""

from typing import TYPE_CHECKING

from prickle.gateway import frames
from prickle.gateway.deflate import Compressor

if TYPE_CHECKING:
    from prickle.gateway.outbox import Outbox
    from prickle.gateway.socket import Socket

_COMPRESSOR_BYTES = 150_000
"""64 KB of window, 64 KB of chains, the rest."""

MAX_FRAMES = 1024
WARM_BYTES = 6000
"""A stream that has written less than this loses little by beginning again."""

PATIENCE_FRAMES = 512
"""How many frames to a newcomer alone are worth one new beginning, per client that then begins again."""
HASTY_PATIENCE_FRAMES = 16
"""The same when the processor is short."""


class CompressorBudget:
    """How many compressors exist in one server, and how many may."""

    __slots__ = ("_limit", "count")

    def __init__(self, memory_mb: int) -> None:
        self.count = 0
        self._limit = max(1, memory_mb * 1_000_000 // _COMPRESSOR_BYTES)

    @property
    def is_short(self) -> bool:
        """Newcomers who come close together should share."""
        return self.count * 2 >= self._limit

    @property
    def is_spent(self) -> bool:
        """Rooms should begin again rather than have one more."""
        return self.count >= self._limit


class Stream:
    """One deflate context and the clients whose window it is."""

    __slots__ = ("_budget", "_compressor", "bytes", "frames", "members")

    def __init__(self, budget: CompressorBudget) -> None:
        self._budget = budget
        self._compressor: Compressor | None = None
        self.frames = 0
        self.bytes = 0
        """Before compression."""
        self.members: dict[Outbox, Socket] = {}

    def frame(self, packet: bytes) -> bytes:
        """Return `packet` as a frame that every member must get."""
        if self._compressor is None:
            self._compressor = Compressor()
            self._budget.count += 1
        self.frames += 1
        self.bytes += len(packet)
        return frames.frame(self._compressor.message(packet), frames.FIN | frames.RSV1 | frames.TEXT)

    def add(self, outbox: "Outbox", socket: "Socket") -> None:
        self.members[outbox] = socket
        outbox.stream = self

    def rest(self) -> None:
        """Give the memory back; the next frame begins a new context."""
        if self._compressor is not None:
            self._compressor = None
            self._budget.count -= 1
        self.frames = self.bytes = 0


class StreamSet:
    """The streams of one group: the main one, and those of newcomers until the main one begins again."""

    __slots__ = ("_budget", "_debt", "_main", "_young", "streams")

    def __init__(self, budget: CompressorBudget) -> None:
        self._budget = budget
        self._main = Stream(budget)
        self._young: list[Stream] = []
        self._debt = 0
        self.streams: list[Stream] = [self._main]

    def add(self, outbox: "Outbox", socket: "Socket") -> None:
        """Take a client in, with a stream of its own if the main one has begun."""
        if self._main.bytes < WARM_BYTES:
            self._main.add(outbox, socket)
            self._begin_again()
            return
        if self._budget.is_short and self._young and self._young[-1].bytes < WARM_BYTES:
            self._young[-1].rest()
            self._young[-1].add(outbox, socket)
            return
        young = Stream(self._budget)
        young.add(outbox, socket)
        self._young.append(young)
        self.streams.append(young)
        if self._budget.is_spent:
            self._begin_again()

    def remove(self, outbox: "Outbox") -> None:
        stream, outbox.stream = outbox.stream, None
        if stream is None:
            return
        del stream.members[outbox]
        if stream.members:
            return
        stream.rest()
        if stream is self._main and self._young:
            self._main = self._young.pop(0)
        elif stream in self._young:
            self._young.remove(stream)
        self.streams[:] = [self._main, *self._young]

    def before_frame(self, *, hasty: bool) -> None:
        """Begin again if that has become cheaper than going on."""
        main = self._main
        if main.frames >= MAX_FRAMES:
            self._begin_again()
        elif self._young:
            self._debt += sum(len(young.members) for young in self._young)
            patience = HASTY_PATIENCE_FRAMES if hasty else PATIENCE_FRAMES
            if self._debt >= patience * len(main.members):
                self._begin_again()

    def rest(self) -> None:
        """Nothing has been said for a while: keep no compressor."""
        self._begin_again()

    def _begin_again(self) -> None:
        for young in self._young:
            young.rest()
            for outbox, socket in young.members.items():
                self._main.add(outbox, socket)
        self._main.rest()
        self._young.clear()
        self._debt = 0
        self.streams[:] = [self._main]
