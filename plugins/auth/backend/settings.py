"""The settings of guest identity."""

from pydantic import Field, SecretStr, field_validator, model_validator

from prickle.contract.settings import Section

MIN_KEY_CHARACTERS = 32


class AuthSettings(Section):
    """`plugins.auth`."""

    signing_key: SecretStr | None = Field(
        None,
        description="Key that signs tokens, at least 32 characters. Without it one is derived from the deployment's secret.",
    )
    previous_key: SecretStr | None = Field(
        None,
        description="Key whose tokens are still accepted while a new one takes over. Without it, beside a `signing_key`, "
        "the derived key is accepted, so that the first change of keys signs nobody out.",
    )
    max_name_characters: int = Field(
        64, ge=20, le=64, description="Longest name of a guest; at least what the names that are made up need."
    )
    issuer: str = Field("prickle", min_length=1, description="`iss` of the tokens.")
    audience: str = Field("prickle", min_length=1, description="`aud` of the tokens.")
    token_ttl_s: int = Field(
        14 * 86_400, ge=1, description="How long a token holds, in seconds; renewing it starts again."
    )
    link_ttl_s: int = Field(600, ge=1, description="How long a one-time link to another device holds, in seconds.")
    guest_ttl_days: int = Field(
        90, ge=1, description="Days after the last renewal when a guest's name and memberships are deleted."
    )
    session_cache_s: float = Field(
        3.0,
        ge=0,
        le=60,
        description="How long a replica that was not told may accept a session that was logged out, in seconds.",
    )
    sweep_interval_s: float = Field(3600.0, ge=1, description="How often what has expired is deleted, in seconds.")
    guests_per_s: float = Field(1.0, gt=0, description="New guests per second and address, on average.")
    guest_burst: int = Field(
        100, ge=1, description="New guests at once from one address, such as a class behind one router."
    )

    @field_validator("signing_key", "previous_key")
    @classmethod
    def _long_enough(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and len(key.get_secret_value()) < MIN_KEY_CHARACTERS:
            raise ValueError(f"must have at least {MIN_KEY_CHARACTERS} characters")
        return key

    @model_validator(mode="after")
    def _guests_outlive_tokens(self) -> "AuthSettings":
        if self.guest_ttl_days * 86_400 < self.token_ttl_s:
            raise ValueError("guest_ttl_days must not be shorter than token_ttl_s")
        return self
