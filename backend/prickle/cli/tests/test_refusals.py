"""A start that is refused: exit code 2, one line that names what is wrong, no traceback."""

import socket
import sys
from pathlib import Path

import pytest

from prickle.cli.tests.console import prickle

COMMANDS = ["run", "settings"]


def with_file(folder: Path, text: str | bytes) -> list[str]:
    file = folder / "prickle.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return ["--config", str(file)]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("assignment", "told"),
    [
        ("limts.enabled=false", "unknown setting limts; did you mean limits? (--set)"),
        ("limits.enabld=false", "unknown setting limits.enabld; did you mean limits.enabled? (--set)"),
        ("limits.qqq=1", "unknown setting limits.qqq (--set)"),
        ("plugins.enabld=auth", "unknown setting plugins.enabld; did you mean plugins.enabled? (--set)"),
        (
            "plugins.auth.token_ttl=9",
            "unknown setting plugins.auth.token_ttl; did you mean plugins.auth.token_ttl_s? (--set)",
        ),
        (
            "plugins.romms.max_members=9",
            "setting plugins.romms: there is no such plugin; did you mean plugins.rooms? (--set)",
        ),
        ("server.port=http", "setting server.port: input should be a valid integer"),
        ("server.port=70000", "setting server.port: input should be less than or equal to 65535 (--set)"),
        ("server.port.x=1", "setting server.port: input should be a valid integer (--set)"),
        ("limits.enabled=perhaps", "setting limits.enabled: input should be a valid boolean"),
        ("log.level=loud", "setting log.level: input should be 'debug', 'info', 'warning' or 'error' (--set)"),
        ("plugins.auth.token_ttl_s=soon", "setting plugins.auth.token_ttl_s: input should be a valid"),
        ("plugins.enabled=auth,nope", "unknown plugin nope; installed are "),
        ("plugins.enabled=rooms", "plugin rooms requires auth, which is not enabled"),
        ("security.secret=short", "setting security.secret: too short, it needs at least 32 characters"),
        ("server.port", "--set server.port: write it as section.key=value"),
        ("port=1", "--set port=1: write it as section.key=value"),
        (".=1", "--set .=1: write it as section.key=value"),
    ],
)
def test_a_setting_that_does_not_fit(command: str, assignment: str, told: str, tmp_path: Path) -> None:
    refusal = prickle(command, "--data", str(tmp_path), "--set", assignment).refusal
    assert refusal.startswith(told), refusal


def test_the_environment_is_held_to_the_same_and_named(tmp_path: Path) -> None:
    ended = prickle("run", "--data", str(tmp_path), environment={"PRICKLE_LIMTS__BURST": "1"})
    assert ended.refusal == "unknown setting limts; did you mean limits? (environment (PRICKLE_LIMTS__BURST))"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[server]\nprot = 1", "unknown setting server.prot; did you mean server.port?"),
        ("server = 5", "setting server: input should be a valid dictionary"),
        ("plugins = 5", "setting plugins: input should be a valid dictionary"),
        ("[server", "settings file {file}: "),
        (b"\xff\xfe", "settings file {file}: "),
        ('[server]\nport = "http"', "setting server.port: input should be a valid integer"),
        ("[plugins.auth]\nnope = 1", "unknown setting plugins.auth.nope"),
    ],
)
def test_a_settings_file_is_held_to_the_same_and_named(text: str | bytes, told: str, tmp_path: Path) -> None:
    given = with_file(tmp_path, text)
    refusal = prickle("run", "--data", str(tmp_path), *given).refusal
    assert refusal.startswith(told.format(file=given[1])), refusal
    assert given[1] in refusal


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_settings_file_that_cannot_be_read(name: str, tmp_path: Path) -> None:
    refusal = prickle("run", "--config", str(tmp_path / name)).refusal
    assert refusal.startswith(f"settings file {tmp_path / name}: ")


def test_a_value_where_a_section_is_needed(tmp_path: Path) -> None:
    given = with_file(tmp_path, "server = 5")
    assert "server is a value, not a section" in prickle("run", *given, "--set", "server.port=1").refusal


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refusal = prickle("run", "--data", str(tmp_path), "--port", str(port)).refusal
    assert refusal == f"cannot listen on 127.0.0.1:{port}: Address already in use"


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "\N{HEDGEHOG}"])
def test_an_address_that_is_not_here(host: str, tmp_path: Path) -> None:
    refusal = prickle("run", "--data", str(tmp_path), "--host", host, "--port", "0").refusal
    assert refusal.startswith(f"cannot listen on {host}:0: ")


def test_a_file_where_the_data_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    for folder in (tmp_path / "data", tmp_path / "data" / "inside"):
        refusal = prickle("run", "--port", "0", "--data", str(folder)).refusal
        assert refusal.startswith(f"data folder {folder} is not writable: ")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc takes no files, not even from root")
def test_a_data_folder_that_takes_no_files() -> None:
    assert "/proc/self is not writable" in prickle("run", "--port", "0", "--data", "/proc/self").refusal


def test_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "prickle.db").write_bytes(b"this is no database, and longer than the head of one would be " * 20)
    refusal = prickle("run", "--port", "0", "--data", str(tmp_path)).refusal
    assert str(tmp_path / "prickle.db") in refusal


def test_a_folder_where_the_database_should_be(tmp_path: Path) -> None:
    (tmp_path / "prickle.db").mkdir()
    assert str(tmp_path / "prickle.db") in prickle("run", "--port", "0", "--data", str(tmp_path)).refusal


@pytest.mark.parametrize("text", ["", "too short", None])
def test_a_kept_secret_that_cannot_be_used(text: str | None, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir() if text is None else secret.write_text(text)
    assert f"the secret in {secret} " in prickle("run", "--port", "0", "--data", str(tmp_path)).refusal


@pytest.mark.parametrize("name", ["documents_url", "bus_url"])
def test_an_engine_of_an_unknown_kind(name: str, tmp_path: Path) -> None:
    refusal = prickle("run", "--port", "0", "--data", str(tmp_path), "--set", f"storage.{name}=ftp://a:b@c").refusal
    assert refusal.startswith(f"setting storage.{name}: it must begin with ")
    assert "a:b" not in refusal


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ("documents_url", "mongodb://"),
        ("documents_url", "mongodb://:secret@"),
        ("documents_url", "mongodb://h:port/x"),
        ("bus_url", "redis://:secret@h:port"),
        ("documents_url", "mongodb://me:secret@127.0.0.1:1/chat"),
        ("bus_url", "redis://:secret@127.0.0.1:1"),
        ("blobs_url", "s3://key:secret@127.0.0.1:1/bucket?secure=false"),
        ("blobs_url", "s3://"),
        ("blobs_url", "nothing"),
    ],
)
def test_an_address_of_an_engine_that_cannot_be_used(setting: str, address: str, tmp_path: Path) -> None:
    refusal = prickle("run", "--port", "0", "--data", str(tmp_path), "--set", f"storage.{setting}={address}").refusal
    assert f"storage.{setting}" in refusal
    assert "secret" not in refusal
