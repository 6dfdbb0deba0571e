# Two commands set everything up: `make demo` and `make test`. Both need Python 3.11+ and nothing else.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SAMPLE ?= data/threads/hn-no-required-review.txt

.PHONY: demo test outside lint types contract check clean

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Crux needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.core: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	@touch $@ $(VENV)/.core

demo: $(VENV)/.core  ## make the environment, install, map a sample thread
	@$(BIN)/crux map $(SAMPLE)

test: $(VENV)/.dev outside  ## the whole test suite
	$(BIN)/python -m pytest

# Tools that nobody here wrote, for tests/outside. Without node those checks are skipped, loudly.
OUTSIDE := tests/outside
outside: .venv-outside/.done
	@if command -v npm > /dev/null; then $(MAKE) --no-print-directory $(OUTSIDE)/node_modules/.package-lock.json; \
	else echo "No npm here: the page and some exports are not checked by outside tools."; fi

.venv-outside/.done: $(OUTSIDE)/requirements.txt
	$(PYTHON) -m venv .venv-outside
	.venv-outside/bin/python -m pip install --quiet --requirement $<
	@touch $@

$(OUTSIDE)/node_modules/.package-lock.json: $(OUTSIDE)/package-lock.json
	cd $(OUTSIDE) && npm ci --no-audit --no-fund --silent
	@touch $@

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contract: $(VENV)/.dev
	$(BIN)/lint-imports

check: test lint types contract  ## what .ci/run runs

clean:
	rm -rf $(VENV) .venv-outside tests/outside/node_modules build dist *.egg-info
