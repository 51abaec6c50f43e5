"""Every setting of the house, read once at start; nothing else reads the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, SecretStr, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.config.paging import HookWay, MailWay, Partner
from bot.trusted_proxies import Proxy, trusted

TELEGRAM = "https://api.telegram.org"
ZALO_API = "https://openapi.zalo.me"
ZALO_OAUTH = "https://oauth.zaloapp.com"
ZALO_BOT = "https://bot-api.zaloplatforms.com"


class SettingsWrong(Exception):
    """The settings cannot be used; each argument is one sentence about one problem."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]


class TelegramAccount(_Strict):
    """One Telegram bot. `rate` and `chat_rate` are messages a second; 0 means unlimited (benchmarks only)."""

    channel: Literal["telegram"]
    name: Slug
    token: SecretStr
    secret: SecretStr = Field(min_length=16, max_length=256)
    base_url: str = f"{TELEGRAM}/bot"
    mode: Literal["webhook", "poll"] = "webhook"
    rate: float = Field(25, ge=0)
    chat_rate: float = Field(1, ge=0)
    in_flight: int = Field(256, ge=1, le=512)
    proxy: str | None = None


class ZaloOAAccount(_Strict):
    """One Zalo Official Account. `rate` is messages a second (plan Tăng trưởng: 100 requests a minute).

    `pkce_verifier` belongs to the code challenge saved in Zalo's console, where one is.
    """

    channel: Literal["zalo_oa"]
    name: Slug
    app_id: str = Field(pattern=r"^\d+$")
    oa_id: str = Field(pattern=r"^\d+$")
    secret_key: SecretStr
    webhook_secrets: tuple[SecretStr, ...] = Field(min_length=1)
    access_token: SecretStr | None = None
    refresh_token: SecretStr | None = None
    pkce_verifier: SecretStr | None = Field(None, min_length=43, max_length=128)
    api_base: str = ZALO_API
    oauth_base: str = ZALO_OAUTH
    rate: float = Field(1.3, ge=0)
    chat_rate: float = Field(0, ge=0)
    in_flight: int = Field(16, ge=1, le=512)


class ZaloBotAccount(_Strict):
    """One bot of the Zalo Bot Platform. Zalo publishes no rates: these are careful ones; 0 means unlimited.

    `mode` "poll" is for the demo: Zalo's getUpdates gives an update once and never again.
    """

    channel: Literal["zalo_bot"]
    name: Slug
    token: SecretStr
    secret: SecretStr = Field(min_length=16, max_length=256)
    base_url: str = f"{ZALO_BOT}/bot"
    mode: Literal["webhook", "poll"] = "webhook"
    rate: float = Field(5, ge=0)
    chat_rate: float = Field(1, ge=0)
    in_flight: int = Field(16, ge=1, le=512)


Account = Annotated[TelegramAccount | ZaloOAAccount | ZaloBotAccount, Field(discriminator="channel")]


class Settings(BaseSettings):
    """The settings; from `NHIPCAU_…` variables and, below them, the TOML file named by `NHIPCAU_SETTINGS`."""

    model_config = SettingsConfigDict(
        env_prefix="NHIPCAU_",
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    data_dir: Path = Path("var/data")
    keys_dir: Path = Path("var/keys")
    database_url: SecretStr | None = None
    keyring_url: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    vitals_host: str = "127.0.0.1"
    vitals_port: int | None = Field(None, ge=0, le=65535)
    public_url: str = "http://localhost:8080"
    trusted_proxies: tuple[Annotated[Proxy, PlainValidator(trusted)], ...] = ()
    accounts: tuple[Account, ...] = ()
    mail: MailWay | None = None
    hook: HookWay | None = None
    partners: tuple[Partner, ...] = ()
    demo: bool = False
    secure_cookies: bool = True
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _names_differ_and_urls_come_in_pairs(self) -> Settings:
        names = [a.name for a in self.accounts]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"accounts: two accounts are called {', '.join(twice)}; give each its own name")
        services = [partner.service for partner in self.partners]
        if len(services) != len(set(services)):
            raise ValueError("partners: one service is there twice; give each one entry")
        if (self.database_url is None) != (self.keyring_url is None):
            raise ValueError("database_url and keyring_url come as a pair: the keyring must be a second database")
        if self.database_url and self.keyring_url and self.database_url == self.keyring_url:
            raise ValueError("keyring_url names the data database; give the keyring a database of its own")
        return self

    @model_validator(mode="after")
    def _only_the_demo_polls_zalo(self) -> Settings:
        polled = [a.name for a in self.accounts if isinstance(a, ZaloBotAccount) and a.mode == "poll"]
        if polled and not self.demo:
            raise ValueError(
                f"accounts: the Zalo bot {polled[0]} is set to poll, and what Zalo hands to a poller is gone from Zalo "
                'before it is stored here, so that a crash loses it; set mode = "webhook"'
            )
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take arguments first, then the environment, then the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings(file: Path | None = None, **given: object) -> Settings:
    """Read and validate the settings. Raises SettingsWrong with one sentence for each problem."""
    if file is not None and not file.is_file():
        raise SettingsWrong([f"the settings file {file} does not exist"])
    chosen = type("Settings", (Settings,), {"model_config": SettingsConfigDict(toml_file=file)})
    try:
        settings: Settings = chosen(**given)
    except ValidationError as error:
        raise SettingsWrong([_sentence(problem) for problem in error.errors()]) from None
    except ValueError as error:
        raise SettingsWrong([f"the settings file {file} cannot be read: {error}"]) from None
    return settings


def _sentence(problem: object) -> str:
    """Say what is wrong with one setting, never its value."""
    where = ".".join(str(part) for part in problem["loc"])  # type: ignore[index]
    what = str(problem["msg"]).removeprefix("Value error, ")  # type: ignore[index]
    return f"{where}: {what}" if where else what
