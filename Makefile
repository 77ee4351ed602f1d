# Everything lives in .venv: plain venv and pip, exact versions and hashes from the requirement locks.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
HOST := 127.0.0.1
PORT := 8000
# How many tests run side by side (one more than two cores: some wait for a browser or a server), and further words for pytest: make test WORKERS=4 ARGS="-k clock"
WORKERS := 3
ARGS :=
# Tests of one group stay with one worker: they share something slow to make.
PARALLEL = -n $(WORKERS) --dist loadgroup
# Compiled modules are kept, whatever the environment says: else each worker and each command under test compiles them all.
test soak coverage: export PYTHONDONTWRITEBYTECODE :=

STYLE = $(BIN)/ruff check && $(BIN)/ruff format --check

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The stamps say what the environment holds; they go with it when it is removed.
CREATED := $(VENV)/.created
RUNTIME := $(VENV)/.runtime
PROJECT := $(VENV)/.project
DEV := $(VENV)/.dev

.PHONY: help
help: ## list these targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(PROJECT) ## start the server on http://127.0.0.1:8000 (HOST=, PORT=)
	$(BIN)/caseflow serve --host $(HOST) --port $(PORT)

# The types are checked beside the tests: by itself that keeps one core waiting.
.PHONY: test
test: $(DEV) ## check style and types, run all tests (WORKERS=3, ARGS="-k word")
	$(STYLE)
	$(BIN)/mypy & types=$$!; tests=0; $(BIN)/python -m pytest $(PARALLEL) $(ARGS) || tests=$$?; wait $$types; exit $$tests

.PHONY: lint
lint: $(DEV) ## check style and types only
	$(STYLE)
	$(BIN)/mypy

.PHONY: format
format: $(DEV) ## lay the code out as `make lint` wants it
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

# Asks the public database of vulnerabilities, so it needs a network; an environment of its own.
.PHONY: check
check: $(DEV) requirements-check.lock ## the licences of all packages, and those with known vulnerabilities
	$(BIN)/python -m tests.house.licences
	$(PYTHON) -m venv $(VENV)/check
	$(VENV)/check/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements-check.lock
	$(VENV)/check/bin/pip-audit --strict --require-hashes --disable-pip --requirement requirements.lock

.PHONY: soak
soak: $(DEV) ## the same properties as `make test`, with many more examples
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest $(PARALLEL) -m soak $(ARGS)

.PHONY: coverage
coverage: $(DEV) ## run the tests and name the lines they never reach
	$(BIN)/python -m pytest $(PARALLEL) --cov $(ARGS)

.PHONY: pictures
pictures: $(DEV) ## take the pictures of the pages anew (needs Chromium)
	$(BIN)/python -m tests.support.pictures

.PHONY: bench
bench: $(DEV) ## what everything costs over 10,000, 100,000 and 1,000,000 cases (ARGS="--sizes 1000,10000 --engines sqlite --only pages")
	$(BIN)/python -m tests.bench --out docs $(ARGS)

.PHONY: letters
letters: $(DEV) ## build the templates of the official letters anew from their wording
	$(BIN)/python -m caseflow.letters.blueprint

.PHONY: letters-pdf
letters-pdf: $(DEV) ## every letter for a sample case as a PDF in build/letters, to be looked at (needs LibreOffice)
	$(BIN)/python -m tests.support.letters_pdf build/letters

# --universal: one lock for every system and every Python from 3.11 on. Versions stay unless UPGRADE=1.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	$(if $(UPGRADE),--upgrade) pyproject.toml --group build --extra prod
COMPILE_CHECK := $(filter-out pyproject.toml --group build --extra prod,$(COMPILE)) --group check

.PHONY: lock
lock: $(DEV) ## write the requirement locks anew from pyproject.toml (UPGRADE=1: newest versions)
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE_CHECK) --output-file requirements-check.lock

# For machines without a network: the same wheels that the runtime lock names, for every processor and Python
# that the targets may have, and the project's own. glibc 2.28 is what the domestic systems of 2020 have.
WHEELHOUSE := build/wheelhouse
ARCHS := x86_64 aarch64
PYTHONS := 3.11 3.12 3.13

.PHONY: wheelhouse
wheelhouse: $(PROJECT) ## fetch everything for an installation without a network into build/wheelhouse
	rm -rf $(WHEELHOUSE)
	$(PIP) wheel --no-build-isolation --no-deps --wheel-dir $(WHEELHOUSE) .
	for arch in $(ARCHS); do for python in $(PYTHONS); do \
		echo "$$arch, Python $$python"; \
		$(PIP) download --no-deps --only-binary=:all: --require-hashes --requirement requirements.lock \
			--implementation cp --python-version $$python --dest $(WHEELHOUSE) \
			--platform manylinux_2_28_$$arch --platform manylinux_2_17_$$arch --platform manylinux2014_$$arch; \
	done; done
	cp requirements.lock $(WHEELHOUSE)
	cd $(WHEELHOUSE) && sha256sum -- * > SHA256SUMS

.PHONY: clean
clean: ## remove the environment and all caches; instance/ is never touched
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov build dist
	find caseflow migrations tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(CREATED):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "caseflow needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUNTIME): requirements.lock $(CREATED)
	$(PIP) install --require-hashes -r requirements.lock
	@touch $@

# Without isolation and without dependencies: the locks have brought all of it, hatchling too.
$(PROJECT): pyproject.toml $(RUNTIME)
	$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(DEV): requirements-dev.lock $(PROJECT)
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
