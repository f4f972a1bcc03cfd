"""`prickle settings`, `plugins`, `version`: what is in force, and what is there."""

import re
from pathlib import Path

import pytest

from prickle.cli.tests.console import prickle
from prickle.cli.tests.plugins import third_party

WIDE = {"COLUMNS": "400", "NO_COLOR": "1", "TERM": "dumb"}
SECRET = "0123456789abcdef0123456789abcdef"


def shown(
    *arguments: str, environment: dict[str, str] | None = None, path: tuple[Path, ...] = ()
) -> dict[str, list[str]]:
    """Return the rows of `prickle settings` by their first column."""
    ended = prickle("settings", *arguments, environment={**WIDE, **(environment or {})}, path=path)
    assert (ended.code, ended.stderr) == (0, "")
    rows = [re.split(r"\s{2,}", line.strip()) for line in ended.stdout.splitlines()]
    return {row[0]: row[1:] for row in rows}


def test_every_setting_is_shown_with_where_it_comes_from() -> None:
    rows = shown()
    assert rows["setting"] == ["value", "from"]
    assert rows["server.port"] == ["8000", "default"]
    assert rows["limits.enabled"] == ["True", "default"]
    assert rows["plugins.auth.token_ttl_s"][1] == "default"


def test_set_beats_the_environment_beats_the_file_beats_the_default(tmp_path: Path) -> None:
    file = tmp_path / "prickle.toml"
    file.write_text('[server]\nport = 1\nhost = "a"\n[log]\nlevel = "error"\n[plugins.auth]\ntoken_ttl_s = 111')
    environment = {
        "PRICKLE_SERVER__PORT": "2",
        "PRICKLE_SERVER__HOST": "b",
        "PRICKLE_PLUGINS__AUTH__ISSUER": "me",
        "PRICKLE_UNRELATED": "no section, so not ours",
    }
    rows = shown("--config", str(file), "--set", "server.port=3", environment=environment)
    assert rows["server.port"] == ["3", "--set"]
    assert rows["server.host"] == ["b", "environment (PRICKLE_SERVER__HOST)"]
    assert rows["log.level"] == ["error", str(file)]
    assert rows["plugins.auth.token_ttl_s"] == ["111", str(file)]
    assert rows["plugins.auth.issuer"] == ["me", "environment (PRICKLE_PLUGINS__AUTH__ISSUER)"]
    assert rows["limits.waiting_commands"][1] == "default"


def test_the_short_options_stand_for_settings_and_the_later_set_wins(tmp_path: Path) -> None:
    rows = shown(
        "--port", "1", "--host", "h", "--data", str(tmp_path), "--set", "server.port=2", "--set", "server.port=3"
    )
    assert (rows["server.port"][0], rows["server.host"][0], rows["storage.data_dir"][0]) == ("3", "h", str(tmp_path))


def test_lists_are_written_as_words_or_as_json() -> None:
    for text in ("auth,rooms", "auth rooms", '["auth","rooms"]'):
        assert shown("--set", f"plugins.enabled={text}")["plugins.enabled"][0] == "auth, rooms"


def test_secrets_are_told_to_nobody() -> None:
    ended = prickle("settings", "--set", f"security.secret={SECRET}", "--set", f"storage.bus_url=redis://:{SECRET}@h")
    assert SECRET not in ended.stdout + ended.stderr
    assert "(set)" in ended.stdout
    refused = prickle("run", "--set", f"storage.bus_url=ftp://{SECRET}", "--set", "server.port=0")
    assert SECRET not in refused.stdout + refused.stderr


def test_plugins_are_listed_in_their_order_of_start_with_what_they_need(tmp_path: Path) -> None:
    third_party(tmp_path, "spikes", requires="rooms")
    ended = prickle("plugins", "--set", "plugins.enabled=spikes,rooms,auth", environment=WIDE, path=[tmp_path])
    assert (ended.code, ended.stderr) == (0, "")
    rows = [line.split() for line in ended.stdout.splitlines()[1:]]
    assert [row[0] for row in rows[:3]] == ["auth", "rooms", "spikes"]
    assert rows[2][:4] == ["spikes", "1.0.0", "enabled", "rooms"]
    assert {row[2] for row in rows[3:]} == {"off"}


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["version"]])
def test_help_and_version_are_answered(arguments: list[str]) -> None:
    ended = prickle(*arguments)
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout
