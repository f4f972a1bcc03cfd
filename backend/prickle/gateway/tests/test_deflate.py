"""permessage-deflate: what is agreed, and reading a stream of which only the window is kept."""

import contextlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prickle.gateway.deflate import Agreement, Compressor, Inflater, TooLong, negotiate

PERMESSAGE = "permessage-deflate"


@pytest.mark.parametrize(
    ("offers", "answer"),
    [
        (PERMESSAGE, PERMESSAGE),
        (f"{PERMESSAGE}; client_max_window_bits", f"{PERMESSAGE}; client_max_window_bits=12"),
        (f"{PERMESSAGE}; client_max_window_bits=10", f"{PERMESSAGE}; client_max_window_bits=10"),
        (f'{PERMESSAGE}; client_max_window_bits="15"', f"{PERMESSAGE}; client_max_window_bits=12"),
        (f"{PERMESSAGE}; server_max_window_bits=9", f"{PERMESSAGE}; server_max_window_bits=9"),
        (f"{PERMESSAGE}; server_no_context_takeover", f"{PERMESSAGE}; server_no_context_takeover"),
        (f"{PERMESSAGE}; client_no_context_takeover", f"{PERMESSAGE}; client_no_context_takeover"),
        (f"x-other, {PERMESSAGE}; client_max_window_bits=7, {PERMESSAGE}", PERMESSAGE),
    ],
)
def test_the_first_acceptable_offer_is_answered_by_the_letter(offers: str, answer: str) -> None:
    agreement = negotiate(offers)
    assert agreement
    assert agreement.header == answer


@pytest.mark.parametrize(
    "parameters",
    [
        "unknown",
        "server_max_window_bits",
        "server_max_window_bits=7",
        "server_max_window_bits=16",
        "server_max_window_bits=08",
        "client_max_window_bits=x",
        "server_no_context_takeover=1",
        "client_no_context_takeover; client_no_context_takeover",
    ],
)
def test_an_offer_that_is_not_understood_is_declined(parameters: str) -> None:
    assert negotiate(f"{PERMESSAGE}; {parameters}") is None


@pytest.mark.parametrize("parameters", ["server_max_window_bits=14", "server_no_context_takeover"])
def test_only_a_full_window_with_takeover_is_shared(parameters: str) -> None:
    assert negotiate(PERMESSAGE).shares_window  # type: ignore[union-attr]
    assert not negotiate(f"{PERMESSAGE}; {parameters}").shares_window  # type: ignore[union-attr]


@given(st.lists(st.binary(max_size=3000), max_size=30), st.sampled_from([9, 10, 12, 15]), st.sampled_from([1, 6, 9]))
def test_any_stream_is_read_back_whatever_its_window(messages: list[bytes], bits: int, level: int) -> None:
    compressor = zlib.compressobj(level, zlib.DEFLATED, -bits)
    inflater = Inflater(Agreement(client_bits=bits))
    for message in [*messages, *messages]:
        data = (compressor.compress(message) + compressor.flush(zlib.Z_SYNC_FLUSH))[:-4]
        assert inflater.message(data, 10_000) == message


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=8))
def test_messages_that_end_in_a_final_block_are_read(messages: list[bytes]) -> None:
    inflater = Inflater(Agreement())
    for message in messages:
        compressor = zlib.compressobj(6, zlib.DEFLATED, -15)
        assert inflater.message(compressor.compress(message) + compressor.flush() + b"\x00", 10_000) == message


def test_inflation_stops_at_the_limit() -> None:
    bomb = Compressor().message(b"\x00" * 50_000_000)
    with pytest.raises(TooLong):
        Inflater(Agreement()).message(bomb, 1000)
    assert Inflater(Agreement()).message(Compressor().message(b"x" * 1000), 1000) == b"x" * 1000


@given(st.binary(max_size=200))
def test_junk_is_refused_or_bounded(data: bytes) -> None:
    with contextlib.suppress(TooLong, zlib.error):
        assert len(Inflater(Agreement()).message(data, 500)) <= 500


def test_an_idle_client_costs_what_it_has_sent() -> None:
    inflater = Inflater(Agreement())
    inflater.message(Compressor().message(b"hello"), 100)
    assert inflater._window == b"hello"
