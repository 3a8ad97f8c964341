# The commands of this tree. A bare clone needs Python 3.11 or newer and a way to a package index, nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
export LC_ALL := C.UTF-8
export PYTHONUTF8 := 1

# The first Python that is new enough; `make PYTHON=/path/to/python3.12 …` overrides it.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
VENV := $(or $(TALENT_VENV),$(CURDIR)/.venv)
BIN := $(VENV)/bin
SOURCES := shared services gateway deploy/local conftest.py \
	$(foreach folder,tests benchmarks,$(if $(shell find $(folder) -name '*.py' 2>/dev/null),$(folder)))
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

.PHONY: help
help: ## print this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) \
		| while IFS='|' read -r name text; do printf '  \033[1m%-15s\033[0m %s\n' "$$name" "$$text"; done

.PHONY: setup
setup: ## make .venv with everything that building and testing need (idempotent)
	@$(PYTHON) deploy/local/install.py --dev

.PHONY: setup-run
setup-run:
	@$(PYTHON) deploy/local/install.py

.PHONY: lock
lock: setup ## compile requirements/*.in to hashed, address-free locks
	@for name in runtime build dev bench ops; do $(LOCK) requirements/$$name.in -o requirements/$$name.txt; done

.PHONY: format
format: setup ## format the code
	@$(BIN)/ruff format $(SOURCES)
	@$(BIN)/ruff check --quiet --fix $(SOURCES) || true

.PHONY: lint
lint: setup ## ruff: rules and format
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check --quiet $(SOURCES) || { echo "Not formatted; say: make format" >&2; exit 1; }

.PHONY: types
types: setup ## mypy --strict
	@$(BIN)/mypy $(SOURCES)

.PHONY: imports
imports: setup ## the import contracts
	@$(BIN)/lint-imports --no-cache

.PHONY: test
test: lint types imports ## everything: lint, types, imports, all tests, on PostgreSQL and real Kafka (REQUIRE_KAFKA=1 insists)
	@$(BIN)/python -m talent_local.testrun $(PYTEST_ARGS)

.PHONY: contract
contract: setup ## write docs/api/openapi.json, the published interface, anew
	@$(BIN)/python -m gateway.testing.contract

.PHONY: mock
mock: setup ## answer from the contract alone, on port 4010: right shapes, invented values
	@$(BIN)/python -m gateway.testing.mock

.PHONY: sbom
sbom: setup ## write .run/sbom.json: what the images hold (CycloneDX, from the lock)
	@$(BIN)/python -m talent_local.inventory

.PHONY: compose-secrets
compose-secrets: setup-run ## draw the keys and passwords that docker-compose.yml mounts (.run/compose)
	@$(BIN)/python -m talent_local.composing

.PHONY: demo
demo: setup-run ## a whole cohort, from call to certificate, in about two minutes (RESET=1 starts afresh)
	@$(BIN)/talent demo $(if $(filter-out 0,$(RESET)),--reset)

.PHONY: up
up: setup-run ## start the platform, empty or as it was left
	@$(BIN)/talent up

.PHONY: down
down: ## stop the platform; what it knows is kept
	@if [ -x $(BIN)/talent ]; then $(BIN)/talent down; else echo "Nothing is installed, so nothing runs."; fi

.PHONY: status
status: ## what runs, where, and how it is
	@if [ -x $(BIN)/talent ]; then $(BIN)/talent status; else echo "Nothing is installed, so nothing runs."; fi

.PHONY: clean
clean: down ## stop the platform and delete what it and the tools have written (the demo's cohort, too)
	@rm -rf .run .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache deploy/local/kafka/target
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
