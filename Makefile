# `make` alone lists the targets. Everything runs in .venv, which is made on first use from the
# locked requirements: Python 3.11 or newer and make are all that a machine must have.

PYTHON ?= python3
ARGS ?=
KILLS ?= 300
DEATHS ?= 200
EXAMPLES ?= 20
ORDER_IMPORTS ?= 150
BOOKS ?= 500

BIN := .venv/bin
REQUIREMENTS_INSTALLED := .venv/.requirements-installed
READY := .venv/.longshore-installed
LOCK := build/lock
LOCKED := requirements.txt requirements-s3.txt requirements-files.txt requirements-dev.txt
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PIP_COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(CURDIR)/$(BIN)/pip-compile --quiet \
	--generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

# Every command of longshore is a process that loads a thousand modules: compiled once, not each
# time, whatever the machine prefers.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo serve test check format format-check lint types layers docs docs-check screenshots bench crash \
	chaos long fuzz golden schema-fixture release lock lock-check upgrade clean $(LOCK)

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' Makefile

demo: $(READY)  ## Import example files and show what became of every row
	@$(BIN)/python -m examples.demo $(ARGS)

serve: $(READY)  ## Serve the API and run imports (ARGS="--port 9000")
	@exec $(BIN)/longshore serve $(ARGS)

test: $(READY)  ## Run the whole test suite (ARGS="tests/unit -k csv" for a part)
	$(BIN)/python -m pytest $(ARGS)

check: format-check lint types layers test docs-check  ## Run everything that must hold before a commit

format: $(READY)  ## Rewrite the code in the common format
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

format-check: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy src tests $(wildcard *.py benchmarks/*.py docs/*.py examples/*.py release/*.py)

layers: $(READY)
	$(BIN)/lint-imports

docs: $(READY)  ## Generate the reference pages again
	$(BIN)/python -m docs.generate

docs-check: $(READY)  ## Compare the reference pages with the code
	$(BIN)/python -m docs.generate --check

screenshots: $(READY)  ## Take pictures of every page, and those of the README (needs chromium)
	$(BIN)/python -m docs.screenshots

bench: $(READY)  ## Measure speed and memory
	$(BIN)/python -m benchmarks.run $(ARGS)

crash: $(READY)  ## Kill imports at many more instants than the test suite does (KILLS=300)
	HYPOTHESIS_PROFILE=ci $(BIN)/python -m pytest tests/crash --crash-kills=$(KILLS) $(ARGS)

chaos: $(READY)  ## Kill and stop workers of several processes while they import (DEATHS=200)
	$(BIN)/python -m pytest tests/chaos -n0 --chaos-kills=$(DEATHS) \
		-o faulthandler_timeout=3600 $(ARGS)

long: $(READY)  ## Run what takes long, before a release (ORDER_IMPORTS=150 BOOKS=500)
	$(BIN)/python -m pytest tests/behaviour tests/clients --all-databases \
		-k "postgresql or shared" $(ARGS)
	$(BIN)/python -m pytest tests/behaviour/serving tests/chaos tests/crash tests/migration $(ARGS)
	$(BIN)/python -m pytest tests/chaos/test_order.py -n0 --order-imports=$(ORDER_IMPORTS) \
		-o faulthandler_timeout=3600 $(ARGS)
	$(BIN)/python -m pytest tests/chaos/test_books.py -n0 --books=$(BOOKS) \
		-o faulthandler_timeout=3600 $(ARGS)
	$(BIN)/python -m pytest tests/property/test_csv_damage.py --hypothesis-profile=long $(ARGS)
	$(BIN)/python -m pytest tests/property/test_undo.py tests/property/test_plans.py \
		--hypothesis-profile=long \
		-o faulthandler_timeout=3600 $(ARGS)
	$(BIN)/python -m pytest tests/property/test_all_types.py --types=all \
		--types-examples=200 -o faulthandler_timeout=3600 $(ARGS)
	$(BIN)/python -m pytest tests/behaviour/serving/test_attacks.py -n0 --attacks-at-full-size \
		-o faulthandler_timeout=3600 $(ARGS)
	$(BIN)/python -m pytest tests/behaviour/cli/test_cut_uploads.py -n0 --uploads-at-full-size \
		-o faulthandler_timeout=3600 $(ARGS)
	$(BIN)/python -m pytest tests/behaviour/cli/test_large_workbook.py -n0 --workbook-rows=200000 \
		-o faulthandler_timeout=3600 $(ARGS)
	$(BIN)/python -m pytest tests/behaviour/cli/test_large_shopify.py -n0 --shopify-rows=1000000 \
		-o faulthandler_timeout=3600 $(ARGS)
	$(BIN)/python -m pytest tests/behaviour/cli/test_large_all_or_nothing.py -n0 \
		--judged-rows=1048576 -o faulthandler_timeout=3600 $(ARGS)
	$(BIN)/python -m pytest tests/dashboard/test_journeys.py -n0 --journey-rows=10000 \
		-o faulthandler_timeout=3600 $(ARGS)

fuzz: $(READY)  ## Send made-up requests to the API, many more than the test suite does (EXAMPLES=20)
	$(BIN)/python -m pytest tests/wire/test_fuzz.py --fuzz-examples=$(EXAMPLES) $(ARGS)

golden: $(READY)  ## Accept the documents that the API answers as those that the tests expect
	$(BIN)/python -m pytest tests/wire/test_documents.py -n0 --quiet --accept-documents $(ARGS)

schema-fixture: $(READY)  ## Keep a small installation of this schema, for the tests of later ones
	PYTHONHASHSEED=0 $(BIN)/python -m tests.migration.new_schema_fixture

release: $(READY)  ## Build wheel and sdist in dist/, once they have passed in fresh environments
	$(BIN)/python -m release.run

lock: $(LOCK)  ## Lock the requirements of pyproject.toml, keeping the versions that still fit
	@for file in $(LOCKED); do \
		cmp -s $(LOCK)/$$file $$file || cp $(LOCK)/$$file $$file; \
	done

upgrade: PIP_COMPILE += --upgrade
upgrade: lock  ## Lock the newest versions that pyproject.toml allows

lock-check: $(LOCK)  ## Compare the locked requirements with pyproject.toml
	@for file in $(LOCKED); do \
		diff -u $$file $(LOCK)/$$file || { \
			echo "error: $$file does not follow pyproject.toml" >&2; \
			echo "hint: make lock" >&2; \
			exit 1; \
		}; \
	done

clean:  ## Remove .venv and whatever else the tools made; data stays
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis \
		tests/clients/node_modules
	find benchmarks docs examples release src tests -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# Compiled beside the originals, so that a failure leaves them whole, and on the lowest supported
# version of Python, which needs the most packages.
$(LOCK): $(READY)
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
		echo "error: the requirements are locked on Python 3.11, and .venv has another" >&2; \
		echo "hint: make clean && make lock PYTHON=python3.11" >&2; \
		exit 1; \
	}
	@rm -rf $@ && mkdir -p $@ && cp pyproject.toml $(LOCKED) $@
	@cd $@ && $(PIP_COMPILE) --output-file=requirements.txt pyproject.toml
	@cd $@ && $(PIP_COMPILE) --extra=s3 --constraint=requirements.txt \
		--output-file=requirements-s3.txt pyproject.toml
	@cd $@ && $(PIP_COMPILE) --extra=parquet --extra=zstd --constraint=requirements.txt \
		--output-file=requirements-files.txt pyproject.toml
	@cd $@ && $(PIP_COMPILE) --extra=dev --extra=s3 --extra=parquet --extra=zstd --constraint=requirements.txt \
		--output-file=requirements-dev.txt pyproject.toml

$(REQUIREMENTS_INSTALLED): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "error: longshore needs Python 3.11 or newer, and $(PYTHON) is" \
			"$$($(PYTHON) --version 2>/dev/null || echo missing)" >&2; \
		echo "hint: name another one: make PYTHON=python3.12" >&2; \
		exit 1; \
	}
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "error: $(PYTHON) cannot make virtual environments" >&2; \
		echo "hint: on Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; \
	}
	@$(BIN)/python -c 'import pip' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@echo "Installing the locked requirements into .venv"
	@$(PIP_INSTALL) --require-hashes --requirement=requirements-dev.txt
	@touch $@

$(READY): pyproject.toml $(REQUIREMENTS_INSTALLED)
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
