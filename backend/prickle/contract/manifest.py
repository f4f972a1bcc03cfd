"""`manifest.toml`: what a plugin is and needs, readable before any of its code runs."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

PluginId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,31}$")]


class Manifest(BaseModel):
    """The parsed manifest. `core` is a version range such as `>=1,<2`, held against `CORE_VERSION`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: PluginId
    version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    core: str
    summary: Annotated[str, Field(min_length=1, max_length=120)]
    requires: tuple[PluginId, ...] = ()
    """Must be enabled, and are set up first."""
    after: tuple[PluginId, ...] = ()
    """Set up first if they are enabled."""
    provides: tuple[str, ...] = ()
    """Names of the services it offers."""
    publishes: tuple[str, ...] = ()
    """Class names of the events it publishes on the event bus."""
    routes: tuple[str, ...] = ()
    """Path prefixes, each starting with `/api/`, under which all its routes lie."""
    commands: tuple[str, ...] = ()
    """Socket commands it answers."""
    notices: tuple[str, ...] = ()
    """Socket notices it sends."""
    collections: tuple[str, ...] = ()
    """Collections of documents it owns."""
    slots: tuple[str, ...] = ()
    """Slots of the webapp that its UI fills."""
    settings: tuple[str, ...] = ()
    """Keys of its settings section."""
    max_bytes_per_message: Annotated[int, Field(ge=0)] = 0
    """Byte budget: what it may add to the wire, per message delivered, after compression; checked by the tests."""
