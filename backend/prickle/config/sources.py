"""Merges the four sources of settings and remembers where each value came from."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from prickle.config.refusal import Refusal

ENVIRONMENT_PREFIX = "PRICKLE_"
FILE_PREFIX = "file:"
"""`file:/run/secrets/name` stands for the text of that file: secrets then are in no environment and no process list."""


@dataclass(slots=True)
class RawSettings:
    """Nested values as they were given, and the source of each by its dotted name."""

    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def put(self, path: list[str], value: Any, source: str) -> None:
        section = self.values
        for name in path[:-1]:
            section = section.setdefault(name, {})
            if not isinstance(section, dict):
                raise Refusal(f"setting {'.'.join(path)}: {name} is a value, not a section ({source})")
        if isinstance(value, str) and value.startswith(FILE_PREFIX):
            value, source = _read_secret(".".join(path), value.removeprefix(FILE_PREFIX)), f"{source}, {value}"
        section[path[-1]] = value
        self.sources[".".join(path)] = source

    def put_all(self, values: Mapping[str, Any], source: str, path: tuple[str, ...] = ()) -> None:
        for name, value in values.items():
            if isinstance(value, Mapping):
                self.put_all(value, source, (*path, name))
            else:
                self.put([*path, name], value, source)


def read_sources(
    *, config: Path | None = None, environment: Mapping[str, str] | None = None, assignments: Iterable[str] = ()
) -> RawSettings:
    """Return what the file, then the environment, then `section.key=value` assignments say; the later one wins.

    Raises:
        Refusal: a source that cannot be read or has no such form.
    """
    raw = RawSettings()
    if config is not None:
        raw.put_all(_read_file(config), str(config))
    for name, text in sorted((environment or {}).items()):
        if name.startswith(ENVIRONMENT_PREFIX) and "__" in name:
            path = name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
            raw.put(path, _value(text), f"environment ({name})")
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        path = name.strip().split(".")
        if not equals or len(path) < 2 or not all(path):
            raise Refusal(f"--set {assignment}: write it as section.key=value")
        raw.put(path, _value(text), "--set")
    return raw


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refusal(f"settings file {path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(f"settings file {path}: {error}") from error


def _read_secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Refusal(f"setting {name}: the file {path} cannot be read: {error.strerror or error}") from error


def _value(text: str) -> Any:
    """Lists and objects are written as JSON; everything else stays text for its field to read."""
    if text[:1] in {"[", "{"}:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    return text
