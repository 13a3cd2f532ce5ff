# make review   set up, then review the seed article (needs Python 3.11+ and a package index)
# make test     set up, then run every check and test; exactly what CI runs
PYTHON ?= python3
VENV   ?= .venv
ARTICLE ?= seeds/lavrov-aleppo.en.txt
OUT    ?= out
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt

# What the main job reads besides the models shipped in models/: each fetched once, by version and sha256.
MODELS := smollm2-135m-instruct en-core-web-sm qwen2.5-coder-1.5b-instruct

.PHONY: review test check format train docs models clean

review: $(VENV)/.ready models
	@$(BIN)/mtcheck review $(ARTICLE) --out $(OUT) || test $$? -eq 1  # 1 means: there are findings

test: $(VENV)/.ready-dev models check

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pytest

format: $(VENV)/.ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# One model of our own, on a CPU or a GPU: make train MODEL=en-ru ARGS="--minutes 9 --out OUT"
train: $(VENV)/.ready-dev
	@$(BIN)/python -m models.recipes.train $(MODEL) $(ARGS)

docs: $(VENV)/.ready
	$(BIN)/mtcheck rules --pages > docs/rules.md

models:
	@$(BIN)/mtcheck models fetch $(MODELS)

# torch comes first, at the pinned version: asked for by another package, it would bring gigabytes of GPU libraries.
$(VENV)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mtcheck needs Python 3.11 or newer; run: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) torch==2.13.0
	$(PIP) --editable '.[models]'
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	$(PIP) --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) $(OUT) build *.egg-info
