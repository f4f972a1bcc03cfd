"""A person has one connection: whoever makes one that fails is told, and nobody else comes back in its place."""

import base64
import hashlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from loadtest.common.chat_client import ChatClient, CommandFailed
from loadtest.common.websocket import ConnectionLost

ACCEPTS = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
WELCOME = '40{"sid":"s"}'


class Server:
    """Takes one client, and says to each of its messages what `answers` has next; after the last it hangs up."""

    def __init__(self, answers: list[str]) -> None:
        self._answers = answers
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._client: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        self._client, _ = self._socket.accept()
        with self._client as client:
            key = client.recv(4096).partition(b"Sec-WebSocket-Key: ")[2].partition(b"\r\n")[0]
            accept = base64.b64encode(hashlib.sha1(key + ACCEPTS.encode(), usedforsecurity=False).digest())
            client.sendall(b"HTTP/1.1 101 Switching\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
            for answer in self._answers:
                if not client.recv(4096):
                    return
                client.sendall(bytes((0x81, len(answer))) + answer.encode())
            client.recv(4096)

    def stop(self) -> None:
        """Hang up; each test has one client, which is there."""
        self._socket.close()
        if self._client:
            with suppress(OSError):  # it has ended by itself
                self._client.shutdown(socket.SHUT_RDWR)
        self._thread.join()


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(*answers: str) -> Server:
        servers.append(Server(list(answers)))
        return servers[-1]

    yield start
    for server in servers:
        server.stop()


def connected(server: Server) -> ChatClient:
    return ChatClient(server.url, "token", headers={}, on_notice=lambda *_: None)


def ack(number: int, **answer: object) -> str:
    return f"43{number}[{json.dumps(answer)}]"


def test_a_connection_that_ends_before_the_welcome_is_none(serve: Callable[..., Server]) -> None:
    with pytest.raises(ConnectionLost, match="closed by the server"):
        connected(serve())


def test_a_call_that_the_connection_does_not_outlive_fails_at_once_and_is_the_only_one_told(
    serve: Callable[..., Server],
) -> None:
    client = connected(serve(WELCOME))
    with pytest.raises(ConnectionLost, match="closed by the server"):
        client.call("rooms.join", {"room": "r"})
    assert not client.is_open


def test_who_has_the_connection_is_told_of_its_end_once_even_if_it_has_ended_by_then(
    serve: Callable[..., Server],
) -> None:
    client = connected(serve(WELCOME, ack(0, ok=True, data={"last_seq": 3})))
    assert client.call("rooms.join", {"room": "r"}) == {"last_seq": 3}
    with pytest.raises(ConnectionLost):
        client.call("rooms.close", {"room": "r"})
    told: list[str] = []
    client.when_lost(told.append)
    assert told == ["closed by the server"]


def test_an_ack_in_the_error_form_is_an_error_of_the_command_alone(serve: Callable[..., Server]) -> None:
    client = connected(serve(WELCOME, ack(0, ok=False, error={"code": "rooms.room_not_found"})))
    with pytest.raises(CommandFailed, match="room_not_found"):
        client.call("rooms.join", {"room": "r"})
    assert client.is_open
    client.close(politely=False)
    told: list[str] = []
    client.when_lost(told.append)
    assert told == []
