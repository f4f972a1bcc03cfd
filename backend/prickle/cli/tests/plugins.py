"""Small plugins that a test writes to disk, as third parties ship them: a package with an entry point."""

from pathlib import Path

MANIFEST = """\
id = "{id}"
version = "1.0.0"
core = "{core}"
summary = "A plugin of the tests."
requires = [{requires}]
"""
CODE = """\
from prickle.contract.documents import Field, Model
from prickle.contract.gateway import Command, Delivery, Notice
from prickle.contract.http import Route
from prickle.contract.payload import Empty
from prickle.contract.plugin import Plugin
from prickle.contract.settings import Section
{head}

class TestPlugin(Plugin):
{body}
"""


def third_party(
    folder: Path,
    plugin_id: str,
    body: str = "pass",
    *,
    head: str = "",
    requires: str = "",
    core: str = ">=1,<2",
    manifest: str = "",
) -> Path:
    """Write the package `tests_<id>` into `folder`, as pip would; returns `folder`, to be put on `sys.path`."""
    package = folder / f"tests_{plugin_id}"
    (package / "backend").mkdir(parents=True)
    for init in (package, package / "backend"):
        (init / "__init__.py").touch()
    quoted = ", ".join(f'"{name}"' for name in requires.split())
    text = manifest or MANIFEST.format(id=plugin_id, core=core, requires=quoted)
    (package / "manifest.toml").write_text(text)
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    (package / "backend" / "plugin.py").write_text(CODE.format(head=head, body=indented))
    info = folder / f"tests_{plugin_id}-1.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: tests-{plugin_id}\nVersion: 1.0.0\n")
    (info / "entry_points.txt").write_text(f"[prickle.plugins]\n{plugin_id} = tests_{plugin_id}\n")
    return folder
