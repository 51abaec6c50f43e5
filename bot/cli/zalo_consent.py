"""`nhipcau admin zalo-consent`: the address where an administrator consents, and the exchange of what comes back."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bot.channels.zalo_oa.account import ZaloOAAccount
from bot.channels.zalo_oa.tokens import seed_tokens, token_keeper
from bot.cli.bootstrap import open_databases
from bot.cli.serve import run_until_told
from bot.config.settings import Settings, SettingsWrong, read_settings
from bot.http import httpx_client
from bot.zalo_sdk.errors import NeedsConsent, NoTokenNow, ZaloError, ZaloNoAnswer, ZaloNotSent
from bot.zalo_sdk.oa_client import OA
from bot.zalo_sdk.oauth import OAuth, challenge
from bot.zalo_sdk.token_keeper import TokenKeeper
from bot.zalo_sdk.transport import ZaloTransport
from scheduler.clock import Clock
from store.db.engine import TROUBLE, Store

AGAIN = "run `nhipcau admin zalo-consent {name}` again, open the address it prints, and bring the new one"


def run_zalo_address(name: str, redirect: str, settings_file: Path | None) -> int:
    """Print the consent address of an Official Account; returns the exit code."""

    async def main() -> None:
        settings = read_settings(settings_file)
        account = _account(settings, name)
        async with httpx_client(1) as http:
            oauth = OAuth(http, account.oauth_base, account.app_id, account.secret_key.get_secret_value())
            check = challenge(account.pkce_verifier.get_secret_value()) if account.pkce_verifier else ""
            print(oauth.consent_url(redirect or settings.public_url, check))
        print("Zalo may insist on the address saved in its own console: if it answers -14003, open that one instead.")
        print("Within ten minutes, give what the browser shows then, the whole address or the code in it, to")
        print(f"  nhipcau admin zalo-consent {name} --code -")

    return run_until_told(main)


def run_zalo_exchange(name: str, brought: str, settings_file: Path | None) -> int:
    """Exchange what a consent brought and store the new grant; returns the exit code."""

    async def main() -> None:
        settings = read_settings(settings_file)
        account = _account(settings, name)
        code = code_in(brought, account)
        store, _ = await open_databases(settings)
        try:
            await _exchange(account, code, store, settings)
        finally:
            await store.close()

    return run_until_told(main)


def _account(settings: Settings, name: str) -> ZaloOAAccount:
    account = next((a for a in settings.accounts if a.name == name), None)
    if not isinstance(account, ZaloOAAccount):
        known = ", ".join(a.name for a in settings.accounts if isinstance(a, ZaloOAAccount))
        raise SettingsWrong([
            f"there is no Zalo Official Account called '{name}' in the settings; there is {known or 'none'}"
        ])  # fmt: skip
    return account


def code_in(brought: str, account: ZaloOAAccount) -> str:
    """Find the code in what was pasted: itself, or the address to which Zalo sent the browser. Raises SettingsWrong."""
    pasted = "".join(brought.split())
    bare = pasted.removeprefix("?")
    if "://" not in bare and not bare.startswith(("code=", "oa_id=", "state=")):
        if not bare or "=" in bare.rstrip("=") or "/" in bare or "?" in bare:
            raise SettingsWrong([f"this holds no code: {AGAIN.format(name=account.name)}"])
        return bare
    address = urlsplit(bare if "://" in bare else f"//?{bare}")
    given = parse_qs(address.query or address.fragment.removeprefix("?"))
    if not given.get("code"):
        raise SettingsWrong([f"this address holds no code: {AGAIN.format(name=account.name)}"])
    if given.get("oa_id", [account.oa_id]) != [account.oa_id]:
        raise SettingsWrong([f"this consent is for another Official Account: {AGAIN.format(name=account.name)}"])
    return given["code"][0]


async def _exchange(account: ZaloOAAccount, code: str, store: Store, settings: Settings) -> None:
    async with httpx_client(2) as http:
        keeper = token_keeper(account, store, settings.keys_dir, http, Clock().now, _tell)
        oa = OA(ZaloTransport(http, account.api_base, "openapi"), keeper)
        verifier = account.pkce_verifier.get_secret_value() if account.pkce_verifier else ""
        try:
            await seed_tokens(account, keeper)
            await keeper.consent(code, verifier)
        except (ZaloError, ZaloNotSent, ZaloNoAnswer) as error:
            raise SettingsWrong([_refused(error, account.name)]) from None
        except TROUBLE:
            raise SettingsWrong(
                [f"zalo account {account.name}: the keyring does not answer: {AGAIN.format(name=account.name)}"]
            ) from None
        print(f"{account.name}: the new grant is stored; a running service takes it up within a minute, by itself")
        await _prove(account, oa, keeper)


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _refused(error: ZaloError | ZaloNotSent | ZaloNoAnswer, name: str) -> str:
    """Say what became of the code, never the code."""
    again = AGAIN.format(name=name)
    if isinstance(error, ZaloError):
        return (
            f"zalo account {name}: Zalo refused the code ({error.code}), and nothing was changed. "
            f"A code works once and for ten minutes: {again}"
        )
    if isinstance(error, ZaloNotSent):
        return f"zalo account {name}: Zalo was not reached and nothing was changed: try the same code again"
    return f"zalo account {name}: Zalo did not answer; the code may be used up: {again}"


async def _prove(account: ZaloOAAccount, oa: OA, keeper: TokenKeeper) -> None:
    """Ask Zalo whose grant this is. Raises SettingsWrong when the account will not work with it."""
    try:
        about = await oa.about()
    except (ZaloError, NeedsConsent, NoTokenNow) as error:
        why = f"{error.meaning} ({error.code})" if isinstance(error, ZaloError) else "the new token is not accepted"
        raise SettingsWrong([f"zalo account {account.name}: {why}"]) from None
    except (ZaloNotSent, ZaloNoAnswer):
        print("Zalo did not answer the first question: whether the grant works is seen with the next message")
        return
    finally:
        await keeper.close()
    theirs = str(about.get("oaid") or about.get("oa_id") or account.oa_id)
    if theirs != account.oa_id:
        raise SettingsWrong([
            f"zalo account {account.name}: this grant belongs to another Official Account: "
            + AGAIN.format(name=account.name)
        ])  # fmt: skip
    print(f"{account.name}: Zalo answers with it")
