"""Everything the processes of Airflow are told, and the secrets that are made on the first run and kept."""

from __future__ import annotations

import base64
import json
import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rangkiang.keeping import kept
from rangkiang.lineage.transport import config
from rangkiang.settings import Account, Settings

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = {
    "admin": Account(role="engineer"),
    "koordinator": Account(role="coordinator"),
    "pemeriksa": Account(role="reviewer"),
    "petugas-agam": Account(role="clerk", offices=("13.06",)),
    "pengamat": Account(role="viewer"),
}
"""An account of each role, to see what each may do."""

# The least of Airflow's own roles that lets each do so; plugins/gate narrows it to that.
_SIMPLE = {"engineer": "admin", "coordinator": "user", "reviewer": "user", "clerk": "user", "viewer": "viewer"}
PORT = 8080
Options = Mapping[str, Mapping[str, object]]
"""Of Airflow, by section and name."""

ONE_MACHINE: Options = {"core": {"executor": "LocalExecutor", "parallelism": 4}}

# What every installation has; docker-compose.yaml and the values for Kubernetes say the same. It lets a run outlive the
# death of any part, and costs little while nothing changes (bench/orchestration.py).
EVERYWHERE: Options = {
    # A scheduler that was killed is given up after ten seconds, and its tasks are taken up again. A task whose worker
    # was killed is given up after thirty; it counts as one of its tries. One that was queued, and whose message was
    # lost with the database or the broker, is queued again after three minutes (ten by default).
    "scheduler": {
        "job_heartbeat_sec": 2,
        "orphaned_tasks_check_interval": 10,
        "scheduler_health_check_threshold": 10,
        "scheduler_heartbeat_sec": 2,
        "task_instance_heartbeat_timeout": 30,
        "task_instance_heartbeat_timeout_detection_interval": 5,
        "task_queued_timeout": 180,
        "task_queued_timeout_check_interval": 15,
        # A round spends 25 ms on each run it looks at, and by default looks at all, every second. Here a round looks at
        # four in turn, and where nothing has happened the next comes after two seconds. What is ready is started by
        # every round; what becomes ready is found within ten seconds when twenty offices are at work.
        "max_dagruns_per_loop_to_schedule": 4,
        "scheduler_idle_sleep_time": 2,
    },
    # DAG files change with a release of the program: one process (two by default) reads them every ten minutes (half a
    # minute), and at once what has been edited.
    "dag_processor": {"parsing_processes": 1, "min_file_process_interval": 600},
    "workers": {
        # Airflow 3.3 often misses that a task has ended until this many seconds have passed (5 by default).
        "min_heartbeat_interval": 1,
        # A task goes on while the API server or its database is away. What it has to tell them, signs of life included,
        # it tries for about a minute, at most ten seconds apart; and one sign that is lost is not its end.
        "max_failed_heartbeats": 60,
        "execution_api_retries": 12,
        "execution_api_retry_wait_max": 10,
    },
}
_FOREIGN = ("AIRFLOW_", "RANGKIANG_")  # of another Airflow, or in the settings already


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of Airflow on this machine: its logs, its secrets, and what it remembers of its last start."""

    folder: Path

    @classmethod
    def of(cls, settings: Settings) -> Home:
        folder = settings.home.resolve() / "airflow"
        for name in ("logs", "marks"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        return cls(folder)

    @property
    def logins_file(self) -> Path:
        return self.folder / "logins.json"

    def logins(self) -> dict[str, str]:
        """Password by user; made on the first call."""
        return _kept(self.logins_file, {user: secrets.token_urlsafe(12) for user in PEOPLE})

    def keys(self) -> dict[str, str]:
        """The keys that sign and encrypt; made on the first call."""
        fernet = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        made = {"fernet": fernet, "jwt": secrets.token_urlsafe(48), "api": secrets.token_urlsafe(48)}
        return _kept(self.folder / "keys.json", made)

    def log(self, name: str) -> Path:
        return self.folder / "logs" / f"{name}.log"

    def mark(self, name: str) -> Path:
        """The file that a process and all it forks hold open: see ``processes``."""
        return self.folder / "marks" / name


def _kept(path: Path, made: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = json.loads(kept(path, json.dumps(made)))
    return found


@contextmanager
def port_of_our_own(wanted: int = PORT) -> Iterator[int]:
    """``wanted``, or the first after it that nobody listens at, kept from other starts of this program until the end.

    Ten seconds pass until the API server listens there, and a second start in that time would choose the same one.
    Raises OSError where a hundred are taken.
    """
    for port in range(wanted, wanted + 100):
        with socket.socket(socket.AF_UNIX) as claim, socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                claim.bind(f"\0rangkiang-port-{port}")  # a name in memory, gone with this process
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            probe.close()
            yield port
            return
    raise OSError(f"The ports from {wanted} to {wanted + 99} of 127.0.0.1 are all taken.")


def environment(
    settings: Settings, metadata: str, ledger: str, port: int, executor: Options = ONE_MACHINE
) -> dict[str, str]:
    """The environment of every process: ours over what this process has.

    ``metadata`` and ``ledger`` are database URLs; ``port`` is where the API and the web page listen, on 127.0.0.1;
    ``executor`` says who runs the tasks, and how many.
    """
    home = Home.of(settings)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN) and k not in _UNSET}
    return {
        **inherited,
        **_around(home),
        **_settings(settings, ledger),
        **_airflow(settings, home, metadata, port),
        **named(executor),
    }


def people(settings: Settings) -> dict[str, Account]:
    """Who the accounts are: those made here, and those that the settings name."""
    return PEOPLE | settings.people


_UNSET = {"PYTHONDONTWRITEBYTECODE"}  # without compiled files every start takes twice as long


def _around(home: Home) -> dict[str, str]:
    return {
        "AIRFLOW_HOME": str(home.folder),
        "PYTHONPATH": str(ROOT / "include"),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "GX_ANALYTICS_ENABLED": "false",
        "SCARF_ANALYTICS": "false",
        "TQDM_DISABLE": "1",
        # Four tasks share the machine: libraries that start a thread for every core would only get in each other's way.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _settings(settings: Settings, ledger: str) -> dict[str, str]:
    """The settings as they stand here, whatever folder a task is run in, and who the accounts made here are."""
    named = settings.model_copy(update={"people": people(settings), "ledger": ledger})
    values = named.model_dump(mode="json") | {"home": str(settings.home.resolve())}
    told = {name: json.dumps(value) if isinstance(value, dict) else str(value) for name, value in values.items()}
    return {f"RANGKIANG_{name.upper()}": value for name, value in told.items()}


def _lineage(settings: Settings) -> dict[str, object]:
    """Rangkiang writes its own events, of what it really read and wrote. Those of Airflow, of its DAG runs and tasks,
    go to the same place, where they are asked for."""
    if not settings.airflow_lineage:
        return {"disabled": True}
    return {"disabled": False, "namespace": "airflow", "transport": json.dumps(config(settings.lineage_url))}


def _airflow(settings: Settings, home: Home, metadata: str, port: int) -> dict[str, str]:
    url, keys = f"http://127.0.0.1:{port}", home.keys()
    home.logins()
    options: Options = {
        "core": {
            "auth_manager": "gate.simple.AuthManager",
            "dags_are_paused_at_creation": False,
            "dags_folder": ROOT / "dags",
            "default_timezone": "Asia/Jakarta",
            "execution_api_server_url": f"{url}/execution/",
            "fernet_key": keys["fernet"],
            "lazy_load_plugins": False,  # plugins/preload.py must run before the workers are forked
            "load_examples": False,
            "max_active_tasks_per_dag": 4,
            "plugins_folder": ROOT / "plugins",
            "simple_auth_manager_passwords_file": home.logins_file,
            "simple_auth_manager_users": ",".join(f"{user}:{_SIMPLE[a.role]}" for user, a in PEOPLE.items()),
        },
        "api": {
            "base_url": url,
            "host": "127.0.0.1",
            "port": port,
            "secret_key": keys["api"],
            "workers": 1,
        },
        "api_auth": {"jwt_secret": keys["jwt"]},
        "database": {"sql_alchemy_conn": metadata, "sql_alchemy_pool_size": 5, "sql_alchemy_max_overflow": 10},
        "logging": {
            "base_log_folder": home.folder / "logs",
            "logging_level": "WARNING",
            "namespace_levels": "rangkiang=INFO airflow.sdk.api.client=ERROR",
        },
        "openlineage": _lineage(settings),
        **EVERYWHERE,
    }
    return named(options)


def named(options: Options) -> dict[str, str]:
    """The options as the environment names them."""
    return {f"AIRFLOW__{s}__{name}".upper(): str(v) for s, values in options.items() for name, v in values.items()}
