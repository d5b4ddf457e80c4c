# The two commands: `make demo` (a report from a real example) and `make test` (all that CI checks).
# Both set up a virtual environment in .venv by themselves; nothing else has to be installed but Python 3.11+.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN = .venv/bin
EXAMPLE = reports/online-shop/answers.yaml

.PHONY: demo test setup clean golden mermaid

.venv/.run: pyproject.toml
	@test -n "$(PYTHON)" || { echo "wa-advisor needs Python 3.11 or newer: install it, or name it with make PYTHON=..." >&2; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/.dev: .venv/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@

setup: .venv/.dev

demo: .venv/.run
	@mkdir -p build
	@$(BIN)/wa-advisor report $(EXAMPLE) -o build/online-shop.md
	@echo "The report of $(EXAMPLE) is build/online-shop.md; its first screen:"
	@echo
	@sed -n '1,40p' build/online-shop.md

# The pictures of reports are parsed by the real Mermaid package where node and npm are there.
build/mermaid/installed: tests/mermaid/package.json
	@sh tests/mermaid/install.sh build/mermaid

mermaid: .venv/.dev build/mermaid/installed
	$(BIN)/python -m pytest tests/mermaid -rs

test: .venv/.dev build/mermaid/installed
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/wa-advisor rules check
	$(BIN)/python -m pytest

golden: .venv/.dev
	$(BIN)/python -m pytest --update-golden
	git --no-pager diff --stat -- reports

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
