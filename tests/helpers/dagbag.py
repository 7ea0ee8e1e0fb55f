"""Run as a program: reads a DAG folder as Airflow's DAG processor does, and prints what it found as JSON.

A process of its own, because Airflow takes its settings from the environment when it is first imported.
Arguments: the folder, and where only one DAG is wanted, as in a task's process, its id.
"""

from __future__ import annotations

import json
import sys
from typing import Any

HEAVY = ("pandas", "camelot", "great_expectations", "openpyxl", "sqlalchemy.orm", "rangkiang.steps", "rangkiang.ledger")


def main(folder: str, only: str | None = None) -> None:
    sys.path.insert(0, folder)
    known = set(sys.modules)
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk.definitions._internal.dag_parsing_context import _airflow_parsing_context_manager as parsing

    light = set(sys.modules)
    with parsing(dag_id=only):
        bag = DagBag(dag_folder=folder, bundle_name="dags-folder")
    heavy = sorted(name for name in HEAVY if name in sys.modules and name not in light | known)
    dags = {dag_id: _described(dag) for dag_id, dag in bag.dags.items()}
    print(json.dumps({"errors": bag.import_errors, "heavy": heavy, "dags": dags}))


def _described(dag: Any) -> dict[str, Any]:
    return {
        "name": dag.dag_display_name,
        "doc": dag.doc_md,
        "tags": sorted(dag.tags),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "params": {name: param.schema for name, param in dag.params.items()} if dag.params else {},
        "schedule": _schedule(dag.timetable),
        "deadlines": [_deadline(one) for one in dag.deadline or ()],
        "tasks": {task.task_id: _task(task) for task in dag.tasks},
    }


def _schedule(timetable: Any) -> dict[str, str]:
    cron = getattr(timetable, "timetable", timetable)
    asset = timetable.asset_condition
    return {"cron": cron.expression, "timezone": str(cron.timezone), "asset": asset.name if asset else ""}


def _deadline(alert: Any) -> dict[str, Any]:
    return {"seconds": alert.interval.total_seconds(), "callback": alert.callback.path}


def _task(task: Any) -> dict[str, Any]:
    return {
        "owner": task.owner,
        "retries": task.retries,
        "retry_policy": task.retry_policy is not None,
        "tells": bool(task.on_failure_callback),
        "pool": task.pool,
        "priority": task.priority_weight,
        "weighed": str(getattr(task.weight_rule, "value", task.weight_rule)),
        "upstream": sorted(task.upstream_task_ids),
        "trigger_rule": task.trigger_rule.value,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
