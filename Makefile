# make run    the site on this machine, with demonstration people and content when the instance is empty
# make test   the whole suite on SQLite and PostgreSQL, browser included
# make check  everything that is checked without running: style, types, imports, security, content, languages
.PHONY: run test check bench lock format messages venv

VENV := .venv/bin
export STUDYHUB_INSTANCE ?= $(CURDIR)/instance
export PORT ?= 5000

run:
	@tools/prepare_venv.sh base
	@$(VENV)/studyhub demo --if-empty
	@exec $(VENV)/studyhub serve

venv:
	@tools/prepare_venv.sh dev

test:
	@tools/prepare_venv.sh test
	@tools/install_system_packages.sh
	@tools/run_tests.sh $(ARGS)

check: venv
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	$(VENV)/bandit --quiet --recursive studyhub --configfile pyproject.toml
	$(VENV)/studyhub content check
	$(VENV)/python -m pytest -q tests/architecture/test_translations.py

bench:
	@tools/prepare_venv.sh test
	@tools/with_postgresql.sh --durable $(VENV)/studyhub bench $(ARGS)

lock: venv
	@tools/lock_requirements.sh $(ARGS)

format: venv
	$(VENV)/ruff format .
	$(VENV)/ruff check --fix .

messages: venv
	@tools/update_catalogues.sh
