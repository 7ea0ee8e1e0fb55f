"""One DAG for each kode tahapan, for all offices together.

gather -> reconcile -> propose -> (ask ->) record -> publish -> verify.

Wiring only. The stages come from the catalogue, the work is done by ``rangkiang.steps``.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import DAG, Asset, AssetOrTimeSchedule, Param, conf, get_current_context, get_parsing_context, task

from rangkiang import answers, catalogue
from wiring import DEADLINE, DEFAULTS, PROVINCE, SETTINGS, SOONER, approvers, daily, opened

DOC = """\
Menerbitkan hasil tahapan **{code} – {name}** dari semua satuan kerja.

1. **gather**: apakah sudah waktunya, dan satuan kerja mana yang sudah menyerahkan.
2. **reconcile**: membandingkan angka antartingkat (TPS, desa/kelurahan, kecamatan, kabupaten/kota, provinsi).
   Selisih yang belum diputuskan menahan kedua dataset; yang sudah terbit tetap.
3. **propose**: menyusun apa yang akan berubah pada portal, sampai angka demi angka, beserta alasannya.
4. **ask**, **record**: menanyakannya kepada koordinator dan mencatat jawabannya. Tanpa persetujuan tidak ada yang
   terbit; yang tidak dijawab dalam {hours:g} jam ditanyakan lagi pada batas waktu berikutnya.
5. **publish**: menyamakan isi portal dengan berkas tersusun yang boleh terbit, persis seperti yang disetujui.
6. **verify**: membaca kembali dari portal dan memastikan isinya benar.

Berjalan begitu satuan kerja selesai menyerahkan. Selama terlalu banyak yang belum, tahapan menunggu; paling lambat
pada batas waktu pagi hari, hasil yang sudah ada diusulkan. Yang dijalankan secara manual tidak menunggu.
"""


def stage_dag(stage: catalogue.Stage, dag_id: str) -> DAG:
    with DAG(
        dag_id,
        dag_display_name=f"{stage.code} {stage.name.id}",
        description=f"Penerbitan hasil tahapan {stage.code}.",
        doc_md=DOC.format(code=stage.code, name=stage.name.id, hours=SETTINGS.approval.hours),
        schedule=AssetOrTimeSchedule(timetable=daily(DEADLINE), assets=Asset(f"stage/{stage.code}")),
        catchup=False,
        max_active_runs=1,
        tags=["rangkiang", "stage", stage.code],
        default_args={**DEFAULTS, "owner": PROVINCE, "priority_weight": SOONER},
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

        @task.branch(task_display_name="Mengusulkan", execution_timeout=timedelta(hours=1))
        def propose() -> str:
            """What would change; a question only where somebody has to say yes, and nobody has said anything."""
            page = f"{conf.get('api', 'base_url', fallback='').rstrip('/')}/papan/persetujuan/"
            with opened() as (steps, barn):
                question = steps.ask(barn, stage.code, page)
            if question is None:
                return "record"
            get_current_context()["ti"].xcom_push("question", question)
            return answers.TASK

        asked = "ti.xcom_pull(task_ids='propose', key='question')"
        ask = HITLOperator(
            task_id=answers.TASK,
            task_display_name="Meminta persetujuan",
            subject=f"{{{{ {asked}['subject'] }}}}",
            body=f"{{{{ {asked}['body'] }}}}",
            options=list(answers.ANSWERS),
            defaults=answers.LATER,
            params={answers.WHY: Param("", type="string", title="Alasan")},
            assigned_users=approvers(),
            response_timeout=timedelta(hours=SETTINGS.approval.hours),
        )

        @task.short_circuit(task_display_name="Mencatat jawaban", trigger_rule="none_failed")
        def record() -> bool:
            """Keep who answered what; what is not approved ends the run here."""
            ti = get_current_context()["ti"]
            question, answer = ti.xcom_pull("propose", key="question"), ti.xcom_pull(answers.TASK)
            with opened() as (steps, barn):
                if answer and answer["responded_by_user"]:
                    ruling = answers.ANSWERS[answer["chosen_options"][0]]
                    why = answer["params_input"].get(answers.WHY, "")
                    steps.hear(barn, question["digest"], ruling, answer["responded_by_user"]["name"], why)
                may: bool = steps.may_publish(barn, stage.code)
                return may

        @task(task_display_name="Menerbitkan", execution_timeout=timedelta(hours=1))
        def publish() -> None:
            with opened() as (steps, barn):
                steps.publish(barn, stage.code)

        @task(task_display_name="Memeriksa portal", execution_timeout=timedelta(hours=1))
        def verify() -> None:
            with opened() as (steps, barn):
                steps.verify(barn, stage.code)

        proposed, recorded = propose(), record()
        gather() >> reconcile() >> proposed >> [ask, recorded]
        ask >> recorded >> publish() >> verify()
    return dag


for _stage in catalogue.stages():
    _dag_id = f"stage__{_stage.code}"
    # A task's process needs its own DAG only; building all of them again for every task is what made tasks slow.
    if get_parsing_context().dag_id in (None, _dag_id):
        globals()[_dag_id] = stage_dag(_stage, _dag_id)
