"""One DAG for each office that hands in files: collect -> (read -> arrange) for each batch -> file -> give_back.

Wiring only. The offices come from the catalogue, the work is done by ``rangkiang.steps``.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import (
    DAG,
    Asset,
    AssetAlias,
    Param,
    get_current_context,
    get_parsing_context,
    task,
    task_group,
)

from rangkiang import catalogue
from wiring import DEFAULTS, READERS, SETTINGS, SOON, SOONER, daily, opened

DOC = """\
Mengolah berkas yang diserahkan **{unit_kerja}** di `inbox/{slug}/`.

1. **collect**: mendata berkas baru, menyimpan aslinya, mengenali jenisnya; yang tidak dapat dipakai dikarantina
   beserta alasannya.
2. **read**: membaca angka dari PDF, XLSX, dan CSV.
3. **arrange**: menata angka, membuktikan penjumlahannya, dan memeriksa mutunya.
4. **file**: menyusun folder `{unit_kerja}/<Kode Tahapan>/<Jenis Dokumen>/`.
5. **give_back**: membuat surat pengembalian di `returned/{slug}/` untuk tiap berkas yang belum dapat digunakan, dan
   mengirimkannya lewat surel bila server surel diatur.

Berjalan setiap malam; bila tidak ada yang baru, selesai setelah `collect`. Dapat dijalankan ulang kapan saja dengan
aman: pekerjaan yang sudah selesai tidak diulang, kecuali dengan `force`.
"""


def params() -> dict[str, Param]:
    """What a person may narrow a run to."""
    stages = [stage.code for stage in catalogue.stages()]
    doctypes = [doctype.code for doctype in catalogue.doctypes()]
    return {
        "stage": Param(None, type=["null", "string"], enum=[None, *stages], title="Kode tahapan (kosong: semua)"),
        "doctype": Param(None, type=["null", "string"], enum=[None, *doctypes], title="Jenis dokumen (kosong: semua)"),
        "force": Param(False, type="boolean", title="Olah ulang yang sudah selesai"),
    }


def office_dag(office: catalogue.Office) -> DAG:
    delivered = AssetAlias(f"delivered/{office.code}")
    with DAG(
        office.dag_id,
        dag_display_name=office.unit_kerja,
        description=f"Berkas {office.unit_kerja}: dari inbox sampai tersusun.",
        doc_md=DOC.format(unit_kerja=office.unit_kerja, slug=office.slug),
        schedule=daily(SETTINGS.nightly),
        catchup=False,
        max_active_runs=1,
        params=params(),
        tags=["rangkiang", office.level.value, office.code],
        default_args={**DEFAULTS, "owner": office.unit_kerja},
    ) as dag:

        @task.short_circuit(task_display_name="Mendata berkas")
        def collect() -> list[list[str]]:
            """Return batches of digests to read; nothing, which ends the run here, where nothing is left to do."""
            params = get_current_context()["params"]
            with opened() as (steps, barn):
                batches = steps.collect(barn, office.code, params["stage"], params["doctype"], params["force"])
                # A run that was killed before `file` has nothing to read, and yet something to file: an empty batch.
                return batches or ([] if steps.settled(barn, office.code) else [[]])

        @task(task_display_name="Membaca", pool=READERS, execution_timeout=timedelta(hours=1))
        def read(batch: list[str]) -> None:
            with opened() as (steps, barn):
                steps.read(barn, office.code, batch)

        # Documents that could not be read do not keep back the others of their batch.
        @task(
            task_display_name="Menata dan memeriksa",
            pool=READERS,
            priority_weight=SOON,
            trigger_rule="all_done",
            execution_timeout=timedelta(hours=1),
        )
        def arrange(batch: list[str]) -> None:
            with opened() as (steps, barn):
                steps.arrange(barn, office.code, batch)

        @task_group(group_display_name="Per kelompok berkas")
        def batch(batch: list[str]) -> None:
            read(batch) >> arrange(batch)

        @task(task_display_name="Menyusun folder", priority_weight=SOONER, trigger_rule="all_done", outlets=[delivered])
        def file() -> list[str]:
            """File what is ready and tell the stages that have something new; returns their codes."""
            with opened() as (steps, barn):
                stages: list[str] = steps.file(barn, office.code)
            events = get_current_context()["outlet_events"][delivered]
            for stage in stages:
                events.add(Asset(f"stage/{stage}"), extra={"office": office.code})
            return stages

        # A mail server that is away keeps no figure back: its stages have been told by then.
        @task(
            task_display_name="Mengembalikan berkas",
            priority_weight=SOON,
            trigger_rule="all_done",
            execution_timeout=timedelta(hours=1),
        )
        def give_back() -> None:
            with opened() as (steps, barn):
                steps.give_back(barn, office.code)

        # `file` runs whatever became of the batches, so something else must make a run with a failed batch fail.
        @task(task_display_name="Ada yang gagal", trigger_rule="one_failed", retries=0)
        def alarm() -> None:
            raise RuntimeError("Sebagian berkas gagal diolah; lihat tugas yang merah. Berkas lainnya sudah disusun.")

        batches = batch.expand(batch=collect())
        filed, returned = file(), give_back()
        batches >> filed >> returned
        [dag.get_task("batch.read"), batches, filed, returned] >> alarm()
    return dag


for _office in catalogue.offices():
    # A task's process needs its own DAG only; building all of them again for every task is what made tasks slow.
    if get_parsing_context().dag_id in (None, _office.dag_id):
        globals()[_office.dag_id] = office_dag(_office)
