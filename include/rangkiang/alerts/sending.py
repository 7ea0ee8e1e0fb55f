"""The two ways by which an alert goes out. Both say the same, and both name it by the same id."""

from __future__ import annotations

from datetime import date

import httpx
from jinja2 import Environment

from rangkiang.alerts.alert import Alert, Message, message, words
from rangkiang.mail import Mail, outbox
from rangkiang.settings import Settings
from rangkiang.templates import environment


class NotPosted(ConnectionError):
    """The webhook has not taken it, as far as we know."""

    def __init__(self, error: Exception | str) -> None:
        super().__init__(f"The webhook of [alerts] did not take it, and is told again: {error}")


def mails(settings: Settings) -> bool:
    """Whether anybody is told by mail."""
    return bool(settings.smtp.host and settings.alerts.addresses)


def posts(settings: Settings) -> bool:
    """Whether a webhook is told."""
    return bool(settings.alerts.webhook)


def mail(settings: Settings, alert: Alert, night: date) -> None:
    """Raises NotMailed."""
    language = settings.alerts.language
    said = message(alert, night, language)
    with outbox(settings.smtp) as out:
        out.send(
            Mail(
                to=settings.alerts.addresses,
                subject=f"Rangkiang: {said.title}",
                text=_plain(said, language),
                html=_page().get_template("kabar.html.j2").render(said=said, language=language, words=words),
                attachments=(),
                about=said.id,
                language=language,
            )
        )


def post(settings: Settings, alert: Alert, night: date) -> None:
    """Raises NotPosted."""
    told = settings.alerts
    said = message(alert, night, told.language)
    body = {
        "program": "rangkiang",
        "id": said.id,
        "night": night.isoformat(),
        "code": alert.code,
        "subject": alert.subject,
        "language": told.language,
        "title": said.title,
        "text": said.text,
        "do": said.do,
        "link": said.link,
    }
    try:
        token = told.webhook_token_file.read_text("utf-8").strip() if told.webhook_token_file else ""
        signed = {"Authorization": f"Bearer {token}"} if token else {}
        # What the environment says of proxies holds; a redirect is not followed, or the token would go with it.
        answer = httpx.post(told.webhook, json=body, headers=signed, timeout=told.seconds)
    except (httpx.HTTPError, OSError) as error:
        raise NotPosted(error) from error
    if not answer.is_success:
        raise NotPosted(f"HTTP {answer.status_code}")


def _plain(said: Message, language: str) -> str:
    where = [f"{words('where', language)}: {said.link}"] if said.link else []
    parts = [said.title, said.text, f"{words('do', language)}: {said.do}", *where, f"-- \n{words('foot', language)}"]
    return "\n\n".join(parts) + "\n"


def _page() -> Environment:
    return environment("rangkiang.alerts", "templates")
