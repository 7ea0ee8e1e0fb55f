"""docs/production.md says what to do about everything that an operator may meet."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from deploy.compose import make_secrets
from rangkiang import catalogue, errors
from rangkiang.cli import cli
from rangkiang.steps import access


@pytest.fixture(scope="module")
def guide(repository: Path) -> str:
    return (repository / "docs/production.md").read_text()


def section(guide: str, title: str) -> str:
    return guide.split(f"{title}\n", 1)[1].split("\n##", 1)[0]


def test_every_reason_has_its_line(guide: str) -> None:
    lines = [line for line in section(guide, "### Reasons").splitlines() if line.startswith("| `")]
    named = [code for line in lines for code in re.findall(r"`(\w+)`", line.split("|")[1])]
    assert sorted(named) == sorted(catalogue.reasons())


def test_what_nobody_has_to_see_to_is_no_more_than_information(guide: str) -> None:
    (line,) = [line for line in section(guide, "### Reasons").splitlines() if "| nobody |" in line]
    for code in re.findall(r"`(\w+)`", line.split("|")[1]):
        reason = catalogue.reasons()[code]
        assert reason.kind == "finding"
        assert reason.severity is not None
        assert reason.severity.value == "info", code


def test_every_error_that_stops_a_run_is_in_the_runbook(guide: str) -> None:
    alarms = section(guide, "### Alarms")
    for error in (errors.BatchFailed, errors.VerificationFailed, errors.NotApproved):
        assert f"*{error.__name__}*" in alarms
    for word in ("service away", "disk full", "late night", "stuck run", "publish refused", "approval not answered"):
        assert f"**{word}**" in alarms


def test_every_rule_of_prometheus_is_in_the_runbook(guide: str, repository: Path) -> None:
    rules = yaml.safe_load((repository / "deploy/grafana/rules.yaml").read_text())["groups"]
    named = {rule["alert"] for group in rules for rule in group["rules"] if "alert" in rule}
    assert named == set(re.findall(r"^\| `(Rangkiang\w+)`", section(guide, "### Alarms"), re.MULTILINE))


def test_every_secret_can_be_rotated_as_written(guide: str, repository: Path) -> None:
    table = section(guide, "## Rotating secrets")
    for name in re.findall(r"--new ([a-z]\w+)", table):
        assert name in make_secrets.MADE, name
    services = yaml.safe_load((repository / "docker-compose.yaml").read_text())["services"]
    for words in re.findall(r"recreate `([^`]+)`", table):
        assert set(words.split()) <= services.keys(), words
    for name in ("rangkiang_secret", "jwt_secret", "api_secret", "fernet_key", "ledger_password", "redis_password"):
        assert f"--new {name}" in table


def test_the_commands_are_ones_that_there_are(guide: str) -> None:
    coming = {"doctor", "rebuild", "sweep"}  # docs/keeping.md
    for command in re.findall(r"\brangkiang ([a-z]+)\b", guide):
        assert command in cli.commands or command in coming, command
    assert all(f"rangkiang policy {role}" in guide for role in ("worker publisher", "pages", "keeper"))
    assert access.ROLES.keys() == {"worker", "publisher", "pages", "keeper"}


def test_variables_of_compose_are_those_that_the_guide_explains(guide: str, repository: Path) -> None:
    text = (repository / "docker-compose.yaml").read_text()
    assert set(re.findall(r"\$\{(RANGKIANG_\w+)", text)) == set(
        re.findall(r"^\| `(RANGKIANG_\w+)`", guide, re.MULTILINE)
    )


def test_links_lead_somewhere(guide: str, repository: Path) -> None:
    for document in ("production.md", "threat-model.md"):
        text = (repository / "docs" / document).read_text()
        for target in re.findall(r"\]\(([\w./-]+\.md)", text):
            assert (repository / "docs" / target).exists(), f"{document}: {target}"


def test_what_is_allowed_is_explained_until_a_date(repository: Path) -> None:
    rules = tomllib.loads((repository / "deploy/supply/allowed.toml").read_text())["allowed"]
    assert all(rule.keys() == {"package", "id", "why", "until"} for rule in rules)
