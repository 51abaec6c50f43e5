"""Paging by e-mail: a few words over SMTP, encrypted on the way unless the server is on this machine."""

from __future__ import annotations

import ssl
from email.message import EmailMessage
from email.utils import format_datetime, localtime

import aiosmtplib

from bot.config.paging import MailSettings
from bot.paging.base import WITHIN, Notice, NotPaged

_FOR_GOOD = (550, 551, 553, 554)
"""Answers to a recipient that no repetition changes. Source: RFC 5321, 4.2.3 (2008-10)."""


class EmailTransport:
    """One mail server; every notice is a connection of its own, so that none waits behind a stuck one."""

    name = "mail"

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._password = settings.password.get_secret_value() if settings.password else None

    async def call(self, notice: Notice) -> None:
        """Send one notice. Raises NotCalled."""
        at = self._settings
        try:
            await aiosmtplib.send(
                self._message(notice),
                sender=at.sender,
                recipients=[notice.to],
                hostname=at.host,
                port=at.port,
                username=at.username,
                password=self._password,
                use_tls=at.security == "tls",
                start_tls=at.security == "starttls",
                timeout=WITHIN,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            code = refused.recipients[0].code if refused.recipients else 0
            raise NotPaged(f"smtp_{code}", for_good=code in _FOR_GOOD) from None
        except aiosmtplib.SMTPResponseException as answer:
            raise NotPaged(f"smtp_{answer.code}") from None
        except (aiosmtplib.SMTPException, ssl.SSLError, OSError, TimeoutError, ValueError) as error:
            raise NotPaged(type(error).__name__) from None

    def _message(self, notice: Notice) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self._settings.sender
        message["To"] = notice.to
        message["Subject"] = notice.subject
        message["Date"] = format_datetime(localtime())
        message["Message-ID"] = f"<call-{notice.id}@{self._settings.sender.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(notice.text)
        return message

    async def close(self) -> None:
        """Nothing stays open."""
