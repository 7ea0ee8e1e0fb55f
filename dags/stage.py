"""One DAG for each kode tahapan, for all offices together: gather -> reconcile -> publish -> verify.

Wiring only. The stages come from the catalogue, the work is done by ``rangkiang.steps``.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, Asset, AssetOrTimeSchedule, get_current_context, get_parsing_context, task

from rangkiang import catalogue
from wiring import DEADLINE, DEFAULTS, PROVINCE, daily, opened

DOC = """\
Menerbitkan hasil tahapan **{code} – {name}** dari semua satuan kerja.

1. **gather**: apakah sudah waktunya, dan satuan kerja mana yang sudah menyerahkan.
2. **reconcile**: membandingkan angka antartingkat (TPS, desa/kelurahan, kecamatan, kabupaten/kota, provinsi).
   Selisih yang belum diputuskan menahan kedua dataset; yang sudah terbit tetap.
3. **publish**: menyamakan isi portal dengan berkas tersusun yang boleh terbit.
4. **verify**: membaca kembali dari portal dan memastikan isinya benar.

Berjalan begitu satuan kerja selesai menyerahkan. Selama terlalu banyak yang belum, tahapan menunggu; paling lambat
pada batas waktu pagi hari, hasil yang sudah ada diterbitkan. Yang dijalankan secara manual tidak menunggu.
"""


def stage_dag(stage: catalogue.Stage, dag_id: str) -> DAG:
    with DAG(
        dag_id,
        dag_display_name=f"{stage.code} {stage.name.id}",
        description=f"Penerbitan hasil tahapan {stage.code}.",
        doc_md=DOC.format(code=stage.code, name=stage.name.id),
        schedule=AssetOrTimeSchedule(timetable=daily(DEADLINE), assets=Asset(f"stage/{stage.code}")),
        catchup=False,
        max_active_runs=1,
        tags=["rangkiang", "stage", stage.code],
        default_args={**DEFAULTS, "owner": PROVINCE},
    ) as dag:

        @task.short_circuit(task_display_name="Mengumpulkan")
        def gather() -> list[str]:
            """The offices to go ahead with; nothing, which ends the run here, where it is too early or all is out."""
            waits = get_current_context()["dag_run"].run_type == "asset_triggered"
            with opened() as (steps, barn):
                offices: list[str] = steps.gather(barn, stage.code, deadline=not waits)
                return offices

        @task(task_display_name="Membandingkan antartingkat", execution_timeout=timedelta(hours=1))
        def reconcile() -> None:
            with opened() as (steps, barn):
                steps.reconcile(barn, stage.code)

        @task(task_display_name="Menerbitkan", execution_timeout=timedelta(hours=1))
        def publish() -> None:
            with opened() as (steps, barn):
                steps.publish(barn, stage.code)

        @task(task_display_name="Memeriksa portal", execution_timeout=timedelta(hours=1))
        def verify() -> None:
            with opened() as (steps, barn):
                steps.verify(barn, stage.code)

        gather() >> reconcile() >> publish() >> verify()
    return dag


for _stage in catalogue.stages():
    _dag_id = f"stage__{_stage.code}"
    # A task's process needs its own DAG only; building all of them again for every task is what made tasks slow.
    if get_parsing_context().dag_id in (None, _dag_id):
        globals()[_dag_id] = stage_dag(_stage, _dag_id)
