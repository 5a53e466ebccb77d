# Needs only make and Python 3.11 or newer. Each target makes .venv first, once.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test lint format bench golden gx-conformance gx-versions gx-spark store-peers clean

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
	@$(BIN)/python tests/golden/core_suites.py
	@$(BIN)/python tests/golden/catalogue.py > tests/golden/catalogue.txt
	@$(BIN)/python tests/report/golden.py > tests/report/hostile.html
	@$(BIN)/walkaround explain --markdown > docs/checks.md

# Great Expectations' own tests on Polars beside pandas, and smoke tests with each version of it that is supported. Both
# make environments of their own, by pip.
gx-conformance: $(READY)
	@$(BIN)/python tests/conformance/run.py

gx-versions: $(READY)
	@$(BIN)/python tests/conformance/versions.py

# Exported suites in Great Expectations on Spark, in an environment of its own: half a gigabyte, and a Java 17 or newer.
gx-spark:
	@test -x .gx-spark/bin/python || $(PYTHON) -m venv .gx-spark
	@.gx-spark/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,spark]'
	@.gx-spark/bin/python -m pytest -q -k spark tests/gx/test_export_engines.py

# Servers that speak S3 (in an environment of their own: they need an older python-dateutil) and Azure, for tests of
# stores; half a minute. Without npm, tests on Azure are skipped.
store-peers:
	@test -x .peers/venv/bin/python || $(PYTHON) -m venv .peers/venv
	@.peers/venv/bin/python -m pip install --quiet --disable-pip-version-check -r tests/connectors/stores/peers.txt
	@if command -v npm >/dev/null; then npm install --prefix .peers --no-audit --no-fund --loglevel=error azurite@3.35.0 csv-spectrum@2.0.0; fi

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "walkaround needs Python 3.11 or newer; set PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) .gx-conformance .gx-versions .gx-spark .peers .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist
