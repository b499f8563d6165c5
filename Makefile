# Everything a contributor types. `make` alone lists it; CONTRIBUTING.md says when to use what.

PYTHON ?= python3
CLOCK ?= 2026-11-24T09:14:00Z

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
CODE := bot adapters schedules storage

# Stamps: a step runs again only when the file it was made from is newer, so a second start calls pip not even once.
CREATED := $(VENV)/.created
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
INSTALLED := $(VENV)/.installed
RENDERERS := .pictures/.installed

# What was compiled once is kept, also where the environment forbids it: every worker of the tests and every server
# that they start would compile it all anew, a third of a minute each.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup run bench mutants test coverage test-faults check check-static format-check lint types contracts fix requirements parity month pictures lock

help: ## List what can be typed
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(DEV) $(INSTALLED) ## Make .venv with everything needed to work on the code

run: $(RUNTIME) $(INSTALLED) ## Start the bot with the local chat and the demo team (PORT, HOST, CLOCK)
	@$(BIN)/folkmoot demo
	@exec $(BIN)/folkmoot serve --clock $(CLOCK)

test: $(DEV) $(INSTALLED) ## Run all tests (PYTEST_ARGS="-k huddle" for some)
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

coverage: $(DEV) $(INSTALLED) ## The tests once more, and which lines and branches none of them reaches; half as long again
	@$(BIN)/python -m pytest --cov=adapters --cov=bot --cov=schedules --cov=storage --cov-report=term:skip-covered $(PYTEST_ARGS)

test-faults: $(DEV) $(INSTALLED) ## What is too long for `make test`: breaks things at every moment there is; ten minutes, ends with a table
	@$(BIN)/python -m pytest -m "fault or slow" --numprocesses=2 --dist=worksteal $(PYTEST_ARGS)

check: check-static test ## Everything that must hold before a change lands

check-static: format-check lint types contracts ## The part of check that runs no tests

format-check: $(DEV) ## Is the code formatted?
	@$(BIN)/ruff format --check --quiet . || { echo "not formatted: run 'make fix'"; exit 1; }

lint: $(DEV) ## Lint with ruff
	@$(BIN)/ruff check --quiet .

types: $(DEV) $(INSTALLED) ## Check types with mypy
	@$(BIN)/mypy

contracts: $(DEV) $(INSTALLED) ## Check who imports whom
	@$(BIN)/lint-imports --no-logo

fix: $(DEV) ## Format, and repair what ruff can repair
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format --quiet .

requirements: $(DEV) $(INSTALLED) ## Run the tests that prove requirements, write docs/requirements.md
	@$(BIN)/python -m pytest tests -m req --requirements=docs/requirements.md

parity: $(DEV) $(INSTALLED) ## Run the laws of every platform, write docs/parity.md
	@$(BIN)/python -m pytest tests/conformance --ignore=tests/conformance/test_parity.py \
		-p tests.conformance.parity_plugin --parity=docs/parity.md

month: $(DEV) $(INSTALLED) ## Live a month of forty people on simulated time, write docs/month.md
	@$(BIN)/python -m tests.simulation.month docs/month.md

# Not in the lock: who works on the engine takes it now and then, in an environment of its own.
mutants: $(DEV) ## Change the engine a little at a time and see whether a test notices; takes hours (NAMES="schedules.outcomes*")
	@[ -x .mutants-venv/bin/mutmut ] || { $(PYTHON) -m venv .mutants-venv && \
		.mutants-venv/bin/pip install --quiet --require-hashes -r requirements-dev.lock && \
		.mutants-venv/bin/pip install --quiet 'mutmut>=3.8,<4'; }
	@.mutants-venv/bin/mutmut run $(NAMES)
	@.mutants-venv/bin/mutmut results

bench: $(DEV) $(INSTALLED) ## Measure what must stay fast, each figure beside its rival; writes bench/results.json
	@$(BIN)/python -m bench.idle_tick
	@$(BIN)/python -m bench.delivery
	@$(BIN)/python -m bench.slack_acknowledgement
	@$(BIN)/python -m bench.teams_turns
	@$(BIN)/python -m bench.work_at_scale
	@$(BIN)/python -m bench.agenda
	@$(BIN)/python -m bench.importing

pictures: $(DEV) $(INSTALLED) $(RENDERERS) ## Draw the README's and docs/huddle.md's pictures (needs Chromium and npm)
	@$(BIN)/python -m tests.browser.draw_pictures

# The pins stay as they are unless pyproject.toml asks for more; LOCK_ARGS=--upgrade takes the newest releases.
UV_COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
	--custom-compile-command "make lock" $(LOCK_ARGS) pyproject.toml
UV ?= .lock-venv/bin/uv

lock: $(CREATED) ## Remake the lock files from pyproject.toml (LOCK_ARGS=--upgrade)
	@command -v $(UV) >/dev/null || { $(PYTHON) -m venv .lock-venv && .lock-venv/bin/pip install --quiet uv; }
	@$(UV_COMPILE) --extra install -o requirements.lock
	@$(UV_COMPILE) --extra install --extra dev --constraint requirements.lock -o requirements-dev.lock
	@! grep -nE '://|^ *-(i|f) |find-links|index-url' requirements.lock requirements-dev.lock \
		|| { echo "a lock file names a place to download from; it must not"; exit 1; }

$(CREATED):
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed; Folkmoot needs Python 3.11, 3.12 or 3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit((3, 11) > v[:2] or v[:2] > (3, 13))' || { \
		echo "$(PYTHON) is $$($(PYTHON) --version 2>&1); Folkmoot needs Python 3.11, 3.12 or 3.13:" \
			"name one, as in 'make PYTHON=python3.11 $(MAKECMDGOALS)'" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		package=$$($(PYTHON) -c 'import sys; print(f"python3.{sys.version_info.minor}-venv")'); \
		if [ "$$CI" = true ] && command -v apt-get >/dev/null; then \
			sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
			$$sudo apt-get update -qq && \
			$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$package; \
		else \
			echo "$(PYTHON) cannot make virtual environments; on Debian: apt-get install $$package" >&2; exit 1; \
		fi; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(RUNTIME): requirements.lock | $(CREATED)
	@echo "Installing requirements.lock into $(VENV)"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(DEV): requirements-dev.lock | $(CREATED)
	@echo "Installing requirements-dev.lock into $(VENV)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@ $(RUNTIME)

# Needs setuptools from a lock: whichever is there; the runtime's when none is.
$(INSTALLED): pyproject.toml | $(CREATED)
	@[ -e $(RUNTIME) ] || $(MAKE) --no-print-directory $(RUNTIME)
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(RENDERERS): tests/browser/renderers/package.json
	@command -v npm >/dev/null || { echo "npm is not installed; it brings what draws cards as Slack and Teams do" >&2; exit 1; }
	@mkdir -p .pictures && cp $< .pictures/
	@cd .pictures && npm install --silent --no-package-lock --no-audit --no-fund --ignore-scripts
	@touch $@
