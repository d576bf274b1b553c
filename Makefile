# Two commands do everything on a fresh machine: `make repl` and `make test`.
# They need python3 (with venv) and make; the rest is installed into .venv.

MAKEFLAGS += --no-print-directory
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input

# Asked before anything is made: what an old Python had left in .venv would be in the way of the next try.
NEW_ENOUGH := 'import sys; sys.exit(sys.version_info < (3, 11) and "fluxrepl needs Python 3.11 or newer, and $(PYTHON) \
is %d.%d. Name one that you have: make repl PYTHON=python3.13" % sys.version_info[:2])'

.PHONY: repl test bench format lab browser hub clean

# Set up and open the REPL. Piped input works: echo 'gradient(lambda x: x**2, 3.0)' | make repl
repl: $(VENV)/.installed
	@$(BIN)/fluxrepl

# Set up and run every check: lint, format, types, lessons, tests; and that the engine is not much slower than it was.
test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/fluxrepl check lessons/
	$(BIN)/python -m pytest
	$(BIN)/python -m benchmarks.engine.run --engines floor,fluxrepl --rounds 5 --seconds 0.02 --gate

# The engine against a hand-written floor; see benchmarks/README.md for the peers.
bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks.engine.run --engines floor,fluxrepl --gate

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Set up and open JupyterLab, with the kernel "Flux (fluxrepl)" in the launcher.
lab: $(VENV)/.installed
	@$(PIP) install -e '.[lab,plot]' </dev/null >&2
	@$(BIN)/jupyter lab

# Set-up talks on stderr and reads nothing, so that a pipe into `make repl` reaches the REPL.
$(VENV)/bin/python:
	@$(PYTHON) -c $(NEW_ENOUGH) </dev/null
	@echo "Setting up $(VENV) (once) ..." >&2
	@$(PYTHON) -m venv $(VENV) </dev/null >&2 || { rm -rf $(VENV); exit 1; }

$(VENV)/.installed: pyproject.toml kernel.json | $(VENV)/bin/python
	@$(PIP) install -e . </dev/null >&2
	@touch $@

$(VENV)/.installed-test: pyproject.toml kernel.json | $(VENV)/bin/python
	@$(PIP) install -e '.[test]' </dev/null >&2
	@touch $@ $(VENV)/.installed

# JupyterLab and Notebook in a real browser: Debian's Chromium, or that of `playwright install chromium`.
# PICTURES=docs/images keeps the pictures that the documentation shows.
browser: $(VENV)/.installed-test
	@$(PIP) install -e '.[test,browser]' </dev/null >&2
	$(BIN)/python -m pytest tests/browser $(if $(PICTURES),--pictures $(PICTURES))

# A JupyterHub on this machine, with two learners.
hub: $(VENV)/.installed-test
	@$(PIP) install -e '.[test,hub]' </dev/null >&2
	$(BIN)/python -m pytest tests/deploy/test_hub.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
