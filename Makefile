# run: the app on http://localhost:8501   test: every test   check: format, lint, types   bench: measurements
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin

.PHONY: run test check bench
.DELETE_ON_ERROR:

run: .venv/.runs
	@echo "Atlas Studio: http://localhost:$(PORT)"
	@exec $(BIN)/streamlit run app.py --server.port $(PORT)

test: .venv/.tests
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m pytest $(ARGS)

check: .venv/.tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.tests
	$(BIN)/python -m benchmarks $(ONLY)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Atlas Studio needs Python 3.11 or newer; name one with: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/.runs: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	@touch $@

.venv/.tests: requirements-dev.txt .venv/.runs
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements-dev.txt
	@touch $@
