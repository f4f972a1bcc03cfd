# Prickle in two commands: `make run` and `make test`. Every target says what it is about to do, and is quick the second
# time. Recipes use relative names only, so the checkout may lie under any path.

MAKEFLAGS += --no-print-directory --no-builtin-rules
.SUFFIXES:
.DEFAULT_GOAL := help

PYTHON ?= python3
HOST ?=
PORT ?=
DATA ?=
ARGS ?=
RUN_OPTIONS = $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)") $(if $(DATA),--data "$(DATA)") $(ARGS)

WEB_SOURCES := $(shell find webapp plugins -path '*/node_modules' -prune -o -path 'webapp/dist' -prune \
	-o -path 'webapp/test-results' -prune -o -path 'webapp/e2e' -prune -o -type f \( -path 'webapp/*' -o -path '*/web/*' \) -print)
UV = .venv/bin/uv

.PHONY: help
help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS='	' read -r name what; do printf '  make %-13s %s\n' "$$name" "$$what"; done

.PHONY: setup
setup: ## Python in .venv, npm packages, the built webapp
	@$(MAKE) -s -j2 .setup/python .setup/webapp
	@echo "Set up: .venv and webapp/dist are current."

.PHONY: run
run: setup ## Start Prickle at http://127.0.0.1:8000 (HOST= PORT= DATA= ARGS=)
	@echo "Starting Prickle; Ctrl-C ends it."
	@exec .venv/bin/prickle run $(RUN_OPTIONS)

.PHONY: test
test: setup .setup/loadtest .setup/clients ## All checks and all tests
	@.ci/packages
	@.venv/bin/python .ci/servers.py
	@.venv/bin/python .ci/suite.py

.PHONY: check
check: setup .setup/loadtest ## Formatting, lint and types of both languages
	@.venv/bin/python .ci/suite.py check

.PHONY: cluster
cluster: setup ## Start two replicas behind nginx with Redis (PORT= DATA= ARGS=), until Ctrl-C
	@echo "Starting Redis, two replicas and nginx."
	@exec .venv/bin/python -m ops.cluster $(if $(PORT),--port "$(PORT)") $(if $(DATA),--data "$(DATA)") $(ARGS)

.PHONY: faults
faults: setup ## Break a running chat in every way and check what it promises (FAULTS="kill cut" ARGS=)
	@echo "Breaking a chat; all faults take about 20 minutes."
	@.venv/bin/python -m loadtest.faults $(FAULTS) $(ARGS)

.PHONY: bench
bench: setup ## Measure the stores (ARGS="--rows 10000 --seconds 2")
	@echo "Measuring durable writes and pages of history; this takes some minutes."
	@.venv/bin/python -m loadtest.bench.documents $(ARGS)

.PHONY: loadtest
loadtest: setup .setup/loadtest ## Let people chat through a link of 10 Mbps, and judge it (ARGS="--people 500 --measure-s 60")
	@echo "Playing a chat through an emulated link; this takes some minutes."
	@.venv/bin/python -m loadtest $(ARGS)

.PHONY: docs
docs: setup ## Write docs/routes.md, events.md and settings.md from what the code declares
	@echo "Writing docs/routes.md, docs/events.md and docs/settings.md."
	@.venv/bin/python -m prickle.apidocs.markdown

.PHONY: format
format: setup ## Let ruff and eslint put the code in order
	@echo "Formatting Python and the webapp."
	@.venv/bin/ruff format --quiet && .venv/bin/ruff check --fix --quiet
	@npm --prefix webapp run --silent check:lint -- --fix

.PHONY: requirements
requirements: .setup/python ## Pin the newest allowed Python packages again, with hashes
	@echo "Resolving requirements/*.txt."
	@set -e; compile() { $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command 'make requirements' "$$@"; }; \
	compile requirements/tools.in -o requirements/tools.txt; \
	compile pyproject.toml -o requirements/runtime.txt; \
	for group in dev loadtest; do compile pyproject.toml --group $$group -c requirements/runtime.txt -o requirements/$$group.txt; done

# Stamps: each stands for work that is done until one of its sources changes.

.PHONY: FORCE
FORCE:

# A virtual environment holds absolute paths: after the checkout has moved it is made anew.
.setup/where: FORCE
	@here="$$(pwd)"; [ "$$(cat .setup/where 2>/dev/null)" = "$$here" ] || { \
		if [ -f .setup/where ]; then rm -rf .venv .setup; fi; mkdir -p .setup; printf '%s\n' "$$here" > .setup/where; }

.setup/python: requirements/tools.txt requirements/dev.txt pyproject.toml .setup/where
	@echo "Installing the Python packages into .venv."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Prickle needs Python 3.11 or newer as $(PYTHON)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' || { echo "Python's venv module is missing: on Debian, apt install python3-venv." >&2; exit 1; }
	@$(PYTHON) -m venv .venv
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/tools.txt
	@$(UV) pip install --quiet --require-hashes --no-deps -r requirements/dev.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.setup/loadtest: requirements/loadtest.txt .setup/python
	@echo "Installing Locust into .venv."
	@$(UV) pip install --quiet --require-hashes --no-deps -r requirements/loadtest.txt
	@touch $@

.setup/npm: webapp/package.json webapp/package-lock.json .setup/where
	@echo "Installing the webapp's npm packages."
	@node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)' || { echo "Prickle needs Node 20.19 or newer." >&2; exit 1; }
	@npm --prefix webapp ci --silent --no-audit --no-fund
	@touch $@

.setup/clients: tests/clients/package-lock.json .setup/where
	@echo "Installing what the tests take from npm."
	@npm --prefix tests/clients ci --silent --no-audit --no-fund
	@touch $@

.setup/webapp: .setup/npm $(WEB_SOURCES)
	@echo "Building the webapp."
	@npm --prefix webapp run --silent build > .setup/webapp.log 2>&1 || { cat .setup/webapp.log >&2; exit 1; }
	@sed -n 's/^ *\([0-9.]* KB\) *in all, of \(.*\)/The first visit costs \1 of \2 over the wire./p' .setup/webapp.log
	@touch $@
