# Needs only make and Python 3.11 or newer. Each target makes .venv first, once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test lint format bench golden clean

demo: $(READY)
	@$(BIN)/walkaround demo

test: lint
	@$(BIN)/python -m pytest -q -n 2

lint: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(READY)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(READY)
	@$(BIN)/python benchmarks/profile_speed.py

# What is made from the code and held to it by tests.
golden: $(READY)
	@$(BIN)/python tests/golden/expectations.py
	@$(BIN)/python tests/golden/catalogue.py > tests/golden/catalogue.txt
	@$(BIN)/python tests/report/golden.py > tests/report/hostile.html
	@$(BIN)/walkaround explain --markdown > docs/checks.md

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "walkaround needs Python 3.11 or newer; set PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist
