"""`prickle new plugin ID`: a folder with a working plugin and its tests, to be changed into what is wanted."""

import re
from importlib.resources import files
from pathlib import Path
from string import Template

import typer

from prickle.config.refusal import Refusal
from prickle.plugin_loader import find_plugins

PLUGIN_ID = re.compile(r"[a-z][a-z0-9_]{1,31}\Z")
TEMPLATES = ("manifest.toml", "backend/plugin.py", "tests/test_sockets.py")


def new_plugin(plugin_id: str, into: Path) -> None:
    """Write the folder `into/<plugin_id>`.

    Raises:
        Refusal: no good id, one that is taken, or a folder that cannot be written.
    """
    if not PLUGIN_ID.match(plugin_id):
        raise Refusal(f"{plugin_id!r} is no plugin id: 2 to 32 of a-z, 0-9 and _, beginning with a letter")
    if plugin_id in find_plugins():
        raise Refusal(f"there is a plugin {plugin_id} already")
    if not into.is_dir():
        raise Refusal(f"{into} is no folder: run this in a checkout, or name one with --into")
    folder = into / plugin_id
    names = {"id": plugin_id, "name": "".join(part.title() for part in plugin_id.split("_"))}
    try:
        folder.mkdir()
        for name in TEMPLATES:
            target = folder / name
            target.parent.mkdir(exist_ok=True)
            template = files("prickle.cli").joinpath(f"templates/plugin/{name}.txt").read_text(encoding="utf-8")
            target.write_text(Template(template).substitute(names), encoding="utf-8")
            typer.echo(f"  {target}")
    except OSError as error:
        raise Refusal(f"{folder}: {error.strerror or error}") from error
    typer.echo(f"The plugin {plugin_id} works as it is: start Prickle again, and run pytest {folder}.")
