"""One DAG that lets the work be seen: it sends the numbers, and tells coordinators what has not gone out yet.

Wiring only. It is there where the settings name a collector, or somebody who is to be told.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, get_parsing_context, task

from wiring import DEFAULTS, PROVINCE, SETTINGS, daily, opened

DAG_ID = "watch"
DOC = """\
Memperlihatkan jalannya pekerjaan kepada yang perlu tahu.

1. **observe**: mengirim jumlah dokumen, angka, temuan, antrean dan lamanya pengolahan ke pengumpul metrik
   (`metrics` dalam pengaturan). Pengumpul yang sedang tidak ada tidak menghentikan apa pun.
2. **remind**: mencari pengolahan malam yang terlambat, dan menyampaikan kabar yang belum terkirim kepada koordinator
   (`[alerts]` dalam pengaturan). Tiap sebab disampaikan satu kali semalam.

Berjalan setiap sepuluh menit.
"""


def watch_dag() -> DAG:
    with DAG(
        DAG_ID,
        dag_display_name="Pengamatan",
        description="Mengirim metrik dan mengabari koordinator.",
        doc_md=DOC,
        schedule=daily("*/10 * * * *"),
        catchup=False,
        max_active_runs=1,
        tags=["rangkiang", "watch"],
        # The next run comes soon, and what it says has all of this in it.
        default_args={**DEFAULTS, "owner": PROVINCE, "retries": 0, "execution_timeout": timedelta(minutes=5)},
    ) as dag:
        if SETTINGS.metrics:

            @task(task_display_name="Mengirim metrik")
            def observe() -> None:
                with opened() as (steps, barn):
                    steps.observe(barn)

            observe()

        if SETTINGS.alerts.named:

            @task(task_display_name="Mengabari koordinator")
            def remind() -> None:
                from rangkiang import alerts

                alerts.catch_up(SETTINGS)

            remind()
    return dag


# A task's process needs its own DAG only; building all of them again for every task is what made tasks slow.
if get_parsing_context().dag_id in (None, DAG_ID) and (SETTINGS.metrics or SETTINGS.alerts.named):
    globals()[DAG_ID] = watch_dag()
