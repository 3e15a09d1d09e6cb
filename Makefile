# Targets for people and for CI. Everything lives in this folder: .build/ (tools), apps/backend/.venv, .data/ (demo and serve).
PYTHON ?= python3
BACKEND := apps/backend
BIN := $(BACKEND)/.venv/bin
UV := .build/uv/bin/uv
UV_VERSION := 0.13.9
CORPUS ?= ../shared/corpus
DATA := $(CURDIR)/.data
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
# Once, and not in every process that starts: many are started by tests, and workers start sooner.
export UV_COMPILE_BYTECODE := 1

.PHONY: help setup demo test check lint serve bench eval chaos security fuzz supply corpus clean

help: ## This list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(BACKEND)/.venv/.ready ## Install everything into this folder

$(UV):
	$(PYTHON) -m venv .build/uv
	.build/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(BACKEND)/.venv/.ready: $(BACKEND)/uv.lock $(BACKEND)/pyproject.toml | $(UV)
	cd $(BACKEND) && ../../$(UV) sync --frozen --quiet --python $(PYTHON)
	cd $(BACKEND) && .venv/bin/python -m app.modules.imports.adapters.ocr.prepare
	touch $@

demo: setup ## Import samples/ with embedded parts and show what came of each file
	IMPORTS_ENABLED=1 IMPORTS_DATA_DIR=$(DATA) $(BIN)/gestiq-imports run samples/documents --key --tenant "demo $$(date +%H:%M:%S)"

serve: setup ## API and review console on http://127.0.0.1:8000
	IMPORTS_ENABLED=1 IMPORTS_DATA_DIR=$(DATA) $(BIN)/gestiq-imports serve

test: setup ## All tests, with a real PostgreSQL and a real broker
	cd $(BACKEND) && .venv/bin/python -m pytest -n 3 --dist loadfile

lint: setup
	cd $(BACKEND) && .venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports

check: lint test ## Format, lint, types, layers and tests: what CI runs

bench: setup ## Speed, beside a naive chain of tasks in the same run
	cd $(BACKEND) && .venv/bin/python -m bench $(ARGS)

eval: setup ## Accuracy on layouts held back, and on the development corpus where there is one
	cd $(BACKEND) && .venv/bin/python -m corpus.evaluate $(EVAL_ARGS)
	@if [ -d $(CORPUS)/dev ]; then \
	  PREDICTIONS=$$(mktemp) && (cd $(CORPUS)/dev && "$(CURDIR)/$(BIN)/gestiq-imports" extract . --jsonl "$$PREDICTIONS") && \
	  $(BIN)/python $(CORPUS)/score.py $(CORPUS)/dev "$$PREDICTIONS" $(ARGS); rm -f "$$PREDICTIONS"; \
	else echo "no corpus at $(CORPUS)/dev: set CORPUS=…"; fi

chaos: setup ## Every fault of the matrix against a real site, one line each (SHORT=1: about seven minutes)
	cd $(BACKEND) && .venv/bin/python -m chaos $(if $(SHORT),--short) $(ARGS)

security: setup supply ## Tenants, parser walls, abuses, generated requests, hostile files: cases tried and passed (SHORT=1)
	cd $(BACKEND) && .venv/bin/python -m security $(if $(SHORT),--short) $(ARGS)

supply: setup ## A list of all parts (.build/sbom.json), and the pinned packages against known vulnerabilities
	cd $(BACKEND) && ../../$(UV) export --frozen --no-dev --quiet --format cyclonedx1.5 -o ../../.build/sbom.json
	cd $(BACKEND) && ../../$(UV) export --frozen --no-dev --no-emit-project --quiet -o ../../.build/requirements.txt
	cd $(BACKEND) && .venv/bin/python -m security.supply ../../.build/requirements.txt

fuzz: setup ## Coverage-guided fuzzing of every reader (ARGS="--seconds 300 pdf ofx")
	cd $(BACKEND) && ../../$(UV) sync --frozen --quiet --group fuzz && .venv/bin/python -m fuzz $(ARGS)

corpus: setup ## Our own documents with their truth, into .data/corpus (ARGS="--count 60 --seed 1")
	cd $(BACKEND) && .venv/bin/python -m corpus $(DATA)/corpus $(ARGS)

clean: ## Remove what was installed and the demo's data
	rm -rf .build .data $(BACKEND)/.venv $(BACKEND)/.build
