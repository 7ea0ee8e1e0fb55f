"""Sees to the pool of those who read: a scheduler makes it before it starts anything, however Airflow was installed.

Reading takes most of the time of a night. In a pool of its own, smaller than the number of tasks that run at once, it
leaves room for what must not wait: filing, releases, decisions. Its size is the setting ``readers``.
"""

from __future__ import annotations

import logging
import sys

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

POOL = "readers"

log = logging.getLogger(__name__)


class Readers:
    """Hears what Airflow does."""

    @hookimpl
    def on_starting(self, component: object) -> None:
        """A part of Airflow starts, and does not know yet what it is: its command line does."""
        if "scheduler" in sys.argv:
            see_to_the_pool()


def see_to_the_pool() -> None:
    """Make the pool, or give it the size that the settings say now."""
    from airflow.configuration import conf
    from airflow.models.pool import Pool

    from rangkiang.settings import Settings

    readers, most = Settings().readers, conf.getint("core", "parallelism")
    if readers >= most:
        log.warning(
            "readers is %d and core.parallelism %d: reading can keep releases waiting; make it less", readers, most
        )
    Pool.create_or_update_pool(
        POOL, readers, "Batch yang dibaca dan ditata bersamaan: setelan `readers`.", include_deferred=False
    )


class ReadersPlugin(AirflowPlugin):
    name = "rangkiang_readers"
    listeners = [Readers()]  # noqa: RUF012 - as Airflow wants it
