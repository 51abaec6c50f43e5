"""What the Zalo Bot Platform grants a bot, and how it behaves towards it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class BotConditions:
    """What the platform grants, and which of the shapes that were reported it uses.

    `user_cap` and `month_cap` are people and messages a month (blogs say 50 and 3,000; None: none). With
    `no_news_is_error` an empty getUpdates is error 408, else an empty result. `wrapped` puts webhook bodies into the
    envelope as the documentation does; captured traffic was bare. `documented_photo` says `photo` instead of
    `photo_url`. `status_follows_code` answers errors with their code as HTTP status instead of 200.
    `tells_follows` sends user.follow and user.unfollow, which one client alone knows.
    """

    user_cap: int | None = None
    month_cap: int | None = None
    no_news_is_error: bool = True
    wrapped: bool = False
    documented_photo: bool = False
    status_follows_code: bool = False
    tells_follows: bool = True
    tries_webhooks: bool = True
