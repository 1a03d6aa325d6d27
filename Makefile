# `make demo` and `make test` do all the set-up they need.
PYTHON ?= python3
# What `make test-all` tries: versions, commands or paths.
PYTHONS ?= 3.11 3.12 3.13
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
# Build environments are isolated from --constraint, and read this instead.
export PIP_CONSTRAINT := $(abspath constraints.txt)
PYTEST := $(BIN)/pytest -n auto --dist worksteal
SOURCES := pyproject.toml constraints.txt
# Each of the many processes of a test would compile all modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo tools test test-pages test-checks test-slow test-all verdicts lint bench soak screenshots pages format clean

demo: $(VENV)/demo
	$(BIN)/flowsim replay scenarios/partial.yaml
	@echo "next: $(BIN)/flowsim up --open shows notifications in a browser"

# What tests and lint need, installed without running them.
tools: $(VENV)/test

test: $(VENV)/test
	$(PYTEST) -m 'not slow' --ignore tests/dashboard --ignore tests/checks

# The pages of the dashboard, also in Chromium.
test-pages: $(VENV)/test
	$(PYTEST) -m 'not slow' tests/dashboard

# Whole runs of `flowsim check`.
test-checks: $(VENV)/test
	$(PYTEST) -m 'not slow' tests/checks

# An installation by pip, and whole check runs in other frameworks: few tests that take long.
test-slow: $(VENV)/test
	$(PYTEST) -m slow
	FLOWSIM_LOOKS=all $(PYTEST) -k accessible tests/dashboard

test-all:
	@MAKE='$(MAKE)' .ci/test-all $(PYTHONS)

# That `flowsim check` catches mistakes, and blames no correct webhook: takes 20 to 40 minutes.
verdicts: $(VENV)/test
	$(BIN)/python -m tests.verdicts

MYPY := $(BIN)/mypy --strict simulator

# mypy remembers one platform in a folder: each has its own, so that the next time is quick.
lint: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MYPY)
	$(MYPY) --python-version 3.14
	$(MYPY) --platform darwin --cache-dir .mypy_cache/darwin
	$(MYPY) --platform win32 --cache-dir .mypy_cache/win32

bench: $(VENV)/test
	$(BIN)/python -m bench

# What the service's memory does in ten minutes of events; takes as long.
soak: $(VENV)/test
	$(BIN)/python -m bench.soak

# Pictures of all pages: in build/screenshots, and those of the documentation in docs/pictures.
screenshots: $(VENV)/test
	$(BIN)/python -m tests.dashboard.screenshots

# What is made of the families: docs/events.md, the pages in docs/events, the schema of scenarios.
pages: $(VENV)/test
	$(BIN)/python -m tests.docs.event_pages

format: $(VENV)/test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .venv-* tests/node/node_modules build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo: $(BIN)/python $(SOURCES)
	$(PIP) --editable .
	touch $@

$(VENV)/test: $(BIN)/python $(SOURCES) tests/node/node_modules/.installed
	$(PIP) --editable '.[test]'
	touch $@ $(VENV)/demo

# Adobe's Node SDK; its tests are skipped where there is no Node.
tests/node/node_modules/.installed: tests/node/package.json tests/node/package-lock.json
	if command -v npm >/dev/null; then cd tests/node && npm ci --loglevel=error; fi
	mkdir -p $(@D)
	touch $@
