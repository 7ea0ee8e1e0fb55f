"""One DAG that goes on where people have decided: it starts the DAG of every office whose figures do not know it yet.

Wiring only. What was decided is asked of the ledger, so that it is found whoever decided, by whatever account, and
whether or not the API server lived to ask for the run.
"""

from __future__ import annotations

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import DAG, get_parsing_context, task

from rangkiang import catalogue
from wiring import DEFAULTS, PROVINCE, SOONER, daily, opened

DAG_ID = "decided"
DOC = """\
Melanjutkan pengolahan setelah ada keputusan di **Meja periksa**.

1. **look**: satuan kerja mana yang angkanya belum memuat keputusan yang sudah berlaku.
2. **resume**: menjalankan DAG satuan kerja itu; untuk keputusan yang sama hanya satu kali.

Berjalan setiap sepuluh menit. Bila tidak ada yang baru, selesai setelah `look`.
"""


def decided_dag() -> DAG:
    with DAG(
        DAG_ID,
        dag_display_name="Melanjutkan setelah keputusan",
        description="Menjalankan DAG satuan kerja yang angkanya belum memuat keputusan yang berlaku.",
        doc_md=DOC,
        schedule=daily("*/10 * * * *"),
        catchup=False,
        max_active_runs=1,
        tags=["rangkiang", "decided"],
        default_args={**DEFAULTS, "owner": PROVINCE, "priority_weight": SOONER},
    ) as dag:

        @task.short_circuit(task_display_name="Mencari keputusan baru")
        def look() -> list[dict[str, str]]:
            """A run for each office, named by what was decided: the same is started once."""
            with opened() as (steps, barn):
                decided: dict[str, str] = steps.decided(barn)
            return [
                {"trigger_dag_id": catalogue.office(office).dag_id, "trigger_run_id": f"decided__{what}"}
                for office, what in decided.items()
            ]

        TriggerDagRunOperator.partial(
            task_id="resume", task_display_name="Menjalankan DAG satuan kerja", skip_when_already_exists=True
        ).expand_kwargs(look())
    return dag


# A task's process needs its own DAG only; building all of them again for every task is what made tasks slow.
if get_parsing_context().dag_id in (None, DAG_ID):
    globals()[DAG_ID] = decided_dag()
