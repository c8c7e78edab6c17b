"""What must never stand in a file: the token, and the address of a shared database with its password."""

from __future__ import annotations

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Secrets(BaseSettings):
    """Read from the environment, and hidden in every representation."""

    model_config = SettingsConfigDict(env_prefix="", extra="ignore")

    discord_token: SecretStr | None = None
    fathom_database_url: SecretStr | None = None
    """A PostgreSQL database that several processes share; without it, each state folder has its own embedded one."""
