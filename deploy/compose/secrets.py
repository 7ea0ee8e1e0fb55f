"""Write deploy/compose/.env with fresh secrets, once. Any Python 3 will do; nothing is replaced."""

import base64
import os
import secrets
import sys
from pathlib import Path

ENV = Path(__file__).with_name(".env")


def main() -> None:
    if ENV.exists():
        sys.exit(f"{ENV} is there already; delete it first if you want new secrets (stored connections are then lost).")
    values = {
        "RANGKIANG_API_SECRET": secrets.token_urlsafe(32),
        "RANGKIANG_JWT_SECRET": secrets.token_urlsafe(32),
        "RANGKIANG_FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "RANGKIANG_POSTGRES_PASSWORD": secrets.token_hex(24),
        "RANGKIANG_S3_KEY": secrets.token_hex(10),
        "RANGKIANG_S3_SECRET": secrets.token_hex(24),
    }
    with os.fdopen(os.open(ENV, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())


if __name__ == "__main__":
    main()
