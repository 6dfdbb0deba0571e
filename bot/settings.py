"""The bot's settings, from the environment (CRUX_...) and secret files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import CruxError

TOKEN_FORM = re.compile(r"[\w-]{20,}\.[\w-]{5,}\.[\w-]{20,}")


class Settings(BaseSettings):
    """What an operator sets; each name with CRUX_ before it is an environment variable."""

    model_config = SettingsConfigDict(
        env_prefix="CRUX_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    discord_token: SecretStr | None = None
    discord_token_file: Path | None = None
    database: str | None = None
    sharded: bool = False
    message_content: Literal["auto", "off"] = "auto"
    most_messages: int = Field(default=2000, ge=10, le=5000)  # of one map
    usual_messages: int = Field(default=200, ge=10, le=5000)  # where nobody says how many
    user_cooldown: float = Field(default=20.0, ge=0, le=3600)  # seconds
    channel_cooldown: float = Field(default=5.0, ge=0, le=3600)  # seconds
    workers: bool = False  # maps and digests are made by crux worker, through a PostgreSQL store
    tick: float = Field(default=30.0, ge=0.05, le=300)  # seconds between looks at what is due
    queue: int = Field(default=30, ge=1, le=1000)  # jobs that wait in all
    longest_analysis: float = Field(default=3600.0, ge=10)  # seconds

    @model_validator(mode="after")
    def _one_token(self) -> Settings:
        if self.discord_token is not None and self.discord_token_file is not None:
            raise ValueError("set CRUX_DISCORD_TOKEN or CRUX_DISCORD_TOKEN_FILE, not both")
        return self

    def token(self) -> str:
        """Give the token. Raises CruxError where none is set, or it has not a token's form."""
        if self.discord_token is not None:
            found = self.discord_token.get_secret_value().strip()
        elif self.discord_token_file is not None:
            try:
                found = self.discord_token_file.read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "not text"
                raise CruxError(
                    f"CRUX_DISCORD_TOKEN_FILE ({self.discord_token_file}) cannot be read: {reason}."
                ) from None
        else:
            raise CruxError(
                "No token: set CRUX_DISCORD_TOKEN, or CRUX_DISCORD_TOKEN_FILE to a file that holds "
                "it (Developer Portal, your application, Bot, Reset Token)."
            )
        if not TOKEN_FORM.fullmatch(found):
            raise CruxError(
                "The token has not the form of a bot token (three parts with dots between): copy "
                "it again from Developer Portal, Bot, Reset Token; it is not the client secret."
            )
        return found


def load() -> Settings:
    """Read the settings. Raises CruxError that names every wrong value."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [
            f"{'CRUX_' + '_'.join(map(str, e['loc'])).upper() if e['loc'] else 'settings'}: "
            f"{e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_input=False, include_url=False)
        ]
        raise CruxError("Settings: " + "; ".join(wrong) + ".") from None
