# `make demo` and `make test` do all the set-up they need.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
# Build environments are isolated from --constraint, and read this instead.
export PIP_CONSTRAINT := $(abspath constraints.txt)
SOURCES := pyproject.toml constraints.txt

.PHONY: demo test lint bench format clean

demo: .venv/demo
	$(BIN)/flowsim replay scenarios/partial.yaml

test: .venv/test
	$(BIN)/pytest -n auto

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict simulator

bench: .venv/test
	$(BIN)/python -m bench

format: .venv/test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv tests/node/node_modules build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/demo: .venv/bin/python $(SOURCES)
	$(PIP) --editable .
	touch $@

.venv/test: .venv/bin/python $(SOURCES) tests/node/node_modules/.installed
	$(PIP) --editable '.[test]'
	touch $@ .venv/demo

# Adobe's Node SDK; its tests are skipped where there is no Node.
tests/node/node_modules/.installed: tests/node/package.json tests/node/package-lock.json
	if command -v npm >/dev/null; then cd tests/node && npm ci --loglevel=error; fi
	mkdir -p $(@D)
	touch $@
