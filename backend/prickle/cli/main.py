"""`prickle run`, `plugins`, `settings`, `doctor`, `bytes`: each refusal is one line and exit code 2."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from prickle import __version__
from prickle.config.refusal import Refusal
from prickle.config.sources import RawSettings, read_sources

REFUSED = 2

# Each command imports its own part: `prickle --help` need not wait for the whole server.
cli = typer.Typer(
    help="Prickle: a self-hosted real-time chat.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)

Config = Annotated[Path | None, typer.Option("--config", help="Settings file (TOML).")]
Host = Annotated[str | None, typer.Option("--host", help="Address to listen on; short for server.host.")]
Port = Annotated[str | None, typer.Option("--port", help="Port to listen on; short for server.port.")]
Data = Annotated[str | None, typer.Option("--data", help="Data folder; short for storage.data_dir.")]
Assignments = Annotated[list[str] | None, typer.Option("--set", help="section.key=value; may be given often.")]


@cli.command()
def run(
    config: Config = None, host: Host = None, port: Port = None, data: Data = None, assign: Assignments = None
) -> None:
    """Start the chat."""
    from prickle.cli.run import run_server

    run_server(_raw(config, host, port, data, assign))


@cli.command()
def plugins(config: Config = None, assign: Assignments = None) -> None:
    """List the installed plugins."""
    from prickle.cli.show import show_plugins

    show_plugins(_raw(config, assign=assign))


@cli.command()
def settings(
    config: Config = None, host: Host = None, port: Port = None, data: Data = None, assign: Assignments = None
) -> None:
    """Show the settings in force and where each comes from; secrets are masked."""
    from prickle.cli.show import show_settings

    show_settings(_raw(config, host, port, data, assign))


@cli.command()
def doctor(
    config: Config = None,
    host: Host = None,
    port: Port = None,
    data: Data = None,
    assign: Assignments = None,
    url: Annotated[
        str | None, typer.Option("--url", help="Check what runs there too, through the proxies in front of it.")
    ] = None,
) -> None:
    """Check what the chat needs from this machine, and whether what is in front of it lets it through."""
    from prickle.cli.doctor import run_checks

    raise typer.Exit(run_checks(_raw(config, host, port, data, assign), url))


new = typer.Typer(help="Begin something new.", no_args_is_help=True)
cli.add_typer(new, name="new")


@new.command("plugin")
def new_plugin(
    plugin_id: Annotated[str, typer.Argument(metavar="ID", help="Its id: a short plural noun, such as reactions.")],
    into: Annotated[Path, typer.Option("--into", help="The folder of plugins.")] = Path("plugins"),
) -> None:
    """Write a working plugin with its tests, to be changed into what is wanted."""
    from prickle.cli import scaffold

    scaffold.new_plugin(plugin_id, into)


@cli.command("export")
def export_data(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    config: Config = None,
    data: Data = None,
    assign: Assignments = None,
) -> None:
    """Write all data to one file, whatever the engines."""
    from prickle.cli.transfer import export_all

    export_all(_raw(config, data=data, assign=assign), path)


@cli.command("import")
def import_data(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `prickle export` wrote.")],
    config: Config = None,
    data: Data = None,
    assign: Assignments = None,
) -> None:
    """Take all data from one file into empty stores, whatever the engines."""
    from prickle.cli.transfer import import_all

    import_all(_raw(config, data=data, assign=assign), path)


@cli.command("bytes")
def show(url: Annotated[str, typer.Argument(help="Address of a running replica.")]) -> None:
    """Show who spends the bytes of a running replica."""
    from prickle.cli.bytes import show_bytes

    show_bytes(url)


@cli.command()
def version() -> None:
    """Show the version."""
    typer.echo(__version__)


def _raw(
    config: Path | None,
    host: str | None = None,
    port: str | None = None,
    data: str | None = None,
    assign: list[str] | None = None,
) -> RawSettings:
    short = {"server.host": host, "server.port": port, "storage.data_dir": data}
    assignments = [f"{name}={value}" for name, value in short.items() if value is not None]
    return read_sources(config=config, environment=os.environ, assignments=[*assignments, *(assign or [])])


def main() -> None:
    """Entry point of the console script."""
    try:
        cli()
    except Refusal as refusal:
        typer.echo(f"prickle: {refusal}", err=True)
        sys.exit(REFUSED)
