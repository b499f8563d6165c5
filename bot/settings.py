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
    metrics_port: int = Field(default=0, alias="FOLKMOOT_METRICS_PORT", ge=0, le=65535)
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", alias="FOLKMOOT_LOG_LEVEL")
    log_format: Literal["text", "json"] = Field(default="text", alias="FOLKMOOT_LOG_FORMAT")
    public_url: str = Field(default="", alias="FOLKMOOT_PUBLIC_URL")
    mail_dir: str = Field(default="", alias="FOLKMOOT_MAIL_DIR")
    mail_from: str = Field(default="", alias="FOLKMOOT_MAIL_FROM")
    mail_smtp: str = Field(default="", alias="FOLKMOOT_MAIL_SMTP", repr=False)
    secret_keys: str = Field(default="", alias="FOLKMOOT_SECRET_KEYS", repr=False)
    slack_bot_token: str = Field(default="", alias="SLACK_BOT_TOKEN", repr=False)
    slack_app_token: str = Field(default="", alias="SLACK_APP_TOKEN", repr=False)
    slack_signing_secret: str = Field(default="", alias="SLACK_SIGNING_SECRET", repr=False)
    slack_client_id: str = Field(default="", alias="SLACK_CLIENT_ID")
    slack_client_secret: str = Field(default="", alias="SLACK_CLIENT_SECRET", repr=False)
    slack_api_url: str = Field(default="", alias="SLACK_API_URL")
    slack_commands: str = Field(default="", alias="SLACK_COMMANDS")
    teams_app_id: str = Field(default="", alias="MicrosoftAppId")
    teams_app_password: str = Field(default="", alias="MicrosoftAppPassword", repr=False)
    teams_app_type: Literal["SingleTenant", "MultiTenant"] = Field(default="SingleTenant", alias="MicrosoftAppType")
    teams_app_tenant: str = Field(default="", alias="MicrosoftAppTenantId")
    teams_tenants: str = Field(default="", alias="FOLKMOOT_TEAMS_TENANTS")
    teams_authority: str = Field(default="https://login.microsoftonline.com", alias="FOLKMOOT_TEAMS_AUTHORITY")
    teams_scope: str = Field(default="https://api.botframework.com/.default", alias="FOLKMOOT_TEAMS_SCOPE")
    teams_issuer: str = Field(default="https://api.botframework.com", alias="FOLKMOOT_TEAMS_ISSUER")
    teams_metadata: str = Field(
        default="https://login.botframework.com/v1/.well-known/openidconfiguration", alias="FOLKMOOT_TEAMS_METADATA"
    )
    teams_hosts: str = Field(default="", alias="FOLKMOOT_TEAMS_SERVICE_HOSTS")
    teams_insecure: bool = Field(default=False, alias="FOLKMOOT_TEAMS_INSECURE_LOOPBACK")

    @property
    def real_platforms(self) -> tuple[str, ...]:
        """The real platforms that are configured; with one, the local chat does not exist."""
        slack = self.slack_bot_token or self.slack_client_id or self.slack_app_token or self.slack_signing_secret
        teams = self.teams_app_id or self.teams_app_password or self.teams_insecure
        return tuple(name for name, key in (("slack", slack), ("teams", teams)) if key)


_HINTS = {
    "PORT": "a number from 0 to 65535, for example 3978; 0 takes any free one",
    "FOLKMOOT_METRICS_PORT": "a number from 1 to 65535, for example 9090; leave it out and a worker listens nowhere",
    "FOLKMOOT_LOG_LEVEL": "debug, info, warning or error",
    "FOLKMOOT_LOG_FORMAT": "text or json",
    "MicrosoftAppType": "SingleTenant or MultiTenant",
    "FOLKMOOT_TEAMS_INSECURE_LOOPBACK": "1, or nothing",
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
