"""What the DAG files take to parse, beside the import of Airflow's SDK that every task pays anyway.

Run by hand: ``make bench``. Prints CPU seconds and the ratio; lower is better. Aim: all files together under a second.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TRIES = 5
PARSE = """
import sys, time
import airflow.sdk
sys.path.insert(0, sys.argv[1])
began = time.process_time()
for name in sys.argv[2:]:
    exec(compile(open(f"{sys.argv[1]}/{name}").read(), name, "exec"), {"__name__": "dag_file"})
print(time.process_time() - began)
"""
IMPORT = (
    "import time; began = time.process_time(); import airflow.sdk; airflow.sdk.DAG; print(time.process_time() - began)"
)


def seconds(*program: str) -> float:
    """Median over some fresh processes."""
    with tempfile.TemporaryDirectory() as home:
        told = {**os.environ, "AIRFLOW_HOME": home, "PYTHONPATH": str(ROOT / "include")}
        runs = [
            subprocess.run([sys.executable, "-c", *program], env=told, capture_output=True, text=True, check=True)
            for _ in range(TRIES)
        ]
    return statistics.median(float(run.stdout.splitlines()[-1]) for run in runs)


def main() -> None:
    peer = seconds(IMPORT)
    print(f"import airflow.sdk   {peer:6.2f} s")
    files = [path.name for path in sorted((ROOT / "dags").glob("*.py")) if path.name != "wiring.py"]
    for names in (*([name] for name in files), files):
        took = seconds(PARSE, str(ROOT / "dags"), *names)
        called = names[0] if len(names) == 1 else "all of them"
        print(f"parse {called:<14} {took:6.2f} s   {took / peer:5.2f} x")


if __name__ == "__main__":
    main()
