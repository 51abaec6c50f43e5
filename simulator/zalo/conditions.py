"""What the platform grants an Official Account and its app."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class AccountConditions:
    """What the platform grants this account; a test or a demo changes them as life would.

    `rate_per_minute` is 100 on plan Tăng trưởng, 2,000 on Toàn diện; `sub_quota` is the month's allowance of
    consultation messages later than 48 hours, after which each costs money. `cs_free_cap` is the number of free
    replies per user message (None: unlimited, as since 2026-01-01).
    Source: price table of zalo.solutions/oa/pricing (read 2026-07-17).
    """

    app_active: bool = True
    granted: bool = True
    verified: bool = True
    plan_has_api: bool = True
    rate_per_minute: int = 2000
    sub_quota: int = 2000
    zca_has_money: bool = True
    cs_free_cap: int | None = None
    cs_buttons: bool = False
    appsecret_proof_required: bool = False
    uploads_per_month: int = 5000
    numeric_oauth_errors: bool = True
