# make review   set up, then review the seed article (needs Python 3.11+ and a package index)
# make test     set up, then run every check and test; exactly what CI runs
PYTHON ?= python3
VENV   ?= .venv
ARTICLE ?= seeds/lavrov-aleppo.en.txt
OUT    ?= out
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# Every package is held to the sha256 of its file. `make LOCK=` installs the same versions without: for a platform on which
# the lock has no file of some package.
LOCK   ?= requirements.lock

# What the main job reads besides the models shipped in models/: each fetched once, by version and sha256.
MODELS := smollm2-135m-instruct en-core-web-sm qwen2.5-coder-1.5b-instruct

.PHONY: review test check format train docs models lock bench clean

review: $(VENV)/.ready models
	@$(BIN)/mtcheck review $(ARTICLE) --out $(OUT) || test $$? -eq 1  # 1 means: there are findings

test: $(VENV)/.ready models check

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

format: $(VENV)/.ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# One model of our own, on a CPU or a GPU: make train MODEL=en-ru ARGS="--minutes 9 --out OUT"
train: $(VENV)/.ready
	@$(BIN)/python -m models.recipes.train $(MODEL) $(ARGS)

docs: $(VENV)/.ready
	$(BIN)/mtcheck rules --pages > docs/rules.md

models:
	@$(BIN)/mtcheck models fetch $(MODELS)

# The lock brings no torch, whose file differs from index to index; without the lock it comes first, at the pinned version:
# asked for by another package, it would bring gigabytes of GPU libraries.
$(VENV)/.ready: pyproject.toml constraints.txt requirements.lock requirements-build.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mtcheck needs Python 3.11 or newer; run: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
ifneq ($(LOCK),)
	$(PIP) --require-hashes --only-binary :all: --no-deps -r requirements-build.lock
	$(PIP) --require-hashes --only-binary :all: --no-binary breame --no-build-isolation --no-deps -r $(LOCK)
	$(PIP) -c constraints.txt torch==2.13.0
	$(PIP) --no-deps --no-build-isolation --editable .
else
	$(PIP) -c constraints.txt torch==2.13.0
	$(PIP) -c constraints.txt --editable '.[dev]'
endif
	@$(BIN)/python -m pip check
	@touch $@

# The locks anew, at the versions of constraints.txt (needs uv): what builds (mtcheck, and breame, which has no wheel); what the
# project asks for, and torch.
COMPILE := uv pip compile -c constraints.txt --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --quiet --custom-compile-command 'make lock'
lock:
	@printf '%s\n' editables hatchling pip setuptools | $(COMPILE) - --output-file requirements-build.lock
	@echo "torch ; sys_platform == 'never'" > $(VENV)/no-torch.txt
	@printf '%s\n' filelock fsspec jinja2 networkx setuptools sympy typing-extensions | $(COMPILE) pyproject.toml - \
		--extra dev --override $(VENV)/no-torch.txt --no-emit-package torch --output-file requirements.lock

# Speed, beside rivals, in one run: make bench ARGS="--only translators" (docs/benchmarks.md)
bench: $(VENV)/.ready-bench models
	@$(BIN)/python -m benchmarks.bench $(ARGS)

$(VENV)/.ready-bench: $(VENV)/.ready benchmarks/outside.txt
	$(PIP) -c constraints.txt --editable '.[bench]'
	$(PIP) --no-deps --upgrade --target .bench/packages -r benchmarks/outside.txt
	@touch $@

clean:
	rm -rf $(VENV) $(OUT) .bench build *.egg-info
