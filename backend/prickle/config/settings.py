"""What can be set, section by section; a plugin's section is declared by the plugin."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from prickle.contract.manifest import PluginId
from prickle.contract.settings import Section, words
from prickle.gateway.settings import GatewaySettings


class ServerSettings(Section):
    """Where it listens and how it is reached."""

    host: str = Field("127.0.0.1", description="Address to listen on; `0.0.0.0` for all.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8000, description="Port to listen on; 0 takes a free one.")
    public_url: str = Field("", description="Address that people use, for links; empty: as each request says.")
    stop_timeout_s: Annotated[float, Field(gt=0, le=60)] = Field(
        1.5, description="How long requests under way may take to end after SIGTERM."
    )


class StorageSettings(Section):
    """Where data is kept. Without URLs everything is embedded, in the data folder."""

    data_dir: Path = Field(Path("data"), description="Folder for the database, files and the generated secret.")
    documents_url: SecretStr = Field(SecretStr(""), description="`mongodb://...`; empty: SQLite in the data folder.")
    blobs_url: SecretStr = Field(
        SecretStr(""), description="`s3://KEY:SECRET@HOST/BUCKET[?secure=false]`; empty: files in the data folder."
    )
    bus_url: SecretStr = Field(SecretStr(""), description="`redis://...`; empty: one replica, in process.")


class SecuritySettings(Section):
    """Secrets of the deployment."""

    secret: SecretStr = Field(
        SecretStr(""), description="At least 32 characters; empty: generated once, kept in the data folder (mode 600)."
    )


class LimitSettings(Section):
    """What one guest or address may ask for."""

    enabled: bool = Field(True, description="Off only for benchmarks: then nothing is limited.")
    sockets_per_user: Annotated[int, Field(ge=1)] = Field(20, description="Connected sockets of one guest per replica.")
    open_rooms_per_socket: Annotated[int, Field(ge=1)] = Field(50, description="Rooms that one socket has open.")
    waiting_commands: Annotated[int, Field(ge=1)] = Field(256, description="Unanswered commands of one socket.")
    token_leeway_s: Annotated[float, Field(ge=0, le=300)] = Field(
        10, description="How long a socket lives on after its token has expired."
    )


class LogSettings(Section):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is written.")
    format: Literal["auto", "json", "console"] = Field("auto", description="`auto`: colours on a terminal, else JSON.")


class PluginSettings(Section):
    """Which plugins run; `plugins.<id>` holds a plugin's own settings."""

    enabled: Annotated[tuple[PluginId, ...] | None, BeforeValidator(words)] = Field(
        None, description="Ids, such as `auth,rooms,messages`; not set: every plugin that is installed."
    )


class Settings(Section):
    """All sections of the core. `plugins` holds the values of each plugin's own section by id, checked by the loader."""

    server: ServerSettings = ServerSettings()
    storage: StorageSettings = StorageSettings()
    security: SecuritySettings = SecuritySettings()
    limits: LimitSettings = LimitSettings()
    gateway: GatewaySettings = GatewaySettings()
    log: LogSettings = LogSettings()
    plugins: PluginSettings = PluginSettings()
