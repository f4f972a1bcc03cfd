"""`python -m prickle.apidocs.markdown [--check]`: writes docs/routes.md, docs/events.md and docs/settings.md."""

import argparse
import importlib
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from prickle.apidocs.declarations import Declarations
from prickle.apidocs.reference import outline
from prickle.config.settings import Settings
from prickle.config.sources import read_sources
from prickle.contract.events import Event
from prickle.contract.gateway import Command, Notice, Rate
from prickle.contract.settings import Section

if TYPE_CHECKING:
    from prickle.app import Prickle

DOCS = Path(__file__).resolve().parents[3] / "docs"

GENERATED = "<!-- Made by `make docs` from what the code declares. -->"
WHO_EVERYBODY = {"none": "anybody", "guest": "guests"}


def documents() -> dict[str, str]:
    """Return the text of each generated document by its file's name."""
    from prickle.app import create_app  # the whole application, which the rest of this package does not need

    with tempfile.TemporaryDirectory() as folder:
        prickle = create_app(read_sources(assignments=[f"storage.data_dir={folder}"])).ctx.prickle
    return {
        "routes.md": _text("HTTP routes", ROUTES_INTRODUCTION, _routes(prickle.declared)),
        "events.md": _text("Socket commands, notices and events", EVENTS_INTRODUCTION, _events(prickle)),
        "settings.md": _text("Settings", SETTINGS_INTRODUCTION, _settings(prickle)),
    }


ROUTES_INTRODUCTION = (
    "What is not live goes over HTTP. `?` marks what may be left out. Every refusal is the error object "
    "`{kind, code, message, details, trace_id}`. A running server shows the same at `/docs`, with every field."
)
EVENTS_INTRODUCTION = (
    "What is live goes over Socket.IO. A command is always answered: `{ok: true, data}` or `{ok: false, error}`. "
    "`durable` notices are numbered by `seq` in their room's log and are never lost, of a `state` notice only the latest "
    "counts, an `ephemeral` one may be dropped. Events are between plugins, inside the server."
)
SETTINGS_INTRODUCTION = (
    "`--set section.key=value` beats the environment (`PRICKLE_SECTION__KEY`), which beats the file of `--config` (TOML), "
    "which beats the default. Lists are written as JSON. `file:/run/secrets/name` in place of a value stands for the text "
    "of that file: so a secret is in no environment and no list of processes. `prickle settings` shows what is in force "
    "and where it came from."
)


def _text(title: str, introduction: str, lines: Iterable[str]) -> str:
    return "\n".join([GENERATED, f"# {title}", "", introduction, *lines, ""])


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"


def _routes(declared: Declarations) -> Iterator[str]:
    for plugin in declared.plugins:
        routes = [route for owner, route in declared.routes if owner == plugin]
        if routes:
            yield from ("", f"## {plugin}", "")
            yield from _table(
                ["route", "query or body", "answer", "for", "rate", "what"],
                (
                    [
                        f"`{route.method} {route.path}`",
                        _shape(route.body or route.query, "validation") or ("the file" if route.stream else ""),
                        _shape(route.result, "serialization"),
                        f"members of `{route.member_of}`" if route.member_of else WHO_EVERYBODY[route.auth],
                        _rate(route.rate),
                        route.summary,
                    ]
                    for route in routes
                ),
            )


def _events(prickle: "Prickle") -> Iterator[str]:
    declared = prickle.declared
    published = {
        host.id: list(_published(host.found.package, host.found.manifest.publishes)) for host in prickle.plugins
    }
    for plugin in dict.fromkeys((*declared.plugins, *published)):
        tables = [
            _commands([command for owner, command in declared.commands if owner == plugin]),
            _notices([notice for owner, notice in declared.notices if owner == plugin]),
            _bus_events(published.get(plugin, [])),
        ]
        lines = [line for table in tables for line in table]
        if lines:
            yield from ("", f"## {plugin}", *lines)


def _commands(commands: Sequence[Command[Any]]) -> Iterator[str]:
    rows = [
        [
            f"`{command.name}`",
            _shape(command.payload, "validation"),
            _shape(command.result, "serialization") or "`{}`",
            f"members of `{command.member_of}`" if command.member_of else "guests",
            _rate(command.rate),
            command.summary,
        ]
        for command in commands
    ]
    if rows:
        yield from ("", *_table(["command", "payload", "ack data", "for", "rate", "what"], rows))


def _notices(notices: Sequence[Notice[Any]]) -> Iterator[str]:
    rows = [
        [f"`{notice.name}`", notice.delivery.value, _shape(notice.payload, "serialization"), notice.summary]
        for notice in notices
    ]
    if rows:
        yield from ("", *_table(["notice", "class", "payload", "what"], rows))


def _bus_events(events: Sequence[type[Event]]) -> Iterator[str]:
    rows = [[f"`{e.__name__}`", _shape(e, "serialization"), (e.__doc__ or "").split("\n")[0]] for e in events]
    if rows:
        yield from ("", *_table(["event", "fields", "what"], rows))


def _published(package: str, names: Sequence[str]) -> Iterator[type[Event]]:
    if names:
        module = importlib.import_module(f"{package}.events")
        yield from (getattr(module, name) for name in names)


def _settings(prickle: "Prickle") -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            yield from _section(name, section)
    for host in prickle.plugins:
        if host.plugin.Settings.model_fields:
            yield from _section(f"plugins.{host.id}", host.plugin.Settings)


def _section(name: str, section: type[Section]) -> Iterator[str]:
    yield from ("", f"## {name}", "")
    summary = (section.__doc__ or "").split("\n")[0].removeprefix(f"`{name}`").lstrip(".: ")
    if summary:
        yield from (summary[0].upper() + summary[1:], "")
    rows = (
        [f"`{name}.{key}`", _default(field.get_default(call_default_factory=True)), field.description or ""]
        for key, field in section.model_fields.items()
    )
    yield from _table(["setting", "default", "what"], rows)


def _default(value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value is PydanticUndefined or value is None or value in ("", ()):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{text}`"


def _shape(model: Any, mode: Any) -> str:
    return f"`{outline(model, mode)}`" if model is not None else ""


def _rate(rate: Rate) -> str:
    return f"{rate.per_s:g}/s, {rate.burst} at once"


def main(arguments: Sequence[str]) -> int:
    """Write the documents, or with `--check` tell which are not as they should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if something would change")
    check = parser.parse_args(arguments).check
    stale = []
    for name, text in documents().items():
        path = DOCS / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(f"docs/{name}")
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if check and stale:
        sys.stderr.write(f"not as the code declares it: {', '.join(stale)}; run `make docs`\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
