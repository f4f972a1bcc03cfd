"""Answers say what is needed, and nothing more."""

import pytest

from prickle.http.protocol import lean


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        (b"HTTP/1.1 200 OK\r\nconnection: keep-alive\r\nalt-svc: \r\n\r\nbody", b"HTTP/1.1 200 OK\r\n\r\nbody"),
        (b"HTTP/1.1 200 OK\r\nx: 1\r\nconnection: keep-alive\r\n\r\n", b"HTTP/1.1 200 OK\r\nx: 1\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\nconnection: keep-alive\r\n", b"HTTP/1.1 200 OK\r\n\r\nconnection: keep-alive\r\n"),
        (b"5\r\nhello\r\n", b"5\r\nhello\r\n"),
    ],
)
def test_only_what_goes_without_saying_is_left_out(sent: bytes, written: bytes) -> None:
    assert lean(sent) == written
