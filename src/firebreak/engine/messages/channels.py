"""The ways out: a log line, the printed call tree, and mail by SMTP when one is configured.

A channel answers what became of one message; it never touches the database and never retries by itself.
Mail is encrypted from the start (`smtps`) or as soon as the server offers it; a password is never sent in
clear beyond this machine. Mail goes to addresses with an `@`; a telephone number goes through the operator's
mail-to-SMS gateway when the SMTP address names its domain (`smtp://host:25?phones=sms.example.org`).
"""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from django.conf import settings

from firebreak.kernel.text import T

TIMEOUT_SECONDS = 20
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_log = structlog.get_logger("firebreak.messages")


class Fate(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a channel sees it. `token` names it for ever, however often it is sent."""

    token: str
    address: str
    template: str
    about: str
    text: T


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it, and in a few words why (never with an address)."""

    fate: Fate
    reason: str = ""


class Channel(Protocol):
    """A way out."""

    def send(self, message: Outgoing) -> Outcome: ...


class LogChannel:
    """Says in the program's log that a message would leave: what a drill uses."""

    def send(self, message: Outgoing) -> Outcome:
        _log.info("message", token=message.token, template=message.template, about=message.about)
        return Outcome(Fate.SENT)


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """Where mail leaves: read from `smtp[s]://user:password@host:port?phones=domain`."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    phone_domain: str

    @classmethod
    def read(cls, url: str) -> "SmtpAddress":
        """Errors: `ValueError` when the address is not of that form."""
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("FIREBREAK_SMTP_URL must look like smtp[s]://user:password@host:port")
        tls = parts.scheme == "smtps"
        return cls(
            host=parts.hostname, port=parts.port or (465 if tls else 25), user=unquote(parts.username or ""),
            password=unquote(parts.password or ""), tls=tls,
            phone_domain=parse_qs(parts.query).get("phones", [""])[0],
        )

    def mailbox(self, address: str) -> str:
        """The mailbox that reaches an address; empty when none does."""
        if "@" in address:
            return address
        return f"{address}@{self.phone_domain}" if address and self.phone_domain else ""


class SmtpChannel:
    """Mail through one SMTP server. The token is the Message-ID, so a receiver can tell a repeat."""

    def __init__(self, address: SmtpAddress, sender: str) -> None:
        self.address = address
        self.sender = sender

    def send(self, message: Outgoing) -> Outcome:
        mailbox = self.address.mailbox(message.address)
        if not mailbox:
            return Outcome(Fate.FAILED, "no mailbox for this address")
        try:
            server = self._connected()
        except (smtplib.SMTPException, OSError) as fault:
            return Outcome(Fate.RETRY, f"no connection: {type(fault).__name__}")
        try:
            return self._hand_over(server, self._mail(message, mailbox))
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        server: smtplib.SMTP
        if self.address.tls:
            context = ssl.create_default_context()
            server = smtplib.SMTP_SSL(
                self.address.host, self.address.port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self.address.host, self.address.port, timeout=TIMEOUT_SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            elif self.address.user and self.address.host not in LOOPBACK:
                raise smtplib.SMTPException("a password is never sent in clear")
        if self.address.user:
            server.login(self.address.user, self.address.password)
        return server

    def _hand_over(self, server: smtplib.SMTP, mail: EmailMessage) -> Outcome:
        try:
            server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _ in refused.recipients.values()]
            return _by_code(max(codes, default=550))
        except smtplib.SMTPResponseException as answer:
            return _by_code(answer.smtp_code)
        except (smtplib.SMTPException, OSError) as fault:
            return Outcome(Fate.UNKNOWN, f"no answer after handing over: {type(fault).__name__}")
        return Outcome(Fate.SENT)

    def _mail(self, message: Outgoing, mailbox: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = self.sender
        mail["To"] = mailbox
        mail["Subject"] = _subject(message.text)
        mail["Message-ID"] = f"<{message.token.replace(':', '.')}@firebreak>"
        mail.set_content(f"{message.text.zh}\n\n{message.text.en}\n")
        return mail


def _by_code(code: int) -> Outcome:
    """5xx is final, 4xx may be tried again (RFC 5321 section 4.2.1)."""
    return Outcome(Fate.FAILED if code >= 500 else Fate.RETRY, f"SMTP {code}")


def _subject(text: T) -> str:
    first = text.zh.splitlines()[0]
    return first if len(first) <= 60 else first[:59] + "…"


def channels() -> Mapping[str, Channel]:
    """The channels that send by themselves, as configured now. `print` is not among them: people speak it."""
    found: dict[str, Channel] = {"log": LogChannel()}
    if settings.SMTP_URL:
        found["smtp"] = SmtpChannel(SmtpAddress.read(settings.SMTP_URL), settings.MAIL_FROM)
    return found


def channel_for(address: str) -> str:
    """The way to reach an address: mail where it is configured, the log in a drill, else paper and voice."""
    if settings.SMTP_URL and SmtpAddress.read(settings.SMTP_URL).mailbox(address):
        return "smtp"
    return "log" if settings.FIREBREAK_DRILL else "print"


Channels = Callable[[], Mapping[str, Channel]]
