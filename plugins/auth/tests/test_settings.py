"""Settings that would weaken identity are refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from plugins.auth.backend.settings import AuthSettings


@pytest.mark.parametrize(
    "given",
    [
        {"signing_key": "short"},
        {"previous_key": "x" * 31},
        {"token_ttl_s": 0},
        {"token_ttl_s": 86_400 * 2, "guest_ttl_days": 1},
        {"unknown": 1},
    ],
)
def test_a_weak_or_unknown_setting_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AuthSettings(**given)


def test_a_key_is_never_printed() -> None:
    assert "k" * 32 not in repr(AuthSettings(signing_key="k" * 32))
