"""Airflow as on several machines, on this one: Celery workers, Redis, and a PostgreSQL that holds all that is known.

``python -m deploy.local.cluster COMMAND…`` runs the command beside it, and ends with it; RANGKIANG_TEST_CLUSTER names a
file that says where it is. The object store is the one that the settings name; ``deploy/services/cluster`` starts one
too. Who is killed is started again; in ``<home>/airflow/marks/NAME`` stands the process id of each.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.environment import Home, Options, environment, port_of_our_own
from deploy.local.processes import say
from deploy.local.servers import postgres, redis
from deploy.local.up import PARTS, Airflow, AlreadyRunning, NotStarted, alone, end_on_signals, serving, watching
from rangkiang.keeping import kept
from rangkiang.settings import Settings

SLOTS = 2
"""Tasks that a worker runs at once. One of them reads: half of all slots stay free for what is short."""


def executor(broker: str, results: str, workers: int) -> Options:
    """What Airflow is told about Celery. docker-compose.yaml and the values for Kubernetes say the same."""
    return {
        # What is queued starts at once: who goes first is chosen by Airflow's priorities, not by Redis's order.
        "core": {"executor": "CeleryExecutor", "parallelism": workers * SLOTS},
        "celery": {
            "broker_url": broker,
            "result_backend": results,
            "worker_concurrency": SLOTS,
            "worker_prefetch_multiplier": 1,  # nothing waits behind a long task while another worker is idle
            "task_acks_late": True,  # what a killed worker had taken comes back …
            "operation_timeout": 10,
        },
        # … after a minute. To a task that still runs this does nothing: Airflow refuses the second start.
        "celery_broker_transport_options": {"visibility_timeout": 60},
    }


@contextmanager
def cluster(settings: Settings, workers: int) -> Iterator[tuple[Airflow, Settings]]:
    """Start everything, and end it in order afterwards; with the settings that all its processes have.

    Raises AlreadyRunning and NotStarted.
    """
    home = Home.of(settings)
    with alone(home), postgres(home) as database, redis(home) as broker, port_of_our_own() as port:
        metadata = f"postgresql+psycopg2://{database.address}/airflow"
        ledger = f"postgresql+psycopg://{database.address}/rangkiang"
        shared = settings.model_copy(update={"ledger": ledger, "readers": workers * (SLOTS - 1)})
        celery = executor(f"redis://{broker.address}/0", f"db+{metadata}", workers)
        told = environment(shared, metadata, ledger, port, celery)
        with watching((database.child, broker.child)), serving(home, told, PARTS | _workers(workers)) as airflow:
            yield airflow, shared


def _workers(count: int) -> dict[str, list[str]]:
    options = ["--skip-serve-logs", "--without-mingle", "--without-gossip", "--celery-hostname"]
    return {name: ["celery", "worker", *options, name] for name in (f"worker-{n + 1}" for n in range(count))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("command", nargs=argparse.REMAINDER, help="with its arguments")
    arguments = parser.parse_args()
    end_on_signals()
    try:
        with cluster(Settings(), arguments.workers) as (airflow, settings):
            say(
                f"Airflow runs at {airflow.url} with {arguments.workers} workers (logs: {airflow.home.folder / 'logs'})"
            )
            said = airflow.home.folder / "cluster.json"
            kept(said, json.dumps({"url": airflow.url, "settings": settings.model_dump(mode="json")}))
            # Not as settings of its own: what the command does without the cluster must not get there.
            beside = {name: value for name, value in os.environ.items() if not name.startswith("RANGKIANG_")}
            beside["RANGKIANG_TEST_CLUSTER"] = str(said)
            ended = subprocess.run(arguments.command, env=beside, check=False).returncode
    except (AlreadyRunning, NotStarted) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(ended)


if __name__ == "__main__":
    main()
