"""Mails to offices and coordinators, over the server of the settings."""

from __future__ import annotations

import hashlib
import logging
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as RULES
from email.utils import formatdate

from rangkiang.settings import Smtp

log = logging.getLogger(__name__)


class NotMailed(ConnectionError):
    """The server has not taken a mail, as far as we know: it is to be sent again."""

    def __init__(self, error: Exception) -> None:
        super().__init__(f"The mail server did not take the mail, which is sent again next time: {error}")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A page of HTML that goes with a mail."""

    name: str
    html: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """What is to be sent. ``about`` names its content: the same content is the same mail, however often it is sent."""

    to: Sequence[str]
    subject: str
    text: str
    html: str
    attachments: Sequence[Attachment]
    about: str
    language: str = "id"


@dataclass(frozen=True, slots=True)
class Taken:
    """What the server has said yes to."""

    message: str  # Message-ID
    to: tuple[str, ...]


class Outbox:
    """A server that listens to us."""

    def __init__(self, server: smtplib.SMTP, sender: str) -> None:
        self._server = server
        self._sender = sender

    def send(self, mail: Mail) -> Taken:
        """Hand it over; recipients that the server refuses are left out. Raises NotMailed where none is left."""
        message = self._message(mail)
        try:
            refused = self._server.send_message(message, self._sender, list(mail.to))
        except (smtplib.SMTPException, OSError) as error:
            raise NotMailed(error) from error
        for address, why in refused.items():
            log.warning("The mail server refuses %s: %s", address, why)
        return Taken(message["Message-ID"], tuple(a for a in mail.to if a not in refused))

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage(policy=RULES)
        message["From"], message["To"], message["Subject"] = self._sender, ", ".join(mail.to), mail.subject
        message["Date"] = formatdate()
        # A mail that had to be sent twice is known by this to be one.
        name = hashlib.sha256(mail.about.encode()).hexdigest()[:32]
        message["Message-ID"] = f"<{name}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is told to us
        message["Content-Language"] = mail.language
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        for one in mail.attachments:
            message.add_attachment(
                one.html, maintype="text", subtype="html", filename=one.name, params={"charset": "utf-8"}
            )
        return message


@contextmanager
def outbox(settings: Smtp) -> Iterator[Outbox]:
    """The server of the settings, connected and signed in to. Raises NotMailed."""
    try:
        server = smtplib.SMTP(settings.host, settings.port, timeout=settings.seconds)
    except (smtplib.SMTPException, OSError) as error:
        raise NotMailed(error) from error
    with server:
        try:
            if settings.starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.password_file:
                server.login(settings.user, settings.password_file.read_text("utf-8").strip())
        except (smtplib.SMTPException, OSError) as error:
            raise NotMailed(error) from error
        yield Outbox(server, settings.sender)
