"""Airflow's own tables: made or brought up to date only when they have to be, because that takes five seconds."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version

import psycopg

from deploy.local.environment import Home


class NotStarted(Exception):
    """A part of Airflow did not come up."""


def migrate(home: Home, told: Mapping[str, str]) -> None:
    """Bring the tables up to date, unless they are what this version made of them the last time.

    ``told`` is the environment of Airflow. Raises NotStarted.
    """
    database = told["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].replace("+psycopg2", "")
    note = home.folder / "migrated"
    if note.exists() and note.read_text() == _migrated(database):
        return
    command = [sys.executable, "-m", "airflow", "db", "migrate"]
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    home.log("migrate").write_text(done.stdout + done.stderr)
    if done.returncode:
        raise NotStarted(f"Airflow's tables could not be made; see {home.log('migrate')}.")
    note.write_text(_migrated(database))


def _migrated(database: str) -> str:
    """Airflow's version and the revision its tables stand at; '' where there are none."""
    with psycopg.connect(database) as connection:
        if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
            return ""
        rows = connection.execute("SELECT version_num FROM alembic_version ORDER BY 1").fetchall()
    return f"{version('apache-airflow')} {rows}"
