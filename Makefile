# Everything a fresh machine needs is brought from here: Python 3.11 and make are enough.
#
#   make demo         set up, start everything with made-up people, print the address and the log-ins
#   make demo-reset   throw the demo's data away
#   make test         set up, run every test
#   make check        lint, types, imports, settings, texts, generated pages, known vulnerabilities
#   make bench        print the benchmark tables, write them as JSON under build/bench/
#   make format       let ruff put the code in order

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Where it is set, each of the many processes that tests and the demo start compiles all of Django anew: two seconds each.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
STAMPS := build/stamps
BIN := .venv/bin
# A uv that only looks as if it were there (a version manager's empty shim) does not count.
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo build/uv/bin/uv)
WORKERS ?= 2
MANAGE := $(BIN)/python -W ignore manage.py

.PHONY: help demo demo-reset test check bench format setup

help:
	@sed -n '3,8s/^#  //p' Makefile

# -- set-up: each step leaves a stamp, so it is done once ----------------------------------------------------

setup: $(STAMPS)/python $(STAMPS)/catalogues

build/uv/bin/uv:
	@echo "Fetching uv"
	@mkdir -p build
	@if ! $(PYTHON) -m venv build/uv 2>/dev/null; then \
	    rm -rf build/uv; \
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	        apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv build/uv; \
	    else \
	        echo "This Python cannot make virtual environments: install python3-venv or uv." >&2; exit 1; \
	    fi; \
	fi
	@build/uv/bin/pip install --quiet uv

$(STAMPS)/python: uv.lock pyproject.toml $(if $(filter build/%,$(UV)),| $(UV))
	@mkdir -p $(@D)
	$(UV) sync --frozen --all-groups --no-group timefold $(if $(wildcard .venv/bin/python),,--python "$(PYTHON)")
	@touch $@

# A clone has no compiled texts (they are made from the .po files), and pages need them.
$(STAMPS)/catalogues: $(STAMPS)/python $(wildcard */locale/*/LC_MESSAGES/*.po */*/locale/*/LC_MESSAGES/*.po)
	@mkdir -p $(@D)
	@if [ -e coordination/management/commands/catalogues.py ]; then $(MANAGE) catalogues --compile; fi
	@touch $@

$(STAMPS)/chromium: $(STAMPS)/python
	@mkdir -p $(@D)
	@if command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null; then \
	    true; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	    && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; then \
	    true; \
	else \
	    $(BIN)/playwright install chromium; \
	fi
	@touch $@

$(STAMPS)/node: $(STAMPS)/python $(wildcard tests/contracts/feeds/package-lock.json)
	@mkdir -p $(@D)
	@if [ -e tests/contracts/feeds/node_readers.py ]; then $(BIN)/python -m tests.contracts.feeds.node_readers; fi
	@touch $@

# Only Debian brings libical, the calendar library of GNOME and KDE: one more reader of our feeds where it can be had.
$(STAMPS)/libical:
	@mkdir -p $(@D)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libical3 >/dev/null 2>&1 \
	        || echo "libical3 could not be had: feeds are tested without it"; \
	fi
	@touch $@

# -- what people type ----------------------------------------------------------------------------------------

demo: setup
	@exec $(BIN)/python -m coordination.project.demo

demo-reset: $(STAMPS)/python
	@$(BIN)/python -m coordination.project.demo --reset

test: setup $(STAMPS)/chromium $(STAMPS)/node $(STAMPS)/libical
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder -m "not bench" $(ARGS)

# Timefold is only measured against, and only where there is the Java it runs on.
bench: setup
	@mkdir -p build/bench
	@if java -version >/dev/null 2>&1; then $(UV) sync --frozen --all-groups --quiet; fi
	$(BIN)/python -m pytest -m bench -s -q $(ARGS)

check: setup
	@$(BIN)/python -m coordination.project.checks

format: $(STAMPS)/python
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .
