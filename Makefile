# run: the app on http://localhost:8501   test: every test   check: format, lint, types   bench: measurements
# room: the app for everybody on this network, for phones that vote in a live room
# screenshots: the pictures of docs/screenshots.md, taken of the app with the demo set
# texts: the catalogues of other languages brought up to date with the texts in the source
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
# Python as it is after the first start, with its modules compiled, also where the machine was told not to keep them.
COMPILED := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python

.PHONY: run room test check bench screenshots texts
.DELETE_ON_ERROR:

run: .venv/.runs
	@echo "Atlas Studio: http://localhost:$(PORT)"
	@exec $(BIN)/streamlit run app.py --server.port $(PORT)

room: .venv/.runs
	@echo "Everybody on this network can use the app, and spend the key if there is one."
	@OWN=$$($(BIN)/python -m ui.reach); echo "For phones: http://$$OWN:$(PORT)/vote"; \
	STUDIO_OPEN_TO_NETWORK=yes exec $(BIN)/streamlit run app.py --server.port $(PORT) --server.address 0.0.0.0 \
	--server.allowedHosts localhost --server.allowedHosts 127.0.0.1 --server.allowedHosts $$OWN

test: .venv/.tests
	$(BIN)/python -m tests.chromium
	$(COMPILED) -m pytest $(ARGS)

check: .venv/.tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: .venv/.tests
	$(COMPILED) -m benchmarks $(ONLY)

screenshots: .venv/.tests
	$(BIN)/python -m tests.chromium
	$(BIN)/python -m tests.screenshots

texts: .venv/.tests
	$(BIN)/pybabel -q extract -k tr -k trn:1,2 -k both:1,2 -k later --sort-output --no-location -w 110 -o .texts.pot app.py pages ui studio atlas
	$(BIN)/pybabel -q update -l zh_TW --no-fuzzy-matching --ignore-obsolete -w 110 -i .texts.pot -o atlas/locale/zh_TW.po
	@sed -i -E -e '1{/^$$/d}' -e '1,20{/^"(Project|Report|POT|PO|Last|Language-Team|MIME|Content-Transfer|Generated)-?/d}' atlas/locale/zh_TW.po
	@rm .texts.pot

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Atlas Studio needs Python 3.11 or newer; name one with: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/.runs: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements.txt
	@touch $@

.venv/.tests: requirements-dev.txt .venv/.runs
	$(BIN)/python -m pip install --disable-pip-version-check --quiet -r requirements-dev.txt
	@touch $@
