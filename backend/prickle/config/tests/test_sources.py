from pathlib import Path
from typing import Any

import pytest

from prickle.config.loading import load_core
from prickle.config.refusal import Refusal
from prickle.config.sources import read_sources


def values(**environment: str) -> dict[str, Any]:
    return read_sources(environment=environment).values


def test_names_of_the_environment_become_sections() -> None:
    assert values(PRICKLE_PLUGINS__AUTH__ISSUER="me") == {"plugins": {"auth": {"issuer": "me"}}}


def test_what_is_not_ours_is_left_alone() -> None:
    assert values(PRICKLE_HOME="x", PATH="/bin", SERVER__PORT="1", prickle_server__port="1") == {}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a=b", "a=b"),
        ("", ""),
        ("[1,2]", [1, 2]),
        ('{"a":1}', {"a": 1}),
        ("[not json", "[not json"),
        ("7", "7"),
        ("\N{HEDGEHOG}", "\N{HEDGEHOG}"),
    ],
)
def test_the_value_of_an_assignment(text: str, value: Any) -> None:
    assert read_sources(assignments=[f"server.host={text}"]).values == {"server": {"host": value}}


def test_sources_are_remembered_by_dotted_name(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text("[server]\nport = 1\nhost = 'h'")
    raw = read_sources(config=file, environment={"PRICKLE_SERVER__PORT": "2"}, assignments=["log.level=error"])
    assert raw.values == {"server": {"port": "2", "host": "h"}, "log": {"level": "error"}}
    assert raw.sources == {
        "server.port": "environment (PRICKLE_SERVER__PORT)",
        "server.host": str(file),
        "log.level": "--set",
    }


def test_a_secret_can_be_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("x" * 32 + "\n")
    raw = read_sources(environment={"PRICKLE_SECURITY__SECRET": f"file:{file}"})
    assert raw.values == {"security": {"secret": "x" * 32}}
    assert raw.sources == {"security.secret": f"environment (PRICKLE_SECURITY__SECRET), file:{file}"}


def test_a_secret_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"setting security\.secret: the file .*nowhere cannot be read"):
        read_sources(assignments=[f"security.secret=file:{tmp_path}/nowhere"])


def test_no_source_gives_the_defaults() -> None:
    settings = load_core(read_sources())
    assert (settings.server.port, settings.limits.enabled, settings.plugins.enabled) == (8000, True, None)
    assert settings.security.secret.get_secret_value() == ""


@pytest.mark.parametrize("secret", ["x" * 31, "x"])
def test_a_secret_is_long_or_not_there(secret: str) -> None:
    with pytest.raises(Refusal, match="at least 32 characters"):
        load_core(read_sources(assignments=[f"security.secret={secret}"]))
    assert load_core(read_sources(assignments=[f"security.secret={'x' * 32}"]))
