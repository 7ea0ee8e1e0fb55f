"""The ledger's tables, version by version (Alembic)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, func, select

VERSION_TABLE = "ledger_version"
_LOCK = 0x52414E474B49414E  # any number, the same in every process


def upgrade(engine: Engine) -> None:
    """Apply the missing versions in one transaction; processes that come at the same time wait for each other."""
    config = _config()
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def current(engine: Engine) -> bool:
    """Has the last of the versions been applied, and none that this program does not know?"""
    heads = ScriptDirectory.from_config(_config()).get_heads()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return set(context.get_current_heads()) == set(heads)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
