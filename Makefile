# Everything a person does here. `make help` lists it. Needs python3 (3.11 to 3.13) and make; installs the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
TRAINING := .venv-train
READY := .venv/.ready
S3_TESTS := tests/store/test_store.py tests/services/test_s3_server.py tests/services/test_night_on_s3.py tests/services/test_access.py
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

export PYTHONPATH := include:.
export RANGKIANG_HOME ?= var
unexport PYTHONDONTWRITEBYTECODE  # compiled files halve the time of every start

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(READY) ## install what is missing: system packages, then the locked set into .venv

$(READY): uv.lock pyproject.toml
	@deploy/local/system-packages "$(PYTHON)" $(SUDO)
	@echo "Making .venv with $$($(PYTHON) --version) and the locked set of packages (uv.lock) ..."
	@test -x .tools/bin/uv || { $(PYTHON) -m venv .tools && .tools/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); }
	@test -x $(BIN)/python || $(PYTHON) -m venv --without-pip .venv
	@.tools/bin/uv sync --quiet --frozen --compile-bytecode --python $(BIN)/python
	@touch $@

demo: setup ## the main job on embedded defaults: 20 offices' sample files, from inbox to published data
	@$(BIN)/python -m samples.demo --out $(RANGKIANG_HOME)/samples
	@test -e $(RANGKIANG_HOME)/rangkiang.toml || cp samples/demo.toml $(RANGKIANG_HOME)/rangkiang.toml
	@$(BIN)/python -m deploy.local.demo $(RANGKIANG_HOME)/samples

demo-real: export RANGKIANG_HOME := var/real
demo-real: setup ## the same DAGs on the real figures of 2019: make demo-real DATA=../shared/data/sumbar2019
	@test -d "$(DATA)" || { echo "Say where the data are: make demo-real DATA=../shared/data/sumbar2019"; exit 2; }
	@$(BIN)/python -m samples.real --data "$(DATA)" --out $(RANGKIANG_HOME)/samples
	@test -e $(RANGKIANG_HOME)/rangkiang.toml || cp samples/real.toml $(RANGKIANG_HOME)/rangkiang.toml
	@$(BIN)/python -m deploy.local.demo $(RANGKIANG_HOME)/samples

up: setup ## Airflow in the foreground; prints its address and login
	@$(BIN)/python -m deploy.local.up

test: setup ## the tests, side by side on all cores (those of one file share what they build and stay together)
	@$(BIN)/python -m pytest -q -n logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder

test-s3: setup ## the S3 store, and a whole night, on a real S3 server: Ceph, installed where missing
	@deploy/services/ceph $(RANGKIANG_HOME)/ceph $(BIN)/python -m pytest -q $(S3_TESTS)

test-portal: setup ## the publisher, and its faults, on a real CKAN 2.12, installed where missing
	@deploy/services/ckan $(RANGKIANG_HOME)/ckan $(BIN)/python -m pytest -q tests/portal_ckan

test-cluster: setup ## nights on two Celery workers, Redis, Debian's PostgreSQL and Ceph; each part killed in their middle
	@deploy/services/cluster $(RANGKIANG_HOME)/cluster $(BIN)/python -m pytest -q tests/cluster

test-slow: setup ## what takes minutes under a real Airflow: S3 that is away for one, a DAG that is edited while it runs
	@RANGKIANG_TEST_SLOW=1 $(BIN)/python -m pytest -q tests/airflow/test_s3_away.py tests/airflow/test_dag_edited.py

test-browser: setup ## from the board to the release in Chromium, on a real Airflow; installs Chromium where it is missing
	@command -v chromedriver >/dev/null || $(SUDO) apt-get install -qq -y --no-install-recommends chromium chromium-driver
	@CHROMEDRIVER=$$(command -v chromedriver) $(BIN)/python -m pytest -q tests/browser

lint: setup ## ruff, mypy, the rule of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@MYPYPATH=include:dags $(BIN)/mypy --strict dags plugins
	@MYPYPATH=include:. $(BIN)/mypy --strict --explicit-package-bases deploy/local deploy/compose deploy/supply samples bench
	@$(BIN)/lint-imports

audit: setup ## known vulnerabilities of the locked packages; says so where nothing can be asked
	@$(BIN)/python -m deploy.supply.audit

sbom: setup ## what the container image is made of, with licences: build/sbom.cdx.json (CycloneDX)
	@$(BIN)/python -m deploy.supply.sbom build/sbom.cdx.json

lock: ## write uv.lock and requirements.txt anew from pyproject.toml
	@.tools/bin/uv lock
	@.tools/bin/uv export --quiet --frozen --no-hashes --no-dev --no-emit-project --no-header --extra cluster -o requirements.txt

soak: setup ## fifty nights of arrivals, corrections and faults; SEED=… for others
	@$(BIN)/python bench/soak.py --seed $(or $(SEED),2019)

bench: setup ## measure, by hand; prints ratios
	@for file in $(filter-out bench/soak.py,$(wildcard bench/*.py)); do echo "== $$file"; $(BIN)/python $$file || exit 1; done

model: setup ## make what reads scans anew: fonts, PyTorch in .venv-train, two hours of training, the models' cards
	@test -x $(TRAINING)/bin/python || $(PYTHON) -m venv $(TRAINING)
	@$(TRAINING)/bin/pip install --quiet --disable-pip-version-check -r training/requirements.txt
	@$(SUDO) apt-get install -qq -y --no-install-recommends $$($(TRAINING)/bin/python -m training fonts)
	@for step in train calibrate card; do $(TRAINING)/bin/python -m training $$step || exit 1; done
	@$(TRAINING)/bin/python -m training.handwritten
	@$(TRAINING)/bin/python -m training.turns
	@$(TRAINING)/bin/python -m training.letters .venv/lib/python3*/site-packages/rapidocr/models/PP-OCRv6_rec_small.onnx

clean: ## remove what was made here, the environments included
	rm -rf var .venv .venv-train .ckan .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build *.egg-info include/*.egg-info

.PHONY: help setup demo demo-real up test test-s3 test-portal test-cluster test-slow test-browser lint audit sbom lock soak bench model clean
