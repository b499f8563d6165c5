"""The only reader of the environment: what can be set, and what is wrong with it."""

from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from storage.errors import BotError

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsError(BotError):
    """A setting is missing or wrong; the message says which, and what to write."""


class Settings(BaseSettings):  # type: ignore[explicit-any]  # the constructor that pydantic makes takes Any
    """Every setting with its default; names are those of the environment."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", populate_by_name=True)

    database_url: str = Field(default="sqlite:///folkmoot.db", alias="DATABASE_URL")
    host: str = Field(default="127.0.0.1", alias="HOST")
    port: int = Field(default=3978, alias="PORT", ge=0, le=65535)
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", alias="FOLKMOOT_LOG_LEVEL")
    log_format: Literal["text", "json"] = Field(default="text", alias="FOLKMOOT_LOG_FORMAT")
    slack_bot_token: str = Field(default="", alias="SLACK_BOT_TOKEN")
    slack_client_id: str = Field(default="", alias="SLACK_CLIENT_ID")
    slack_app_token: str = Field(default="", alias="SLACK_APP_TOKEN")
    teams_app_id: str = Field(default="", alias="MicrosoftAppId")

    @property
    def real_platforms(self) -> tuple[str, ...]:
        """The real platforms that are configured; with one, the local chat does not exist."""
        slack = self.slack_bot_token or self.slack_client_id or self.slack_app_token
        return tuple(name for name, key in (("slack", slack), ("teams", self.teams_app_id)) if key)


_HINTS = {
    "PORT": "a number from 0 to 65535, for example 3978; 0 takes any free one",
    "FOLKMOOT_LOG_LEVEL": "debug, info, warning or error",
    "FOLKMOOT_LOG_FORMAT": "text or json",
}


def load() -> Settings:
    """The settings of this process. Raises: SettingsError."""
    try:
        return Settings()
    except ValidationError as problem:
        raise SettingsError(
            "; ".join(_sentence(str(each["loc"][0]), str(each["input"])) for each in problem.errors())
        ) from problem


def _sentence(name: str, value: str) -> str:
    return f"{name} is {value!r}; it has to be {_HINTS.get(name, 'something else')}"
