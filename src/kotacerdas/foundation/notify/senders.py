"""Senders of messages, behind the port `Sender`; a setting chooses which one is used.

`OutboxSender` keeps messages on a loopback page (demo, training); `MailSender` speaks SMTP through
Django; `TwilioSender` speaks the Messages resource of Twilio's API (2010-04-01).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import httpx
from django.conf import settings
from django.core.mail import EmailMessage

from kotacerdas.foundation.notify.declarations import Words
from kotacerdas.foundation.notify.models import Message, OutboxLetter
from kotacerdas.kernel.inserts import insert_new


class SendFailed(Exception):
    """The provider said no, or could not be reached before anything was sent: may be tried again."""


class SendUnclear(Exception):
    """The answer was lost after the request went out: it may or may not have been sent."""


class SendRefused(Exception):
    """The provider will never take this message (a wrong address): trying again is pointless."""


class Sender(Protocol):
    """Sends one message to one address; returns the provider's id for it."""

    @property
    def may_repeat(self) -> bool:
        """Whether sending again after a lost answer does no harm."""

    def send(self, message: Message, address: str, words: Words) -> str: ...

    def send_now(self, address: str, words: Words) -> str: ...


@dataclass(frozen=True)
class OutboxSender:
    """Keeps the message on the outbox page. Once per message, however often it is called."""

    may_repeat: bool = True

    def send_now(self, address: str, words: Words) -> str:
        """A letter without a stored message, for one-time codes."""
        letter = OutboxLetter.of(channel="sms", address=address, subject=words.subject, body=words.body)
        letter.save(force_insert=True)
        return f"outbox:{letter.id}"

    def send(self, message: Message, address: str, words: Words) -> str:
        letter = OutboxLetter.of(
            message=message,
            channel=message.channel,
            address=address,
            subject=words.subject,
            body=words.body,
        )
        if insert_new(letter):
            return f"outbox:{letter.id}"
        return f"outbox:{OutboxLetter.objects.values_list('id', flat=True).get(message=message)}"


@dataclass(frozen=True)
class MailSender:
    """SMTP by Django's mail settings. The Message-ID is ours, so a repeated letter is recognised as one."""

    may_repeat: bool = True

    def send_now(self, address: str, words: Words) -> str:
        """Codes go by SMS alone."""
        raise SendRefused("no codes by mail")

    def send(self, message: Message, address: str, words: Words) -> str:
        identifier = f"<{message.id}@{settings.MAIL_DOMAIN}>"
        mail = EmailMessage(
            words.subject,
            words.body,
            settings.DEFAULT_FROM_EMAIL,
            [address],
            headers={"Message-ID": identifier},
        )
        try:
            mail.send()
        except TimeoutError as error:
            raise SendUnclear(str(error)) from error
        except OSError as error:
            raise SendFailed(str(error)) from error
        return identifier


@dataclass(frozen=True)
class TwilioSender:
    """POST /2010-04-01/Accounts/{AccountSid}/Messages.json with To, From, Body; 201 answers a `sid`.

    Twilio takes no idempotency key, so an answer that is lost leaves the message `unknown`.
    """

    account: str
    token: str
    sender: str
    base: str = "https://api.twilio.com"
    may_repeat: bool = False

    def send(self, message: Message, address: str, words: Words) -> str:
        return self.send_now(address, words)

    def send_now(self, address: str, words: Words) -> str:
        """The same without a stored message, for one-time codes."""
        url = f"{self.base}/2010-04-01/Accounts/{self.account}/Messages.json"
        form = {"To": address, "From": self.sender, "Body": words.body}
        try:
            answer = httpx.post(url, data=form, auth=(self.account, self.token), timeout=20)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise SendFailed(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise SendUnclear(type(error).__name__) from error
        if answer.status_code == httpx.codes.CREATED:
            return str(answer.json()["sid"])
        if answer.status_code in (400, 404):
            raise SendRefused(f"HTTP {answer.status_code} {answer.json().get('code', '')}")
        raise SendFailed(f"HTTP {answer.status_code}")


def sender_for(channel: str) -> Sender:
    """The sender that the settings name for a channel ("sms", "email")."""
    chosen = settings.SENDERS[channel]
    if chosen == "outbox":
        return OutboxSender()
    if chosen == "smtp":
        return MailSender()
    if chosen == "twilio":
        return TwilioSender(
            account=settings.SMS_ACCOUNT, token=settings.SMS_TOKEN, sender=settings.SMS_SENDER
        )
    raise LookupError(f"no sender {chosen} for {channel}")
