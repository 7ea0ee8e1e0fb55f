"""A mail server on loopback that keeps what it takes, and does what one may do: be away, refuse, ask for a login."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from rangkiang.settings import Smtp


class Letterbox:
    """What came in stands in ``mails``, who signed in in ``logins``."""

    def __init__(self, port: int, login: tuple[str, str] | None, certificate: Path | None) -> None:
        self.mails: list[EmailMessage] = []
        self.logins: list[str] = []
        self.refused: set[str] = set()
        self.certificate = certificate
        self._login, self._port = login, port
        self._server: Controller | None = None

    def settings(self, **more: Any) -> Smtp:
        return Smtp.model_validate(
            {"host": "127.0.0.1", "port": self._port, "from": "rangkiang@sumbar.example", "starttls": False, **more}
        )

    def start(self) -> None:
        told: dict[str, Any] = {}
        if self.certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.certificate, self.certificate.with_suffix(".key"))
            told |= {"tls_context": context, "require_starttls": True}
        if self._login:
            told |= {"authenticator": self._authenticate, "auth_required": True}
        self._server = Controller(self, hostname="127.0.0.1", port=self._port, **told)
        self._server.start()

    def stop(self) -> None:
        if self._server:
            self._server.stop()
            self._server = None

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _kind: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and self._login == (given.login.decode(), given.password.decode())
        if right:
            self.logins.append(given.login.decode())
        return AuthResult(success=right)

    # What the server asks its handler.
    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any) -> str:
        if address in self.refused:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def letterbox(login: tuple[str, str] | None = None, folder: Path | None = None) -> Iterator[Letterbox]:
    """A server that is up. With a ``login`` it speaks TLS, with a certificate of its own in ``folder``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Letterbox(port, login, _certificate(folder) if login and folder else None)
    box.start()
    try:
        yield box
    finally:
        box.stop()


def _certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    path.with_suffix(".key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path
