# retrorig: `make` lists what can be made. Every target sets up what it needs by itself, in .venv/ and build/.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv

# The project brings its own packages and never another Python. System certificates, as pip and git use them.
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS ?= 1
# Every command starts a quarter of a second sooner, the first time too.
export UV_COMPILE_BYTECODE := 1
export UV_PROJECT_ENVIRONMENT := $(VENV)
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Without a home folder programs would take / for it.
ifeq ($(HOME),)
export HOME := $(CURDIR)/build/home
export UV_NO_CACHE := 1
export PIP_NO_CACHE_DIR := 1
endif

# A stamp file per set-up step: the second run costs nothing, and a changed lock file runs the step again.
READY := $(VENV)/.ready
LINT_READY := $(VENV)/.lint-ready
TYPINGS_READY := build/typings/.ready
DRAWINGS := build/env-drawings
CAD := build/env-cad
GROWTH := build/env-growth
AUDIT := build/env-audit
MUTANTS := build/env-mutants
# One more than the cores of a small machine: tests of silent networks, browsers and rigs in real time wait for a third of it.
WORKERS := 3
LOCKS := host_tools/locks
GENERATORS := host_tools/generators
SETS ?= 100000
N ?= 300
NO_NETWORK := { echo "The packages could not be fetched: is there a network? README.md says what a proxy needs." >&2; exit 1; }
INSTALL := $(UV) pip install --quiet --require-hashes

# A moved checkout's environments name the place where it was: they are made anew.
MADE_AT := $(shell cat $(READY) 2>/dev/null)
ifneq ($(or $(MADE_AT),$(CURDIR)),$(CURDIR))
$(shell rm -rf $(VENV) build/env-* build/typings)
endif
RESOLVE := $(UV) pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-annotate \
    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

.PHONY: help setup demo test coverage test-faults mutants pictures bench lint firmware package audit drawings cad growth lock clean writable
.DELETE_ON_ERROR:

help:  ## list these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY)  ## real recordings through the real firmware on a virtual rig; pictures and CSV in build/demo/
	$(BIN)/python -m retrorig.demo

test: $(READY)  ## every test, at most ten minutes on two cores; ORDER=random or reverse: in another order, ORDER=SEED: in that one again
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(if $(filter reverse,$(ORDER)),--reverse,$(if $(ORDER),-p randomly --randomly-seed=$(ORDER:random=default)))

coverage: $(READY)  ## the tests again, slower, and how much of host and firmware they ran, under MicroPython too
	$(BIN)/python -m pytest -n 2 --dist worksteal --cov --cov-report=term

test-faults: $(READY)  ## power cuts, flash and line faults at every single point, then properties with new examples; half an hour
	$(BIN)/python -m pytest tests/faults_sensors/test_races.py tests/faults tests/host/test_texts.py tests/library/test_opened.py -n 2 --dist worksteal --exhaustive --timeout 0
	RETRORIG_FREE_SEEDS=1 $(BIN)/python -m pytest $$(grep -rlE '^(from|import) hypothesis' tests --include 'test_*.py') -n 2 --timeout 0

mutants: $(READY) $(MUTANTS)/.ready  ## N=300 mistakes put into each package's sources, 0: all; which does no test notice? SEED=2 draws others. Takes hours, goes on after a break
	$(MUTANTS)/bin/python -B -m tests.mutants --n $(N) --seed $(or $(SEED),1) --packages "$(PACKAGES)" --since "$(SINCE)" --until $(or $(UNTIL),all) --minutes $(or $(MINUTES),0)

pictures: $(READY)  ## build/pictures/: every page of the desk at four sizes, to be looked at; needs Chromium
	PYTHONPATH=tests/host $(BIN)/python -m tests.desk.pictures build/pictures

bench: $(READY)  ## measured figures against named peers; ONLY="heap link" for some groups of rows, as -m tests.bench -h lists
	$(BIN)/python -m tests.bench $(ONLY)

lint: $(READY) $(LINT_READY) $(TYPINGS_READY)  ## style, types, and every firmware file compiles for the board
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/pyright --project pyproject.toml
	$(BIN)/pyright --project firmware
	$(BIN)/pyright --project firmware/pyright-rigcore.json
	$(BIN)/zizmor --quiet --offline --pedantic .github
	$(BIN)/python $(GENERATORS)/build_firmware.py --check

firmware: $(READY)  ## build/firmware/: exactly what is copied to the board
	$(BIN)/python $(GENERATORS)/build_firmware.py build/firmware

package: $(READY)  ## dist/: the package as pip installs it
	@rm -rf dist
	$(UV) build --quiet --no-build-isolation --out-dir dist .

audit: $(AUDIT)/.ready  ## known faults of the packages in requirements.lock; needs the network
	$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes -r requirements.lock

drawings: $(DRAWINGS)/.ready  ## every drawing and table of hardware/, from hardware/rig.toml
	$(DRAWINGS)/bin/python -B -m hardware.derive

cad: $(CAD)/.ready  ## the printed bracket and box of hardware/bracket/; brings 850 MB into build/
	$(CAD)/bin/python -B hardware/bracket/bracket.py
	$(CAD)/bin/python -B -m hardware.bracket.box
	$(CAD)/bin/python -B -m hardware.derive.made bracket

growth: $(READY) $(GROWTH)/.ready  ## SETS=100000 sets under DuckDB, Spark and PostgreSQL, as far as they are here; brings 700 MB into build/
	@$(GROWTH)/bin/python -B -m tests.growth.needs
	$(BIN)/python -m tests.growth.library build/growth $(SETS)
	$(BIN)/python -m tests.growth.published build/growth
	$(GROWTH)/bin/python -B -m tests.growth build/growth

setup: $(READY)  ## only set up the environment
	@echo "Ready: $(VENV)/"

lock: $(UV)  ## resolve the packages anew into the lock files
	$(RESOLVE) --group dev pyproject.toml --extra all -o requirements.lock
	for group in setup lint typings audit mutants drawings cad growth; do \
	    $(RESOLVE) --group $$group -o $(LOCKS)/$$group.lock || exit 1; done

clean:  ## remove everything made here, the environment and the practice folder too
	rm -rf $(VENV) build dist practice .hypothesis .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

writable:
	@test -w . && { test ! -e build || test -w build; } || \
	    { echo "Nothing can be made in $(CURDIR), it is read-only: copy the checkout to a place of yours." >&2; exit 1; }

$(BIN)/python: | writable
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "retrorig needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Setting up $(VENV)/ (once) ..."
	@$(PYTHON) -m venv $(VENV)

$(UV): $(LOCKS)/setup.lock | $(BIN)/python
	@$(BIN)/pip install --quiet --require-hashes -r $< || $(NO_NETWORK)
	@touch $@

$(READY): $(UV) requirements.lock pyproject.toml host_tools/packaging/hatch_build.py | writable
	@$(INSTALL) -r requirements.lock || $(NO_NETWORK)
	@$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@echo "$(CURDIR)" > $@

$(LINT_READY): $(READY) $(LOCKS)/lint.lock
	@$(INSTALL) -r $(LOCKS)/lint.lock || $(NO_NETWORK)
	@touch $@

build/env-%/.ready: $(LOCKS)/%.lock | $(UV)
	@rm -rf build/env-$*
	@$(BIN)/python -m venv --without-pip build/env-$*
	@$(INSTALL) --python build/env-$*/bin/python -r $< || $(NO_NETWORK)
	@touch $@

$(TYPINGS_READY): $(UV) $(LOCKS)/typings.lock
	@rm -rf build/typings
	@$(INSTALL) --target build/typings -r $(LOCKS)/typings.lock || $(NO_NETWORK)
	@sed -i.orig 's/^class _TicksUs:/class _TicksUs(int):/' build/typings/_mpy_shed/time_mp.pyi  # as on the chip
	@touch $@
