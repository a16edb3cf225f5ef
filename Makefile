# Everything runs in .venv, which the first target that needs it prepares.
# PYTHON names the Python it is made from: make test PYTHON=python3.13
# (for another one later: make clean first).
# Paths are relative, so that a checkout may stand in a folder with spaces in its name.

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test slow check format bench clean

help: ## list these targets
	@sed -n 's/^\([a-z][a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

demo: .venv/.ready ## build the bundled example into graph/, ask it a question, validate it
	$(BIN)/kg build --graph graph
	$(BIN)/kg info --graph graph
	$(BIN)/kg query statements-of-domain --param domain=Communication --graph graph
	@echo "The example holds one deliberate violation, which makes validate exit 1:"
	$(BIN)/kg validate --graph graph; test $$? -eq 1

# A process for each processor, up to four; the files of tests are shared out whole, so that what
# the tests of one share is made once. Their tables are small: Polars needs no threads for them.
test: .venv/.ready ## run the tests
	POLARS_MAX_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

slow: .venv/.ready ## run the longer tests, which test leaves out
	$(BIN)/python -m pytest -m slow

check: .venv/.ready ## check style, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/.ready ## format the code and mend what can be mended safely
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/.ready ## measure builds: make bench ONET=db_30_2_text.zip [PAGES=912] [ONLY=peers]
	@test -n "$(ONET)" || { echo "Say where a release of O*NET is: make bench ONET=db_30_2_text.zip" >&2; exit 2; }
	$(BIN)/python benchmarks/build.py "$(ONET)" $(if $(PAGES),--pages $(PAGES)) $(if $(ONLY),--only $(ONLY))

clean: ## remove .venv, dist and caches (graph/ stays)
	rm -rf .venv dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests -name __pycache__ -prune -exec rm -rf {} +

# .ready is made last: a .venv without it is half-made, and removed. The build back end is
# installed by the pinned constraints rather than into an isolated environment of its own.
.venv/.ready: pyproject.toml constraints.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "kg needs Python 3.11 or newer, and $(PYTHON) is: $$("$(PYTHON)" --version 2>&1)" >&2; \
	  echo "Name another one: make PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make a virtual environment: its venv module is not installed." >&2; \
	  echo "On Debian or Ubuntu: apt install python3-venv (or $$("$(PYTHON)" -c \
	    'import sys; print("python%d.%d-venv" % sys.version_info[:2])'))" >&2; exit 1; }
	@echo "Preparing .venv (once; needs a network)"
	@rm -rf .venv
	@"$(PYTHON)" -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt hatchling
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
	  --no-build-isolation -e '.[dev]'
	@touch .venv/.ready
