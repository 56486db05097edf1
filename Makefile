# Everything a person repeats, one word each. Needs python3 (3.11 or newer) and make; makes its own .venv.
# Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
STAMPS := $(VENV)/.stamps
TESTS ?= tests
WORKERS ?= 2
CHAOS ?=
BENCH ?= $(filter-out %/results.py %/large_store.py %_quality.py,$(wildcard benchmarks/*.py))

.DEFAULT_GOAL := help
.PHONY: help quickstart install dev test chaos lint fix bench bench-quality wheel-test images clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | while IFS='	' read -r name text; do \
		printf '  make %-12s %s\n' "$$name" "$$text"; done

quickstart: install ## install what a sweep needs, run the first one, write its report
	$(BIN)/sweeper run quickstart --new

install: $(STAMPS)/run ## .venv with sweeper in it

dev: $(STAMPS)/dev $(STAMPS)/node ## .venv with everything the tests need

test: dev ## run the tests (a part of them, one by one: make test TESTS=tests/space WORKERS=0)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

chaos: dev ## kill, stop, fill, cut: the scorecard of reliability (parts: make chaos CHAOS="--only R1 R13 --seed 7")
	$(BIN)/python -m tests.chaos.scorecard --json chaos.json $(CHAOS)

lint: dev ## check style and types
	$(BIN)/ruff check .
	MYPY_NUM_WORKERS=2 $(BIN)/mypy

fix: dev ## repair what lint can repair
	$(BIN)/ruff check --fix .

bench: $(STAMPS)/bench ## measure against peers, docs/benchmarks.md (one: make bench BENCH=benchmarks/overhead.py)
	@for file in $(BENCH); do echo "== $$file"; $(BIN)/python $$file --write || exit 1; done

bench-quality: $(STAMPS)/bench ## measure how well samplers and analyses do, an hour or more
	@$(MAKE) --no-print-directory bench BENCH="$(wildcard benchmarks/*_quality.py)"

wheel-test: dev ## build the wheel, install it with its packages in an empty .venv, run a sweep there
	SWEEPER_WHEEL_TEST=full $(BIN)/python -m pytest tests/test_wheel.py

images: dev ## draw the pictures of the pages in docs/images
	$(BIN)/python -m tests.browser.images

clean: ## remove .venv, caches and builds (not your database, artifacts or reports)
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMPS)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		f"{sys.executable} is Python {sys.version.split()[0]}; sweeper needs 3.11 or newer: make PYTHON=python3.12 ...")'
	@echo "making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.1'
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: $(STAMPS)/pip pyproject.toml
	@echo "installing sweeper and what it needs into $(VENV)"
	@$(PIP) install --editable .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/pip pyproject.toml
	@echo "installing sweeper and what its tests need into $(VENV)"
	@$(PIP) install --no-compile --group dev --editable '.[all]'
	@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null 2>&1 || true # both cores, which pip does not use
	@touch $@ $(STAMPS)/run

$(STAMPS)/node: tests/web/js/package-lock.json | $(STAMPS)/pip
	@command -v npm >/dev/null && npm --prefix tests/web/js ci --silent --no-audit --no-fund && touch $@ \
		|| echo "npm is not there or failed: tests of the pages that need Node will be skipped"

$(STAMPS)/bench: $(STAMPS)/pip pyproject.toml
	@echo "installing sweeper and what its benchmarks need into $(VENV)"
	@$(PIP) install --group bench --editable '.[all]'
	@touch $@
