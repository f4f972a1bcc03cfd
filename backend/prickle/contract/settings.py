"""How a plugin declares its settings."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


def words(value: Any) -> Any:
    """Read `a,b` as a list: lists come so from a command line or the environment."""
    return value.replace(",", " ").split() if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(words)]
"""A field of several words."""


class Section(BaseModel):
    """A section of the settings: `plugins.<id>` for a plugin. Unknown keys are refused, each field has a description.

    Units are in the names: `_s` seconds, `_bytes`, `_mbps`. Secrets are `pydantic.SecretStr`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
