"""The page at `/docs`: everything declared, readable in one page without any script."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Any

from prickle.apidocs.declarations import HTTP_DESCRIPTION, SOCKET_DESCRIPTION, Declarations
from prickle.apidocs.reference import FieldRow, field_rows
from prickle.apidocs.schemas import Mode
from prickle.contract.gateway import Command, Notice, Rate
from prickle.contract.http import Route

STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2.5rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
summary span { opacity: .75; }
code { font: .92em ui-monospace, monospace; }
table { border-collapse: collapse; display: block; margin: .5rem 0; overflow-x: auto; }
th, td { border-top: 1px solid var(--line); padding: .25rem .75rem .25rem 0; text-align: start; vertical-align: top; }
h4 { margin: .75rem 0 0; }
"""

STYLE_SOURCE = f"'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src {STYLE_SOURCE}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def documentation_page(declared: Declarations) -> str:
    """Return the whole HTML page."""
    links = "".join(f'<a href="#{escape(plugin)}">{escape(plugin)}</a>' for plugin in declared.plugins)
    sections = "".join(_plugin(plugin, declared) for plugin in declared.plugins)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Prickle API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>Prickle {escape(declared.version)}: the API</h1>"
        f"<p>{_prose(HTTP_DESCRIPTION)}</p><p>{_prose(SOCKET_DESCRIPTION)}</p>"
        '<p>For machines: <a href="/docs/openapi.json">OpenAPI 3.1</a>, <a href="/docs/asyncapi.json">AsyncAPI 3</a>.</p>'
        f"<nav>{links}</nav>{sections}</html>"
    )


def _plugin(plugin: str, declared: Declarations) -> str:
    parts = [f'<h2 id="{escape(plugin)}">{escape(plugin)}</h2>']
    groups = [
        ("Routes", [_route(route) for owner, route in declared.routes if owner == plugin]),
        ("Commands", [_command(command) for owner, command in declared.commands if owner == plugin]),
        ("Notices", [_notice(notice) for owner, notice in declared.notices if owner == plugin]),
    ]
    for title, items in groups:
        if items:
            parts.append(f"<h3>{title}</h3>{''.join(items)}")
    return "".join(parts)


def _route(route: Route) -> str:
    facts = ["Anybody." if route.auth == "none" else "Guests.", _rate(route.rate)]
    if route.member_of:
        facts.insert(0, f"Members of <code>{escape(route.member_of)}</code>.")
    tables = [
        _table("Query", route.query, "validation"),
        _table("Body", route.body, "validation"),
        _table("Answer", route.result, "serialization"),
    ]
    return _item(f"{route.method} {route.path}", route.summary, facts, tables)


def _command(command: Command[Any]) -> str:
    facts = [_rate(command.rate), f"At most {command.max_bytes} bytes."]
    if command.member_of:
        facts.insert(0, f"Members of <code>{escape(command.member_of)}</code>.")
    tables = [_table("Payload", command.payload, "validation"), _table("Ack data", command.result, "serialization")]
    return _item(command.name, command.summary, facts, tables)


def _notice(notice: Notice[Any]) -> str:
    table = _table("Payload", notice.payload, "serialization")
    return _item(notice.name, notice.summary, [f"Delivery: {notice.delivery.value}."], [table])


def _item(name: str, summary: str, facts: list[str], tables: list[str]) -> str:
    return (
        f"<details><summary><code>{escape(name)}</code> <span>{_prose(summary)}</span></summary>"
        f"<p>{' '.join(facts)}</p>{''.join(tables)}</details>"
    )


def _table(title: str, model: Any, mode: Mode) -> str:
    rows = field_rows(model, mode) if model is not None else []
    if not rows:
        return ""
    body = "".join(_table_row(row) for row in rows)
    return f"<h4>{title}</h4><table>{body}</table>"


def _table_row(row: FieldRow) -> str:
    optional = "" if row.required else "optional"
    return f"<tr><td><code>{escape(row.name)}</code><td>{escape(row.kind)}<td>{optional}<td>{_prose(row.note)}"


def _rate(rate: Rate) -> str:
    return f"{rate.per_s:g} a second, {rate.burst} at once."


def _prose(text: str) -> str:
    """Escape a text and set what stands between backquotes as code."""
    pieces = escape(text).split("`")
    return "".join(f"<code>{piece}</code>" if number % 2 else piece for number, piece in enumerate(pieces))
