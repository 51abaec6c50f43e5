"""Settings: every one, read once at start; nothing else reads the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, GetCoreSchemaHandler, PlainValidator, SecretStr, ValidationError, model_validator
from pydantic_core import core_schema
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.channels.accounts import Account
from bot.channels.registry import channels
from bot.config.paging import MailSettings, Partner, WebhookSettings
from bot.trusted_proxies import Proxy, trusted


class SettingsWrong(Exception):
    """The settings cannot be used; each argument is one sentence about one problem."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class _ByChannel:
    """Reads an account with the class that its channel has registered."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        accounts = {name: handler.generate_schema(found.account) for name, found in channels().items()}
        return core_schema.tagged_union_schema(accounts, discriminator="channel")


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
    accounts: tuple[Annotated[Account, _ByChannel()], ...] = ()
    mail: MailSettings | None = None
    hook: WebhookSettings | None = None
    partners: tuple[Partner, ...] = ()
    office_name: str = Field("", max_length=120)
    office_phone: str = Field("", max_length=40, pattern=r"^(\+?[0-9][0-9 .\-]{2,})?$")
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
