# Two commands are enough: `make demo` and `make test`. Each does its own set-up on a fresh Debian with Python 3.11 or newer.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
NAME ?= inbound

.PHONY: demo test quick bench noise walks chaos lint types style compiled check clean browser peers peers-if-any lock weights
.DEFAULT_GOAL := help

help:
	@echo "make demo           everything on this machine, phones in the browser (PORT=$(PORT))"
	@echo "make test           all checks and tests"
	@echo "make quick          the inner loop: checks, and tests without browser, storms and whole applications"
	@echo "make bench NAME=…   one benchmark as JSON: inbound, outbound, start, memory, mixed, takeover, understand, engine, console"
	@echo "make noise          what real typing does to clean cries: the share heard through every kind of noise, and what is lost"
	@echo "make walks          what each wish costs on a phone, from a first message: taps, turns, bubbles, bytes"
	@echo "make weights ORDINARY=\"FILE …\"  learn the weights of danger and topics again, with files of ordinary messages, one a line"
	@echo "make chaos          the long fault tests; NAME=… runs one: kills, database, full_disk, takeover, orders, hostile, hostile_files, check_ins, ladder, relay, broadcast, tokens, mutated_updates"

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/.ready
	$(BIN)/nhipcau demo --port $(PORT)

browser:
	@sh tests/browser/install_chromium.sh

# Clients that are not ours live in an environment of their own; without it their tests say so and are skipped.
.venv-peers/.ready: tests/interop/requirements.lock
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r tests/interop/requirements.lock
	@touch $@

peers: .venv-peers/.ready

# Where they cannot be had their tests are skipped: that ends nothing.
peers-if-any:
	-@$(MAKE) --no-print-directory peers

lint: types style

types: $(VENV)/.ready
	$(BIN)/mypy

style: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/nhipcau check

# What is imported is compiled when it is first met; before many processes meet it at once, on the core that is free.
compiled: style
	@$(BIN)/python -m compileall -q $(VENV)/lib > /dev/null || true

test:
	@$(MAKE) --no-print-directory -j3 browser $(VENV)/.ready peers-if-any
	@$(MAKE) --no-print-directory -j2 types compiled
	$(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder

quick: $(VENV)/.ready
	@$(MAKE) --no-print-directory -j2 types style
	$(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder -m "not browser and not chaos and not application"

bench: $(VENV)/.ready peers
	$(BIN)/python tests/benchmarks/run.py $(NAME)

noise: $(VENV)/.ready
	@$(BIN)/python -m tests.flows.understanding.noise $(FILE)

walks: $(VENV)/.ready
	@$(BIN)/python -m tests.flows.walks

# The files are messages of real people, which are not ours to pass on; NOTICE names those the weights were learnt from.
weights: $(VENV)/.ready
	@test -n "$(ORDINARY)" || { echo 'name files of ordinary messages, one a line: make weights ORDINARY="comments.txt news.txt"'; exit 2; }
	$(BIN)/python -m tests.learning.danger $(ORDINARY) --write
	$(BIN)/python -m tests.learning.topics $(ORDINARY) --write

chaos: $(VENV)/.ready peers
	$(BIN)/python -m tests.chaos $(if $(filter command line,$(origin NAME)),$(NAME))

lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	uv pip compile tests/interop/requirements.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o tests/interop/requirements.lock

clean:
	rm -rf $(VENV) .venv-peers .mypy_cache .ruff_cache .pytest_cache .hypothesis var .demo
