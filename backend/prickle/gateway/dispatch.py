"""Every socket command passes here: order, size, schema, membership, rate, time limit, one ack, metrics."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from prickle.config.settings import LimitSettings
from prickle.contract.errors import (
    ChatError,
    Internal,
    InvalidInput,
    NotFound,
    RateLimited,
    Unauthenticated,
    Unavailable,
)
from prickle.contract.gateway import Command
from prickle.contract.payload import Payload
from prickle.contract.plugin import Logger
from prickle.contract.ports import Membership
from prickle.gateway.acks import failure, success
from prickle.gateway.connection import EXPIRED, SocketConnection
from prickle.identifiers import new_trace_id
from prickle.limits import RateLimits, take_or_refuse
from prickle.validation import payload_from_json

# The name is plain ASCII, so the payload can be cut out and read once, straight into its model.
EVENT = re.compile(r'\s*\[\s*"([a-z_]{1,40}\.[a-z_]{1,40})"\s*(?:,(.*))?\]\s*\Z', re.DOTALL)

LAST_COMMANDS_S = 0.5
"""How long a command that has begun may take when the server stops."""
UNKNOWN = "unknown"
"""How commands that nobody declares are counted: a name that a client chose never becomes a label."""


class Dispatch:
    """Runs the declared commands of one app."""

    def __init__(
        self,
        membership: Membership,
        rates: RateLimits,
        limits: LimitSettings,
        logger: Logger,
        outcomes: Counter[tuple[str, str]],
    ) -> None:
        """`outcomes` counts how often each command ended in `ok` or in which kind of error."""
        self._commands: dict[str, Command[Any]] = {}
        self._membership = membership
        self._rates = rates
        self._limits = limits
        self._logger = logger
        self._tasks: set[asyncio.Task[None]] = set()
        self.outcomes = outcomes
        self._stopping = False

    def add(self, command: Command[Any]) -> None:
        self._commands[command.name] = command

    def receive(
        self, connection: SocketConnection, text: str, ack_id: int | None, attachments: Sequence[bytes]
    ) -> None:
        """Take an event from the wire; commands of one connection run one after the other, in this order.

        They run even when the client has gone meanwhile: who closes a page has said what was read on it just before.
        """
        if self._stopping:
            return  # whoever sends now sends it again to the replica that they reconnect to
        if attachments:
            self._refuse(connection, ack_id, InvalidInput("core.binary_payload", "Commands carry no binary data."))
        elif len(connection.waiting) >= self._limits.waiting_commands:
            self._refuse(connection, ack_id, RateLimited("core.too_many_waiting", "Too much at once.", retry_after_s=1))
        else:
            connection.waiting.append((text, ack_id))
            if not connection.busy:
                connection.busy = True
                task = asyncio.create_task(self._work_off(connection), name=f"commands of {connection.id}")
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Begin no command any more, and let those that have begun end, each with its ack; cancel what takes longer."""
        self._stopping = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=LAST_COMMANDS_S)
            for task in late:
                task.cancel()

    async def _work_off(self, connection: SocketConnection) -> None:
        try:
            while connection.waiting and not connection.ended and not self._stopping:
                text, ack_id = connection.waiting.popleft()
                if connection.expired(self._limits.token_leeway_s):
                    self._refuse(connection, ack_id, Unauthenticated(EXPIRED, "The token has expired."))
                    connection.end(EXPIRED)
                else:
                    await self._answer(connection, text, ack_id)
        finally:
            connection.busy = False

    async def _answer(self, connection: SocketConnection, text: str, ack_id: int | None) -> None:
        name = UNKNOWN
        try:
            command, payload_text = self._declared(text)
            name = command.name
            result = await self._run(connection, command, payload_text)
            ack = success(result)
        except ChatError as error:
            self._refuse(connection, ack_id, error, name)
        except asyncio.CancelledError as error:
            if _is_cancelled():
                raise
            # Something that the handler waited for was cancelled, not the command itself.
            self._refuse(connection, ack_id, Internal(), name, error)
        except Exception as error:  # noqa: BLE001  # a plugin that raises costs its caller an error, and nobody else anything
            self._refuse(connection, ack_id, Internal(), name, error)
        else:
            self.outcomes[name, "ok"] += 1
            if ack_id is not None:
                connection.socket.ack(ack_id, ack)

    def _declared(self, text: str) -> tuple[Command[Any], str]:
        event = EVENT.match(text)
        if event is None:
            raise InvalidInput("core.no_command", "Send [name, payload] with one payload.")
        command = self._commands.get(event[1])
        if command is None:
            raise NotFound("core.unknown_command", "There is no such command.")
        if _size(text) > command.max_bytes:
            raise InvalidInput("core.too_large", "The payload is too large.", max_bytes=command.max_bytes)
        return command, event[2] or "{}"

    async def _run(self, connection: SocketConnection, command: Command[Any], text: str) -> Payload | None:
        user = connection.identity.user
        await take_or_refuse(self._rates, f"{user} {command.name}", command.rate)
        payload = payload_from_json(command.payload, text)
        try:
            async with asyncio.timeout(command.time_limit_s):
                if command.member_of is not None:
                    await self._membership.require_member(user, getattr(payload, command.member_of))
                return await command.handler(connection, payload)
        except TimeoutError as error:
            self._logger.error("command_timed_out", command=command.name, time_limit_s=command.time_limit_s)
            raise Unavailable("core.timeout", "This took too long.", retry_after_s=1) from error

    def _refuse(
        self,
        connection: SocketConnection,
        ack_id: int | None,
        error: ChatError,
        name: str = UNKNOWN,
        cause: BaseException | None = None,
    ) -> None:
        trace_id = new_trace_id()
        self.outcomes[name, error.kind] += 1
        if cause is not None:
            self._logger.error("command_failed", command=name, trace_id=trace_id, error=repr(cause), exc_info=cause)
        if ack_id is not None:
            connection.socket.ack(ack_id, failure(error, trace_id))


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
