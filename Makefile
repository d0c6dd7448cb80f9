# Firebreak: everything a newcomer or a developer calls. `make help` lists it.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo demo-pg install test lint bench screenshots gallery lock clean help
.DEFAULT_GOAL := help

demo: .venv/.runtime ## an invented district, five days in June 2022, in your browser
	@$(BIN)/firebreak demo

demo-pg: .venv/.runtime ## the same on a PostgreSQL started for it
	@FIREBREAK_DATA="$$(mktemp -d)" $(BIN)/python -m scripts.postgres $(BIN)/firebreak demo

install: .venv/.runtime ## set up only; leaves .venv/bin/firebreak

test: lint ## lint, then the whole suite on SQLite and on PostgreSQL
	@$(BIN)/python -m scripts.test_on_both $(ARGS)

lint: .venv/.dev ## style, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@sh scripts/check_browser_modules.sh

bench: .venv/.dev ## measure against the limits, both sides in turn
	@$(BIN)/python -m benchmarks $(ARGS)

screenshots: .venv/.dev ## the pictures of the README, taken anew
	@$(BIN)/python -m scripts.screenshots

gallery: .venv/.dev ## every screen in both languages, desk and phone, into docs/screens
	@$(BIN)/python -m scripts.gallery

lock: .venv/.dev ## write the lock files anew from pyproject.toml
	@for extra in "" dev; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate \
	    --no-header --python-version 3.11 --extra build $${extra:+--extra $$extra} \
	    -o requirements$${extra:+-$$extra}.lock pyproject.toml || exit 1; \
	done

clean: ## remove the environment and every cache (never a data folder)
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/.runtime: requirements.lock pyproject.toml scripts/environment.sh
	@sh scripts/environment.sh "$(PYTHON)" runtime

.venv/.dev: requirements-dev.lock pyproject.toml scripts/environment.sh
	@sh scripts/environment.sh "$(PYTHON)" dev
