# Everything needs only python3 (3.11 or later) and make. Each target makes the virtual environment it needs in .venv,
# with the exact versions of requirements/*.txt, and reuses it the next time.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
TYPES := build/types

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint types clean

help:
	@echo "make demo      draw digits on simulated light; pictures and cost table in out/"
	@echo "make test      style, types and the quick tests, as the CI runs them"
	@echo "make test-all  the same with the slow tests"
	@echo "make lint      style only"
	@echo "make types     types only"
	@echo "make clean     remove what these targets made, .venv included"

demo: $(VENV)/.demo
	@mkdir -p out
	@$(BIN)/python models/digits_gan/demo.py

test: lint types
	$(BIN)/python -m pytest -m "not slow"

test-all: lint types
	$(BIN)/python -m pytest

lint: $(VENV)/.test
	$(BIN)/ruff check --output-format concise .
	$(BIN)/ruff format --check .

# One package over five folders: mypy finds it through links that lie as the installed files would.
types: $(VENV)/.test
	@rm -rf $(TYPES) && mkdir -p $(TYPES)/heliograph
	@for f in api/* ir backends compiler runtime; do ln -s "$(CURDIR)/$$f" $(TYPES)/heliograph/; done
	MYPYPATH=$(TYPES) $(BIN)/mypy

clean:
	rm -rf $(VENV) out build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Heliograph needs Python 3.11 or later; name one: make PYTHON=python3.11 ..." >&2; exit 1; }
	@echo "making the virtual environment $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV) || \
	  { echo "python3 cannot make virtual environments; on Debian: apt install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/.demo: $(VENV)/.made requirements/demo.txt pyproject.toml
	@echo "installing requirements/demo.txt (about 400 MB)"
	@$(PIP) install -r requirements/demo.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: $(VENV)/.demo requirements/test.txt
	@echo "installing requirements/test.txt"
	@$(PIP) install -r requirements/test.txt
	@touch $@
