"""One DAG that looks after the house every night: align -> sweep -> examine.

Wiring only. What is wrong is listed in the log of ``examine``, which then fails, with what to do about each.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from airflow.sdk import DAG, get_parsing_context, task

from rangkiang.errors import Unwell
from wiring import DEFAULTS, PROVINCE, daily, opened

DAG_ID = "upkeep"
DOC = """\
Merawat sistem setiap pagi, sesudah malam pengolahan.

1. **align**: melengkapi jurnal dan buku besar bila suatu proses terhenti di antara keduanya.
2. **sweep**: menghapus turunan yang sudah lewat masa simpannya dan dapat dibuat ulang. Berkas asli, hasil tersusun,
   semua versi yang pernah terbit, dan jurnal tidak pernah dihapus.
3. **examine**: memeriksa semua yang dijanjikan; yang tidak terpenuhi dicatat beserta cara mengatasinya.
"""


def upkeep_dag() -> DAG:
    with DAG(
        DAG_ID,
        dag_display_name="Perawatan",
        description="Melengkapi jurnal, menghapus turunan lama, memeriksa semua yang dijanjikan.",
        doc_md=DOC,
        schedule=daily("0 6 * * *"),
        catchup=False,
        max_active_runs=1,
        tags=["rangkiang", "upkeep"],
        default_args={**DEFAULTS, "owner": PROVINCE},
    ) as dag:

        @task(task_display_name="Melengkapi jurnal")
        def align() -> None:
            with opened() as (steps, barn):
                steps.align(barn)

        @task(task_display_name="Menghapus turunan lama", execution_timeout=timedelta(hours=1))
        def sweep() -> int:
            with opened() as (steps, barn):
                return len(steps.sweep(barn))

        @task(task_display_name="Memeriksa", trigger_rule="all_done", execution_timeout=timedelta(hours=2))
        def examine() -> None:
            with opened() as (steps, barn):
                found = steps.examine(barn)
            for one in found:
                logging.getLogger(__name__).error("%s: %s: %s. To do: %s", one.code, one.subject, one.said, one.do)
            if found:
                raise Unwell(len(found))

        align() >> sweep() >> examine()
    return dag


# A task's process needs its own DAG only; building all of them again for every task is what made tasks slow.
if get_parsing_context().dag_id in (None, DAG_ID):
    globals()[DAG_ID] = upkeep_dag()
