"""How a plugin declares its settings."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A section of the settings: `plugins.<id>` for a plugin. Unknown keys are refused, each field has a description.

    Units are in the names: `_s` seconds, `_bytes`, `_mbps`. Secrets are `pydantic.SecretStr`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
