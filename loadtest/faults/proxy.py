"""A TCP proxy that stands for the clients' network: it can be cut, and it can swallow what passes."""

import asyncio
from contextlib import suppress

CHUNK_BYTES = 65536


class Network:
    """Carries bytes between clients and one port. `cut` drops all connections and refuses new ones until `mend`."""

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._carriers: set[asyncio.Task[None]] = set()
        self._loses_answers = False
        self._loses_everything = False

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Reset every connection and listen no more."""
        if self._server:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.gather(*self._carriers)

    async def mend(self) -> None:
        """Carry again, under the same port."""
        self._loses_answers = self._loses_everything = False
        await self.start()

    def lose_answers(self) -> None:
        """Pass on what clients send, and lose what they are sent: acks of writes that were done. Only a cut ends it."""
        self._loses_answers = True

    def lose_everything(self) -> None:
        """Take bytes in both directions and pass none on, without a word. Only a cut ends it."""
        self._loses_everything = True

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = {writer}
        self._writers |= ends
        if task := asyncio.current_task():
            self._carriers.add(task)
            task.add_done_callback(self._carriers.discard)
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
            ends.add(far_writer)
            self._writers |= ends
            if writer.transport.is_closing():  # cut meanwhile
                return
            async with asyncio.TaskGroup() as directions:
                directions.create_task(self._pass_on(reader, far_writer, is_answer=False))
                directions.create_task(self._pass_on(far_reader, writer, is_answer=True))
        except OSError:
            return  # nobody listens there: the client is refused too
        finally:
            self._writers -= ends
            for end in ends:
                end.transport.abort()
            await asyncio.gather(*(end.wait_closed() for end in ends), return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_answer: bool) -> None:
        with suppress(OSError):
            while chunk := await reader.read(CHUNK_BYTES):
                if not (self._loses_everything or (is_answer and self._loses_answers)):
                    writer.write(chunk)
                    await writer.drain()
        writer.close()
