"""The values for the Airflow chart and what stands around it, without a cluster or helm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local.environment import EVERYWHERE
from rangkiang.settings import Settings


@pytest.fixture(scope="module")
def values(repository: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((repository / "deploy/kubernetes/values.yaml").read_text())
    return loaded


@pytest.fixture(scope="module")
def around(repository: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((repository / "deploy/kubernetes/around.yaml").read_text()))


@pytest.fixture(scope="module")
def environment(values: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["value"] for one in values["env"]}


def test_the_settings_know_every_key_and_nothing_shared_is_left_out(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Path
) -> None:
    ours = {key.removeprefix("RANGKIANG_").lower() for key in environment if key.startswith("RANGKIANG_")}
    assert ours <= {*Settings.model_fields, "settings", "secrets"}
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setenv("RANGKIANG_SECRETS", str(tmp_path))
    monkeypatch.setenv("RANGKIANG_SETTINGS", str(repository / "rangkiang.toml"))
    settings = Settings()
    assert settings.machines == "several"
    assert settings.store_url and settings.portal_url and settings.lineage_url  # noqa: PT018 - none raises


def test_airflow_knows_every_option(values: dict[str, Any]) -> None:
    pytest.importorskip("airflow.providers.cncf.kubernetes", reason="the extra 'cluster' is not installed")
    from airflow.configuration import conf
    from airflow.providers.cncf.kubernetes.get_provider_info import get_provider_info

    known = {s: set(about["options"]) for s, about in conf.configuration_description.items()}
    known |= {s: set(about["options"]) for s, about in get_provider_info()["config"].items()}
    known |= {"openlineage": {"disabled"}}
    for section, options in values["config"].items():
        assert options.keys() <= known[section], section


def test_runs_outlive_the_death_of_a_part_as_they_do_in_the_tests(values: dict[str, Any]) -> None:
    for section, options in EVERYWHERE.items():
        assert {name: str(value) for name, value in options.items()} == values["config"][section]


def test_what_parses_foreign_files_gets_more_and_nothing_else_does(values: dict[str, Any], repository: Path) -> None:
    models = pytest.importorskip("kubernetes.client.models", reason="the extra 'cluster' is not installed")
    hook: dict[str, Any] = {}
    exec(values["airflowLocalSettings"], hook)  # noqa: S102 - as Airflow imports it
    small = models.V1ResourceRequirements(limits={"memory": "1536Mi"})

    def pod(task: str) -> Any:
        containers = [models.V1Container(name=name, resources=small) for name in ("base", "beside")]
        about = models.V1ObjectMeta(annotations={"task_id": task})
        made = models.V1Pod(metadata=about, spec=models.V1PodSpec(containers=containers))
        hook["pod_mutation_hook"](made)
        return made

    large = pod("batch.read").spec.containers
    assert large[0].resources["limits"]["memory"] == "4Gi"
    assert large[1].resources is small
    assert pod("file").spec.containers[0].resources is small
    text = (repository / "dags/office.py").read_text()
    assert all(f"def {task.partition('.')[2]}(" in text for task in hook["LARGE"])
    assert "def batch(" in text


def test_every_pod_is_confined(values: dict[str, Any], around: list[dict[str, Any]]) -> None:
    pods, containers = values["securityContexts"]["pod"], values["securityContexts"]["containers"]
    (site,) = [one for one in around if one["kind"] == "Deployment"]
    own = site["spec"]["template"]["spec"]
    for pod in (pods, own["securityContext"]):
        assert pod["runAsNonRoot"] is True
        assert pod["runAsUser"] > 0
        assert pod["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in (containers, own["containers"][0]["securityContext"]):
        assert container["readOnlyRootFilesystem"] is True
        assert container["allowPrivilegeEscalation"] is False
        assert container["capabilities"] == {"drop": ["ALL"]}
    for part in ("workers", "apiServer", "scheduler", "dagProcessor", "triggerer", "migrateDatabaseJob"):
        assert values[part]["resources"]["limits"].keys() == {"cpu", "memory"}, part
    assert own["automountServiceAccountToken"] is False


def test_no_secret_stands_in_the_values(values: dict[str, Any]) -> None:
    for key in ("fernetKey", "jwtSecret", "apiSecretKey", "webserverSecretKey"):
        assert key not in values
    assert "metadataConnection" not in values["data"]
    assert all("SECRET" not in one["name"] or one["value"].startswith("/") for one in values["env"])


def test_every_claim_and_mount_is_there(values: dict[str, Any], around: list[dict[str, Any]]) -> None:
    assert [one["name"] for one in values["volumes"]] == [one["name"] for one in values["volumeMounts"]]
    claims = {one["metadata"]["name"] for one in around if one["kind"] == "PersistentVolumeClaim"}
    named = {one["persistentVolumeClaim"]["claimName"] for one in values["volumes"] if "persistentVolumeClaim" in one}
    assert named | {values["logs"]["persistence"]["existingClaim"]} == claims


def test_the_site_is_served_as_on_containers(around: list[dict[str, Any]], repository: Path) -> None:
    (told,) = [one["data"]["default.conf"] for one in around if one["kind"] == "ConfigMap"]
    own = (repository / "deploy/compose/portal.conf").read_text()
    assert told.partition("\n")[2].strip() == own.strip()


def test_the_kinds_are_as_the_client_of_kubernetes_has_them(around: list[dict[str, Any]]) -> None:
    """Read into the client's own models: an unknown field or a wrong type of one is told."""
    client = pytest.importorskip("kubernetes.client", reason="the extra 'cluster' is not installed")
    for one in around:
        kind = getattr(client.models, f"V1{one['kind']}")
        _read(client, one, kind.__name__)


def _read(client: Any, given: Any, kind: str) -> None:
    if kind.startswith("list["):
        for one in given:
            _read(client, one, kind[5:-1])
    elif model := getattr(client.models, kind, None):
        fields = {json: model.openapi_types[name] for name, json in model.attribute_map.items()}
        for key, value in given.items():
            assert key in fields, f"{kind} has no {key}"
            _read(client, value, fields[key])
    elif kind in ("str", "int", "bool"):
        assert type(given).__name__ == kind, f"{given!r} is no {kind}"
