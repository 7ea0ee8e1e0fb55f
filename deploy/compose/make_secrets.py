"""Make the secrets of docker-compose.yaml, each a file under deploy/compose/secrets/. Any Python 3.11 or later will do.

    python3 deploy/compose/make_secrets.py              make what is missing; what is there stays
    python3 deploy/compose/make_secrets.py --new NAME   make one anew; how to go on from there: docs/production.md

Files with several secrets in them, such as the addresses of databases, are written anew from the single ones each time.

The folder is for its owner only (0700). The files in it can be read by everybody who gets there (0444): Compose mounts
a file as it is, and the services run as different users. That is also why the folder must stay as closed as it is made.
"""

from __future__ import annotations

import argparse
import base64
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).with_name("secrets")


def _fernet() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _word() -> str:
    return secrets.token_hex(24)  # fit to stand in a URL, an SQL string and an INI file as it is


MADE: dict[str, Callable[[], str]] = {
    "postgres_password": _word,
    "airflow_password": _word,
    "results_password": _word,
    "ledger_password": _word,
    "redis_password": _word,
    "fernet_key": _fernet,
    "jwt_secret": _word,
    "api_secret": _word,
    "rangkiang_secret": _word,
    "s3_access_key": lambda: secrets.token_hex(10),
    "s3_secret_key": _word,
    "ckan_password": _word,
    "ckan_reader_password": _word,
    "ckan_session": _word,
    "marquez_password": _word,
    "grafana_password": _word,
}
"""Each by itself, made by nobody else."""

GIVEN = ("ckan_token", "smtp_password")
"""What others make; an empty file until it is filled in."""

COMPOSED = {
    "airflow_database": "postgresql+psycopg2://airflow:{airflow_password}@postgres/airflow",
    "celery_results": "db+postgresql+psycopg2://results:{results_password}@postgres/results",
    "celery_broker": "redis://:{redis_password}@redis:6379/0",
    "rangkiang_ledger": "postgresql+psycopg://ledger:{ledger_password}@postgres/rangkiang",
    "redis_conf": 'requirepass {redis_password}\ndir /data\nsave ""\nappendonly yes\nappendfsync everysec\n'
    "maxmemory-policy noeviction\n",
    "s3_credentials": "[default]\naws_access_key_id = {s3_access_key}\naws_secret_access_key = {s3_secret_key}\n",
    "ckan_ini": "[app:main]\n"
    "sqlalchemy.url = postgresql://ckan:{ckan_password}@postgres/ckan\n"
    "ckan.datastore.write_url = postgresql://ckan:{ckan_password}@postgres/ckan_datastore\n"
    "ckan.datastore.read_url = postgresql://ckan_reader:{ckan_reader_password}@postgres/ckan_datastore\n"
    "ckan.redis.url = redis://:{redis_password}@redis:6379/1\n"
    "SECRET_KEY = {ckan_session}\n"
    "beaker.session.secret = {ckan_session}\n"
    "api_token.jwt.encode.secret = string:{ckan_session}\n"
    "api_token.jwt.decode.secret = string:{ckan_session}\n",
    "marquez_yml": "server:\n"
    "  applicationConnectors: [{{type: http, port: 5000}}]\n"
    "  adminConnectors: [{{type: http, port: 5001}}]\n"
    "db: {{driverClass: org.postgresql.Driver, url: 'jdbc:postgresql://postgres:5432/marquez', user: marquez,"
    " password: {marquez_password}}}\n"
    "migrateOnStartup: true\n"
    "search: {{enabled: false}}\n",
}
"""What programs want in one piece, from the single secrets."""


def make(folder: Path, anew: str = "") -> list[str]:
    """Make what is missing, and ``anew`` in any case; the names of the files that are not as they were."""
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    found = {path.name: path.read_text() for path in folder.iterdir() if not path.name.startswith(".")}
    single = {name: found.get(name) or make_it() for name, make_it in MADE.items()}
    if anew:
        single[anew] = _successor(anew, single[anew])
    whole = single | {name: found.get(name, "") for name in GIVEN}
    whole |= {name: pattern.format_map(single) for name, pattern in COMPOSED.items()}
    return [name for name, value in whole.items() if found.get(name) != value and _write(folder / name, value)]


def _successor(name: str, before: str) -> str:
    """The new value. What was encrypted with the first of several Fernet keys or with an older one can be read on."""
    made = MADE[name]()
    return f"{made},{before.partition(',')[0]}" if name == "fernet_key" else made


def _write(path: Path, value: str) -> bool:
    aside = path.with_name(f".{path.name}")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(value)
    aside.chmod(0o444)
    aside.rename(path)
    return True


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--new", choices=sorted(MADE), metavar="NAME", default="", help=", ".join(sorted(MADE)))
    changed = make(folder, parser.parse_args(arguments).new)
    print(f"{folder}: {', '.join(changed) if changed else 'all there, nothing changed'}", file=sys.stderr)


if __name__ == "__main__":
    main()
