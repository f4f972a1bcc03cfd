import re
import time

import pytest

from prickle.identifiers import ALPHABET, derived_key, new_id, new_trace_id


def test_an_id_is_its_prefix_and_20_characters_of_base32() -> None:
    assert re.fullmatch(f"room_[{ALPHABET}]{{20}}", new_id("room"))
    assert len(ALPHABET) == 32


def test_ids_sort_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = [0, 1, 31, 32, 1_700_000_000_000, 1_700_000_000_001, 2**48 - 1]
    found = []
    for milliseconds in moments:
        monkeypatch.setattr(time, "time_ns", lambda milliseconds=milliseconds: milliseconds * 1_000_000)
        found.append(new_id("x"))
    assert found == sorted(found)


def test_ids_of_one_millisecond_are_unique(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_000_000_000)
    found = {new_id("x") for _ in range(10_000)}
    assert len(found) == 10_000
    assert len({each[:11] for each in found}) == 1


def test_trace_ids_are_short_and_unique() -> None:
    found = {new_trace_id() for _ in range(1000)}
    assert len(found) == 1000
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in found)


def test_derived_keys_stay_what_they_are_and_differ_by_purpose_and_secret() -> None:
    # HKDF-SHA256 with the salt "prickle"; another value would sign every guest of every deployment out.
    assert (
        derived_key(b"secret", "rooms/invites").hex()
        == "7f58c85595f97ab43ef0b34a0a98111c3e5f65dadf8aec05c95d77417ad06e6c"
    )
    assert len({derived_key(b"secret", "a"), derived_key(b"secret", "b"), derived_key(b"other", "a")}) == 3
